"""Init: a shop's files go in, and out comes a parameter file that says what they are."""

import datetime as dt
import gzip
import random
import tempfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars import paths
from regulars.data.looking import structured
from regulars.data.looking.look import Looked, look_at
from regulars.data.looking.report import evidence, summary
from regulars.data.samples import put_sample
from regulars.errors import DataError, ParameterError
from regulars.parameters import Parameters, Source, read_parameters
from regulars.parameters.writing import SEGMENTS, refuse_to_overwrite, write_parameters

FIRST = dt.date(2024, 1, 1)
HEADERS = {
    "english": ["Customer ID", "Order Date", "Order No", "Qty", "Unit Price", "Total"],
    "snake": ["customer_id", "order_date", "order_id", "quantity", "unit_price", "amount"],
    "camel": ["customerId", "orderDate", "orderNumber", "quantity", "unitPrice", "lineTotal"],
    "german": ["Kundennummer", "Bestelldatum", "Bestellnummer", "Menge", "Einzelpreis", "Betrag"],
    "simplified": ["客户编号", "下单日期", "订单号", "数量", "单价", "金额"],
    "traditional": ["客戶編號", "下單日期", "訂單號", "數量", "單價", "金額"],
    "wide": ["ＣＵＳＴＯＭＥＲ　ＩＤ", "Ｄａｔｅ", "Ｏｒｄｅｒ．ｎｏ", "Ｑｔｙ", "Ｐｒｉｃｅ", "Ａｍｏｕｎｔ"],
}  # fmt: skip
OURS = ["customer_id", "ordered_at", "order_id", "quantity", "unit_price", "amount"]


def lines(rows: int = 60, *, days: int = 90) -> pd.DataFrame:
    draw = random.Random(rows)
    frame = pd.DataFrame({
        "customer_id": [f"{draw.randint(1, 25):05d}" for _ in range(rows)],
        "ordered_at": [FIRST + dt.timedelta(draw.randrange(days)) for _ in range(rows)],
        "order_id": [f"A{n // 2:05d}" for n in range(rows)],
        "quantity": [draw.randint(1, 4) for _ in range(rows)],
        "unit_price": [draw.randint(101, 99_999) / 100 for _ in range(rows)],
    })  # fmt: skip
    return frame.assign(amount=(frame.quantity * frame.unit_price).round(2))


def money(value: float, decimal: str, thousands: str) -> str:
    return f"{value:,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands)


def put(root: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = root / "data" / "raw" / "shop" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def text_of(
    frame: pd.DataFrame, header: list[str], *, delimiter: str, date_format: str, marks: str
) -> str:
    rows = [delimiter.join(header)]
    for row in frame.itertuples(index=False):
        cells = [row[0], row[1].strftime(date_format), row[2], str(row[3])]
        cells += [money(row[4], marks[0], marks[1:]), money(row[5], marks[0], marks[1:])]
        rows.append(delimiter.join(f'"{c}"' if delimiter in c else c for c in cells))
    return "\n".join(rows) + "\n"


def looked_and_read(root: Path, *files: Path) -> tuple[Looked, Parameters]:
    looked = look_at("shop", list(files))
    path = root / "shop.yaml"
    path.write_text(write_parameters(looked), encoding="utf-8")
    return looked, read_parameters(path)


def source_of(root: Path, *files: Path) -> Source:
    looked, parameters = looked_and_read(root, *files)
    return parameters.sources["purchases"][0]


FORMS = [
    ("english", "utf-8", ",", "%Y-%m-%d", "."),
    ("english", "utf-8-sig", ",", "%m/%d/%Y", ".,"),
    ("english", "utf-16", "\t", "%d/%m/%Y", "."),
    ("english", "utf-8", "|", "%d-%b-%Y", ".'"),
    ("english", "utf-8", ",", "%m/%d/%Y %I:%M %p", "."),
    ("snake", "utf-8", ",", "%Y-%m-%dT%H:%M:%S", "."),
    ("snake", "utf-8", ",", "%Y%m%d", "."),
    ("snake", "utf-8", ";", "%Y/%m/%d", ", "),
    ("camel", "utf-8", ",", "%b %d, %Y", "."),
    ("camel", "utf-8", "\t", "%d.%m.%y", ","),
    ("german", "utf-8", ";", "%d.%m.%Y", ",."),
    ("german", "utf-8", "\t", "%d.%m.%Y %H:%M", ",."),
    ("simplified", "utf-8", ",", "%Y年%m月%d日", "."),
    ("simplified", "gb18030", ",", "%Y/%m/%d", "."),
    ("simplified", "gb18030", ";", "%Y-%m-%d %H:%M:%S", ".,"),
    ("simplified", "utf-8-sig", ",", "%Y/%m/%d %H:%M", "."),
    ("traditional", "big5", ",", "%Y/%m/%d", ".,"),
    ("traditional", "utf-8", "\t", "%Y年%m月%d日", "."),
    ("wide", "utf-8", ",", "%Y-%m-%d", "."),
    ("wide", "gb18030", ",", "%Y-%m-%d", "."),
]


@pytest.mark.parametrize(("language", "encoding", "delimiter", "date_format", "marks"), FORMS)
def test_a_form_is_found_and_declared(
    root: Path, language: str, encoding: str, delimiter: str, date_format: str, marks: str
) -> None:
    header = HEADERS[language]
    how = {"delimiter": delimiter, "date_format": date_format, "marks": marks}
    path = put(root, "orders.csv", text_of(lines(), header, **how), encoding)
    found = source_of(root, path)
    is_iso = date_format.startswith("%Y-%m-%d")
    ascii_only = language in ("english", "snake", "camel", "german") and encoding != "utf-16"
    assert found.encoding == ("utf-8" if ascii_only else encoding.removesuffix("-sig"))
    assert (found.delimiter, found.decimal, found.thousands) == (delimiter, marks[0], marks[1:])
    assert found.formats_of("ordered_at") == ["ISO" if is_iso else date_format]
    assert found.columns == dict(zip(OURS, header, strict=True))


def test_every_table_is_told_from_the_others(root: Path) -> None:
    files = {
        "a.csv": text_of(lines(), HEADERS["english"], delimiter=",", date_format="%Y-%m-%d", marks="."),
        "b.csv": "客户编号,姓名,手机号,注册日期,城市\n" + "".join(
            f"{n:05d},王小{n},138001380{n:02d},2024/01/{n % 28 + 1},杭州\n" for n in range(1, 26)),
        "c.csv": "respondent;question;score;response date\n00001;NPS;9;2024-02-01\n00002;csat;4;2024-02-03\n",
        "d.csv": "Customer,Type,Created At,Closed At,Resolved\n00001,Beschwerde,2024-02-01,NULL,ja\n",
        "e.csv": "campaign id,name,start date,end date,budget\nC1,Spring,2024-02-01,2024-02-20,500\n",
        "f.csv": "campaign,customer id,sent at,group\nC1,00001,2024-02-02,treated\nC1,00002,2024-02-02,control\n",
        "g.csv": "Deal ID,Stage,Created,Value,Close Date,Won\nD1,open,2024-02-01,1000,2024-03-01,1\n",
        "h.csv": "Monat;Kennzahl;Zielwert\n2024-01;umsatz;10000\n",
        "i.csv": "客戶編號,方案,開始日期,月費\n00001,基本,2024年1月5日,99\n00002,進階,2024年1月15日,199\n",
        "j.csv": "colour,size\nred,small\n",
    }  # fmt: skip
    encodings = {"b.csv": "gb18030", "i.csv": "big5"}
    made = [put(root, name, text, encodings.get(name, "utf-8")) for name, text in files.items()]
    looked, parameters = looked_and_read(root, *made)
    found = {table: source.files[-5] for table, (source,) in parameters.sources.items()}
    assert found == {
        "purchases": "a", "customers": "b", "surveys": "c", "interactions": "d", "campaigns": "e",
        "campaign_contacts": "f", "opportunities": "g", "targets": "h", "subscriptions": "i",
    }  # fmt: skip
    assert parameters.sources["surveys"][0].translate == {"question": {"NPS": "nps"}}
    assert parameters.sources["interactions"][0].translate == {"kind": {"Beschwerde": "complaint"}}
    assert parameters.sources["interactions"][0].missing == ["NULL"]
    assert "name" not in parameters.sources["customers"][0].columns
    text = write_parameters(looked)
    assert "never leave intake: 姓名 (name), 手机号 (phone)" in text
    shown = evidence(looked)
    assert shown[shown.decided == "not used"].file.tolist() == ["data/raw/shop/j.csv"]
    assert summary(looked).rows.sum() == 60 + 25 + 2 + 1 + 1 + 2 + 1 + 1 + 2


def plain(frame: pd.DataFrame, **how: str) -> str:
    usual = {"delimiter": ",", "date_format": "%Y-%m-%d", "marks": "."}
    return text_of(frame, HEADERS["snake"], **{**usual, **how})


def test_files_of_one_form_share_a_pattern_and_others_stand_alone(root: Path) -> None:
    months = [put(root, f"2024-{m:02d}.csv", plain(lines(30 + m))) for m in (1, 2, 3)]
    other = put(root, "old.csv", plain(lines(40), date_format="%d.%m.%Y", delimiter=";"))
    _, parameters = looked_and_read(root, *months, other)
    assert [source.files for source in parameters.sources["purchases"]] == [
        "data/raw/shop/2024-0*.csv",
        "data/raw/shop/old.csv",
    ]
    put(root, "2024-04.csv", "colour,size\n")  # now the pattern would name a file not looked at
    _, parameters = looked_and_read(root, *months)
    assert [source.files[-11:] for source in parameters.sources["purchases"]] == [
        "2024-01.csv"[-11:], "2024-02.csv"[-11:], "2024-03.csv"[-11:],
    ]  # fmt: skip


def test_a_title_a_cut_line_and_a_missing_token(root: Path) -> None:
    text = "Sales of the shop\nmade by hand\n" + plain(lines()).replace("\n00", "\nNA", 1)
    text = text.replace(",1,", ",NULL,", 2)
    found = source_of(root, put(root, "a.csv", text + "00001,2024-0"))
    assert (found.skip_lines, found.last_line, found.missing) == (2, "reject", ["NULL"])
    looked, parameters = looked_and_read(root, put(root, "a.csv", text.rstrip("\n")))
    assert parameters.sources["purchases"][0].last_line == "keep"
    assert "last_line: keep  # guessed" in write_parameters(looked)


def test_excel_parquet_json_lines_and_gzip(root: Path) -> None:
    frame = lines()
    made = [put(root, "a.csv.gz", gzip.compress(plain(frame).encode()))]
    made += [put(root, "b.parquet", b""), put(root, "c.jsonl", b""), put(root, "d.xlsx", b"")]
    frame.assign(ordered_at=pd.to_datetime(frame.ordered_at)).to_parquet(made[1])
    frame.astype({"ordered_at": "str"}).to_json(made[2], orient="records", lines=True)
    with xlsxwriter.Workbook(made[3], {"default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet("Orders")
        sheet.write_row(0, 0, ["Our orders"])
        sheet.write_row(1, 0, HEADERS["english"])
        for at, row in enumerate(frame.itertuples(index=False), start=2):
            sheet.write_row(at, 0, row)
        workbook.add_worksheet("Notes").write_row(0, 0, ["colour", "size"])
    for path in made:
        looked, parameters = looked_and_read(root, path)
        found = parameters.sources["purchases"][0]
        assert list(found.columns) == OURS_IN_ORDER
        assert found.formats_of("ordered_at") == ["ISO"]
        assert summary(looked).rows.tolist() == [60]
    assert (found.sheet, found.skip_lines) == ("Orders", 1)


OURS_IN_ORDER = ["customer_id", "ordered_at", "amount", "order_id", "quantity", "unit_price"]


@pytest.mark.parametrize(
    ("text", "guessed"),
    [
        (plain(lines(20, days=10), date_format="%d/%m/%Y"), "date_format: "),
        ("customer;date;amount\n1;2024-01-05;1,234\n2;2024-02-05;2,345\n", "decimal: "),
        ("customer;date;amount\n1;45000;12\n2;45200;23\n", "date_format: "),
        ("customer,date,amount\n1,2024-01-05,12\n1,2024-01-05,12\n", "duplicates: keep"),
        ("customer,date,amount\nC_1,2024-01-05,1\nc-1,2024-01-06,2\n", "customer_ids: normalise"),
        ("customer,date,amount\n1,2024-01-05T10:00:00Z,12\n", "timezone: UTC"),
        (
            "customer,date,amount,branch\n1,2024-01-05,12,杭州\n".encode("gb18030"),
            "encoding: gb18030",
        ),
        ("customer,placed,amount\n1,2024-01-05,12\n", "ordered_at: placed"),
        ("customer,date,amount\n1,2024-01-05,12\n", "currency: USD"),
    ],
)
def test_what_is_not_sure_says_so_in_its_line(root: Path, text: str | bytes, guessed: str) -> None:
    looked, _ = looked_and_read(root, put(root, "a.csv", text))
    line = next(one for one in write_parameters(looked).split("\n") if guessed in one)
    assert "# guessed: " in line
    assert line.endswith("; check")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("00001,2024-01-05,12.50\n00002,2024-01-06,9.00\n", "line 1 looks like data"),
        ("customer,date,amount,city\n1,2024-01-05,12.50,白\n".encode("gb18030"), "--encoding"),
        ("colour,size\nred,small\n", "Expected a file of purchases"),
        ("", "Expected a file of purchases"),
        ("customer,date,amount\n", "No purchase has a date"),
        ("customer,date,amount\n1,soon,2\n", "nearest to purchases, but no column is ordered_at"),
    ],
)
def test_refused(root: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        look_at("shop", [put(root, "a.csv", text)])


def test_an_encoding_that_is_said_is_taken(root: Path) -> None:
    text = "customer,date,amount,city\n1,2024-01-05,12.50,白\n"
    path = put(root, "a.csv", text, "gb18030")
    looked = look_at("shop", [path], encoding="gb18030")
    assert looked.sources["purchases"][0].form["encoding"] == "gb18030"
    with pytest.raises(ParameterError, match="expected one of utf-8"):
        look_at("shop", [path], encoding="latin")


def test_truth_and_hidden_files_are_passed_over(root: Path) -> None:
    path = put(root, "a.csv", plain(lines()))
    hidden = [put(root, "truth/b.csv", b"\xff\xfe\xff"), put(root, ".c.csv", b"\xff\xff")]
    assert summary(look_at("shop", [path, *hidden])).file.tolist() == ["data/raw/shop/a.csv"]


def test_a_few_days_far_ahead_are_not_as_of(root: Path) -> None:
    frame = lines(600)
    frame.loc[5, "ordered_at"] = dt.date(2031, 5, 5)
    looked = look_at("shop", [put(root, "a.csv", plain(frame))])
    assert looked.shop.as_of == frame.ordered_at.drop(5).max()
    given = look_at("shop", [put(root, "a.csv", plain(frame))], as_of=dt.date(2024, 6, 30))
    assert given.shop.as_of == dt.date(2024, 6, 30)


def test_cdnow(root: Path) -> None:
    put_sample("cdnow")
    _, found = looked_and_read(root, *(paths.root() / "data/raw/cdnow").glob("*.csv"))
    kept = found.sources["purchases"][0]
    assert kept.columns == {
        "customer_id": "customer_id", "ordered_at": "date", "amount": "dollars", "quantity": "cds",
    }  # fmt: skip
    assert kept.formats_of("ordered_at") == ["%Y%m%d"]
    assert (found.as_of, found.holdout_days) == (dt.date(1998, 6, 30), 181)
    assert found.period_days == 182
    assert found.intake.duplicates == "keep"


def test_the_segments_are_those_of_cdnow() -> None:
    text = (Path(__file__).parents[1] / "parameters" / "cdnow.yaml").read_text(encoding="utf-8")
    assert text.endswith(SEGMENTS)


def test_a_parameter_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    refuse_to_overwrite(path)
    path.touch()
    with pytest.raises(ParameterError, match=r"shop\.yaml is there already"):
        refuse_to_overwrite(path)
    refuse_to_overwrite(path, force=True)


NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(name=NAMES.filter(lambda name: name.strip()))
def test_any_name_of_a_column_is_read_back_as_it_is(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        root = Path(patch_root(patch))
        header = f'customer,date,"{name.replace(chr(34), chr(34) * 2)}"\n'
        path = put(root, "a.csv", header + "1,2024-01-05,12.5\n2,2024-01-06,7.25\n")
        try:
            looked, parameters = looked_and_read(root, path)
        except DataError:
            return
        amount = looked.sources["purchases"][0].columns["amount"]
        assert amount == name
        assert parameters.sources["purchases"][0].columns["amount"] == name


def patch_root(patch: pytest.MonkeyPatch) -> str:
    root = tempfile.mkdtemp()
    patch.setenv(paths.ROOT_VARIABLE, root)
    return root


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(1, 80),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252", "big5"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    order=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m/%d/%y"]),
)
def test_what_is_sure_is_what_pandas_wrote(
    seed: int, encoding: str, delimiter: str, decimal: str, order: str
) -> None:
    word = {"gb18030": "杭州茶杯", "big5": "臺北茶杯", "cp1252": "Köln Süd"}.get(encoding, "Ort")
    frame = lines(seed).assign(branch=word)
    frame["ordered_at"] = [day.strftime(order) for day in frame.ordered_at]
    with pytest.MonkeyPatch.context() as patch:
        path = put(Path(patch_root(patch)), "a.csv", b"")
        frame.to_csv(path, index=False, sep=delimiter, decimal=decimal, encoding=encoding)
        try:
            entry = look_at("shop", [path]).sources["purchases"][0]
        except DataError as error:
            assert "--encoding" in str(error)  # noqa: PT017
            return
    doubted = {f.what for f in entry.findings if not f.sure}
    expected = {
        "encoding": encoding.removesuffix("-sig"),
        "delimiter": delimiter,
        "decimal": decimal,
    }
    for what, value in expected.items():
        assert entry.form[what] == value or what in doubted, what
    formats = entry.dates["ordered_at"].formats
    assert formats == [order.replace("%Y-%m-%d", "ISO")] or "date_formats.ordered_at" in doubted


PEOPLE = [
    ("100", "Anna Berg"),
    ("101", "Jörg Weiß"),
    ("102", "Chloé de la Tour"),
    ("100", "Anna Berg"),
]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("Kundennr", "Kunde"),
        ("customer no", "customer"),
        ("customer_id", "customer"),
        ("客户编号", "客户"),
    ],
)
@pytest.mark.parametrize("name_first", [False, True])
def test_of_a_number_and_a_name_the_number_is_the_customer(
    root: Path, number: str, name: str, name_first: bool
) -> None:
    rows = [(name, number) if name_first else (number, name)]
    rows += [(who, no) if name_first else (no, who) for no, who in PEOPLE]
    text = "\n".join(
        f"{a};{b};{day}"
        for (a, b), day in zip(rows, ["Datum;Betrag"] + ["2024-01-05;1"] * 4, strict=True)
    )
    looked, parameters = looked_and_read(root, put(root, "a.csv", text + "\n"))
    assert parameters.sources["purchases"][0].columns["customer_id"] == number
    assert f"# direct identifiers, not mapped; they never leave intake: {name} (name)" in (
        written := write_parameters(looked)
    )
    assert f"customer_id: {number}\n" in written, "the cells prove it, so nothing is guessed"


def test_of_two_columns_of_ids_one_is_guessed(root: Path) -> None:
    text = "customer;customer no;date;amount\n17;100;2024-01-05;1\n18;101;2024-01-06;2\n"
    looked, parameters = looked_and_read(root, put(root, "a.csv", text))
    assert parameters.sources["purchases"][0].columns["customer_id"] == "customer no"
    assert "customer_id: customer no  # guessed: " in write_parameters(looked)
    assert not looked.sources["purchases"][0].identifiers


def test_a_customer_who_is_only_a_name_stays_the_customer(root: Path) -> None:
    text = "Kunde;Datum;Betrag\nAnna Berg;2024-01-05;1\nJörg Weiß;2024-01-06;2\n"
    assert source_of(root, put(root, "a.csv", text)).columns["customer_id"] == "Kunde"


@pytest.mark.parametrize(
    "name",
    ["Vorname Nachname", "first name", "nom", "Nachname, Vorname", "Prénom", "Customer Name"],
)
def test_columns_of_names_are_identifiers(root: Path, name: str) -> None:
    text = f'customer;date;amount;"{name}"\n17;2024-01-05;1;Anna Berg\n18;2024-01-06;2;Jo Bo\n'
    looked, _ = looked_and_read(root, put(root, "a.csv", text))
    assert looked.sources["purchases"][0].identifiers == {name: "name"}


TWICE = "customer,date,amount\n1,2024-01-05,12\n1,2024-01-05,12\n2,2024-01-06,3\n"


@pytest.mark.parametrize(
    ("second", "duplicates", "evidence_of_it"),
    [
        ("1,2024-02-05,12\n", "keep", "no row of one file came again in another"),
        (
            "2,2024-01-06,3\n4,2024-02-01,5\n",
            "redelivered",
            "1 row of one file came again in another",
        ),
    ],
)
def test_equal_lines_are_kept_only_after_a_look_across_the_files(
    root: Path, second: str, duplicates: str, evidence_of_it: str
) -> None:
    header = TWICE.partition("\n")[0]
    made = [put(root, "a1.csv", TWICE), put(root, "a2.csv", f"{header}\n{second}")]
    looked, parameters = looked_and_read(root, *made)
    assert parameters.intake.duplicates == duplicates
    line = next(one for one in write_parameters(looked).split("\n") if "duplicates: " in one)
    assert "# guessed: " in line
    assert evidence_of_it in line


def test_a_large_parquet_file_is_looked_at_in_part_and_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(root, "a.parquet", b"")
    lines().astype({"ordered_at": "datetime64[s]"}).to_parquet(path)
    assert "rows" not in set(evidence(look_at("shop", [path])).what)
    monkeypatch.setattr(structured, "MOST_ROWS", 40)
    found = evidence(look_at("shop", [path])).set_index("what").loc["rows"]
    assert found.decided == "the first 40"
    assert found.because.startswith("the file has 60, and only these were looked at")
    assert not found.sure
