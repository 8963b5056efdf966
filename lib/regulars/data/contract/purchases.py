"""What was bought: the one table every workbook needs."""

import datetime as dt

import ibis.expr.types as ir

from regulars.data.contract.model import Field, Rule, table

__all__ = ["KINDS", "PURCHASES"]

KINDS = ("sale", "return", "cancellation")
"""What a line can be; in small letters."""


def _positive_return(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.kind.isin(("return", "cancellation")) & (t.amount > 0)


def _without_rate(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return ~t.has_rate


# fmt: off
PURCHASES = table(
    "purchases",
    "a line of an order",
    [
        Field("customer_id", "id", "who bought; empty: kept for totals only", required=True, empty="flag", person="pseudonym",
              aliases="customer id|customer|customer no|customer number|customer code|client|client id|buyer|buyer id|member id|member no|user id|account|cust id|cust|household|household id|kunde|kundennummer|kundennr|kunden-nr|客户编号|客户号|客户|客户id|会员编号|会员号|会员卡号|买家|用户id|客戶編號|客戶|會員編號|會員號|顧客編號|買家"),
        Field("ordered_at", "time", "when it was ordered, local time", required=True, later="reject",
              aliases="order date|ordered at|date|order time|orderdate|invoice date|invoicedate|purchase date|transaction date|timestamp|sold at|sale date|datum|bestelldatum|rechnungsdatum|下单时间|下单日期|订单日期|订单时间|日期|购买日期|购买时间|交易时间|交易日期|付款时间|下單時間|下單日期|訂單日期|購買日期|交易日期|交易時間"),
        Field("amount", "money", "what was paid for the line", "currency", required=True,
              aliases="total|line total|amount|sales|sales value|revenue|price paid|paid|dollars|value|turnover|net amount|gross amount|subtotal|betrag|gesamt|summe|umsatz|金额|总金额|实付金额|支付金额|销售额|小计|金額|總金額|實付金額|銷售額|小計"),
        Field("order_id", "id", "the order the line belongs to",
              aliases="order no|order number|order id|invoice|invoice no|invoiceno|receipt|receipt no|basket|basket id|transaction id|bestellnummer|bestellnr|rechnungsnummer|auftrag|订单号|订单编号|单号|交易号|小票号|訂單號|訂單編號|單號|交易編號"),
        Field("product_id", "id", "what was bought",
              aliases="product|product id|product code|sku|item|item id|item no|article|article no|stock code|stockcode|upc|artikel|artikelnummer|artikelnr|商品编号|商品编码|商品id|产品编号|货号|商品編號|商品編碼|產品編號|貨號"),
        Field("category", "text", "the product's category",
              aliases="category|product category|department|group|product group|warengruppe|kategorie|类别|品类|商品类别|分类|類別|品類|商品類別|分類"),
        Field("quantity", "number", "how many", "pieces",
              aliases="qty|quantity|units|pieces|count|cds|menge|anzahl|stück|数量|件数|购买数量|數量|件數"),
        Field("unit_price", "money", "price of one piece", "currency",
              aliases="unit price|price|price each|list price|unitprice|einzelpreis|stückpreis|preis|单价|价格|單價|價格"),
        Field("cost", "money", "what the line cost the shop", "currency",
              aliases="cost|cost price|cogs|purchase cost|kosten|einkaufspreis|成本|成本价|进价|成本價|進價"),
        Field("discount", "money", "what was taken off, already off the amount", "currency",
              aliases="discount|discount amount|rebate|markdown|rabatt|nachlass|折扣|优惠|优惠金额|折扣金额|優惠|優惠金額|折扣金額"),
        Field("currency", "text", "the currency of the amounts, three letters; empty: the workbook's",
              aliases="currency|currency code|ccy|währung|币种|货币|幣別|幣種|貨幣"),
        Field("channel", "text", "where it was bought",
              aliases="channel|sales channel|store type|source|kanal|vertriebskanal|渠道|销售渠道|通路|渠道來源|銷售渠道"),
        Field("region", "text", "where the buyer is",
              aliases="region|country|state|city|area|land|bundesland|gebiet|地区|区域|省份|城市|國家|国家|地區|區域|縣市"),
        Field("campaign_id", "id", "the campaign it is put down to",
              aliases="campaign|campaign id|campaign code|promo|promotion|kampagne|活动编号|活动|活动id|營銷活動|活動編號|活動"),
        Field("kind", "choice", f"one of {', '.join(KINDS)}; empty: a return if below 0, else a sale", among=KINDS,
              aliases="kind|type|line type|transaction type|order type|art|typ|类型|交易类型|单据类型|類型|交易類型|單據類型"),
    ],
    [
        Rule("currency_without_rate", "The currency is neither the workbook's nor one of intake.rates.", _without_rate, "fail", about="currency",
             refusal="are in a currency that is neither the workbook's nor one of intake.rates, so that amounts cannot be added up. Give its rate there."),
        Rule("return_above_zero", "A return's amount must not be above 0.", _positive_return),
    ],
    key=("order_id", "customer_id", "product_id", "ordered_at", "sign"), lines=True, time="ordered_at", money="amount",
    either={"amount": ("quantity", "unit_price")},
)
