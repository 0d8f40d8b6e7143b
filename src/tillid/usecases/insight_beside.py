"""The words that stand beside a document: notes, and why a leader, an officer or an archivist did something with it (R-72).

They are kept in its events and no version holds them, but they are about the child. For insight they are one text with an answer for
each, so that they are flagged, read, left out in part and rendered as every other text is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tillid.archive.insight_flags import FROM_HOME
from tillid.archive.keeping import LIFTED, PLACED
from tillid.consents.events import Event
from tillid.consents.statement import danish_date
from tillid.documents.model import Draft
from tillid.forms.definition import Field, FormDefinition, Section
from tillid.forms.readers import PARENT, TEAM
from tillid.kernel.canonical import json_digest, sha256
from tillid.kernel.clock import local_day

FORM = "ord_ved_dokumentet"  # no form's id: what is made of it is printed with the program's own template
TITLE = "Bemærkninger og begrundelser"


class _Words(msgspec.Struct, frozen=True, kw_only=True):
    """``at``: where in the payload; ``type``: of the field it becomes; ``home``: whether a parent's words may stand there; ``told``:
    whether the parents read it too."""

    at: tuple[str, ...]
    label: str
    type: str = "long_text"
    home: bool = False
    told: bool = False


_REASON = ("reason",)
SAID: dict[str, tuple[_Words, ...]] = {
    "note_fastened": (_Words(at=("text",), label="Bemærkning", told=True),),
    "restriction_placed": (_Words(at=_REASON, label="Hvorfor brugen blev begrænset"),),
    "restriction_lifted": (_Words(at=_REASON, label="Hvorfor brugen ikke længere er begrænset"),),
    "version_corrected": (_Words(at=_REASON, label="Hvorfor en udgave er mærket som rettet"),),
    "share_decided": (
        _Words(at=_REASON, label="Lederens begrundelse for at give videre uden samtykke"),
        _Words(at=("basis", "provision"), label="Bestemmelsen, det hviler på"),
        _Words(at=("objection",), label="Det, forældrene sagde imod det", home=True),
    ),
    "handed_out": (
        _Words(at=("to",), label="Udleveret til en forælder uden forældremyndighed", type="person"),
        _Words(at=_REASON, label="Lederens begrundelse for at udlevere"),
    ),
    "reading_granted": (
        _Words(at=("name",), label="Plejeforælder, der fik adgang til at læse", type="person"),
        _Words(at=("basis",), label="Det, adgangen hviler på"),
    ),
    "meeting_asked": (
        _Words(at=("plan", "purpose"), label="Mødets formål, som der blev spurgt om det", told=True),
        _Words(at=("plan", "participants"), label="Deltagere, som der blev spurgt om dem", type="person_list", told=True),
    ),
    PLACED: (_Words(at=_REASON, label="Hvorfor dokumentet ikke må destrueres"),),
    LIFTED: (_Words(at=_REASON, label="Hvorfor det ikke længere er holdt tilbage"),),
    "document_appraised": (
        _Words(at=_REASON, label="Begrundelse for mærket om bevaring"),
        _Words(at=("basis",), label="Det, mærket hviler på"),
    ),
    "destruction_ordered": (_Words(at=_REASON, label="Hvorfor der blev bedt om at destruere det"),),
    "destruction_confirmed": (_Words(at=_REASON, label="Hvorfor det blev bekræftet"),),
    "destruction_cancelled": (_Words(at=_REASON, label="Hvorfor destruktionen blev opgivet"),),
}  # fmt: skip


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Some words beside a document as a text with a form of its own."""

    definition: FormDefinition
    answers: dict[str, Any]

    @property
    def digest(self) -> str:
        return json_digest([[field.label for field in self.definition.fields], self.answers])


def last_words(events: Iterable[Event]) -> str:
    """The id of the newest of ``events`` (all of a document) that holds words; empty without any."""
    found = _words_in(events)
    return found[-1][0] if found else ""


def words_in_events(events: Iterable[Event], last: str) -> Beside:
    """The words in ``events`` up to the one with the id ``last``, or all of them if it is none of them."""
    return _beside((field, value) for _, field, value in _words_in(_until(events, last)))


def words_in_draft(draft: Draft, form: FormDefinition) -> Beside:
    """Why warnings of ``form`` were let be, which stands in the draft and in no event."""
    return _beside(_warnings(draft, form))


def _beside(words: Iterable[tuple[Field, Any]]) -> Beside:
    found = list(words)
    fields = tuple(field for field, _ in found)
    definition = FormDefinition(
        id=FORM, version=1, status="", title=TITLE, purpose="", digest=sha256(FORM.encode()), phases=(), states=(),
        sections=(Section(id=FORM, title=TITLE, fields=fields),),
    )  # fmt: skip
    return Beside(definition=definition, answers={field.id: value for field, value in found})


def _words_in(events: Iterable[Event]) -> list[tuple[str, Field, Any]]:
    """The event's id, and what of it becomes which field."""
    found: list[tuple[str, Field, Any]] = []
    of_cases = set()
    for event in events:
        if event.kind == PLACED and event.payload.get("kind") == "insight":
            of_cases.add(event.id)  # placed by collecting, and not by anybody's judgement of the document
        elif event.kind == LIFTED and event.payload.get("hold") in of_cases:
            continue
        elif event.actor != "system":  # the system's reasons are codes
            said = [(_field(event, one), _value(event.payload, one)) for one in SAID.get(event.kind, ())]
            found += [(event.id, field, value) for field, value in said if value]
    return found


def _field(event: Event, words: _Words) -> Field:
    home = words.home or event.payload.get("kind") == "registered"  # a note that is the person's own view
    return Field(
        id=f"e_{event.id}_{words.at[-1]}".replace("-", "_"),
        label=f"{danish_date(local_day(event.at))}: {words.label}",
        type=words.type,
        settings={"max": 20000} if words.type == "long_text" else {},
        filled_by=(PARENT,) if home else (TEAM,),
        visible_to=(TEAM, PARENT) if words.told else (TEAM,),
        section=FORM,
    )


def _value(payload: Mapping[str, Any], words: _Words) -> Any:
    value: Any = payload
    for part in words.at:
        value = value.get(part) if isinstance(value, Mapping) else None
    if words.type == "person":
        return {"name": value} if value else None
    if words.type == "person_list":
        return [
            {"name": ", ".join(filter(None, (one["name"], one["role"], one["organisation"])))} for one in value or ()
        ]
    return value


def _warnings(draft: Draft, form: FormDefinition) -> Iterator[tuple[Field, Any]]:
    rules = {rule.id: rule for rule in form.rules}
    for number, (id, one) in enumerate(sorted(draft.overridden.items()), 1):
        rule = rules.get(id)
        home = rule is None or any(FROM_HOME & set(form.field(name).filled_by) for name in rule.fields)
        yield Field(
            id=f"w_{number}",
            label=f"{danish_date(local_day(one.at))}: Hvorfor det blev stående. {rule.text if rule else ''}".strip(),
            type="long_text",
            settings={"max": 20000},
            filled_by=(PARENT,) if home else (TEAM,),
            visible_to=(TEAM,),
            section=FORM,
        ), one.reason  # fmt: skip


def _until(events: Iterable[Event], of: str) -> Iterator[Event]:
    for event in events:
        yield event
        if event.id == of:
            return
