"""What customers said and asked: surveys and interactions."""

import datetime as dt

import ibis
import ibis.expr.types as ir

from regulars.data.contract.model import Field, Rule, Waiting, table
from regulars.data.contract.people import CUSTOMER_ALIASES

__all__ = ["INTERACTIONS", "SURVEYS"]


def _unknown_question(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return ~(t.question.isin(("nps", "csat", "ces")) | t.question.startswith("driver:"))


def _out_of_scale(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    """Score 0 to 10 for NPS; 1 to scale_max (5, for CES 7) for the others; whole numbers only."""
    usual = ibis.ifelse(t.question == "nps", 10, ibis.ifelse(t.question == "ces", 7, 5))
    highest = t.scale_max.fill_null(usual.cast(t.scale_max.type()))
    lowest = ibis.ifelse(t.question == "nps", 0, 1)
    return (t.score < lowest) | (t.score > highest) | (t.score != t.score.floor())


def _closed_before_opened(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return (t.closed_at < t.opened_at) | (t.first_reply_at < t.opened_at)


# fmt: off
SURVEYS = table(
    "surveys",
    "one answer to one question, or one invitation that was not answered",
    [
        Field("responded_at", "time", "when it was answered; empty with the score: an invitation that was not answered",
              required=True, later="reject", known_with="responded_at",
              aliases="responded at|response date|response time|answered at|answer date|submitted|submitted at|completed|date|timestamp|antwortdatum|datum|答复时间|回答时间|提交时间|填写时间|日期|回覆時間|回答時間|提交時間|填寫時間"),
        Field("question", "text", "nps, csat, ces, or driver:<name>", required=True,
              aliases="question|question id|metric|survey|kpi|frage|问题|题目|指标|問題|題目|指標"),
        Field("score", "number", "the answer, a whole number on the question's scale", required=True, known_with="responded_at",
              aliases="score|answer|rating|value|points|bewertung|antwort|punkte|分数|评分|得分|答案|分數|評分"),
        Field("customer_id", "id", "who was asked; empty: an anonymous answer", person="pseudonym", aliases=CUSTOMER_ALIASES),
        Field("scale_max", "number", "highest point of the scale; empty: 10 for nps, 7 for ces, else 5",
              aliases="scale max|scale|max|max score|skala|满分|最高分|量表|滿分"),
        Field("channel", "text", "how it was asked", aliases="channel|medium|source|kanal|渠道|方式|通路"),
        Field("invited_at", "time", "when the customer was asked", later="reject",
              aliases="invited at|invitation date|invited|sent at|sent|asked at|einladung|邀请时间|发送时间|邀請時間|發送時間"),
        Field("comment", "text", "what the customer wrote; telephone numbers, mail addresses and card numbers are masked", known_with="responded_at",
              aliases="comment|comments|verbatim|feedback|text|remark|kommentar|评论|意见|备注|评语|評論|意見|備註|評語"),
    ],
    [
        Rule("question_unknown", "The question is none of nps, csat, ces, driver:<name>.", _unknown_question),
        Rule("score_out_of_scale", "The score lies outside its scale, or is no whole number.", _out_of_scale),
    ],
    key=("customer_id", "question", "responded_at"), time="responded_at", moments=True,
    waits=Waiting(since="invited_at", empty=("responded_at", "score"), same=("customer_id", "question")),
)

INTERACTIONS = table(
    "interactions",
    "one contact",
    [
        Field("customer_id", "id", "who got in touch", required=True, person="pseudonym", aliases=CUSTOMER_ALIASES),
        Field("opened_at", "time", "when it began", required=True, later="reject",
              aliases="opened at|opened|created at|created|ticket date|contact date|date|received|received at|eröffnet|datum|创建时间|开始时间|受理时间|日期|建立時間|開始時間|受理時間"),
        Field("kind", "choice", "inquiry, complaint, suggestion, return or care", required=True, among=("inquiry", "complaint", "suggestion", "return", "care"),
              aliases="kind|type|ticket type|contact type|category|art|typ|类型|工单类型|类别|類型|工單類型|類別"),
        Field("topic", "text", "what it was about", aliases="topic|subject|reason|issue|theme|thema|betreff|主题|原因|主題|原由"),
        Field("channel", "text", "how the customer got in touch", aliases="channel|medium|source|kanal|渠道|来源|通路|來源"),
        Field("first_reply_at", "time", "when the shop first answered", later="unknown",
              aliases="first reply at|first reply|first response|first response at|replied at|erste antwort|首次回复时间|首次响应时间|首次回覆時間"),
        Field("closed_at", "time", "when it was closed", later="unknown",
              aliases="closed at|closed|resolved at|solved at|end date|geschlossen|关闭时间|解决时间|结束时间|結案時間|關閉時間|解決時間"),
        Field("resolved", "flag", "whether it was solved", known_with="closed_at",
              aliases="resolved|solved|is resolved|fixed|gelöst|已解决|是否解决|解决|已解決|是否解決"),
        Field("cost", "money", "what it cost the shop", "currency", aliases="cost|handling cost|kosten|成本|费用|費用"),
        Field("csat", "number", "satisfaction with this contact, 1 to 5", known_with="closed_at",
              aliases="csat|satisfaction|rating|zufriedenheit|满意度|评分|滿意度|評分"),
    ],
    [
        Rule("closed_before_opened", "It was answered or closed before it began.", _closed_before_opened, "flag"),
    ],
    key=("customer_id", "opened_at", "kind"), time="opened_at", money="cost", moments=True,
)
