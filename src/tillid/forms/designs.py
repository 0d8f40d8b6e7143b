"""A version of a form in the making, and one that was published in this installation (ADR 0024). Data only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec

DesignState = Literal["draft", "in_review", "published", "rejected"]


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of the design; ``state``: what it was set to with these words."""

    by: str
    at: datetime
    text: str
    state: DesignState


class Design(msgspec.Struct, frozen=True, kw_only=True):
    """``data``: the definition as its file has it, with every code list written out, without ``version`` and ``status``,
    which are given at publication. ``base``: the version it is compared with and moved from, the newest one when the work
    began. ``editors``: everybody who has changed it; none of them may publish it. ``before``: the revision that an undo
    goes back to, 0 = none. ``usable_from``: the day from which new documents use it. ``digest``: of what was submitted for
    review, so that the very same is published. ``decided``: fields of the base of which somebody has said where their
    answers go."""

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

    @property
    def version(self) -> int:
        """The number it would be published under now."""
        return self.published_version or self.base + 1

    @property
    def editable(self) -> bool:
        return self.state in ("draft", "rejected")


class PublishedForm(msgspec.Struct, frozen=True, kw_only=True):
    """A version made in the designer: it never changes. ``data`` is the whole definition, ``digest`` its SHA-256."""

    form: str
    version: int
    data: dict[str, Any]
    digest: str
    design_id: str
    author: str
    reviewer: str
    published_at: datetime
    usable_from: date


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A version, of the project's files or made here, in which no new document is begun any more."""

    form: str
    version: int
    by: str
    at: datetime
