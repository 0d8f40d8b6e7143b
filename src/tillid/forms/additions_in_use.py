"""The additions in use: those of the project's files and those published here, each combination joined once (O22, ADR 0024).

A place has at most one addition per version of a form; its versions follow each other. What is taken out of use, or whose day
has not come, opens in the documents that have it and is in no new one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tillid.forms.additions import FOLDER, Addition, combinations
from tillid.forms.definition import FormDefinition
from tillid.forms.designs import PublishedAddition
from tillid.forms.overlays import Overlay, joined, overlay_from
from tillid.forms.yamldata import LinedData

# Base name → its data (code lists written out) and digest; ``None`` for a version that is not there.
BaseOf = Callable[[str], tuple[Mapping[str, Any], str] | None]


class AdditionsInUse:
    """Remembers every joined form under the digests of its parts."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], FormDefinition] = {}

    def at(
        self,
        day: date,
        files: Sequence[Addition],
        published: Iterable[PublishedAddition],
        resting: Collection[tuple[str, int]],
        base_of: BaseOf,
    ) -> tuple[tuple[Addition, ...], str]:
        """The additions on ``day``, and the name of the first that is not as it was published or whose form is another one
        now (empty = none). ``resting``: (``overlays/<id>``, version) taken out of new use."""
        overlays = {one.name: one for addition in files for one in addition.parts}
        idle = set(resting)
        for one in published:
            overlay = overlay_from(LinedData(file=one.name, data=one.data, lines={}, problems=[]))
            base = base_of(overlay.base)
            if overlay.digest != one.digest or base is None or base[1] != overlay.base_digest:
                return (), one.name
            overlays[overlay.name] = overlay
            if one.usable_from > day:
                idle.add((f"{FOLDER}/{overlay.id}", overlay.version))
        return tuple(self._all(list(overlays.values()), idle, files, base_of)), ""

    def _all(
        self, overlays: list[Overlay], idle: set[tuple[str, int]], files: Sequence[Addition], base_of: BaseOf
    ) -> Iterable[Addition]:
        from_files = {tuple(one.name for one in addition.parts): addition.form for addition in files}
        newest: dict[tuple[str, str], int] = {}
        for one in overlays:
            if (f"{FOLDER}/{one.id}", one.version) not in idle:
                newest[one.base, one.id] = max(one.version, newest.get((one.base, one.id), 0))
        for parts in combinations(overlays):
            form = from_files.get(tuple(one.name for one in parts)) or self._joined(parts, base_of)
            if form is not None:
                current = all(newest.get((one.base, one.id)) == one.version for one in parts)
                yield Addition(form=form, parts=parts, newest=current)

    def _joined(self, parts: tuple[Overlay, ...], base_of: BaseOf) -> FormDefinition | None:
        base = base_of(parts[0].base)
        if base is None:
            return None
        key = (base[1], *(one.digest for one in parts))
        if key not in self._made:
            self._made[key] = joined(base[0], base[1], parts)
        return self._made[key]
