"""Whole numbers out of addresses and posted fields, where anything can stand."""

from __future__ import annotations

from pyramid.request import Request

from tillid.kernel.errors import NotFound


def whole(text: object, figures: int) -> int | None:
    """The number that ``text`` is, of at most so many figures and without a sign; ``None`` for anything else."""
    if not isinstance(text, str) or not (text.isascii() and text.isdigit() and len(text) <= figures):
        return None
    return int(text)


def version_asked(request: Request, name: str) -> int | None:
    """``?udgave=2``: the number of a version, ``None`` where none is asked for; anything else does not exist (``NotFound``)."""
    wanted = request.GET.get(name, "")
    number = whole(wanted, 4)
    if wanted and not number:
        raise NotFound("no such version")
    return number
