"""Templates of the municipality's own: what is proposed, and what was taken into use (ADR 0033)."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

from tillid.cms.store.records import Record, branch, decode, encode
from tillid.documents.templates import Proposal, Publication
from tillid.kernel.errors import TillidError

# Made with the first: reading an older store writes nothing.
_PROPOSALS, _PUBLISHED = "template_proposals", "published_templates"


class Exists(TillidError):
    code = "template.exists"
    text = "En anden skabelon er taget i brug imens. Åbn siden igen, og dan eksemplerne på ny."


class ZodbTemplates:
    """The port ``Templates``. What is published stands once and for all."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root

    def put(self, proposal: Proposal) -> None:
        found = branch(self._root, _PROPOSALS)
        if proposal.id in found:
            found[proposal.id].data = encode(proposal)
        else:
            found[proposal.id] = Record(encode(proposal))

    def get(self, proposal_id: str) -> Proposal | None:
        found = self._root.get(_PROPOSALS, {}).get(proposal_id)
        return decode(found.data, Proposal) if found is not None else None

    def of(self, form: str, version: int) -> Sequence[Proposal]:
        """Newest first."""
        every = (decode(one.data, Proposal) for one in self._root.get(_PROPOSALS, {}).values())
        found = [one for one in every if (one.form, one.version) == (form, version)]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)

    def publish(self, publication: Publication) -> None:
        own = branch(self._root, _PUBLISHED)
        name = _name(publication)
        if name in own:
            raise Exists(name)
        own[name] = Record(encode(publication))

    def published(self, form: str) -> Sequence[Publication]:
        """In the order of versions; of each the oldest first."""
        tree = self._root.get(_PUBLISHED)
        if tree is None:
            return []
        return [decode(one.data, Publication) for one in tree.values(f"{form}/", f"{form}0")]  # "0" follows "/"

    def publications(self) -> Iterator[Publication]:
        return (decode(one.data, Publication) for one in self._root.get(_PUBLISHED, {}).values())


def _name(one: Publication) -> str:
    return f"{one.form}/v{one.version:04}/{one.number:06}"
