"""Headers: what the same columns are called in the files people have."""

from regulars.data.simulate.columns import COLUMNS

__all__ = ["HEADERS", "header"]

HEADERS = {
    ("purchases", "chinese"): "客户编号 下单时间 金额 订单号 商品编号 类别 数量 单价 "
    "成本 折扣 渠道 地区 活动编号 类型",
    ("purchases", "german"): "Kundennummer Bestelldatum Betrag Bestellnummer Artikelnummer "
    "Kategorie Menge Einzelpreis Kosten Rabatt Kanal Region Kampagne Art",
    ("purchases", "english"): "Customer ID|Order date|Total|Order number|SKU|Product category|Qty|"
    "Unit price|COGS|Discount amount|Sales channel|Area|Campaign|Type",
    ("customers", "traditional"): "客戶編號 類型 註冊日期 出生日期 性別 地區 職業 "
    "收入 學歷 家庭 姓名 電子郵件 電話 地址",
    ("customers", "english"): "Customer No|Customer type|Registered|Date of birth|Sex|Area|Job|"
    "Income|Education|Household type|Full name|E-mail|Mobile|Street address",
    ("surveys", "english"): "Answered at|Question|Answer|Customer ID|Scale|Channel|"
    "Invited at|Comment",
    ("interactions", "german"): "Kundennummer|Eröffnet|Art|Thema|Kanal|Erste Antwort|Geschlossen|"
    "Gelöst|Kosten|Zufriedenheit",
    ("campaigns", "english"): "Campaign ID|Start date|End date|Campaign name|Channel|Cost|Goal",
    ("opportunities", "english"): "Opportunity ID|Stage|Created|Customer ID|Owner|Source|"
    "Amount|Closed|Won",
    ("targets", "chinese"): "期间 指标 目标值 负责人",
}  # fmt: skip
"""Names in the order of `COLUMNS`, parted by spaces or, where a name has some, by bars."""


def header(table: str, language: str) -> list[str]:
    """Return a table's column names in a language; the contract's own where it has no others.

    Examples
    --------
    >>> header("targets", "chinese")
    ['期间', '指标', '目标值', '负责人']
    >>> header("targets", "contract")
    ['period', 'metric', 'target', 'owner']
    """
    names = HEADERS.get((table, language))
    if names is None:
        return list(COLUMNS[table])
    return names.split("|") if "|" in names else names.split()
