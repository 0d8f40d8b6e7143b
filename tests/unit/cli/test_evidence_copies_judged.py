"""What lies in a folder that is added as a further copy of the evidence is taken in when it holds, and else nothing of it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.support.evidence import made
from tests.unit.cli.test_evidence_copies import TRUST, Place, place
from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.evidence_files import EvidenceDamaged, EvidenceFiles
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli import main
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.signatures.evidence_book import Act, Book
from tillid.signatures.evidence_tree import SIZES, digest, levels
from tillid.usecases.keep_evidence import Keeping, evidence_of, evidence_state

__all__ = ["place"]  # the fixture
Stamp = Callable[[str, str], bytes]
NEW = [digest("sha256", b"%d" % number) for number in range(50, 53)]


def ours(place: Place) -> Stamp:
    clock = FixedClock(SystemClock().now())
    return Authorities([own_authority(place.var / "keys", clock, demo=True)], TRUST, clock).stamp


def strangers(place: Place) -> Stamp:
    return made(9).authority(FixedClock(SystemClock().now())).stamp


def lies(place: Place, act: Act, leaves: list[bytes], stamp: Stamp, *, over: list[bytes] | None = None) -> None:
    """An act on the other disk, whole by its own digests; ``over``: what is stamped, if not its leaves."""
    token = stamp(levels(over or leaves, act.algorithm)[-1][0].hex(), act.algorithm)
    if act.kind == "close":
        with (place.disk / f"leaves-{act.algorithm}").open("r+b") as file:
            file.seek(act.begin * SIZES[act.algorithm])
            file.write(b"".join(leaves))
    EvidenceFiles(place.disk, (place.disk,)).add(act, token, [] if act.kind == "renew" else leaves)


def act(kind: str, **more: object) -> Act:
    return msgspec.convert({"number": 2, "kind": kind, "algorithm": "sha256", **more}, Act)


def covered(place: Place) -> list[bytes]:
    return Book(place.files).renewal_leaves((1,), "sha256")


def over_objects(place: Place) -> list[bytes]:
    return Book(place.files).rehash_leaves((1,), "sha512", lambda _: bytes(64))


def add(place: Place) -> int:
    return main(["evidence", "copies", "--add", str(place.disk), "--var", str(place.var)])


def proven(place: Place) -> str:
    found = EvidenceDesk(place.var / "evidence", lambda: TRUST, SystemClock()).judged(b"1", SystemClock().now())
    return found.status if found else "none"


def no_token(place: Place) -> None:
    lies(place, act("renew", covers=(1,)), covered(place), lambda *_: b"x")


FORGED = {
    "no token": no_token,
    "a token over something else": lambda place: lies(place, act("renew", covers=(1,)), NEW, ours(place)),
    "of a stranger": lambda place: lies(place, act("renew", covers=(1,)), covered(place), strangers(place)),
    "over no chain": lambda place: lies(place, act("renew"), NEW, ours(place)),
    "over a chain that there is not": lambda place: lies(place, act("renew", covers=(1, 7)), covered(place), ours(place)),
    "over a chain twice": lambda place: lies(place, act("renew", covers=(1, 1)), covered(place) * 2, ours(place)),
    "by another method": lambda place: lies(
        place, act("renew", covers=(1,), algorithm="sha512"), Book(place.files).renewal_leaves((1,), "sha512"), ours(place)
    ),
    "fewer objects": lambda place: lies(
        place, act("rehash", covers=(1,), algorithm="sha512", end=2), over_objects(place)[:2], ours(place)
    ),
    "objects and other leaves": lambda place: lies(
        place, act("rehash", covers=(1,), algorithm="sha512", end=3), over_objects(place), ours(place), over=[bytes(64)]
    ),
    "a batch over other leaves": lambda place: lies(place, act("close", begin=3, end=6), NEW, ours(place), over=NEW[:2]),
    "a batch of more than there is": lambda place: lies(place, act("close", begin=3, end=7), NEW, ours(place)),
    "a batch over ours": lambda place: lies(place, act("close", begin=0, end=3), NEW, ours(place)),
    "a batch behind a gap": lambda place: lies(place, act("close", begin=4, end=7), NEW, ours(place)),
    "a batch in the place of a chain": lambda place: lies(
        place, act("close", begin=3, end=6, covers=(1,)), NEW, ours(place)
    ),
}  # fmt: skip
TRUE = {
    "renewed": lambda place: lies(place, act("renew", covers=(1,)), covered(place), ours(place)),
    "by a stronger method": lambda place: lies(
        place, act("rehash", covers=(1,), algorithm="sha512", end=3), over_objects(place), ours(place)
    ),
    "a batch": lambda place: lies(place, act("close", begin=3, end=6), NEW, ours(place)),
}


@pytest.mark.req("R-85", "O6")
@pytest.mark.parametrize("name", FORGED)
def test_an_act_that_does_not_hold_is_not_taken_in_and_nothing_is_changed(place: Place, name: str, capsys) -> None:
    FORGED[name](place)
    kept, there = place.held(place.own[0]), place.held(place.disk)
    assert add(place) == 1 and "[evidence.untrue]" in capsys.readouterr().err
    assert place.held(place.own[0]) == place.held(place.own[1]) == kept and place.held(place.disk) == there
    assert place.copies.fetch() == [], "nor by the daily look"
    assert proven(place) == "passed"


@pytest.mark.req("R-85", "O6")
@pytest.mark.parametrize("name", TRUE)
def test_an_act_that_holds_is_taken_in(place: Place, name: str) -> None:
    TRUE[name](place)
    assert add(place) == 0 and len(place.files.acts()) == 2 and place.whole()
    assert name == "by a stronger method" or proven(place) == "passed"


@pytest.mark.req("R-85", "O6")
@pytest.mark.parametrize("number", [1, 2])
def test_where_all_own_is_lost_what_lies_there_is_judged_from_the_first_act_on(
    place: Place, number: int, capsys
) -> None:
    """Also a renewal over a batch whose token is none."""
    words = ["evidence", "copies", "--add", str(place.disk), "--take-in", "--var", str(place.var)]
    if number == 1:
        first = msgspec.structs.replace(place.files.acts()[0], token=sha256(b"x"))
        (place.disk / "acts" / "000001.json").write_bytes(msgspec.json.encode(first) + b"\n")
        (place.disk / "acts" / "000001.tst").write_bytes(b"x")
    else:
        no_token(place)
    for own in place.own:
        for path in [*own.rglob("acts/*"), *own.glob("leaves-*")]:
            path.unlink()
    assert main(words) == 1 and f"acts/{number:06}" in capsys.readouterr().err
    assert place.files.acts() == []
    if number == 2:  # what came beside it is moved away, as the message says
        for path in (place.disk / "acts").glob("000002.*"):
            path.unlink()
        assert main(words) == 0 and proven(place) == "passed"


@pytest.mark.req("R-85")
def test_what_it_covers_is_read_from_our_own_copies_where_that_disk_has_lost_it(place: Place) -> None:
    TRUE["renewed"](place)
    (place.disk / "acts" / "000001.tst").write_bytes(b"0")
    assert add(place) == 0 and len(place.files.acts()) == 2 and place.whole() and proven(place) == "passed"


@pytest.mark.req("R-85")
def test_an_act_there_whose_token_was_damaged_is_no_reason_not_to_add_the_folder(place: Place) -> None:
    TRUE["renewed"](place)
    (place.disk / "acts" / "000002.tst").write_bytes(b"0")
    assert add(place) == 0 and len(place.files.acts()) == 1
    place.close()
    assert place.whole(), "ours takes its place"


@pytest.mark.req("R-85")
def test_nothing_is_believed_behind_an_act_whose_bytes_are_gone(place: Place, capsys) -> None:
    """It cannot be judged: what it covers is damaged there and here."""
    TRUE["renewed"](place)
    for folder in (*place.own, place.disk):
        (folder / "acts" / "000001.tst").write_bytes(b"0")
    assert place.copies.fetch() == []
    add(place)
    assert len(place.files.acts()) == 1


@pytest.mark.req("R-85")
def test_a_token_that_is_none_among_our_own_is_told_by_its_name(place: Place, tmp_path: Path, capsys) -> None:
    """As it may lie there since before it was judged."""
    taken = act("renew", covers=(1,))
    with place.files.locked():
        place.files.add(taken, b"x", [])
    now = SystemClock().now()
    keeping = Keeping(store=place.files, stamper=None, trust=TRUST, algorithms=None, clock=SystemClock())  # type: ignore[arg-type]
    for ask in (lambda: evidence_of(place.files, b"1"), lambda: evidence_state(keeping)):
        with pytest.raises(EvidenceDamaged) as told:
            ask()
        assert "acts/000002.tst" in told.value.message
    assert EvidenceDesk(place.var / "evidence", lambda: TRUST, SystemClock()).judged(b"1", now) is None
    capsys.readouterr()
    assert main(["evidence", "status", "--var", str(place.var)]) == 1 and "evidence.damaged" in capsys.readouterr().err
