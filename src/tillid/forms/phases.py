"""A later phase of a form as a form of its own: what the place that receives writes in a document of its own (design 11, ADR 0074).

The same fields, conditions and words, and of the form nothing else. They are read from that place: what the definition lets
``receiver`` fill and see is the own team's there, and ``author`` and ``team``, by which it means the sender's, are left out.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.forms.conditions import fields_asked
from tillid.forms.definition import Code, Field, FormDefinition, Rule, Section
from tillid.forms.readers import AUTHOR, RECEIVER, TEAM
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.kernel.once import Once

CONTENT = "content"
LATER = ("reception", "evaluation")
# The state of the whole form that a phase ends in, whose words say that its document is locked.
_ENDS = {"reception": "received", "evaluation": "evaluated"}
_SENDERS = frozenset({AUTHOR, TEAM})
_MADE: Once[FormDefinition] = Once(64)


def later_phases(form: FormDefinition) -> tuple[Code, ...]:
    """The phases of ``form`` that are written in documents of their own, in its order."""
    asked = {field.phase for field in form.fields}
    return tuple(one for one in form.phases if one.id in LATER and one.id in asked)


def of_phase(form: FormDefinition, phase: str) -> FormDefinition:
    """``phase`` of ``form``, with a digest that changes with the form's. Raises ``TillidError`` (``forms.no-such-phase``)."""
    if phase not in {one.id for one in later_phases(form)}:
        text = "Skemaet har ikke det, der blev spurgt om. Åbn skemaet igen."
        raise TillidError("no such phase", code="forms.no-such-phase", text=text)
    return _MADE.get((form.digest, form.overlays, phase), lambda: _made(form, phase))


def _made(form: FormDefinition, phase: str) -> FormDefinition:
    said = next(one for one in form.phases if one.id == phase)
    ids = _askable(form, phase)
    sections = [_section(one, ids) for one in form.sections]
    return msgspec.structs.replace(
        form,
        title=f"{form.title}: {said.title}",
        purpose=said.help or form.purpose,
        digest=json_digest({"form": form.digest, "phase": phase}),
        page="",
        basis="",
        signature="",
        history="",
        notes="",
        allowed_bases=(),
        phases=tuple(one for one in form.phases if one.id == CONTENT),
        states=_states(form, phase),
        sections=tuple(one for one in sections if one.fields),
        rules=tuple(one for one in form.rules if _within(one, ids)),
        upcast={},
        translations={language: _words(words, phase) for language, words in form.translations.items()},
    )


def _askable(form: FormDefinition, phase: str) -> frozenset[str]:
    """The phase's fields, without those whose condition asks for an answer that stands in another document."""
    ids = {field.id for field in form.fields if field.phase == phase}
    while left := {
        one for one in ids if fields_asked([form.fields_by_id[one].shown_if, form.fields_by_id[one].computed]) - ids
    }:
        ids -= left
    return frozenset(ids)


def _within(rule: Rule, ids: frozenset[str]) -> bool:
    return fields_asked(rule.when) | set(rule.fields) <= ids


def _section(section: Section, ids: frozenset[str]) -> Section:
    fields = tuple(_own(field, ids) for field in section.fields if field.id in ids)
    texts = tuple(one for one in section.texts if fields_asked(one.shown_if) <= ids)
    return msgspec.structs.replace(section, phase=CONTENT, fields=fields, texts=texts)


def _own(field: Field, ids: frozenset[str]) -> Field:
    required = field.required if fields_asked(field.required) <= ids else "no"
    return msgspec.structs.replace(
        field,
        phase=CONTENT,
        required=required,
        filled_by=tuple("professional" if one == RECEIVER else one for one in field.filled_by),
        visible_to=tuple(TEAM if one == RECEIVER else one for one in field.visible_to if one not in _SENDERS),
    )


def _states(form: FormDefinition, phase: str) -> tuple[Code, ...]:
    """Written by the place, shared with the parents as far as fields are theirs to see, locked by its leader."""
    named = {one.id: one for one in form.states}
    draft = named.get("draft", Code(id="draft", title="Kladde"))
    ended = named.get(_ENDS[phase], draft)
    shared = named.get("shared", Code(id="shared", title="Delt med forældrene"))
    locked = msgspec.structs.replace(ended, id="submitted")
    return (draft, msgspec.structs.replace(shared, help=""), locked)


def _words(words: dict[str, Any], phase: str) -> dict[str, Any]:
    """The same in another language."""
    said, states = words.get("phases", {}).get(phase, {}), dict(words.get("states", {}))
    found = {**words, "states": {one: states[one] for one in ("draft",) if one in states}}
    if "shared" in states:
        found["states"]["shared"] = {"title": states["shared"]["title"]}
    if _ENDS[phase] in states:
        found["states"]["submitted"] = states[_ENDS[phase]]
    if "title" in words and "title" in said:
        found["title"] = f"{words['title']}: {said['title']}"
    found.pop("purpose", None)
    return found | ({"purpose": said["help"]} if "help" in said else {})
