"""What ends a process that opens strangers' files, and what is said of it: the same however it is kept apart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support import bad_files as bad
from tests.support import walls as ways
from tests.support.walls import Order, every_way, in_the_box, instead
from tillid.adapters.boxed import apart
from tillid.adapters.boxed.outside import NoAnswer, NoProcess, ask
from tillid.adapters.pdf.pictures import pictures
from tillid.adapters.uploads.box import Limits, cleaned
from tillid.kernel.errors import Unavailable
from tillid.usecases.refused_files import NotOpened, TooHeavy

kept = ways.kept


@every_way
@pytest.mark.parametrize(
    "ending", ["while True: pass", "import os; os.kill(os.getpid(), 11)", "import os; os.kill(os.getpid(), 9)"]
)
def test_whatever_ends_a_parser_is_told_as_too_heavy(kept, ending, monkeypatch):
    """bubblewrap says 128 and the signal; without it the kernel says the signal itself."""
    instead(
        f"from tillid.adapters.boxed.inside import answer\ndef read(data, order):\n {ending}\nanswer(read)", monkeypatch
    )
    with pytest.raises(NoAnswer) as none:
        ask("x", b"", Order(cpu=0.2), seconds=30)
    assert none.value.heavy and "ended by signal" in none.value.detail
    with pytest.raises(TooHeavy) as refused:
        cleaned(bad.picture("PNG"), Limits(cpu=0.2))
    assert "for tung at åbne" in refused.value.message


@every_way
def test_the_memory_it_may_hold_is_what_was_said(kept, monkeypatch):
    script = "from tillid.adapters.boxed.inside import answer\nanswer(lambda data, order: ({}, bytes(100 << 20)))"
    instead(script, monkeypatch)
    assert len(ask("x", b"", Order(memory=512 << 20), seconds=30)[1]) == 100 << 20
    with pytest.raises(NoAnswer, match="exit 1"):
        ask("x", b"", Order(memory=90 << 20), seconds=30)


@in_the_box
def test_a_file_that_hangs_its_parser_leaves_no_process_behind(kept, monkeypatch):
    instead("import time; time.sleep(300)  # tillid-hangs", monkeypatch)
    with pytest.raises(NoAnswer) as none:
        ask("x", b"", Order(), seconds=1)
    assert none.value.heavy
    until = time.monotonic() + 20  # the kernel ends what is inside after what was outside
    while left := [p for p in Path("/proc").glob("[0-9]*/cmdline") if b"# tillid-hangs" in _read(p)]:
        assert time.monotonic() < until, left
        time.sleep(0.02)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_box_that_cannot_be_made_is_not_taken_for_a_bad_file(monkeypatch):
    """The file is whole: nobody is told to choose another one."""
    for away in (["/bin/false"], ["/a-program-that-is-not-there"]):
        monkeypatch.setattr(apart, "command", lambda module, order, away=away, **how: (away, {}))
        with pytest.raises(NotOpened) as refused:
            cleaned(bad.picture("PNG"))
        assert "lige nu" in refused.value.message
        with pytest.raises(NoProcess):
            pictures(bad.pdf())
    assert issubclass(NoProcess, Unavailable), "the outbox tries again, a page answers 503"


@every_way
def test_the_same_file_gives_the_same_however_it_is_kept(kept, monkeypatch):
    assert cleaned(bad.told_too_much()).media_type == "image/jpeg"
    assert cleaned(bad.pdf()).media_type == "application/pdf"
    with pytest.raises(TooHeavy):
        cleaned(bad.pdf(bad.stream_bomb))
