"""The demo municipality as ``tillid start`` makes it the first time, or finds it: whole, or nothing of it is left (ADR 0018)."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import MemoryHandler

from tillid.cli.common import NEEDED_MB, tsa_of
from tillid.cli.stopping import Stop
from tillid.demo.loading import accounts, demo_settings, load_people
from tillid.kernel.errors import TillidError
from tillid.wiring.first_start import FirstStart
from tillid.wiring.running import Installation, fill_once, start_installation

Say = Callable[[str], None]


def whole(args: argparse.Namespace, first: FirstStart, stop: Stop, say: Say) -> Installation:
    """The installation on ``args.var``, which ``first`` has taken. Nobody has been answered yet."""
    installation = None
    with _held_back() as log:
        try:
            installation = start_installation(
                args.var,
                demo_settings(),
                clamd=args.clamd,
                tsa=tsa_of(args),
                search=args.search,
                journal=args.journal,
                witness=args.witness,
                first=first,
            )
            stop.look()
            _fill(installation, say)
            stop.look()
            with stop.in_one_piece():
                first.whole()
            stop.look()
            return installation
        except BaseException as error:
            with stop.in_one_piece():
                if stop.asked is not None and first.needed:
                    say("stopper, og fjerner det, der var lavet indtil nu")
                filled = _take_back(installation, first, error)
            if filled or stop.asked is not None:
                log.buffer.clear()  # everybody's complaint of the one thing that is said
            stop.look()
            if filled:
                raise _filled() from error
            raise


@contextmanager
def _held_back() -> Iterator[MemoryHandler]:
    """What is logged meanwhile is said at the end, when it is known whether it says anything."""
    root, held = logging.getLogger(), MemoryHandler(10_000, logging.CRITICAL + 1)
    handlers = root.handlers[:]
    root.handlers[:] = [held]
    try:
        yield held
    finally:
        root.handlers[:] = [*handlers, *(one for one in root.handlers if one is not held)]
        for record in held.buffer:
            root.handle(record)


def _take_back(installation: Installation | None, first: FirstStart, error: BaseException) -> bool:
    """Close what was opened, and what the first start made is gone. Whether the disk was full."""
    if installation is not None:
        with suppress(Exception):  # on a full disk; the process ends
            installation.close()
    lacked = first.lacked_room(error)
    first.close()
    return lacked


def _filled() -> TillidError:
    return TillidError(
        "the disk became full",
        code="start.disk-filled",
        text="Disken blev fuld under den første start, og det, der var lavet, er fjernet igen. Sørg for, at {needed} MB er "
        "ledige, og start igen.",
        needed=NEEDED_MB,
    )


def _fill(installation: Installation, say: Say) -> None:
    """People and accounts; closed cases of earlier years, so that the archivist has something to find, and cases of today for the
    others."""
    if not fill_once(installation, lambda house: load_people(house.people, house.moment), accounts()):
        return
    say(f"{installation.settings.municipality} er oprettet")
    from tillid.demo.older import load_older
    from tillid.demo.past import load_past
    from tillid.demo.present import load_present

    count = load_past(lambda clock: lambda: installation.open_house(clock), installation.test_login)
    say(f"{count} ældre sager er lagt i arkivet")
    load_present(installation.open_house, installation.test_login)
    load_older(installation.open_house, installation.test_login)
    say("sager af i dag er begyndt")
