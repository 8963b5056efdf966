"""What the shop undertakes: campaigns, whom they reached, opportunities and targets."""

import datetime as dt

import ibis.expr.types as ir

from regulars.data.contract.model import Field, Rule, table
from regulars.data.contract.people import CUSTOMER_ALIASES

__all__ = ["CAMPAIGNS", "CAMPAIGN_CONTACTS", "OPPORTUNITIES", "TARGETS"]


def _ends_before_start(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.ends_on < t.starts_on


def _closed_before_created(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.closed_at < t.created_at


# fmt: off
CAMPAIGNS = table(
    "campaigns",
    "a campaign",
    [
        Field("campaign_id", "id", "which campaign", required=True,
              aliases="campaign id|campaign|campaign code|id|kampagne|活动编号|活动id|活動編號"),
        Field("starts_on", "date", "first day", required=True,
              aliases="starts on|start|start date|begin|from|launch|beginn|开始日期|开始时间|開始日期"),
        Field("ends_on", "date", "last day", required=True,
              aliases="ends on|end|end date|until|to|ende|结束日期|结束时间|結束日期"),
        Field("name", "text", "what it is called", aliases="name|campaign name|title|titel|活动名称|名称|活動名稱|名稱"),
        Field("channel", "text", "how customers were reached", aliases="channel|medium|kanal|渠道|通路"),
        Field("cost", "money", "what it cost", "currency", aliases="cost|budget|spend|kosten|费用|预算|成本|費用|預算"),
        Field("goal", "text", "what it was for", aliases="goal|objective|purpose|ziel|目标|目的|目標"),
    ],
    [
        Rule("ends_before_start", "The last day lies before the first.", _ends_before_start),
    ],
    key=("campaign_id",), time="starts_on", money="cost",
)

CAMPAIGN_CONTACTS = table(
    "campaign_contacts",
    "a customer in a campaign",
    [
        Field("campaign_id", "id", "which campaign", required=True,
              aliases="campaign id|campaign|campaign code|kampagne|活动编号|活动id|活動編號"),
        Field("customer_id", "id", "which customer", required=True, person="pseudonym", aliases=CUSTOMER_ALIASES),
        Field("contacted_at", "time", "when the customer was reached", later="reject",
              aliases="contacted at|contact date|sent at|sent|delivered at|mailed|kontaktiert|触达时间|发送时间|觸達時間|發送時間"),
        Field("arm", "choice", "treated or control", among=("treated", "control"),
              aliases="arm|group|test group|variant|treatment|gruppe|分组|组别|分組|組別"),
        Field("responded_at", "time", "when the customer took it up", later="unknown",
              aliases="responded at|response date|redeemed at|redeemed|clicked at|converted at|reaktion|响应时间|兑换时间|響應時間|兌換時間"),
    ],
    key=("campaign_id", "customer_id"), time="contacted_at",
)

OPPORTUNITIES = table(
    "opportunities",
    "a possible sale",
    [
        Field("opportunity_id", "id", "which opportunity", required=True,
              aliases="opportunity id|opportunity|deal|deal id|lead id|opp id|chance|商机编号|商机|商機編號"),
        Field("stage", "text", "how far it has come", required=True, known_with="closed_at",
              aliases="stage|status|phase|pipeline stage|阶段|状态|階段|狀態"),
        Field("created_at", "time", "when it was found", required=True, later="reject",
              aliases="created at|created|created date|open date|opened|erstellt|创建时间|创建日期|建立時間|建立日期"),
        Field("customer_id", "id", "whose", person="pseudonym", aliases=CUSTOMER_ALIASES),
        Field("owner", "text", "who looks after it", aliases="owner|sales rep|rep|salesperson|agent|verkäufer|负责人|销售|負責人|業務"),
        Field("channel", "text", "where it came from", aliases="channel|source|lead source|kanal|渠道|来源|來源"),
        Field("amount", "money", "what it may bring", "currency", aliases="amount|value|deal size|volume|betrag|金额|预计金额|金額|預計金額"),
        Field("closed_at", "time", "when it was won or lost", later="unknown",
              aliases="closed at|closed|close date|closing date|won at|abschluss|关闭时间|成交时间|成交日期|結案時間|成交時間"),
        Field("won", "flag", "whether it was won", known_with="closed_at",
              aliases="won|is won|success|gewonnen|是否成交|成交|赢单|是否赢单|贏單"),
    ],
    [
        Rule("closed_before_created", "It was closed before it was found.", _closed_before_created),
    ],
    key=("opportunity_id",), time="created_at", money="amount",
)

TARGETS = table(
    "targets",
    "a target",
    [
        Field("period", "month", "the month it is for", required=True,
              aliases="period|month|year month|monat|zeitraum|期间|月份|年月|期間"),
        Field("metric", "text", "what is to be reached (revenue, customers, nps …); `wallet` or "
              "`wallet.<segment>`: what a customer spends a month on such goods anywhere",
              required=True,
              aliases="metric|kpi|measure|indicator|kennzahl|指标|指標"),
        Field("target", "number", "how much of it", required=True,
              aliases="target|goal|plan|budget|ziel|zielwert|目标|目标值|目標|目標值"),
        Field("owner", "text", "who answers for it", aliases="owner|team|responsible|verantwortlich|负责人|負責人"),
    ],
    key=("period", "metric", "owner"), time="",
)
