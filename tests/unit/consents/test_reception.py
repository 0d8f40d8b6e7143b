"""A receiver's acknowledgement as a record: what it says, of which release, and that it is neither consent nor signature."""

from __future__ import annotations

import msgspec
import pytest

from tests.consent_examples import ITEMS, MOMENT, SYSTEM, reception_event
from tillid.consents.attestation import read_attestation
from tillid.consents.reception import (
    STATEMENT,
    Received,
    build_reception,
    key_of,
    read_reception,
    reception_of,
    release_key,
)
from tillid.consents.record import read_record
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.rendering import render
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

VALID = SIGNING / "vectors" / "valid"


@pytest.mark.req("R-22", "R-23", "R-103", "R-104")
@pytest.mark.parametrize(("capacity", "called"), [("leader", "Leder"), ("named", "Medarbejder")])
@pytest.mark.parametrize("rests", ["consent", "decision"])
def test_a_record_says_what_the_event_says_and_shows_it_as_no_consent(capacity, called, rests) -> None:
    event = reception_event(capacity, kind=rests)
    record = build_reception(event, SYSTEM)
    said = read_reception(record)
    assert said == msgspec.convert(event.payload, Received) and said.text == STATEMENT
    page = render(record).decode()
    assert "<h1>Kvittering for modtagelse</h1>" in page and f"<dd>{called}</dd>" in page
    assert "et samtykke og ikke medarbejderens egen underskrift" in page and "ingen ret til at læse" in page
    assert ("Samtykkets nummer" in page, "Beslutningens nummer" in page) == (rests == "consent", rests == "decision")
    for shown in (said.share_id, *(one.id for one in said.rests_on)):
        assert shown in page
    assert page.count("<td>Ja</td>") == 3, "two parts received, one of them sensitive"


@pytest.mark.req("R-23")
def test_it_is_never_read_as_a_consent_or_an_attestation_nor_one_of_them_as_it() -> None:
    for read, name in ((read_record, "received"), (read_attestation, "received"), (read_reception, "attested"), (read_reception, "given")):  # fmt: skip
        with pytest.raises(TillidError, match=r"records\.schema"):
            read((VALID / f"{name}.xml").read_bytes())


@pytest.mark.req("R-22", "R-103")
def test_the_verdict_says_that_it_proves_no_leave_to_read() -> None:
    found = verify((VALID / "received.xml").read_bytes(), load_trust(SIGNING / "trust" / "test"), at=MOMENT.replace(year=2026))  # fmt: skip
    assert found.passed and found.details["signature_kind"] == "platform-seal"
    assert found.details["kind"] == "ReceptionAcknowledged"
    assert "om det, der blev modtaget, stadig må læses" in found.does_not_prove[0]
    assert any("ikke medarbejderens egen underskrift" in one for one in found.does_not_prove)


@pytest.mark.req("R-102")
def test_no_cpr_number_and_no_hidden_letter_is_sealed() -> None:
    for name, code in (("Hanne 610190-1234", "records.cpr"), ("Han\u202ene", "records.characters")):
        with pytest.raises(TillidError) as refused:
            build_reception(reception_event(receiver_name=name), SYSTEM)
        assert refused.value.code == code


@pytest.mark.req("R-22")
def test_of_one_release_there_is_one_and_anything_else_is_another_release() -> None:
    event = reception_event()
    said = msgspec.convert(event.payload, Received)
    whole = (said.share_id, said.document.version, [item.id for item in ITEMS], said.to_unit.id)
    assert key_of(said) == release_key(*whole) == release_key(*whole[:2], reversed(whole[2]), whole[3])
    others = [
        ("other", *whole[1:]),
        (whole[0], 4, *whole[2:]),
        (*whole[:2], whole[2][:1], whole[3]),
        (*whole[:3], "unit"),
    ]
    assert len({release_key(*whole), *(release_key(*other) for other in others)}) == 5
    found = reception_of([event], key_of(said))
    assert found is not None and found == (event, said) and reception_of([event], release_key(*others[2])) is None
