"""What goes to the municipality's journal system and what comes back, as bytes (U23)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tillid.archive.journal_exchange import (
    MOST_BYTES,
    Attachment,
    Entry,
    FormOf,
    Named,
    ReceiptRefused,
    digest_of,
    packed,
    read_receipt,
)
from tillid.kernel.canonical import sha256

ENTRY = "11111111-1111-4111-8111-111111111111"
GOOD = {
    "schema": "tillid/journal-receipt/1",
    "entry": ENTRY,
    "journal_sha256": "a" * 64,
    "case": "27.24.00-G01-12-26",
    "day": "2026-11-26",
}


def entry(**more):
    town, place = Named(id="12345678", name="Solbjerg Kommune"), Named(id="u", name="Skolen")
    form = FormOf(id="underretning", version=2, title="Underretningsskema")
    return Entry(entry=ENTRY, number="U-1", version=1, date=date(2026, 11, 25), theme="Underretningsskema", form=form,
                 municipality=town, sender=place, **more)  # fmt: skip


def why(data):
    with pytest.raises(ReceiptRefused) as found:
        read_receipt(data if isinstance(data, bytes) else json.dumps(data).encode())
    return found.value.why


@pytest.mark.req("U23")
def test_an_entry_says_the_digest_of_every_file_and_the_sums_are_of_the_same_bytes():
    lying = [
        Attachment(name="document.pdf", media_type="application/pdf", data=b"%PDF-"),
        Attachment(name="data.json", media_type="application/json", data=b"{}"),
    ]
    files = packed(entry(), lying)
    said = json.loads(files["journal.json"])
    assert said["schema"] == "tillid/journal/1" and said["entry"] == ENTRY and said["child"] is None
    assert {one["name"]: one["sha256"] for one in said["files"]} == {
        "document.pdf": sha256(b"%PDF-"), "data.json": sha256(b"{}"),
    }  # fmt: skip
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: sha256(data) for name, data in files.items() if name != "SHA256SUMS"}
    assert digest_of(files) == sums["journal.json"] and packed(entry(), lying[::-1]) == files


@pytest.mark.req("U23")
@pytest.mark.parametrize(
    "case", ["27.24.00-G01-12-26", "SAG-2026-00012", "26/1234", "S2026-1234", "1", "EMN_2026_000123"]
)
def test_the_journals_own_case_numbers_are_taken_as_the_systems_write_them(case):
    assert read_receipt(json.dumps({**GOOD, "case": case}).encode()).case == case


@pytest.mark.req("U23", "R-111")
@pytest.mark.parametrize(
    "case", ["", "Villads Krag 1", "010119-1234", "SAG-010119-1234", "0101191234", "Krag", "1\n", "é1", "<b>1</b>", "1" * 41,
             "../1", "-1", "1--2", "1 2"],
)  # fmt: skip
def test_a_case_number_holds_no_words_no_cpr_number_and_nothing_else(case):
    assert why({**GOOD, "case": case}) == "number"


@pytest.mark.req("U23")
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"null", b"[]", b"[" * 9000, json.dumps([GOOD]).encode(), {**GOOD, "schema": "tillid/journal-receipt/2"},
             {**GOOD, "note": "x"}, {k: v for k, v in GOOD.items() if k != "day"}, {**GOOD, "entry": "../../etc"},
             {**GOOD, "entry": ENTRY.upper()[:-1] + "A"}, {**GOOD, "journal_sha256": "A" * 64}, {**GOOD, "journal_sha256": "a" * 63},
             {**GOOD, "day": "26-11-2026"}, {**GOOD, "day": 1}, {**GOOD, "case": 12}, {**GOOD, "case": None}],
)  # fmt: skip
def test_a_receipt_of_any_other_shape_is_not_read(data):
    assert why(data) == "unreadable"


@pytest.mark.req("U23")
def test_a_receipt_has_a_size_and_the_good_one_is_read():
    assert read_receipt(json.dumps(GOOD).encode()).day == date(2026, 11, 26)
    assert why(json.dumps(GOOD).encode().ljust(MOST_BYTES + 1)) == "too-large"
    assert read_receipt(json.dumps(GOOD).encode().ljust(MOST_BYTES)).entry == ENTRY
