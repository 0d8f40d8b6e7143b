"""Versions of forms in the making with all their revisions, and those published in this installation (ADR 0024)."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

from BTrees.OOBTree import OOBTree

from tillid.cms.store.records import Record, branch, decode, encode
from tillid.forms.designs import Design, PublishedAddition, PublishedForm, Withdrawal
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id

_MARK = "mark"
_ADDITIONS = "published_additions"  # made with the first: reading an older store writes nothing


class Exists(TillidError):
    code = "design.exists"
    text = "En anden version med samme nummer er udgivet imens. Åbn udkastet igen, og begynd kontrollen forfra."


class ZodbDesigns:
    """The port ``Designs``. Each revision is a record of its own; what is published stands once and for all."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root
        self._designs = branch(root, "designs")
        self._published = branch(root, "published_forms")
        self._withdrawn = branch(root, "withdrawn_forms")
        # Beside the others: reading it loads nothing of them.
        self._marks = branch(root, "forms_mark")

    def put(self, design: Design) -> None:
        own = self._designs.get(design.id)
        if own is None:
            own = self._designs[design.id] = OOBTree()
        own[design.revision] = Record(encode(design))

    def get(self, design_id: str) -> Design | None:
        own = self._designs.get(design_id)
        return decode(own[own.maxKey()].data, Design) if own else None

    def revision(self, design_id: str, number: int) -> Design | None:
        found = (self._designs.get(design_id) or {}).get(number)
        return decode(found.data, Design) if found is not None else None

    def all(self) -> Sequence[Design]:
        """As they stand now, the one changed last first."""
        found = [decode(own[own.maxKey()].data, Design) for own in self._designs.values() if own]
        return sorted(found, key=lambda one: (one.changed_at, one.id), reverse=True)

    def publish(self, form: PublishedForm) -> None:
        name = f"{form.form}/v{form.version}"
        if name in self._published:
            raise Exists(name)
        self._published[name] = Record(encode(form))
        self._touched()

    def published(self) -> Sequence[PublishedForm]:
        return [decode(one.data, PublishedForm) for one in self._published.values()]

    def publish_addition(self, addition: PublishedAddition) -> None:
        own = branch(self._root, _ADDITIONS)
        if addition.name in own:
            raise Exists(addition.name)
        own[addition.name] = Record(encode(addition))
        self._touched()

    def published_additions(self) -> Sequence[PublishedAddition]:
        return [decode(one.data, PublishedAddition) for one in self._root.get(_ADDITIONS, {}).values()]

    def withdraw(self, withdrawal: Withdrawal) -> None:
        self._withdrawn[f"{withdrawal.form}/v{withdrawal.version}"] = encode(withdrawal)
        self._touched()

    def take_back(self, form: str, version: int) -> None:
        self._withdrawn.pop(f"{form}/v{version}", None)
        self._touched()

    def withdrawn(self) -> Sequence[Withdrawal]:
        return [decode(data, Withdrawal) for data in self._withdrawn.values()]

    @property
    def mark(self) -> bytes:
        return self._marks.get(_MARK, b"")

    def _touched(self) -> None:
        self._marks[_MARK] = new_id().encode()
