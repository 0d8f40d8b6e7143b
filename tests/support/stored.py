"""What goes into the database is watched in every test that writes to one: nothing of the core is stored as itself (design 8)."""

from __future__ import annotations

from typing import Any

from ZODB.serialize import ObjectWriter

OURS, STORED = (
    "tillid.",
    "tillid.cms.",
)  # the second: the few persistent shapes, whose names are in the database for good


def watch() -> None:
    """From now on a class or an object of ours outside ``cms`` that is about to be pickled fails the commit."""
    if getattr(ObjectWriter.persistent_id, "watched", False):
        return
    asked = ObjectWriter.persistent_id

    def persistent_id(self: ObjectWriter, thing: Any) -> Any:
        kind = thing if isinstance(thing, type) else type(thing)
        module = kind.__module__
        if module.startswith(OURS) and not module.startswith(STORED):
            raise AssertionError(
                f"{module}.{kind.__qualname__} would be stored as itself: renaming it would need a migration"
            )
        return asked(self, thing)

    persistent_id.watched = True  # type: ignore[attr-defined]
    ObjectWriter.persistent_id = persistent_id
