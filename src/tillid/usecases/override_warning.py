"""Soft warnings of a form: told beside the field and on the review, and let be with a reason, which is kept.

They never stop anything: what must stop is a hard rule or a required field of the definition (R-50 to R-53, U20)."""

from __future__ import annotations

import msgspec

from tillid.documents.model import Draft, Override
from tillid.forms.conditions import fields_asked
from tillid.forms.definition import FormDefinition, Rule
from tillid.forms.rules import broken_rules
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, is_notification
from tillid.usecases.fill import DraftView, definition_of, draft_to_write
from tillid.usecases.ports import House
from tillid.usecases.writing import note

LONGEST = 500  # letters of a reason


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that finds something in the answers as they are. ``override``: why it was let be, while the answers it is
    about are the same."""

    rule: Rule
    override: Override | None


def warnings_of(definition: FormDefinition, view: DraftView) -> tuple[Warned, ...]:
    """What the reader of ``view`` is warned of: only rules about fields that are all in it, so that a warning never tells
    of an answer that its reader may not see. ``definition``: in the reader's language."""
    if is_notification(view.document):
        return ()  # its rules are reminders, told once before it is sent, and never ask for a reason
    answers, seen = view.draft.answers, set(view.visible)
    broken = broken_rules(definition, answers, view.facts, "soft")
    found = [rule for rule in broken if fields_asked(rule.when) | set(rule.fields) <= seen]
    return tuple(Warned(rule=rule, override=_standing(view.draft, rule)) for rule in found)


def override_warning(house: House, who: Identity, document_id: str, rule_id: str, reason: str) -> bool:
    """Let the warning be, with ``reason``; ``False`` when there is no such warning now. Raises ``NotFound`` when ``who``
    may write none of its fields."""
    view = draft_to_write(house, who, document_id)
    reason = " ".join(reason.split())[:LONGEST]
    warned = next((w for w in warnings_of(definition_of(house, view.document), view) if w.rule.id == rule_id), None)
    if warned is None or not reason:
        return False
    if not view.mine & set(warned.rule.fields):
        raise NotFound("not the writer's fields")
    note(house, who, "write_draft", view.document)
    draft = house.documents.draft(document_id)
    made = Override(reason=reason, by=who.person_id, at=house.moment, digest=_digest(draft, warned.rule))
    house.documents.save_draft(msgspec.structs.replace(draft, overridden={**draft.overridden, rule_id: made}))
    return True


def _standing(draft: Draft, rule: Rule) -> Override | None:
    override = draft.overridden.get(rule.id)
    return override if override is not None and override.digest == _digest(draft, rule) else None


def _digest(draft: Draft, rule: Rule) -> str:
    """Over the answers that the rule is about: others make it stand again."""
    about = fields_asked(rule.when) | set(rule.fields)
    return json_digest({field: draft.answers.get(field) for field in sorted(about)})
