"""Whether a sealed record says what the ledger event says that it lies at (design 15): the record is made once more, of the event and its
question, and compared.

A record names its event by digest, and a seal only says who sealed. Whoever has the key, or a fault in what writes records, could seal
another child, answer or version under a true event's digest; only the ledger shows it.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec

from tillid.consents import attestation, meeting, meeting_record, reception, record
from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest
from tillid.consents.record_xml import RecordingSystem
from tillid.kernel.errors import TillidError
from tillid.signatures.names import consent
from tillid.signatures.xml import canonical, parse

QUESTIONS = ("request_created", meeting.ASKED)
ANYBODY = RecordingSystem(version="0", instance="any")
# What an event does not say: which installation wrote the record, and with which of the stylesheets of its time.
_BESIDE = (consent("System"), consent("SealedAs"))


def tells_otherwise(event: Event, question: Event | None, signed: bytes) -> bool:
    """Whether ``signed`` (what a seal covers, of a record that was verified) is not the record of ``event``. ``question``: the event that
    asked; ``None`` for an employee's own word, and where it is gone by its rule: then an answer cannot be told from another.

    What the giver is to the child is believed: only the register knew it then. Whoever changes how records are written keeps the
    earlier way within reach of this."""
    asked = event.kind in record.ELEMENTS or event.kind in meeting_record.ELEMENTS
    if asked and (question is None or question.kind not in QUESTIONS):
        return False
    root = parse(signed)
    try:
        return _content(parse(_made(event, question, _role(root)))) != _content(root)
    except (TillidError, msgspec.ValidationError, KeyError):  # of such an event no record could be made
        return True


def _made(event: Event, question: Event | None, role: record.Role) -> bytes:
    if event.kind == attestation.KIND:
        return attestation.build_attestation(event, ANYBODY)
    if event.kind == reception.KIND or question is None:
        return reception.build_reception(event, ANYBODY)
    if event.kind in meeting_record.ELEMENTS:
        met = msgspec.convert(question.payload, meeting.MeetingQuestion)
        return meeting_record.build_meeting_record(event, met, role=role, system=ANYBODY)
    return record.build_record(event, msgspec.convert(question.payload, ConsentRequest), role=role, system=ANYBODY)


def _role(root: Any) -> record.Role:
    holder = root.find(f".//{consent('Holder')}")
    return cast(record.Role, "parent" if holder is None else holder.get("role"))


def _content(root: Any) -> bytes:
    for one in root.iter(*_BESIDE):
        one.clear(keep_tail=True)
    return canonical(root)
