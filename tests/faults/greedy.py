"""In place of a parser: takes all the processor time it can get (``time``), or all the memory (``memory``)."""

from __future__ import annotations

from typing import Any

from tillid.adapters.boxed.inside import answer


def take(what: bytes, limits: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    held = []
    while True:
        if what == b"memory":
            held.append(bytes(1 << 20))


if __name__ == "__main__":
    answer(take)
