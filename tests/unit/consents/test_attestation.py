"""An employee's attestation as a record: what it says, and that it is neither consent nor signature."""

from __future__ import annotations

import msgspec
import pytest

from tests.consent_examples import MOMENT, SYSTEM, attestation_event
from tillid.consents.attestation import STATEMENTS, Attested, attestation_of, build_attestation, read_attestation
from tillid.consents.record import read_record
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.rendering import render
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

SEALED = (SIGNING / "vectors" / "valid" / "attested.xml").read_bytes()


@pytest.mark.req("R-23", "R-103", "R-104")
@pytest.mark.parametrize("capacity", ["leader", "notifier"])
def test_a_record_says_what_the_event_says_and_shows_it_as_no_signature(capacity) -> None:
    event = attestation_event(capacity)
    record = build_attestation(event, SYSTEM)
    said = read_attestation(record)
    assert said == msgspec.convert(event.payload, Attested) and said.text == STATEMENTS[capacity]
    page = render(record).decode()
    assert "<h1>Attestation</h1>" in page and "Bekræftet af" in page and said.document.answers_digest in page
    assert "ikke en underskrift" in page and "amtykke" not in page
    assert ("Leder" in page, "Barn" in page) == (capacity == "leader",) * 2


@pytest.mark.req("R-23")
def test_it_is_never_read_as_a_consent_nor_a_consent_as_it() -> None:
    for read, name in ((read_record, "attested"), (read_attestation, "given")):
        with pytest.raises(TillidError, match=r"records\.schema"):
            read((SIGNING / "vectors" / "valid" / f"{name}.xml").read_bytes())


@pytest.mark.req("R-103")
def test_the_verdict_calls_its_seal_a_seal_and_speaks_of_no_consent() -> None:
    found = verify(SEALED, load_trust(SIGNING / "trust" / "test"), at=MOMENT)
    assert found.passed and found.details["signature_kind"] == "platform-seal"
    assert found.details["kind"] == "DocumentAttested" and not any("amtykke" in one for one in found.does_not_prove)
    assert any("ikke medarbejderens egen underskrift" in one for one in found.does_not_prove)


@pytest.mark.req("R-102")
def test_no_cpr_number_and_no_hidden_letter_is_sealed() -> None:
    for name, code in (("Birgit 610190-1234", "records.cpr"), ("Bir\u202egit", "records.characters")):
        with pytest.raises(TillidError) as refused:
            build_attestation(attestation_event(attester_name=name), SYSTEM)
        assert refused.value.code == code


def test_it_is_found_by_the_version_it_is_about() -> None:
    event = attestation_event()
    found = attestation_of([event], 1)
    assert found is not None and found[0] == event and attestation_of([event], 2) is None
