"""Who the customers are, and which contracts they have."""

import datetime as dt

import ibis.expr.types as ir

from regulars.data.contract.model import Field, Rule, table

__all__ = ["CUSTOMERS", "CUSTOMER_ALIASES", "SUBSCRIPTIONS"]

CUSTOMER_ALIASES = (
    "customer id|customer|customer no|customer number|customer code|client|client id|buyer|"
    "member id|member no|user id|account|cust id|cust|household|household id|kunde|kundennummer|kundennr|"
    "kunden-nr|respondent|客户编号|客户号|客户|客户id|会员编号|会员号|会员卡号|用户id|客戶編號|"
    "客戶|會員編號|會員號|顧客編號"
)
"""What files call the customer in tables beside the purchases."""


def _ends_before_start(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.ended_at < t.started_at


def _born_after_signing(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.birth_date.cast("timestamp") > t.signed_up_at


# fmt: off
CUSTOMERS = table(
    "customers",
    "a customer",
    [
        Field("customer_id", "id", "who it is", required=True, person="pseudonym", aliases=CUSTOMER_ALIASES),
        Field("kind", "choice", "person or company", among=("person", "company"),
              aliases="kind|type|customer type|account type|b2b|kundentyp|客户类型|类型|会员类型|客戶類型|類型"),
        Field("signed_up_at", "time", "when the customer signed up", later="reject",
              aliases="signed up at|sign up date|signup date|registered|registered at|registration date|created at|customer since|member since|joined|kunde seit|注册时间|注册日期|入会日期|註冊時間|註冊日期|入會日期"),
        Field("birth_date", "date", "day of birth", later="reject",
              aliases="birth date|birthday|date of birth|dob|born|geburtsdatum|生日|出生日期|出生年月日"),
        Field("gender", "text", "gender, as the shop writes it", aliases="gender|sex|geschlecht|性别|性別"),
        Field("region", "text", "where the customer lives",
              aliases="region|country|state|city|area|province|land|bundesland|wohnort|地区|区域|省份|城市|国家|地區|區域|縣市|國家"),
        Field("occupation", "text", "occupation", aliases="occupation|job|profession|beruf|职业|職業"),
        Field("income_band", "text", "band of income", aliases="income|income band|income group|salary band|einkommen|收入|收入水平|收入区间|收入區間"),
        Field("education", "text", "education", aliases="education|degree|bildung|学历|教育程度|學歷"),
        Field("household", "text", "kind or size of the household", aliases="household type|household size|family|family size|haushalt|haushaltstyp|家庭|家庭类型|家庭人数|家庭類型|家庭人數"),
        Field("name", "text", "the name; dropped at intake", person="drop",
              aliases="name|full name|first name|last name|surname|customer name|contact|contact name|given name|family name|forename|first name last name|last name first name|vorname|nachname|familienname|nom|nom complet|prenom|prénom|nome|cognome|nombre|apellido|apellidos|姓名|名字|客户姓名|联系人|客戶姓名|聯絡人|聯繫人"),
        Field("email", "text", "the e-mail address; dropped at intake", person="drop",
              aliases="email|e-mail|mail|email address|e-mail address|邮箱|电子邮件|邮件|電子郵件|電子信箱|信箱"),
        Field("phone", "text", "the telephone number; dropped at intake", person="drop",
              aliases="phone|telephone|mobile|cell|phone number|mobile number|tel|telefon|handy|电话|手机|手机号|手机号码|联系电话|電話|手機|手機號碼|聯絡電話"),
        Field("address", "text", "the address; dropped at intake", person="drop",
              aliases="address|street|street address|postal address|postcode|zip|zip code|adresse|straße|strasse|plz|地址|住址|收货地址|详细地址|送貨地址|詳細地址"),
        Field("id_number", "text", "number of an identity card or a bank card; dropped at intake", person="drop",
              aliases="id number|identity number|national id|passport|passport no|ssn|card number|credit card|bank card|iban|ausweisnummer|身份证|身份证号|身份证号码|证件号|银行卡号|身分證|身分證字號|證件號碼|銀行卡號"),
    ],
    [
        Rule("born_after_signing_up", "The day of birth lies after the day of signing up.", _born_after_signing, "flag"),
    ],
    key=("customer_id",), time="signed_up_at",
)

SUBSCRIPTIONS = table(
    "subscriptions",
    "a contract",
    [
        Field("customer_id", "id", "whose contract", required=True, person="pseudonym", aliases=CUSTOMER_ALIASES),
        Field("started_at", "time", "when it began", required=True, later="reject",
              aliases="started at|start|start date|begin|begin date|valid from|subscribed at|beginn|startdatum|开始时间|开始日期|生效日期|開始時間|開始日期|生效日"),
        Field("ended_at", "time", "when it ended; empty: it goes on", later="unknown",
              aliases="ended at|end|end date|valid to|cancelled at|churned at|ende|enddatum|结束时间|结束日期|到期日期|結束時間|結束日期|到期日"),
        Field("plan", "text", "which contract", aliases="plan|tier|product|package|contract|tarif|paket|套餐|方案|合同|合約"),
        Field("fee", "money", "what it costs a month", "currency a month",
              aliases="fee|monthly fee|price|mrr|amount|gebühr|preis|月费|费用|价格|月費|費用|價格"),
    ],
    [
        Rule("ended_before_start", "The contract ends before it begins.", _ends_before_start),
    ],
    key=("customer_id", "started_at", "plan"), time="started_at", money="fee",
)
