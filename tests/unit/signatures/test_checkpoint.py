"""Checkpoints: the published example of the format, our own there and back, and everything that must not be read."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillid.signatures.checkpoint import Checkpoint, CheckpointError, LogKey, LogVerifier

ORIGIN = "solbjerg.example/tillid"
KEY = LogKey(ORIGIN, bytes(range(32)))
OTHER = LogKey(ORIGIN, bytes(32))
HEAD = Checkpoint(origin=ORIGIN, size=1207, root=bytes(range(1, 33)))
NOTE = KEY.sign(HEAD)
# The example that the format's first implementation publishes: a key, a text and its signature.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_example_is_signed_by_its_key_and_is_no_checkpoint():
    with pytest.raises(CheckpointError, match="another origin"):
        LogVerifier.parsed(PETER).read(PETERS.encode())
    with pytest.raises(CheckpointError, match="does not hold"):
        LogVerifier.parsed(PETER).read(PETERS.replace("problem,", "problem;").encode())
    assert LogVerifier.parsed(PETER).text() == PETER


def test_what_is_written_is_read_again():
    assert KEY.verifier.read(NOTE) == HEAD
    assert LogVerifier.parsed(KEY.verifier.text()).read(NOTE) == HEAD
    lines = NOTE.decode().split("\n")
    assert lines[:3] == [ORIGIN, "1207", base64.b64encode(HEAD.root).decode()]
    assert lines[3] == ""


def test_a_witness_may_sign_beside_us_and_never_instead():
    text, ours = NOTE.decode().split("\n\n")
    witness = LogKey("vidne.example", b"w" * 32)
    theirs = witness.sign(HEAD).decode().split("\n\n")[1]
    assert KEY.verifier.read(f"{text}\n\n{theirs}{ours}".encode()) == HEAD
    with pytest.raises(CheckpointError, match="no signature"):
        KEY.verifier.read(f"{text}\n\n{theirs}".encode())


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_no_changed_byte_is_read_as_another_head(place, change):
    changed = bytearray(NOTE)
    changed[place] ^= change
    try:
        assert KEY.verifier.read(bytes(changed)) == HEAD  # such as another spelling of the last base64 letter
    except CheckpointError:
        pass


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff\xfe",
        NOTE[:-1],
        NOTE + b"\n",
        NOTE.replace(b"\n\n", b"\n"),
        NOTE.replace(b"\n", b"\r\n"),
        b"x" * 20_000,
        OTHER.sign(HEAD),
        KEY.sign(Checkpoint(origin="another.example/log", size=1, root=bytes(32))),
        KEY.sign(Checkpoint(origin=ORIGIN, size=-1, root=bytes(32))),
        *(KEY.sign(Checkpoint(origin=ORIGIN, size=size, root=bytes(32))) for size in ("01207", "0 leaves")),  # type: ignore[arg-type]
        KEY.sign(Checkpoint(origin=ORIGIN, size=1, root=b"short")),
    ],
)
def test_what_is_not_this_logs_checkpoint_is_refused_in_danish(note):
    with pytest.raises(CheckpointError) as refused:
        KEY.verifier.read(note)
    assert refused.value.code == "log.checkpoint"
    assert "loghoved" in refused.value.message


@pytest.mark.parametrize("text", ["", "a+b", PETER.replace("c74f", "c74e"), PETER.replace("+AR", "+BR"), "a b+00+AR"])
def test_no_other_text_is_a_key(text):
    with pytest.raises(CheckpointError):
        LogVerifier.parsed(text)
