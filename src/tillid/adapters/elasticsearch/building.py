"""The life of an index behind its alias: begun, filled while writes go on, put in place of the old one in one step."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from tillid.adapters.elasticsearch.answers import heard
from tillid.adapters.elasticsearch.documents import MAPPINGS, SETTINGS
from tillid.kernel.errors import TillidError

log = logging.getLogger(__name__)

_PAGE = 1_000
_LONG = 60.0


class Building:
    """The indices of the alias ``name``; the one that is being built has the alias ``alias``, and every write goes to both
    (a write that names an alias that is not there does nothing)."""

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self._client, self._name = client, name
        self.alias = f"{name}-building"

    def layout(self) -> str:
        """How the index that is searched was made; empty when there is none. Raises ``SearchUnavailable``."""
        with heard():
            try:
                found = self._client.indices.get_mapping(index=self._name)
            except NotFoundError:
                return ""
        return " ".join(one["mappings"].get("_meta", {}).get("layout", "") for one in found.values())

    def begin(self) -> str:
        """A new index that all writes go to from now on. One that was left half built is deleted."""
        fresh = f"{self._name}-{secrets.token_hex(4)}"
        with heard():
            for left in self._behind(self.alias):
                self._client.indices.delete(index=left, ignore_unavailable=True)
            self._client.options(request_timeout=_LONG).indices.create(
                index=fresh, mappings=MAPPINGS, settings=SETTINGS, aliases={self.alias: {}}
            )
        return fresh

    def finish(self, fresh: str) -> None:
        """``fresh`` is searched from now on; the old ones are gone. One step: no search finds none or two."""
        with heard():
            self._client.options(request_timeout=_LONG).indices.refresh(index=fresh)
            old = [{"remove_index": {"index": one}} for one in self._behind(self._name)]
            place = [
                {"add": {"index": fresh, "alias": self._name}},
                {"remove": {"index": fresh, "alias": self.alias, "must_exist": True}},
            ]
            self._client.options(request_timeout=_LONG).indices.update_aliases(actions=[*old, *place])

    def give_up(self, fresh: str) -> None:
        """Delete what was begun; what cannot be deleted now goes with the next ``begin``."""
        try:
            with heard():
                self._client.indices.delete(index=fresh, ignore_unavailable=True)
        except TillidError as error:
            log.warning("an index begun was left: %s", error.code)

    def scan(self, query: dict[str, Any], source: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """All that ``query`` finds in the index that is searched, in the order of the keys; nothing where there is none."""
        after: list[Any] | None = None
        while True:
            with heard():
                found = self._client.options(request_timeout=_LONG).search(
                    index=self._name,
                    query=query,
                    size=_PAGE,
                    sort=[{"key": "asc"}],
                    search_after=after,
                    source=source if source else True,
                    ignore_unavailable=True,
                    allow_partial_search_results=False,
                )
            hits = found["hits"]["hits"]
            yield from (hit["_source"] for hit in hits)
            if len(hits) < _PAGE:
                return
            after = hits[-1]["sort"]

    def _behind(self, alias: str) -> list[str]:
        try:
            return list(self._client.indices.get_alias(name=alias))
        except NotFoundError:
            return []
