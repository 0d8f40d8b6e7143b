"""One request and its three events, as values: shared by the tests of records and by scripts/make_vectors.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from tillid.consents.attestation import KIND, STATEMENTS, Attested, AttestedText, Capacity
from tillid.consents.events import Event, next_event
from tillid.consents.model import (
    Basis,
    ConsentItem,
    ConsentRequest,
    ConsentText,
    DocumentRef,
    Given,
    LoginEvidence,
    Organisation,
    Purpose,
    Withdrawn,
)
from tillid.consents.reception import KIND as RECEIVED
from tillid.consents.reception import STATEMENT, EventRef, Received
from tillid.consents.reception import Capacity as ReceiverCapacity
from tillid.consents.record import RecordingSystem
from tillid.kernel.canonical import sha256

MOMENT = datetime(2025, 11, 3, 18, 30, 12, tzinfo=UTC)
SYSTEM = RecordingSystem(version="0.1.0", instance="solbjerg")


def uid(number: int) -> str:
    """A recognisable UUID."""
    return f"00000000-0000-4000-8000-{number:012x}"


HOLDER, CHILD, SERIES = uid(0xA1), uid(0xC1), uid(0x51)
LOGIN = LoginEvidence(
    issuer="https://test-mitid.invalid",
    subject=uid(0xD1),
    provider="test-mitid",
    loa="https://data.gov.dk/concept/core/nsis/Substantial",
    auth_time=MOMENT - timedelta(minutes=4),
    evidence_sha256=sha256(b"evidence"),
)
TEXT = ConsentText(
    id="samtykke_overgang",
    version=2,
    language="da",
    body="Må vi dele overgangsbeskrivelsen med børnehaven?\n\nDet er frivilligt. Du kan altid trække dit ja tilbage.",
)
WITHDRAWAL_TEXT = ConsentText(
    id="tilbagekaldelse", version=1, language="da", body="Du trækker dit samtykke tilbage. Det gælder med det samme."
)
ITEMS = (
    ConsentItem(
        id="section:sprog", kind="section", title="Sprog & leg", section_id="sprog", field_ids=("sprog.styrker",),
        sensitive=False, digest=sha256(b"1"),
    ),
    ConsentItem(
        id="field:helbred.allergi", kind="sensitive", title="Allergi <følsom>", section_id="helbred",
        field_ids=("helbred.allergi",), sensitive=True, digest=sha256(b"2"),
    ),
)  # fmt: skip


def request(**changes: Any) -> ConsentRequest:
    """A request of one kindergarten by one day nursery; ``changes`` replace fields."""
    values: dict[str, Any] = {
        "id": uid(0xE1),
        "child_id": CHILD,
        "child_name": "Mette & Søn <3 kg",
        "document": DocumentRef(
            document_id=uid(0xF1), version=3, title="Overgangsbeskrivelse", form_id="overgangsbeskrivelse",
            form_version=3, definition_digest=sha256(b"d"), template_digest=sha256(b"t"), answers_digest=sha256(b"a"),
            pdf_sha256=sha256(b"p"), pdf_size=48_211,
        ),
        "controller": Organisation(id=uid(1), name="Solbjerg Kommune", cvr="00000000"),
        "from_unit": Organisation(id=uid(2), name="Vuggestuen Mælkebøtten"),
        "to_unit": Organisation(id=uid(3), name='Børnehaven "Skovtrolden"'),
        "purpose": Purpose(code="overgang", text="At børnehaven kan tage godt imod barnet"),
        "basis": Basis(code="samtykke_overgang", provision="Jeres samtykke"),
        "items": ITEMS,
        "oral_asked": True,
        "valid_to": date(2026, 2, 1),
        "texts": (TEXT,),
        "required_holders": (HOLDER,),
        "series": {HOLDER: SERIES},
        "created_at": MOMENT - timedelta(days=2),
        "created_by": uid(9),
    }  # fmt: skip
    return ConsentRequest(**values | changes)


def answer_event(
    asked: ConsentRequest, *, answers: dict[str, bool], oral: bool = False, at: datetime = MOMENT, **changes: Any
) -> Event:
    """The first event of the holder's series: given when one answer is yes, else refused."""
    values: dict[str, Any] = {
        "holder_id": HOLDER, "holder_name": "Søren O'Hara & Co", "answers": answers, "oral": oral, "text": TEXT,
        "login": LOGIN,
    }  # fmt: skip
    kind = "consent_given" if any(answers.values()) else "consent_refused"
    return _event([], kind, asked, at, Given(**values | changes), uid(0x101))


def withdrawal_event(
    asked: ConsentRequest, given: Event, *, items: tuple[str, ...] = (), at: datetime = MOMENT + timedelta(days=9),
    **changes: Any,
) -> Event:  # fmt: skip
    """The withdrawal that follows ``given`` in its series."""
    values: dict[str, Any] = {
        "holder_id": HOLDER, "holder_name": "Søren O'Hara & Co", "items": items, "given_event": given.id,
        "given_digest": given.digest, "text": WITHDRAWAL_TEXT, "method": "portal", "login": LOGIN,
    }  # fmt: skip
    return _event([given], "consent_withdrawn", asked, at, Withdrawn(**values | changes), uid(0x102))


def _event(series: list[Event], kind: Any, asked: ConsentRequest, at: datetime, payload: Any, event_id: str) -> Event:
    return next_event(
        series, id=event_id, kind=kind, series_id=SERIES, at=at, actor=HOLDER, child_id=asked.child_id,
        document_id=asked.document.document_id, request_id=asked.id, payload=payload,
    )  # fmt: skip


def attestation_event(capacity: Capacity = "leader", **changes: Any) -> Event:
    """The third event of a document's own series: an assessment attested by a leader, or an underretning by who sends it."""
    asked = request()
    child = (
        {"child_id": CHILD, "child_name": asked.child_name}
        if capacity == "leader"
        else {"child_id": "", "child_name": ""}
    )
    text = AttestedText(
        document_id=uid(0xF2), version=1, title="Trivselsvurdering TD-7F3K2Q", form_id="trivselsvurdering", form_version=2,
        definition_digest=sha256(b"d"), answers_digest=sha256(b"a"),
    )  # fmt: skip
    said = Attested(
        attester_id=uid(0xB1), attester_name="Birgit Ømose & Co", capacity=capacity, controller=asked.controller,
        from_unit=asked.from_unit, document=text, text=STATEMENTS[capacity], **child,
    )  # fmt: skip
    return Event(
        id=uid(0x103), series_id=uid(0xF2), sequence=2, previous=sha256(b"created"), kind=KIND, child_id=CHILD,
        document_id=uid(0xF2), request_id=None, at=MOMENT, actor=uid(0xB1),
        payload=msgspec.to_builtins(msgspec.structs.replace(said, **changes)),
    )  # fmt: skip


def renewing_request() -> ConsentRequest:
    """The fresh question about the same share when the consent to ``request()`` had ended."""
    return request(id=uid(0xE2), series={HOLDER: uid(0x52)}, renews=uid(0xE1), valid_to=date(2026, 8, 1))


def reception_event(capacity: ReceiverCapacity = "leader", **changes: Any) -> Event:
    """The seventh event of a document's own series: the receiving leader acknowledges what ``answer_event`` released."""
    asked = request()
    given = answer_event(asked, answers=all_yes(), oral=True)
    text = AttestedText(**{name: getattr(asked.document, name) for name in AttestedText.__struct_fields__})
    said = Received(
        receiver_id=uid(0xB7), receiver_name="Hanne Skov & Søn", capacity=capacity, child_id=CHILD,
        child_name=asked.child_name, controller=asked.controller, from_unit=asked.from_unit, to_unit=asked.to_unit,
        purpose=asked.purpose, basis=asked.basis, kind="consent", share_id=asked.id,
        rests_on=(EventRef(id=given.id, digest=given.digest), EventRef(id=uid(0x104), digest=sha256(b"signed"))),
        document=text, items=tuple(msgspec.structs.replace(one, field_ids=()) for one in ITEMS),
        valid_to=asked.valid_to.isoformat(), text=STATEMENT,
    )  # fmt: skip
    return Event(
        id=uid(0x105), series_id=uid(0xF1), sequence=7, previous=sha256(b"signed"), kind=RECEIVED, child_id=CHILD,
        document_id=uid(0xF1), request_id=asked.id, at=MOMENT + timedelta(days=1), actor=uid(0xB7),
        payload=msgspec.to_builtins(msgspec.structs.replace(said, **changes)),
    )  # fmt: skip


def all_yes() -> dict[str, bool]:
    """Yes to every item."""
    return {item.id: True for item in ITEMS}
