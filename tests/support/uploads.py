"""A world in which the parents have put a picture into their part."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from tests.support.world import SET, STAGES, World, fill_all

FIELD = "b_tegning"
NAME = "Almas tegning.png"


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 120, 40)).save(out, "PNG")
    return out.getvalue()


def world_with_file(world_at: Callable[[str], World], stage: str) -> World:
    """``shared`` with the picture in ``FIELD``, played on to ``stage``."""
    world, data = world_at("shared"), picture()
    with world.house() as house:
        sha256 = house.blobs.put(data, "image/png")
    value = {"sha256": sha256, "name": NAME, "media_type": "image/png", "size": len(data)}
    fill_all(world, world.holders(SET.child_id)[0], world.made["document"], {FIELD: value})
    names = list(STAGES)
    for name in names[names.index("shared") + 1 : names.index(stage) + 1]:
        STAGES[name](world)
    return world
