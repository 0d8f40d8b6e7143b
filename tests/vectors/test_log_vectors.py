"""Heads and proofs of a log made by another implementation are read by us, ours are what the others judged, and a head that a
witness of other logs has cosigned is still ours (docs/validators-log.md, `make validators`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.make_log_vectors import KEY, LOG_VECTORS, vectors
from tillid.cli import main
from tillid.signatures.checkpoint import Checkpoint, CheckpointError, LogVerifier
from tillid.signatures.log_extension import LogExtension, ProofError
from tillid.signatures.merkle import includes

OURS, FOREIGN, WITNESSED = (LOG_VECTORS / name for name in ("ours", "foreign", "witnessed"))
BOTH = pytest.mark.parametrize("folder", [OURS, FOREIGN], ids=["ours", "foreign"])
pytestmark = pytest.mark.req("R-85")


def verifier(folder: Path) -> LogVerifier:
    return LogVerifier.parsed((folder / "key.txt").read_text("utf-8"))


def heads(folder: Path) -> dict[int, Checkpoint]:
    found = [verifier(folder).read(path.read_bytes()) for path in folder.glob("head-*.txt")]
    return {one.size: one for one in found}


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_ours_are_what_the_log_hands_out_today():
    """Who was asked about them was asked about this."""
    stored = {path.name: path.read_bytes() for path in OURS.iterdir()}
    assert stored == vectors()


@BOTH
def test_every_head_is_read_and_none_that_was_changed(folder):
    paths = sorted(folder.glob("head-*.txt"))
    assert len(paths) == 9
    for path in paths:
        note = path.read_bytes()
        assert verifier(folder).read(note).size == int(path.stem.removeprefix("head-"))
        for at in range(note.index(b"\n\n")):
            with pytest.raises(CheckpointError):
                verifier(folder).read(flipped(note, at))


@BOTH
def test_every_consistency_proof_holds_from_its_head_and_from_no_other(folder):
    known = heads(folder)
    paths = sorted(folder.glob("grown-*.txt"))
    assert len(paths) >= 36
    for path in paths:
        data = path.read_bytes()
        old, size = (int(number) for number in path.stem.removeprefix("grown-").split("-"))
        grown = LogExtension.parsed(data)
        for kept_size, kept in known.items():
            follows = grown.follows(kept, verifier(folder))
            assert follows == (known[size] if kept_size == old else None), (path.name, kept_size)
        if old:
            forked = Checkpoint(origin=known[old].origin, size=old, root=flipped(known[old].root, 0))
            assert grown.follows(forked, verifier(folder)) is None, path.name
        for at in range(data.index(b"\n") + 1, data.index(b"\n\n")):
            try:
                changed = LogExtension.parsed(flipped(data, at))
            except ProofError:
                continue
            assert changed.follows(known.get(old), verifier(folder)) is None, (path.name, at)


@BOTH
def test_every_inclusion_proof_holds_for_its_leaf_and_for_no_other(folder):
    known = heads(folder)
    proofs = json.loads((folder / "proofs.json").read_bytes())
    assert len(proofs) == sum(known)
    for one in proofs:
        leaf, path = bytes.fromhex(one["leaf"]), [bytes.fromhex(step) for step in one["path"]]
        root = known[one["size"]].root
        assert includes(leaf, one["index"], one["size"], path, root)
        assert not includes(flipped(leaf, 0), one["index"], one["size"], path, root)
        assert not any(includes(leaf, at, one["size"], path, root) for at in range(one["size"]) if at != one["index"])


def test_both_made_the_same_tree():
    """Same leaves, same heads: the hashing is one, whoever does it."""
    assert {size: one.root for size, one in heads(OURS).items()} == {
        size: one.root for size, one in heads(FOREIGN).items()
    }


def test_a_head_that_a_witness_cosigned_is_read_and_is_none_without_our_signature():
    paths = sorted(WITNESSED.glob("head-*.txt"))
    assert len(paths) == 2
    for path in paths:
        note = path.read_bytes()
        assert KEY.verifier.read(note) == heads(OURS)[int(path.stem.removeprefix("head-"))]
        text, lines = note.split(b"\n\n")
        ours, theirs = lines.splitlines(keepends=True)
        assert theirs.startswith("— witness.example/w1 ".encode()) and ours.startswith(
            f"— {KEY.verifier.name} ".encode()
        )
        with pytest.raises(CheckpointError):
            KEY.verifier.read(text + b"\n\n" + theirs)


@BOTH
def test_the_command_says_the_same_of_them(folder, capsys):
    words = ["log", "verify", str(folder / "grown-6-11.txt"), "--key", str(folder / "key.txt"), "--json"]
    assert main([*words, "--kept", str(folder / "head-6.txt")]) == 0
    assert json.loads(capsys.readouterr().out) == {"holds": True, "old": 6, "size": 11}
    assert main([*words, "--kept", str(folder / "head-7.txt")]) == 1
