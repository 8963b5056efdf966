"""Judged: what each of the nine tables refuses, flags, or does not know yet."""

from decimal import Decimal

import pandas as pd
import pytest
from delivered import AS_OF, first_reason, judge

from regulars.data.contract import TABLES
from regulars.data.contract.reasons import sentences

# A sound row of each table; what a test changes is the one thing that is wrong.
SOUND = {
    "purchases": {
        "customer_id": "00042",
        "ordered_at": "2024-01-05 13:14",
        "amount": "10.50",
        "order_id": "A1",
        "product_id": "P1",
        "quantity": "2",
        "unit_price": "5.25",
        "cost": "3",
        "discount": "0",
        "kind": "sale",
        "campaign_id": "C1",
    },
    "customers": {
        "customer_id": "00042",
        "kind": "person",
        "signed_up_at": "2020-01-05",
        "birth_date": "1990-01-05",
        "region": "AT",
    },
    "surveys": {
        "responded_at": "2024-01-05",
        "question": "nps",
        "score": "9",
        "customer_id": "00042",
        "scale_max": "",
        "invited_at": "2024-01-03",
        "comment": "fine",
    },
    "interactions": {
        "customer_id": "00042",
        "opened_at": "2024-01-05 09:00",
        "kind": "complaint",
        "first_reply_at": "2024-01-05 10:00",
        "closed_at": "2024-01-06",
        "resolved": "yes",
        "cost": "4.50",
        "csat": "4",
    },
    "campaigns": {
        "campaign_id": "C1",
        "starts_on": "2024-01-05",
        "ends_on": "2024-06-30",
        "cost": "500",
    },
    "campaign_contacts": {
        "campaign_id": "C1",
        "customer_id": "00042",
        "contacted_at": "2024-01-06",
        "arm": "treated",
        "responded_at": "2024-01-09",
    },
    "opportunities": {
        "opportunity_id": "D1",
        "stage": "won",
        "created_at": "2024-01-05",
        "customer_id": "00042",
        "amount": "1000",
        "closed_at": "2024-03-01",
        "won": "1",
    },
    "targets": {"period": "2025-03", "metric": "revenue", "target": "10000", "owner": "Graz"},
    "subscriptions": {
        "customer_id": "00042",
        "started_at": "2024-01-05",
        "ended_at": "2024-03-05",
        "plan": "basic",
        "fee": "9.90",
    },
}
LATER, NEVER = "2024-04-01", "2024-02-30"


def broken(table: str, **change: str) -> str:
    return first_reason(table, {**SOUND[table], **change})


@pytest.mark.parametrize("table", TABLES)
def test_a_sound_row_breaks_nothing(table: str) -> None:
    found = judge(table, [SOUND[table]])
    assert (found.reasons[0], found["flags"][0]) == ("", "")
    assert pd.isna(found.raw[0]), "the text of a row is kept for rejected ones only"
    given = [name for name, text in SOUND[table].items() if text]
    assert found[given].notna().all(axis=None)


REQUIRED = [
    (table, name)
    for table in TABLES.values()
    for name, field in table.fields.items()
    if field.required
]


@pytest.mark.parametrize(("table", "field"), [(t.name, name) for t, name in REQUIRED])
@pytest.mark.parametrize("text", ["", "   "])
def test_a_required_cell_that_is_empty(table: str, field: str, text: str) -> None:
    found = judge(table, [{**SOUND[table], field: text}])
    reasons, flags = found.reasons[0].split(), found["flags"][0].split()
    if TABLES[table].fields[field].empty == "flag":
        assert (reasons, flags) == ([], [f"{field}_missing"])
    else:
        assert reasons[0] == f"{field}_missing"


READ = [
    (table.name, name, field)
    for table in TABLES.values()
    for name, field in table.kept_fields().items()
    if field.type not in ("text", "id") and name in SOUND[table.name]
]


@pytest.mark.parametrize(("table", "name", "field"), READ, ids=[f"{t}-{n}" for t, n, _ in READ])
def test_a_cell_that_does_not_parse(table: str, name: str, field: object) -> None:
    what = "unknown" if field.type == "choice" else "unreadable"
    assert broken(table, **{name: "what?"}) == f"{name}_{what}"


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        ("purchases", {"ordered_at": LATER}, "ordered_at_after_as_of"),
        ("purchases", {"ordered_at": f"{AS_OF} 23:59:59"}, ""),
        ("purchases", {"ordered_at": NEVER}, "ordered_at_unreadable"),
        ("purchases", {"ordered_at": "1899-12-31"}, "ordered_at_too_early"),
        ("purchases", {"ordered_at": "1900-01-01"}, ""),
        ("purchases", {"customer_id": "1.23E+15"}, "customer_id_spoiled"),
        ("purchases", {"order_id": "1.23E+15"}, "order_id_spoiled"),
        ("purchases", {"product_id": "42.0"}, ""),
        ("purchases", {"customer_id": "42.0"}, "customer_id_spoiled"),
        ("purchases", {"product_id": "#N/A"}, "product_id_spoiled"),
        ("purchases", {"kind": "return"}, "return_above_zero"),
        ("purchases", {"kind": "return", "amount": "-10.50"}, ""),
        ("purchases", {"kind": "cancellation", "amount": "0"}, ""),
        ("purchases", {"kind": ""}, ""),
        ("purchases", {"amount": "0"}, ""),
        ("purchases", {"customer_id": "TEST-7"}, "test_customer"),
        ("purchases", {"customer_id": "demo user"}, "test_customer"),
        ("purchases", {"customer_id": "Testa"}, ""),
        ("customers", {"signed_up_at": LATER}, "signed_up_at_after_as_of"),
        ("customers", {"birth_date": LATER}, "birth_date_after_as_of"),
        ("customers", {"birth_date": "1890-01-01"}, "birth_date_too_early"),
        ("customers", {"kind": "Company"}, ""),
        ("customers", {"kind": "robot"}, "kind_unknown"),
        ("customers", {"customer_id": "test1"}, "test_customer"),
        ("surveys", {"responded_at": LATER}, ""),  # the invitation is known
        ("surveys", {"responded_at": LATER, "invited_at": ""}, "responded_at_after_as_of"),
        ("surveys", {"responded_at": LATER, "invited_at": LATER}, "responded_at_after_as_of"),
        ("surveys", {"responded_at": "", "score": ""}, ""),  # invited, not answered
        ("surveys", {"responded_at": "", "score": "", "invited_at": ""}, "responded_at_missing"),
        ("surveys", {"responded_at": "", "score": "", "invited_at": "x"}, "responded_at_missing"),
        (
            "surveys",
            {"responded_at": "", "score": "", "invited_at": LATER},
            "invited_at_after_as_of",
        ),
        ("surveys", {"responded_at": "", "score": "", "question": ""}, "question_missing"),
        ("surveys", {"responded_at": NEVER, "score": ""}, "responded_at_unreadable"),
        ("surveys", {"responded_at": "", "score": "good"}, "responded_at_missing"),
        ("surveys", {"invited_at": LATER}, "invited_at_after_as_of"),
        ("surveys", {"question": "mood"}, "question_unknown"),
        ("surveys", {"question": "driver:price", "score": "5"}, ""),
        ("surveys", {"question": "driver:price", "score": "6"}, "score_out_of_scale"),
        ("surveys", {"score": "0"}, ""),
        ("surveys", {"score": "11"}, "score_out_of_scale"),
        ("surveys", {"score": "8.5"}, "score_out_of_scale"),
        ("surveys", {"score": "-1"}, "score_out_of_scale"),
        ("surveys", {"question": "csat", "score": "0"}, "score_out_of_scale"),
        ("surveys", {"question": "csat", "score": "6"}, "score_out_of_scale"),
        ("surveys", {"question": "csat", "score": "6", "scale_max": "7"}, ""),
        ("surveys", {"question": "ces", "score": "7"}, ""),
        ("surveys", {"question": "ces", "score": "8"}, "score_out_of_scale"),
        ("surveys", {"customer_id": ""}, ""),
        ("interactions", {"opened_at": LATER}, "opened_at_after_as_of"),
        ("interactions", {"kind": "chat"}, "kind_unknown"),
        ("campaigns", {"ends_on": "2024-01-04"}, "ends_before_start"),
        ("campaigns", {"ends_on": "2024-01-05"}, ""),
        ("campaigns", {"starts_on": LATER}, ""),  # a plan
        ("campaign_contacts", {"contacted_at": LATER}, "contacted_at_after_as_of"),
        ("campaign_contacts", {"arm": "both"}, "arm_unknown"),
        ("campaign_contacts", {"arm": "Control"}, ""),
        ("opportunities", {"created_at": LATER}, "created_at_after_as_of"),
        ("opportunities", {"closed_at": "2024-01-04"}, "closed_before_created"),
        ("targets", {"period": "2025-13"}, "period_unreadable"),
        ("targets", {"period": "2030-01"}, ""),  # a plan
        ("subscriptions", {"started_at": LATER}, "started_at_after_as_of"),
        ("subscriptions", {"ended_at": "2024-01-04"}, "ended_before_start"),
        ("subscriptions", {"ended_at": ""}, ""),
    ],
)
def test_the_rules_of_each_table(table: str, change: dict[str, str], reason: str) -> None:
    assert broken(table, **change) == reason
    assert reason == "" or reason in sentences(TABLES[table])


@pytest.mark.parametrize(
    ("table", "change", "flag"),
    [
        ("customers", {"birth_date": "2021-01-01"}, "born_after_signing_up"),
        ("interactions", {"closed_at": "2024-01-04"}, "closed_before_opened"),
        ("interactions", {"first_reply_at": "2024-01-05 08:59"}, "closed_before_opened"),
    ],
)
def test_what_is_only_flagged(table: str, change: dict[str, str], flag: str) -> None:
    found = judge(table, [{**SOUND[table], **change}])
    assert (found.reasons[0], found["flags"][0].split()) == ("", [flag])


@pytest.mark.parametrize(
    ("table", "when", "unknown"),
    [
        ("opportunities", "closed_at", ["stage", "closed_at", "won"]),
        ("interactions", "closed_at", ["closed_at", "resolved", "csat"]),
        ("interactions", "first_reply_at", ["first_reply_at"]),
        ("campaign_contacts", "responded_at", ["responded_at"]),
        ("subscriptions", "ended_at", ["ended_at"]),
        ("surveys", "responded_at", ["responded_at", "score", "comment"]),
    ],
)
def test_what_came_after_as_of_is_not_known_yet(table: str, when: str, unknown: list[str]) -> None:
    found = judge(table, [{**SOUND[table], when: LATER}])
    assert (found.reasons[0], found["flags"][0].split()) == ("", [f"{when}_not_yet_known"])
    empty = [name for name in SOUND[table] if SOUND[table][name] and pd.isna(found[name][0])]
    assert empty == unknown
    on_the_day = judge(table, [{**SOUND[table], when: AS_OF}])
    assert on_the_day[unknown].notna().all(axis=None)


def test_an_outcome_without_its_day_is_known() -> None:
    found = judge("opportunities", [{**SOUND["opportunities"], "closed_at": ""}])
    assert bool(found.won[0]) is True


def test_all_reasons_of_a_row_are_kept_and_the_first_field_counts() -> None:
    row = {**SOUND["surveys"], "responded_at": NEVER, "score": "99", "question": "mood"}
    found = judge("surveys", [row]).reasons[0].split()
    assert found == ["responded_at_unreadable", "question_unknown", "score_out_of_scale"]


def test_a_rejected_row_keeps_its_text() -> None:
    row = {"customer_id": "Ä 7", "ordered_at": "x", "amount": 'a "b"'}
    raw = judge("purchases", [row]).raw[0]
    assert raw == '{"amount":"a \\"b\\"","customer_id":"Ä 7","ordered_at":"x"}'


def test_test_customers_can_be_named_or_let_be() -> None:
    row = SOUND["purchases"]
    internal = {"test_customers": "intern-.*|00042"}
    assert first_reason("purchases", row, rules=internal) == "test_customer"
    named = {**row, "customer_id": "test"}
    assert first_reason("purchases", named, rules={"test_customers": ""}) == ""
    assert first_reason("purchases", named, rules=internal) == ""


RATES = {"rates": {"USD": "0.92", "JPY": "0.0061", "VND": "0.0000371"}}


@pytest.mark.parametrize(
    ("code", "amount"),
    [("EUR", "10"), ("", "10"), ("usd", "9.2"), ("JPY", "0.061"), ("VND", "0.000371")],
)
def test_amounts_become_the_workbook_s_currency(code: str, amount: str) -> None:
    row = {**SOUND["purchases"], "amount": "10", "currency": code}
    found = judge("purchases", [row], rules=RATES)
    assert found.reasons[0] == ""
    places = Decimal("0.0001")
    assert found.amount[0] == Decimal(amount).quantize(places)
    worth = Decimal(amount) / 10
    assert found.unit_price[0] == (Decimal("5.25") * worth).quantize(places)
    assert (found.cost[0], found.quantity[0]) == ((3 * worth).quantize(places), 2)
    assert found.currency[0] == (code.upper() or "EUR"), "as it came"


@pytest.mark.parametrize("code", ["GBP", "US$", "X"])
@pytest.mark.parametrize("rules", [RATES, {}])
def test_a_currency_without_a_rate_is_rejected(code: str, rules: dict) -> None:
    row = {**SOUND["purchases"], "currency": code}
    assert first_reason("purchases", row, rules=rules) == "currency_without_rate"


def test_a_product_of_quantity_and_price_is_converted_too() -> None:
    row = {"customer_id": "1", "ordered_at": "2024-01-05", "quantity": "3", "unit_price": "2"}
    row["currency"] = "USD"
    found = judge("purchases", [row], rules=RATES)
    assert (found.amount[0], found.reasons[0]) == (Decimal("5.52"), "")


@pytest.mark.parametrize(
    ("quantity", "price", "reason"),
    [("", "2", "amount_missing"), ("3", "", "amount_missing"), ("x", "2", "quantity_unreadable")],
)
def test_an_amount_that_cannot_be_made(quantity: str, price: str, reason: str) -> None:
    row = {"customer_id": "1", "ordered_at": "2024-01-05"}
    row |= {"quantity": quantity, "unit_price": price}
    reasons = judge("purchases", [row]).reasons[0].split()
    assert reason in reasons
    assert any(one.startswith("amount_") for one in reasons)


@pytest.mark.parametrize(
    ("offset", "zone", "found"),
    [
        ("2024-03-31T20:00:00-05:00", "America/New_York", ""),
        ("2024-03-31T20:00:00-05:00", "Asia/Shanghai", "ordered_at_after_as_of"),
        ("2024-03-31T20:00:00-05:00", "", "ordered_at_unreadable"),
    ],
)
def test_the_day_is_that_of_the_shop_s_zone(offset: str, zone: str, found: str) -> None:
    row = {**SOUND["purchases"], "ordered_at": offset}
    assert first_reason("purchases", row, rules={"timezone": zone}) == found


def test_who_a_row_is_about_is_counted_and_not_kept() -> None:
    row = {**SOUND["customers"], "name": "Planted Name", "E-Mail": "a@example.org", "Tel.": ""}
    columns = {name: name for name in (*SOUND["customers"], "name")}
    found = judge("customers", [row], columns=columns)
    held = {name: bool(found[name][0]) for name in found.columns if name.startswith("held_")}
    assert held == {"held_name": True, "held_email": True, "held_phone": False}
    assert "Planted Name" not in found.to_csv()
    assert "example.org" not in found.to_csv()


def test_a_product_s_name_is_nobody_s() -> None:
    row = {**SOUND["purchases"], "Name": "Blue mug", "Phone": "0171 2345678"}
    found = judge("purchases", [row], columns={name: name for name in SOUND["purchases"]})
    assert [name for name in found.columns if name.startswith("held_")] == ["held_phone"]
