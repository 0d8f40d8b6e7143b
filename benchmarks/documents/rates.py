"""Documents per second with two workers, Tillid's and each peer's in turn in the same run."""

from __future__ import annotations

import io
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pikepdf

from benchmarks.documents.hands import Hands, Turn, python
from benchmarks.documents.jobs import PAGES
from benchmarks.documents.peers import DESIGNS, PACKAGES, WORKERS, Design, lay_out, started
from benchmarks.environments import environment
from benchmarks.table import Row, compare, sample
from tillid.adapters.pdf.conformance import PROFILES, conformance

OURS = "tillid"
EACH, QUICK_EACH = 40, 2
TURNS, QUICK_TURNS = 5, 1


def run(quick: bool) -> tuple[list[Row], list[Turn]]:
    """A row for each peer, and Tillid's own turns."""
    peers = environment(PACKAGES)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-documents-")))
        lay_out(folder)
        ours = Hands(
            python("our_hand", f"{number}N", str(folder / f"{OURS}{number}.pdf"), "5") for number in range(WORKERS)
        )
        stack.callback(ours.close)
        ours.ready()
        hands = {design.name: stack.enter_context(started(design, peers, folder)) for design in DESIGNS}
        each = {design.name: 1 if quick else design.each for design in DESIGNS} | {OURS: QUICK_EACH if quick else EACH}
        turns = _in_turn({OURS: ours, **hands}, each, QUICK_TURNS if quick else TURNS)
        lacks = {design.name: lacking((folder / f"{design.name}0.pdf").read_bytes()) for design in DESIGNS}
        assert not lacking((folder / f"{OURS}0.pdf").read_bytes()), "ours lacks what the others are told to lack"
    return [_row(design, turns[OURS], turns[design.name], lacks[design.name]) for design in DESIGNS], turns[OURS]


def _in_turn(hands: dict[str, Hands], each: dict[str, int], rounds: int) -> dict[str, list[Turn]]:
    found: dict[str, list[Turn]] = {name: [] for name in hands}
    for number in range(rounds):
        for name in list(hands) if number % 2 == 0 else reversed(list(hands)):
            found[name].append(hands[name].turn(each[name]))
    return found


def _row(design: Design, ours: list[Turn], peers: list[Turn], lacks: str) -> Row:
    return compare(
        "document with two workers, PDF/A-3a and UA-1, finished and checked",
        sample((turn.rate for turn in ours), "per second"),
        design.told,
        sample((turn.rate for turn in peers), "per second"),
        better="more",
        goal=design.goal,
        note=f"processor time per document {cpu(ours):.0f} against {cpu(peers):.0f} ms; the peer's: {lacks}, not checked",
    )


def cpu(turns: list[Turn]) -> float:
    """Milliseconds of processor per document, of all processes together."""
    return statistics.median(turn.per_document(turn.cpu) for turn in turns)


def lacking(pdf: bytes) -> str:
    """What ``pdf`` is not, as the validator and our own check say; empty if it is all that ours are."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages, embedded = len(document.pages), "/AF" in document.Root
    said = conformance(pdf)
    names = [name for name, _ in PROFILES if any(name in problem for problem in said)]
    words = [f"not valid {' nor '.join(names)}"] if names else []
    words += [] if embedded else ["no embedded data"]
    words += [] if pages == PAGES else [f"{pages} pages"]
    return ", ".join(words)
