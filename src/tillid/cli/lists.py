"""``tillid lists``: the revocation lists of the authorities that this installation trusts: fetched, kept, and how long they last.

A running Tillid does this by itself once a day (``adapters/trust_watch``); the command is for looking, and for the first time:
records are frozen with these lists (ADR 0040). A running server needs no new start.
"""

from __future__ import annotations

import argparse

from tillid.cli.common import add_demo, add_var, is_demo, require_folder
from tillid.kernel.clock import SystemClock, instant
from tillid.wiring.beside import watch_of

STATES = {
    "kept": "hentet",
    "known": "uændret",
    "older": "ældre end den, vi har; ikke brugt",
    "old": "udløbet eller fra fremtiden; ikke brugt",
    "foreign": "ikke en spærreliste eller et svar fra en udsteder på tillidslisten; ikke brugt",
    "unknown": "udstederen kender ikke certifikatet; ikke brugt",
    "unreachable": "kunne ikke hentes",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_var(parser)
    add_demo(parser, "demoen, som intet henter")


def run(args: argparse.Namespace) -> int:
    """0; 1 when an authority's list is missing or its successor is due."""
    require_folder(args.var)
    if is_demo(args.var, said=args.demo):
        print("Demoens TEST-udstedere har deres spærrelister i projektet; der er intet at hente.")
        return 0
    told, now = watch_of(args.var, demo=False).fetch(), SystemClock().now()
    for one in told:
        until = f"; gælder til {instant(one.until)}" if one.until else ""
        print(f"{one.address}: {STATES[one.state]}{until}")
    if not told:
        print("Ingen af udstederne på tillidslisten siger, hvor deres spærreliste ligger.")
    return 0 if all(one.until is not None and one.until >= now for one in told) else 1
