"""Templates of the municipality's own: a proposal with what was found and tried, and what was taken into use. Data only.

A template's bytes never change and lie in the blob store by their SHA-256 (ADR 0033). The program's own templates are files
beside it; an empty SHA-256 means them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from tillid.documents.model import Reader
from tillid.forms.definition import FormDefinition

Level = Literal["error", "warning", "note"]
ProposalState = Literal["faulty", "draft", "in_review", "published", "rejected", "discarded"]
_PLACE = re.compile(r"\{([a-z_]+)\}")


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``error``: the template cannot be used; ``warning``: it can, but look; ``note``: mended, for information.

    ``rule``: which check it is (a stable word). ``paragraph``: number in its part from 1, 0 for the whole part; ``near``: how
    that paragraph begins; ``tag``: as it stands in the document; ``field``: the name in question. ``text``: Danish, a source
    text of the catalogue, with ``{name}`` for each of ``values``; ``what`` is itself a word of the catalogue.
    """

    rule: str
    level: Level
    text: str
    part: str = ""
    paragraph: int = 0
    near: str = ""
    tag: str = ""
    field: str = ""
    values: dict[str, str] = {}

    @property
    def said(self) -> str:
        """The text in Danish."""
        return filled(self.text, self.values)

    @property
    def place(self) -> str:
        """Where it is, for people."""
        if not self.part:
            return "filen"
        place = part_place(self.part)
        return f"{place}, afsnit {self.paragraph}" if self.paragraph else place


class Saying(msgspec.Struct, frozen=True):
    """A text of the catalogue and what stands in its places."""

    text: str
    values: dict[str, str]


def said(text: str, **values: object) -> Saying:
    """``text`` is collected into the catalogue (``scripts/catalogue.py``)."""
    return Saying(text, {name: str(value) for name, value in values.items()})


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with ``values`` in its places. Braces that name none stay: templates' marks are spoken of."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


_PLACES = {
    "document": said("brødteksten").text,
    "header": said("sidehovedet").text,
    "footer": said("sidefoden").text,
    "footnotes": said("fodnoterne").text,
    "styles": said("typografierne").text,
    "numbering": said("punktopstillingerne").text,
    "core": said("filens egenskaber").text,
    "settings": said("dokumentets indstillinger").text,
}


def part_place(part: str) -> str:
    """``word/header1.xml`` → ``sidehovedet``."""
    stem = part.removeprefix("word/").removeprefix("docProps/").removesuffix(".xml").rstrip("0123456789")
    return _PLACES.get(stem, part)


def known_fields(definition: FormDefinition, every: Iterable[FormDefinition]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields a template for ``definition`` may name, with their labels; and those that only other versions of the form
    have, with the name of one that has it."""
    fields = {field.id: field.label for field in definition.fields if field.phase == "content"}
    others = (one for one in every if one.id == definition.id)
    return fields, {field.id: one.name for one in others for field in one.fields if field.id not in fields}


class PagePair(msgspec.Struct, frozen=True, kw_only=True):
    """Pictures of one page, with the template in use and with the new one, by SHA-256; empty = there is no such page."""

    old: str = ""
    new: str = ""


class TriedSample(msgspec.Struct, frozen=True, kw_only=True):
    """A sample made with both templates. ``problem``: a code, why the new one could not be made; ``detail``: in English."""

    state: str
    reader: Reader
    pages: tuple[PagePair, ...] = ()
    old_pdf: str = ""
    new_pdf: str = ""
    problem: str = ""
    detail: str = ""


class TriedReader(msgspec.Struct, frozen=True, kw_only=True):
    """What one reader's copy holds of answers that carry a mark each. ``leaked``: fields that are in the file and are not
    for this reader; ``unprinted``: fields that are for this reader and stand on no page."""

    reader: Reader
    leaked: tuple[str, ...] = ()
    unprinted: tuple[str, ...] = ()
    problem: str = ""
    detail: str = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """How the template did. ``number``: of the trial; ``digest``: of the new template with the look, ``against``: of the one
    in use; ``samples_of``: the version whose samples were used; ``total``: how many samples and readers there are."""

    number: int
    digest: str = ""
    against: str = ""
    samples_of: int = 0
    total: int = 0
    samples: tuple[TriedSample, ...] = ()
    readers: tuple[TriedReader, ...] = ()

    @property
    def done(self) -> int:
        return len(self.samples) + len(self.readers)

    @property
    def finished(self) -> bool:
        return self.total > 0 and self.done >= self.total

    @property
    def passed(self) -> bool:
        """All was made, and nobody gets what is not theirs."""
        return self.finished and not any(one.problem for one in (*self.samples, *self.readers)) and not self.leaks

    @property
    def leaks(self) -> bool:
        return any(one.leaked for one in self.readers)


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A template that somebody proposes for a form version. ``sha256``: its bytes, empty = the program's own; ``again``: it
    was in use before; ``faulty``: the linter has found errors, and the bytes were not kept."""

    id: str
    form: str
    version: int
    sha256: str
    file_name: str
    size: int
    author: str
    at: datetime
    state: ProposalState
    findings: tuple[Finding, ...] = ()
    again: bool = False
    trial: Trial = Trial(number=0)
    reviewer: str = ""
    changed_at: datetime
    comment: str = ""

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 → media type of everything that may be opened with it, the template apart."""
        found = {}
        for one in self.trial.samples:
            found |= {digest: PDF for digest in (one.old_pdf, one.new_pdf) if digest}
            found |= {digest: PNG for pair in one.pages for digest in (pair.old, pair.new) if digest}
        return found


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """A template that was taken into use. ``number``: of those of its form version, from 1; ``digest``: what copies and
    signed records name (over its bytes and the look of that day)."""

    number: int
    form: str
    version: int
    sha256: str
    file_name: str
    size: int
    digest: str
    proposal_id: str
    author: str
    reviewer: str
    at: datetime


PDF, PNG = "application/pdf", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
