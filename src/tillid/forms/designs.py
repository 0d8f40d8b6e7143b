"""A version of a form in the making, and one that was published in this installation (ADR 0024). Data only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from tillid.forms.definition import FormDefinition
from tillid.forms.problems import Problem

DesignState = Literal["draft", "in_review", "published", "rejected"]


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of the design; ``state``: what it was set to with these words."""

    by: str
    at: datetime
    text: str
    state: DesignState


class AdditionOf(msgspec.Struct, frozen=True, kw_only=True):
    """What a design is of, when it adds to a form instead of being its next version: the addition's id, number and title,
    and the unit it is for (empty = the whole municipality)."""

    id: str
    version: int
    title: str
    unit: str = ""


class Design(msgspec.Struct, frozen=True, kw_only=True):
    """``data``: the definition as its file has it, with every code list written out, without ``version`` and ``status``,
    which are given at publication. ``base``: the version it is compared with and moved from, the newest one when the work
    began. ``editors``: everybody who has changed it; none of them may publish it. ``before``: the revision that an undo
    goes back to, 0 = none. ``usable_from``: the day from which new documents use it. ``digest``: of what was submitted for
    review, so that the very same is published. ``decided``: fields of the base of which somebody has said where their
    answers go. ``addition``: the design is an addition to version ``base``; ``data`` is then the form with it put in."""

    id: str
    form: str
    base: int
    data: dict[str, Any]
    author: str
    editors: tuple[str, ...]
    changed_at: datetime
    revision: int = 1
    before: int = 0
    what: str = ""
    state: DesignState = "draft"
    comments: tuple[Comment, ...] = ()
    usable_from: date | None = None
    reviewer: str = ""
    digest: str = ""
    published_version: int = 0
    decided: tuple[str, ...] = ()
    addition: AdditionOf | None = None

    @property
    def version(self) -> int:
        """The number it would be published under now."""
        if self.addition is not None:
            return self.addition.version
        return self.published_version or self.base + 1

    @property
    def editable(self) -> bool:
        return self.state in ("draft", "rejected")


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A version made in the designer: it never changes. ``data``: as its file would have it; ``digest``: its SHA-256."""

    version: int
    data: dict[str, Any]
    digest: str
    design_id: str
    author: str
    reviewer: str
    published_at: datetime
    usable_from: date


class PublishedForm(Published, frozen=True, kw_only=True):
    """Of a form: ``data`` is the whole definition."""

    form: str


class PublishedAddition(Published, frozen=True, kw_only=True):
    """Of an addition to a form."""

    id: str

    @property
    def name(self) -> str:
        return f"{self.id}/v{self.version}"


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A version, of the project's files or made here, in which no new document is begun any more. ``form``: for an addition
    ``overlays/<id>``."""

    form: str
    version: int
    by: str
    at: datetime


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """``text``: the design as a file, byte for byte as ``tillid definitions format`` writes it; ``definition``: ``None`` while
    it cannot be made into one; ``problems``: none = it may be published."""

    text: str
    digest: str
    problems: tuple[Problem, ...]
    definition: FormDefinition | None
