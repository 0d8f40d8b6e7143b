"""What the operator's commands share: the installed store for reading, and the row that is written before anything is shown."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tillid.cli.common import require_store
from tillid.demo.loading import demo_settings
from tillid.kernel.clock import SystemClock, parse_instant
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id
from tillid.usecases.ledger_report import Reading
from tillid.usecases.municipal import Municipal
from tillid.usecases.ports import AuditRow
from tillid.wiring.beside import operators_audit
from tillid.wiring.reading import ReadStore, opened_store


@contextmanager
def opened(var: Path) -> Iterator[ReadStore]:
    """The store in ``var``, for reading. Raises ``TillidError`` (``store.none``, ``keys.…``)."""
    require_store(var)
    with opened_store(var) as store:
        yield store


def reading_of(store: ReadStore, moment: datetime | None) -> Reading:
    """The ledger as it was at ``moment``; default: now, with the sheets of meetings as they are."""
    settings = Municipal(demo_settings()).settings(store.choices.raw)
    return Reading(
        ledger=store.ledger,
        people=store.people,
        settings=settings,
        moment=moment or SystemClock().now(),
        restored=[one for one in store.restorations.all() if moment is None or one.until <= moment],
        documents=store.documents if moment is None else None,
    )


def note(var: Path, action: str, object_id: str, child_id: str = "", *, purpose: str = "") -> None:
    """Who looks at what, on disk before it is shown (R-71): the machine's user number, ids, nothing else. Raises ``Unavailable``
    and ``TillidError`` (``audit.locked``, ``store.none``)."""
    require_store(var)
    audit = operators_audit(var)
    try:
        audit.write(
            AuditRow(
                id=new_id(),
                phase="attempt",
                at=SystemClock().now(),
                request_id=new_id(),
                person_id=f"operator:{os.getuid()}",
                role="operator",
                action=action,
                object_id=object_id,
                child_id=child_id,
                purpose=purpose,
            )
        )
    finally:
        audit.close()


def add_at(parser: argparse.ArgumentParser) -> None:
    """``--at``, the same in every command."""
    parser.add_argument(
        "--at", type=moment, metavar="TID", help="som det var på dette tidspunkt (2026-11-25T12:00:00Z)"
    )


def moment(text: str) -> datetime:
    """An instant for argparse."""
    try:
        return parse_instant(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} er ikke et tidspunkt som 2026-11-25T12:00:00Z") from None


def unknown(named: str) -> TillidError:
    """The error for an id that leads to nothing."""
    return TillidError(
        "no such id",
        code="consents.unknown",
        text="Der er intet samtykke med nummeret {named}. Se dem med »tillid consents list«.",
        named=named,
    )
