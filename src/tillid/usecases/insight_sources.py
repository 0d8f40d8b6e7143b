"""Every text that is kept of a document, for a case of insight: its versions, its draft, what a draft held before, and the words that
stand beside it (R-72).

A draft goes on after its text was shared, and it remembers: what stood before the last change, what waits because two wrote at
once, and the whole of it as it was before it was moved to another version of its form. All of that is kept, so all of it is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tillid.archive.insight import Item
from tillid.documents.model import Document, Draft, Version, WrittenFor
from tillid.forms.definition import FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.readers import AUTHOR, PARENT, RECEIVER
from tillid.forms.showing import projection
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound
from tillid.usecases.facts import Conflict
from tillid.usecases.fill import definition_of
from tillid.usecases.insight_beside import last_words, words_in_draft, words_in_events
from tillid.usecases.insight_overview import ROWS, row_of
from tillid.usecases.ports import House

# ``Item.of`` of a draft: parts with ``:`` between them. Empty is the draft as it stands.
EARLIER, WAITING, BEFORE = "earlier", "waiting", "before"
WARNINGS = "warnings"  # of words: why warnings of a draft were let be, which stands in no event
_IN_NAMES = {EARLIER: "tidligere", WAITING: "venter", BEFORE: "foer", WARNINGS: "advarsler"}


class TextChanged(Conflict):
    code = "insight.text-changed"
    text = "Teksten er ændret, siden alt blev samlet. Åbn gennemgangen igen, hvis den er afsluttet, saml igen, og tag stilling på ny."


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One text. ``document``: with the form that the text was filled in; ``seen``: its answers, in the order of the form; ``draft``:
    who wrote what of it, as far as that is known; ``digest``: of the very text."""

    document: Document
    version: Version | None = None
    definition: FormDefinition
    seen: dict[str, Any]
    draft: Draft
    digest: str


class _Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One of the texts of a draft. ``new``: whether no version says the same."""

    of: str
    new: bool = True
    document: Document
    answers: dict[str, Any]
    draft: Draft


def answers_seen(definition: FormDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """All that is kept of the answers of a document, whoever reads them else and whether the form still asks for them, in the order
    of the form."""
    found: dict[str, Any] = {}
    for reader in (AUTHOR, PARENT, RECEIVER):
        found |= projection(definition, answers, reader)
    for field in definition.fields:
        value = answers.get(field.id)
        if field.id not in found and value is not None and not field_type(field.type).is_empty(value):
            found[field.id] = value  # hidden by its own condition since, and kept
    return {field.id: found[field.id] for field in definition.fields if field.id in found}


def texts_of_document(house: House, document: Document) -> Iterator[Item]:
    """Its versions and the texts of its drafts, without flags."""
    versions = _versions(house, document)
    for one in versions:
        yield Item(kind="version", document_id=document.id, version=one.number, digest=one.answers_digest)
    for layer in _layers(house, document, versions):
        if layer.new:
            yield Item(kind="draft", document_id=document.id, of=layer.of, digest=json_digest(layer.answers))
    words = last_words(house.ledger.of_document(document.id))
    for of in (words, *(_joined(of, WARNINGS) for of, _, draft in _drafts(house, document) if draft.overridden)):
        if of:
            found = _beside(house, document, of)
            yield Item(kind="words", document_id=document.id, of=of, digest=found.digest)


def parts_of_overview(house: House, sheet: Document, child_id: str) -> Iterator[Item]:
    """A child's part of each text of a sheet about its group, without flags."""
    for one in texts_of_document(house, sheet):
        if one.kind in ("version", "draft"):
            part = msgspec.structs.replace(one, kind="overview", of=_joined(child_id, one.of))
            yield msgspec.structs.replace(part, digest=source_of(house, part).digest)


def short_name(item: Item) -> str:
    """What a text is called in the name of a file, beside its document's number: ``v2``, ``kladde-tidligere-1``."""
    if item.version:
        return f"v{item.version}"
    if item.kind == "words" and not item.of.endswith(WARNINGS):
        return "ord"
    parts = item.of.split(":")[1 if item.kind == "overview" else 0 :]
    named = (_IN_NAMES.get(part, part) for part in parts if part)
    return "-".join(({"words": "ord", "overview": "overblik"}.get(item.kind, "kladde"), *named))


def source_of(house: House, item: Item) -> Source:
    """The text that ``item`` is, or that its file is attached to, as it is now. Raises ``NotFound`` for a document that is no more,
    ``TextChanged`` for a text that it no longer has."""
    document = house.documents.get(item.document_id)
    if document is None:
        raise NotFound("no such document")
    if item.kind == "words":
        return _beside(house, document, item.of)
    if item.kind == "overview":
        return _of_child(house, document, item)
    if item.kind == "file" and not item.field:  # attached to an event and to no answer
        return _version(house, document, document.versions)
    return _version(house, document, item.version) if item.version else _draft(house, document, item.of)


def _version(house: House, document: Document, number: int) -> Source:
    version = house.documents.version(document.id, number)
    if version is None:
        raise NotFound("no such version")
    definition, draft = definition_of(house, version), house.documents.draft(document.id)
    return Source(
        document=document,
        version=version,
        definition=definition,
        seen=answers_seen(definition, version.answers),
        draft=draft,
        digest=version.answers_digest,
    )


def _draft(house: House, document: Document, of: str) -> Source:
    layer = next((one for one in _layers(house, document, _versions(house, document)) if one.of == of), None)
    if layer is None:
        raise TextChanged("no such text")
    definition = definition_of(house, layer.document)
    seen, digest = answers_seen(definition, layer.answers), json_digest(layer.answers)
    return Source(document=layer.document, definition=definition, seen=seen, draft=layer.draft, digest=digest)


def _of_child(house: House, sheet: Document, item: Item) -> Source:
    child_id, _, of = item.of.partition(":")
    found = _version(house, sheet, item.version) if item.version else _draft(house, sheet, of)
    row = row_of(house, sheet, found.definition, child_id) if not of else None
    every = {name: value for name, value in found.seen.items() if name != ROWS} | ({ROWS: [row]} if row else {})
    seen = {field.id: every[field.id] for field in found.definition.fields if field.id in every}
    return msgspec.structs.replace(found, seen=seen, digest=json_digest([found.digest, row]))


def _beside(house: House, document: Document, of: str) -> Source:
    drafts = ((_joined(name, WARNINGS), then, draft) for name, then, draft in _drafts(house, document))
    then, draft = next(((then, draft) for name, then, draft in drafts if name == of), (document, None))
    found = (
        words_in_events(house.ledger.of_document(document.id), of)
        if draft is None
        else words_in_draft(draft, definition_of(house, then))
    )
    nobody = Draft(document_id=document.id)  # whose words they are the draft does not tell
    return Source(document=document, definition=found.definition, seen=found.answers, draft=nobody, digest=found.digest)


def _versions(house: House, document: Document) -> list[Version]:
    found = (house.documents.version(document.id, number) for number in range(1, document.versions + 1))
    return [one for one in found if one is not None]


def _layers(house: House, document: Document, versions: list[Version]) -> Iterator[_Layer]:
    """What there is of drafts, newest first."""
    for of, then, draft in _drafts(house, document):
        yield from _of_draft(house, then, draft, versions, of)


def _drafts(house: House, document: Document) -> Iterator[tuple[str, Document, Draft]]:
    """Each with the document as it was then."""
    yield "", document, house.documents.draft(document.id)
    for earlier in reversed(house.documents.earlier_drafts(document.id)):
        then = msgspec.structs.replace(document, definition=earlier.definition, variant=earlier.variant)
        yield f"{EARLIER}:{earlier.number}", then, earlier.draft


def _of_draft(house: House, document: Document, draft: Draft, versions: list[Version], of: str) -> Iterator[_Layer]:
    answers = _there(draft.answers)
    worked_out = {field.id for field in definition_of(house, document).fields if field.computed is not None}
    if answers:
        new = not any(_same(answers, one, document, worked_out) for one in versions)
        yield _Layer(of=of, new=new, document=document, answers=answers, draft=draft)
    known = [answers, *(one.answers for one in versions)]
    for number in range(max(map(len, draft.kept.values()), default=0)):
        kept = {name: texts[number] for name, texts in draft.kept.items() if number < len(texts)}
        waits = _new({name: one.value for name, one in kept.items()}, known)
        if waits:
            by = {
                name: (WrittenFor(by=one.by, with_holder=one.with_holder, revision=one.revision),)
                for name, one in kept.items()
                if one.with_holder
            }
            said = Draft(document_id=document.id, fields=kept, written_for=by)
            yield _Layer(of=_joined(of, f"{WAITING}:{number + 1}"), document=document, answers=waits, draft=said)
    before = _new({name: one.value for name, one in draft.undo.items()}, known)
    if before:  # whose words they were is not kept, only whose change took them away
        nobody = Draft(document_id=document.id)
        yield _Layer(of=_joined(of, BEFORE), document=document, answers=before, draft=nobody)


def _same(answers: dict[str, Any], version: Version, document: Document, worked_out: set[str]) -> bool:
    """Whether the draft says what the version says; what is worked out is frozen with a version and no one wrote it."""
    if version.definition.digest != document.definition.digest:
        return False
    return all(
        answers.get(name) == version.answers.get(name)
        for name in {*answers, *version.answers}
        if name not in worked_out
    )


def _there(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value is not None}


def _new(answers: Mapping[str, Any], known: list[dict[str, Any]]) -> dict[str, Any]:
    """Those that stand in no other text of the document."""
    return {name: value for name, value in _there(answers).items() if all(one.get(name) != value for one in known)}


def _joined(of: str, more: str) -> str:
    return ":".join(filter(None, (of, more)))
