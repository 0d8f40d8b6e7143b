"""Due days of everything that is kept, for the operator's command: ids, forms and days, no text and no name (R-82)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from tillid.archive.keeping import Mark, keeping_of
from tillid.archive.kle import Filed, filed
from tillid.archive.retention import DueDocument, Rule, due_day
from tillid.archive.retention_rules import RetentionRules
from tillid.usecases.keep_document import happened_of
from tillid.usecases.ports import Documents, Ledger, People


class DueLine(msgspec.Struct, frozen=True, kw_only=True):
    """``rule``: its id, empty for none; ``due``: ``None`` as long as it is not known; ``held``: by anything; ``filed``: under which KLE
    subject and facet, decided or suggested."""

    document: DueDocument
    number: str
    unit_id: str
    rule: str
    due: date | None
    mark: Mark
    held: bool
    filed: Filed | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What other rules do to one document, or to the answers to consent about it: its day before and after."""

    number: str
    what: Literal["document", "evidence"]
    before: date | None
    after: date | None


def changes(lines: Iterable[DueLine], now: RetentionRules, other: RetentionRules) -> Iterator[Change]:
    """Every day of ``lines`` (made with ``now``) that ``other`` moves, a draft's by the rule for drafts. Writes nothing."""
    for one in lines:
        draft = one.rule == now.of_kind("draft").id
        for what, of in (("document", _draft if draft else _document), ("evidence", _evidence)):
            was, will = (due_day(of(rules, one.document), one.document.happened) for rules in (now, other))
            if was != will:
                yield Change(number=one.number, what=what, before=was, after=will)  # type: ignore[arg-type]


def uncounted(now: RetentionRules, other: RetentionRules) -> dict[str, tuple[str, str]]:
    """Name → period before and after, of what is changed and moves no day that a document has: rows of the log, closed cases of
    insight, the periods of the municipality."""
    periods = [
        {what: rules.of_kind(what).period for what in ("access_log", "insight")}
        | {name: getattr(rules, name) for name in ("cooling_off", "backups_keep", "round_ends")}
        for rules in (now, other)
    ]
    return {name: (was, periods[1][name]) for name, was in periods[0].items() if was != periods[1][name]}


def _document(rules: RetentionRules, one: DueDocument) -> Rule | None:
    return rules.of_forms().get(one.form_id)


def _draft(rules: RetentionRules, _one: DueDocument) -> Rule:
    return rules.of_kind("draft")


def _evidence(rules: RetentionRules, _one: DueDocument) -> Rule:
    return rules.of_kind("evidence")


def due_lines(
    documents: Documents, ledger: Ledger, people: People, rules: RetentionRules, choices: Mapping[str, Any]
) -> Iterator[DueLine]:
    """One line for each document, one after the other; a draft that was never shared is on the rule for drafts. ``choices``: the
    municipality's settings."""
    forms = rules.of_forms()
    for document_id in documents.ids():
        document = documents.get(document_id)
        if document is None:
            continue
        events = ledger.of_document(document_id)
        draft = documents.draft(document_id) if document.versions == 0 else None
        happened = happened_of(people, document, events, draft)
        rule: Rule | None = rules.of_kind("draft") if draft is not None else forms.get(document.definition.form_id)
        keeping = keeping_of(events)
        yield DueLine(
            document=DueDocument(id=document.id, form_id=document.definition.form_id, happened=happened),
            number=document.number,
            unit_id=document.unit_id,
            rule=rule.id if rule is not None else "",
            due=due_day(rule, happened),
            mark=keeping.mark,
            held=bool(keeping.holds),
            filed=filed(
                keeping.appraisal, forms.get(document.definition.form_id), document.definition.form_id, choices
            ),
        )
