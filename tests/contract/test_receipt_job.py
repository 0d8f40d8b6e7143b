"""The receipt on paper says what the record's page and the page on verifying say, letter by letter."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace

import pytest

from tests.support.receipts import VALID, proof_of
from tillid.documents.receipt_job import ENGLISH, receipt_job
from tillid.kernel.canonical import sha256
from tillid.signatures.receipt import how_to_verify, page_of


def letters(page: bytes) -> str:
    """All that a page shows, without white space, and without the colons behind terms."""
    body = page.decode().partition("</head>")[2].partition(f"<{ENGLISH} ")[0]
    return squeezed(unescape(re.sub(r"<[^>]*>", "", body)))


def squeezed(text: str) -> str:
    return re.sub(r"[\s:]", "", text)


def job_of(record: bytes, *, stamped: bool = True):
    return receipt_job(
        page_of(record),
        how_to_verify(),
        proof_of(record),
        event_id="00000000-0000-4000-8000-000000000101",
        stamped=stamped,
        record=record,
        document=SimpleNamespace(number="TD-7F3K2Q"),
        municipality="Solbjerg Kommune",
        moment=datetime(2026, 11, 26, 12, tzinfo=UTC),
    )


@pytest.mark.req("R-104")
@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_every_letter_of_the_sealed_page_in_its_order_and_no_other(path):
    record = path.read_bytes()
    *shown, _proofs, how = job_of(record).sections
    said = [job_of(record).subtitle]
    for number, section in enumerate(shown):
        said += [section.title] if number else []
        for field in section.fields:
            said += [field.label, field.text, *field.columns, *(cell for row in field.rows for cell in row)]
    assert squeezed(" ".join(said)) == letters(page_of(record))
    spoken = [how.title, *(text for field in how.fields for text in (field.label, field.text))]
    assert squeezed(re.sub(r"(?m)^\d\. ", "", "\n".join(spoken))) == letters(how_to_verify())


def test_it_says_whether_a_timestamp_is_in_it_and_names_its_record():
    record = next(path for path in VALID if path.stem == "given").read_bytes()
    with_stamp, without = job_of(record), job_of(record, stamped=False)
    assert "Er med" in str(with_stamp.sections[-2]) and "Er ikke med" in str(without.sections[-2])
    told = json.loads(without.data)
    assert told["record_sha256"] == sha256(record) and told["stamped"] is False
    assert (with_stamp.layout, with_stamp.data_name, with_stamp.reader) == ("kvittering", "kvittering.json", "parent")
