"""The first ``tillid start`` in a process of its own, with something that happens to it at a named point (test_first_start.py)."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import tillid.cli.start as command
from tests.support.forked import tillid
from tillid.adapters import secretfile
from tillid.cms import starting
from tillid.demo import loading, older, past, present
from tillid.web import server
from tillid.wiring import first_start, parts, running

# Where something may happen: the module and the name of what is called then, and what is done at that point. In the order of a first
# start; after the last of BEFORE the folder is whole.
BEFORE = {
    "taken": (first_start, "has_data"),
    "mark-written": (first_start, "sync"),
    "key-half-made": (secretfile.os, "link"),
    "keys-made": (running, "start_zope"),
    "zope-begun": (starting, "_make_zope"),
    "site-begun": (running, "create_site"),
    "site-made": (running, "SecondStore"),
    "seal-made": (parts, "search_at"),
    "joined": (running, "Connections"),
    "people-half-loaded": (running, "put_account"),
    "people-loaded": (past, "load_past"),
    "past-loaded": (present, "load_present"),
    "present-loaded": (older, "load_older"),
    "whole": (first_start.FirstStart, "whole"),
}
AFTER = {"answering": (server, "make_server")}
UNDONE = {"half-removed": (first_start, "suppress")}  # called before each folder that goes


def happens(point: str, what: Callable[[], Any], *, always: bool = False) -> None:
    """Do ``what`` in this process when it first, or ``always`` when it, comes to ``point``; to be called before it starts."""
    place, name = (BEFORE | AFTER | UNDONE)[point]
    real, done = getattr(place, name), []

    def called(*arguments: Any, **more: Any) -> Any:
        if always or not done:
            done.append(True)
            what()
        return real(*arguments, **more)

    setattr(place, name, called)


def signalled(number: int, point: str, *, always: bool = False) -> None:
    happens(point, partial(os.kill, os.getpid(), number), always=always)


def signalled_unheard(number: int, point: str) -> None:
    """Where what it interrupts goes on in spite of it."""

    def unheard() -> None:
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), number)

    happens(point, unheard)


def on_any_disk() -> None:
    """Room is not asked for beforehand: the disk becomes full in the middle."""
    command.free_mb = lambda _folder: 10_000


def start(var: Path, port: int, first: Callable[[], Any] | None, *then: Callable[[Path], Any]) -> None:
    """``tillid start`` after ``first``; when it has ended, ``then`` is asked of ``var`` as this process sees it."""
    if first is not None:
        first()
    try:
        tillid("start", "--var", str(var), "--port", str(port))
    except SystemExit:
        for one in then:
            one(var)
        raise


def say_tree(var: Path) -> None:
    """All that is there, on standard output."""
    for path in sorted([var, *var.rglob("*")]):
        print("there:", path.relative_to(var), flush=True)


def write_tree(var: Path, into: Path) -> None:
    into.write_text("\n".join(path.relative_to(var).as_posix() for path in sorted(var.rglob("*"))))


def one_by_one(*all_of: Callable[[], Any]) -> None:
    for one in all_of:
        one()


def count(var: Path, into: Path) -> None:
    """How much there is of everything in the installation on ``var``."""
    installation = running.start_installation(var, loading.demo_settings())
    try:
        with installation.open_house() as house:
            people, units = house.people, house.people.organigram().units
            said = {
                "units": len(units),
                "staff": len(people.all_staff()),
                "children": sum(len(people.children_of_unit(unit)) for unit in units),
                "documents": len(list(house.documents.ids())),
                "events": sum(len(list(house.ledger.stored(child))) for child in house.ledger.children()),
            }
    finally:
        installation.close()
    into.write_text("\n".join(f"{name} {number}" for name, number in said.items()))
