"""Reveal: the id comes back to whoever has the files and the key, and to nobody else."""

from pathlib import Path

import pytest

from regulars.data.people.pseudonyms import KEY_VARIABLE, pseudonym_of
from regulars.data.people.reveal import reveal
from regulars.errors import DataError, ParameterError

KEY = b"a key for these tests"
PARAMETERS = """workbook: shop
title: A shop
as_of: 2024-03-31
currency: EUR
segments:
  - {name: all, r: 1-5, f: 1-5, action: none}
intake:
  customer_ids: normalise
  same_customers: same.csv
sources:
  purchases:
    - files: buys-*.csv
      columns: {customer_id: who, ordered_at: when, amount: paid}
    - files: old.csv
      delimiter: ;
      columns: {customer_id: kunde, ordered_at: datum, amount: betrag}
  customers:
    files: people.csv
    columns: {customer_id: id}
  campaigns:
    files: none.csv
    columns: {campaign_id: id, starts_on: a, ends_on: b}
"""


@pytest.fixture
def shop(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(KEY_VARIABLE, KEY.decode())
    (root / "buys-1.csv").write_text("who,when,paid\ncust_1,2024-01-01,1\n00042,2024-01-01,2\n")
    (root / "buys-2.csv").write_text("who,when,paid\nCUST 1,2024-01-01,1\n,2024-01-01,2\nbad\n")
    (root / "old.csv").write_text("kunde;datum;betrag\nK-9;2023-01-01;5\n")
    (root / "people.csv").write_text("id\n７\ncust.1\n")
    (root / "same.csv").write_text("customer_id,same_as\nk9,CUST-2\nK-9,cust 1\n")
    (root / "shop.yaml").write_text(PARAMETERS)
    return root / "shop.yaml"


def test_every_way_the_files_write_it_comes_back(shop: Path) -> None:
    assert reveal(pseudonym_of("CUST-1", KEY), [shop]) == ["CUST 1", "K-9", "cust.1", "cust_1"]
    assert reveal(f" {pseudonym_of('00042', KEY).upper()} ", [shop]) == ["00042"]
    assert reveal(pseudonym_of("7", KEY), [shop]) == ["７"]


def test_an_id_of_no_file_is_not_found(shop: Path) -> None:
    with pytest.raises(DataError, match="No customer id of shop.yaml .* the environment"):
        reveal(pseudonym_of("43", KEY), [shop])


def test_another_key_finds_nothing(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = pseudonym_of("00042", KEY)
    monkeypatch.setenv(KEY_VARIABLE, "another key of some length")
    with pytest.raises(DataError, match="made with another key"):
        reveal(name, [shop])


@pytest.mark.parametrize("name", ["00042", "c-", "c-123", "c-" + "g" * 20, "c-" + "0" * 21])
def test_what_is_no_pseudonym_is_refused_and_not_repeated(shop: Path, name: str) -> None:
    with pytest.raises(ParameterError, match="Expected a pseudonym") as refused:
        reveal(name, [shop])
    assert "00042" not in str(refused.value)
