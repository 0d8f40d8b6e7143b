"""What a row of the route table is, and the shapes of what stands in an address."""

from __future__ import annotations

import msgspec

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NAME = "[a-z0-9_]{1,60}"
VERSION = "{version:[1-9][0-9]{0,3}}"
PAGE = "{page:[1-9][0-9]{0,2}}"
ITEM = "{place:[1-9][0-9]{0,3}}"
DIGEST = "{digest:[0-9a-f]{64}}"
DRAFT = "{draft:[1-9][0-9]{0,3}}"


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One address. ``pattern`` in Pyramid's language; the gate has already refused paths that end in a newline.

    ``views``: method → function below ``tillid.web.views``.
    """

    name: str
    pattern: str
    views: dict[str, str]


def route(name: str, pattern: str, **views: str) -> Route:
    """A row: ``route("help", "/hjaelp", GET="public.help_page")``; ``<…_id>`` is a UUID, ``<…>`` a short name."""
    for part in pattern.split("<")[1:]:
        word = part.split(">")[0]
        pattern = pattern.replace(f"<{word}>", f"{{{word}:{UUID if word.endswith('_id') else NAME}}}")
    return Route(name=name, pattern=pattern, views=views)
