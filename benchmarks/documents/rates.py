"""Documents per second with two workers, Tillid's and each peer's in turn in the same run."""

from __future__ import annotations

import io
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pikepdf

from benchmarks.documents.hands import Hands, Turn, on_core, python
from benchmarks.documents.jobs import PAGES
from benchmarks.documents.peers import DESIGNS, PACKAGES, WORKERS, Design, lay_out, started
from benchmarks.environments import environment
from benchmarks.table import Row, compare, sample
from tillid.adapters.pdf.conformance import PROFILES, conformance

OURS, UNCHECKED = "tillid", "unchecked"
CHECKED = "document with two workers, PDF/A-3a and UA-1, finished and checked"
MADE = "the same document, made and finished, not checked, as the peers' are not"
EACH, QUICK_EACH = 55, 2  # no box is replaced meanwhile: that is told with the thousand
TURNS, QUICK_TURNS = 5, 1


def run(quick: bool) -> tuple[list[Row], list[Turn]]:
    """A row for each peer, and Tillid's own turns."""
    peers = environment(PACKAGES)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-documents-")))
        lay_out(folder)
        hands = {OURS: _ours(stack, folder, OURS), UNCHECKED: _ours(stack, folder, UNCHECKED, UNCHECKED)}
        hands |= {design.name: stack.enter_context(started(design, peers, folder)) for design in DESIGNS}
        each = dict.fromkeys((OURS, UNCHECKED), QUICK_EACH if quick else EACH)
        each |= {design.name: 1 if quick else design.each for design in DESIGNS}
        turns = _in_turn(hands, each, QUICK_TURNS if quick else TURNS)
        lacks = {name: lacking((folder / f"{name}0.pdf").read_bytes()) for name in hands}
    assert not lacks[OURS] and not lacks[UNCHECKED], "ours lacks what the others are told to lack"
    checked = [_row(CHECKED, design, turns, OURS, lacks[design.name], design.goal) for design in DESIGNS]
    alike = [_row(MADE, design, turns, UNCHECKED, lacks[design.name]) for design in DESIGNS]
    return [*checked, *alike], turns[OURS]


def _ours(stack: ExitStack, folder: Path, name: str, *how: str) -> Hands:
    """Tillid's own hands, warm."""
    hands = Hands(
        on_core(
            number, python("our_hand", f"{number}{name[0].upper()}", str(folder / f"{name}{number}.pdf"), "5", *how)
        )
        for number in range(WORKERS)
    )
    stack.callback(hands.close)
    hands.ready()
    return hands


def _in_turn(hands: dict[str, Hands], each: dict[str, int], rounds: int) -> dict[str, list[Turn]]:
    found: dict[str, list[Turn]] = {name: [] for name in hands}
    for number in range(rounds):
        for name in list(hands) if number % 2 == 0 else reversed(list(hands)):
            found[name].append(hands[name].turn(each[name]))
    return found


def _row(
    name: str, design: Design, turns: dict[str, list[Turn]], who: str, lacks: str, goal: float | None = None
) -> Row:
    ours, peers = turns[who], turns[design.name]
    return compare(
        name,
        sample((turn.rate for turn in ours), "per second"),
        design.told,
        sample((turn.rate for turn in peers), "per second"),
        better="more",
        goal=goal,
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
