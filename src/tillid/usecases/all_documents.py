"""What the daily work looks for in every document, beside the clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from tillid.documents.model import Document
from tillid.usecases.ports import House, OpenHouse

T = TypeVar("T")
_AT_ONCE = 200


def in_all_documents(open_house: OpenHouse, look: Callable[[House, Document], T | None]) -> Iterator[T]:
    """What ``look`` finds in each, ``None`` for nothing; a share of them in each view of the store."""
    after = ""
    while True:
        with open_house() as house:
            ids = list(islice(house.documents.ids(after), _AT_ONCE))
            documents = [one for id_ in ids if (one := house.documents.get(id_)) is not None]
            found = [one for document in documents if (one := look(house, document)) is not None]
        yield from found
        if not ids:
            return
        after = ids[-1]
