"""Staff search what they may read of the documents of their own units (R-04, R-70, ADR 0072).

There is no second index: each document of the units is asked about, and only the words that this reader may read of it are looked
through. What is not shown is not counted either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from tillid.archive.analysis import SETTING, Clause, clauses_of, excerpt, index_terms, meets
from tillid.archive.analysis.words import Terms
from tillid.archive.entry import text_of
from tillid.archive.query import QueryRefused, SearchQuery, checked
from tillid.consents.remarks import remarks_of
from tillid.documents.model import Document, Version
from tillid.forms.definition import FormDefinition
from tillid.forms.readers import RECEIVER, TEAM
from tillid.forms.showing import projection
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.once import Once
from tillid.process.access import Facts, Identity, is_notification, works_with
from tillid.usecases.facts import Standing, allowed, gathered
from tillid.usecases.fill import definition_of, reader_of
from tillid.usecases.later_part import named_in_lists
from tillid.usecases.narrow_own import Choice, Kind, Narrowing, children_of, forms_of, keeps
from tillid.usecases.open_copy import what_is_released
from tillid.usecases.ports import House
from tillid.usecases.round_documents import operation_of
from tillid.usecases.writing import audit_row

SIZE = 20
EVERYTHING = Narrowing()
SEARCH, HIT = "search_own", "search_own_hit"
Page = Literal["document", "released"]


class NothingAsked(QueryRefused):
    code = "search.nothing-asked"
    text = "Skriv et eller flere ord, som du vil finde."


class NumberAsked(QueryRefused):
    code = "search.cpr-typed"
    text = "Skriv ikke CPR-numre her. Et barn finder du ved dets navn."


class OwnHit(msgspec.Struct, frozen=True, kw_only=True):
    """A found document. ``excerpt``: of what the person may read, with the marks of ``archive/query.py``; ``page``: where it is opened;
    ``at``: when that text was written or locked; ``draft``: it is still being written, and nobody has agreed on it; ``restricted``, ``remarked``: what every reader
    meets above the text (R-72)."""

    document_id: str
    number: str
    title: str
    child_name: str
    unit_name: str
    at: datetime
    draft: bool
    page: Page
    excerpt: str
    restricted: bool
    remarked: bool


class OwnFound(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits. ``total``: of all that the person may read and has not narrowed away; ``pages``: at least one; ``forms``,
    ``children``: what it can be narrowed by."""

    total: int
    page: int
    pages: int
    hits: tuple[OwnHit, ...]
    forms: tuple[Choice, ...] = ()
    children: tuple[Choice, ...] = ()


class _Text(NamedTuple):
    """What one person reads of one document now. ``part``: which part of what was frozen ``answers`` are, or a draft's digest."""

    form: FormDefinition
    answers: dict[str, Any]
    reader: str
    part: str
    at: datetime
    page: Page = "document"
    draft: bool = False

    @property
    def words(self) -> str:
        """The projection alone, as far as a form's own answers are searched (``archive/entry.py``)."""
        text = text_of(self.form, projection(self.form, self.answers, self.reader), self.reader)
        return unicodedata.normalize("NFC", text)


class _Found(NamedTuple):
    document: Document
    title: str
    child_name: str
    text: _Text

    @property
    def kind(self) -> Kind:
        """What it is narrowed by."""
        return Kind(self.text.form.id, self.title, self.child_name, local_day(self.text.at))


# The terms of a text by all that they depend on; who may have them looked through is asked before, every time.
_TERMS: Once[Terms] = Once(20_000, weight=lambda terms: len(terms.exact) + len(terms.stems), most=32_000_000)


def search_own(
    house: House, who: Identity, words: str, page: int = 1, language: str = "da", narrowing: Narrowing = EVERYTHING
) -> OwnFound:
    """1. may the person search here, for this? 2. log 3. ask about each document, look through what may be read 4. log each that is
    shown (R-71). Raises ``QueryRefused``; ``NotFound`` for who works nowhere."""
    clauses = _asked(house, who, words)
    house.audit.write(audit_row(house, who, SEARCH, "", "", SEARCH))
    found = _look(house, who, clauses, page, language, narrowing)
    children = {
        one.id: one.child_id for one in map(house.documents.get, (hit.document_id for hit in found.hits)) if one
    }
    if found.hits:
        house.audit.write(
            *(audit_row(house, who, HIT, hit.document_id, children[hit.document_id], HIT) for hit in found.hits)
        )
    return found


def found_now(
    house: House, who: Identity, words: str, page: int = 1, language: str = "da", narrowing: Narrowing = EVERYTHING
) -> OwnFound:
    """The same on a fresh view, right before the page leaves (design 9); no second rows."""
    return _look(house, who, _asked(house, who, words), page, language, narrowing)


def own_units(house: House, who: Identity) -> frozenset[str]:
    """The units where ``who`` works, or which ``who`` leads (R-70)."""
    organigram = house.people.organigram()
    return frozenset(unit for unit in organigram.units if works_with(who, unit, organigram))


def _asked(house: House, who: Identity, words: str) -> tuple[Clause, ...]:
    if not own_units(house, who):
        raise NotFound("works nowhere")
    if holds_cpr(words):
        raise NumberAsked("a CPR number")
    checked(SearchQuery(allowed_units=(), words=words))
    clauses = clauses_of(words, house.settings.choices.get(SETTING))
    if not clauses:
        raise NothingAsked("no words")
    return clauses


def _look(
    house: House, who: Identity, clauses: tuple[Clause, ...], page: int, language: str, narrowing: Narrowing
) -> OwnFound:
    every = [one for one in _readable(house, who, language) if _is_found(one, clauses)]
    kinds = [one.kind for one in every]
    found = [one for one, kind in zip(every, kinds, strict=True) if keeps(narrowing, kind)]
    found.sort(key=lambda one: (one.text.at, one.document.id), reverse=True)
    pages = max(1, -(-len(found) // SIZE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * SIZE : page * SIZE]
    return OwnFound(total=len(found), page=page, pages=pages, hits=tuple(_hit(house, one, clauses) for one in shown),
                    forms=forms_of(narrowing, kinds), children=children_of(narrowing, kinds))  # fmt: skip


def _is_found(one: _Found, clauses: tuple[Clause, ...]) -> bool:
    text = one.text
    terms = _TERMS.get((text.form.digest, text.reader, text.part), lambda: index_terms(text.words))
    said = unicodedata.normalize("NFC", f"{one.title} {one.document.number} {one.child_name}")
    return meets(clauses, index_terms(said), terms)


def _readable(house: House, who: Identity, language: str) -> Iterator[_Found]:
    """What ``who`` may read of each document that was written at the own units or sent to the own places, asked of ledger and register
    before a word of it is looked at."""
    for document in _candidates(house, who):
        facts, found = gathered(house, document)
        text = _text(house, who, document, facts, found)
        if text is not None:
            yield _Found(document, text.form.in_language(language).title, _name(house, who, document), text)


def _name(house: House, who: Identity, document: Document) -> str:
    """By which it is found too: of what a receiver has written itself no sooner and no longer than on the front page (R-22)."""
    if document.source is not None:
        return named_in_lists(house, who, document)
    child = house.people.child(document.child_id) if document.child_id else None
    return child.name if child else ""


def _candidates(house: House, who: Identity) -> Iterable[Document]:
    """Never an underretning: it lies outside every folder and unit (R-54)."""
    places = {one.unit_id for one in who.assignments}
    written = (one for unit in sorted(own_units(house, who)) for one in house.documents.of_unit(unit))
    sent = (one for unit in sorted(places) for one in house.documents.to_unit(unit))
    every = {one.id: one for group in (written, sent) for one in group if not is_notification(one)}
    return every.values()


def _text(house: House, who: Identity, document: Document, facts: Facts, found: Standing | None) -> _Text | None:
    """The text that ``who`` reads: of the sender's side the one that is being written, or the newest that was locked; of the receiver's
    what is released. ``None`` when there is none to read, or its form is not known here any more."""
    writing = document.state in ("draft", "shared") or not document.versions
    try:
        if writing and allowed(house, who, "see_draft", facts):
            return _draft(house, document)
        if allowed(house, who, operation_of(document), facts):
            version = house.documents.version(document.id, document.versions)
            return _frozen(house, version, version.answers, TEAM) if version else None
        if allowed(house, who, "read_released", facts):
            now = what_is_released(house, document, found)
            return _frozen(house, now.version, now.answers, RECEIVER, now.key)
    except TillidError:
        return None
    return None


def _draft(house: House, document: Document) -> _Text:
    draft, reader = house.documents.draft(document.id), reader_of(document, "professional")
    written = max((one.at for one in draft.fields.values()), default=document.created_at)
    form, answers = definition_of(house, document), draft.answers
    return _Text(form, answers, reader, json_digest(answers), written, draft=document.agreed_version is None)


def _frozen(house: House, version: Version, answers: dict[str, Any], reader: str, part: str = "") -> _Text:
    page: Page = "released" if reader == RECEIVER else "document"
    return _Text(definition_of(house, version), answers, reader, version.answers_digest + part, version.frozen_at, page)


def _hit(house: House, one: _Found, clauses: tuple[Clause, ...]) -> OwnHit:
    remarks, unit = remarks_of(house.ledger.of_document(one.document.id)), house.people.unit(one.document.unit_id)
    return OwnHit(
        document_id=one.document.id,
        number=one.document.number,
        title=one.title,
        child_name=one.child_name,
        unit_name=unit.name if unit else "",
        at=one.text.at,
        draft=one.text.draft,
        page=one.text.page,
        excerpt=excerpt(one.text.words, clauses),
        restricted=bool(remarks.restrictions),
        remarked=bool(remarks.notes),
    )
