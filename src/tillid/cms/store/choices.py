"""What the municipality has chosen of its settings (ADR 0022): only the choices, never the defaults."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import msgspec

from tillid.cms.store.records import branch
from tillid.forms.settings import Changed

_BRANCH, _OURS, _CHANGES = "municipal_choices", "municipality", "changes"


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

    def put(self, setting: str, value: Any, changed: Changed) -> None:
        self._write({**self.stored(), setting: value}, setting, changed)

    def forget(self, setting: str, changed: Changed) -> None:
        self._write({name: value for name, value in self.stored().items() if name != setting}, setting, changed)

    def changes(self) -> dict[str, Changed]:
        tree = self._root.get(_BRANCH)
        raw = tree.get(_CHANGES, b"") if tree is not None else b""
        return msgspec.json.decode(raw, type=dict[str, Changed]) if raw else {}

    def _write(self, values: dict[str, Any], setting: str, changed: Changed) -> None:
        tree = branch(self._root, _BRANCH)
        tree[_OURS] = msgspec.json.encode(values, order="sorted")
        tree[_CHANGES] = msgspec.json.encode({**self.changes(), setting: changed}, order="sorted")
