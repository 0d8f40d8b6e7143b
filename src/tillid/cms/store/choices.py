"""What the municipality has chosen of its settings (ADR 0022): only the choices, never the defaults."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import msgspec

from tillid.cms.store.records import branch

_BRANCH, _OURS = "municipal_choices", "municipality"


class ZodbChoices:
    """The port ``Choices``. One value, so that an ordinary request reads one object that nothing else writes."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    @property
    def raw(self) -> bytes:
        tree = self._root.get(_BRANCH)
        return tree.get(_OURS, b"") if tree is not None else b""

    def stored(self) -> dict[str, Any]:
        raw = self.raw
        return msgspec.json.decode(raw, type=dict[str, Any]) if raw else {}

    def put(self, setting: str, value: Any) -> None:
        branch(self._root, _BRANCH)[_OURS] = msgspec.json.encode({**self.stored(), setting: value}, order="sorted")

    def forget(self, setting: str) -> None:
        rest = {name: value for name, value in self.stored().items() if name != setting}
        branch(self._root, _BRANCH)[_OURS] = msgspec.json.encode(rest, order="sorted")
