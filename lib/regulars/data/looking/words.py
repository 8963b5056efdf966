"""Words: what the cells of a choice or a flag say, in the languages files come in."""

from regulars.data.intake.typed import FALSE, TRUE
from regulars.data.looking.names import fold

__all__ = ["NOTHING", "is_flag", "is_nothing", "meaning_of"]

SAID = {
    "sale": "sale|sales|order|purchase|verkauf|kauf|销售|出售|購買|購物|銷售|买|购买",
    "return": "return|returned|refund|returns|retoure|rückgabe|erstattung|退货|退款|退貨",
    "cancellation": "cancellation|cancelled|canceled|cancel|storno|stornierung|取消|作废|取消訂單",
    "inquiry": "inquiry|enquiry|question|anfrage|frage|咨询|諮詢|询问",
    "complaint": "complaint|beschwerde|reklamation|投诉|投訴|客诉|客訴",
    "suggestion": "suggestion|vorschlag|idea|建议|建議",
    "care": "care|service call|follow up|betreuung|关怀|回访|關懷|回訪",
    "person": "person|private|individual|privat|privatkunde|b2c|个人|個人",
    "company": "company|business|corporate|firma|geschäftskunde|b2b|企业|公司|企業",
    "treated": "treated|treatment|test|target|testgruppe|a|实验组|試驗組|测试组|實驗組",
    "control": "control|holdout|kontrolle|kontrollgruppe|b|对照组|對照組",
}
MISSING = (
    "NA N/A n/a na #N/A NULL null Null None none nan NaN NaT - -- --- – — . ? \\N k.A. unbekannt "
    "unknown 无 無 空 未知 暂无 暫無 0000-00-00 00.00.0000"
)
NOTHING = frozenset(MISSING.split())
"""Texts that people write for "no value"."""


def is_flag(text: str) -> bool:
    """Say whether text is true or false.

    Examples
    --------
    >>> is_flag("Yes"), is_flag("否"), is_flag("maybe")
    (True, True, False)
    """
    return text.lower() in TRUE + FALSE


def is_nothing(text: str) -> bool:
    """Say whether text is one that people write where there is no value."""
    return text in NOTHING


def meaning_of(text: str, among: tuple[str, ...]) -> str:
    """Return which of the values of a choice a word means, or nothing.

    Examples
    --------
    >>> [meaning_of(text, ("sale", "return")) for text in ("退货", "Sale", "x")]
    ['return', 'sale', '']
    """
    if text.lower() in among:
        return text.lower()
    folded = fold(text)
    said = {one: {fold(word) for word in SAID.get(one, one).split("|")} for one in among}
    return next((one for one in among if folded and folded in said[one]), "")
