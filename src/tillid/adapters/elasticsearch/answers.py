"""What the server answers that is no success: to wait for, done already, or never to be tried again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, TransportError

from tillid.archive.query import SearchUnavailable
from tillid.kernel.errors import TillidError

log = logging.getLogger(__name__)

# 404 too: the old index went between two steps of the server, and the alias has a new one.
AGAIN = (404, 429, 502, 503, 504)


class SearchRejected(TillidError):
    """The server does not take an entry, however often it is sent: its index is not as Tillid made it. ``why``: the server's
    word for it, for the administrator; never its sentence, which can hold a value."""

    code = "search.rejected"
    text = "Søgeserveren tager ikke imod et dokument. Byg søgeindekset op igen med »tillid index rebuild«."

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@contextmanager
def heard() -> Iterator[None]:
    """Within it, whatever the client raises is raised as ``SearchUnavailable`` or ``SearchRejected``."""
    try:
        yield
    except ApiError as error:
        log.warning("search server: %s %s", error.status_code, kind_of(error.body))
        if error.status_code == 400:
            raise SearchRejected(kind_of(error.body)) from None
        raise SearchUnavailable(f"{error.status_code} {kind_of(error.body)}") from None
    except TransportError as error:
        log.warning("search server: %s", type(error).__name__)
        raise SearchUnavailable(type(error).__name__) from None


def kind_of(body: Any) -> str:
    """The server's word for what is wrong."""
    error = body.get("error") if isinstance(body, dict) else None
    return str(error.get("type", "")) if isinstance(error, dict) else ""


def left_over(items: list[dict[str, Any]], may_lack: str) -> list[int]:
    """Which of a bulk's ``items`` are to be sent again, by their places. ``may_lack``: the alias that need not be there.

    409: a newer one is stored, so there is nothing left to do. Raises ``SearchRejected``, and ``SearchUnavailable`` for what
    waiting a moment does not mend.
    """
    again = []
    for place, item in enumerate(items):
        answer = next(iter(item.values()))
        status = answer["status"]
        if status < 300 or status == 409 or (status == 404 and answer["_index"] == may_lack):
            continue
        why = kind_of(answer)
        if status in AGAIN:
            again.append(place)
        elif status == 400:
            raise SearchRejected(why)
        else:
            raise SearchUnavailable(f"{status} {why}")
    return again
