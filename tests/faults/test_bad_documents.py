"""LibreOffice against documents that are meant to hurt and against what may befall it: each is refused or survived within the
limits of the box, with a reason, and the next document has the very same bytes."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.bad_documents import TEXT, cases, greedy
from tests.faults.bad_packages import body, good, with_parts
from tests.support.office import office_processes
from tillid.adapters.docx.marks import MAX_PARAGRAPHS
from tillid.adapters.office import Limits, OfficeBox, OfficeError, sandbox
from tillid.adapters.office.links import MOST_PARAGRAPHS, refused
from tillid.adapters.pdf import finish, page_text
from tillid.adapters.renderer import RenderFailed
from tillid.kernel.canonical import sha256

LONG = body(TEXT.format("ord og mere " * 60) * 300)
# Heavier than the box may be; all others are refused at once, or become a page.
BEYOND = {
    "100,000 paragraphs",
    "10 MB of text",
    "60,000 cells that nobody counts",
    "a row that begins far to the right",
    "a part that says it has 5 GB",
}


@pytest.fixture(scope="module")
def office():
    with OfficeBox() as box:
        yield box


def page(box: OfficeBox) -> str:
    """A normal document, byte by byte: the same after anything that befell the box."""
    pdf, _pages = box.convert(good())
    return sha256(finish(pdf, attachments=[], title="Prøve", moment=datetime(2026, 1, 1, tzinfo=UTC), document_id="d"))


def test_the_limits_are_those_of_issue_5():
    """Two seconds beyond what a document of two pages takes (0.2), and 512 MB with LibreOffice in them."""
    limits = Limits()
    assert (limits.cpu, limits.memory) == (2.2, 512 << 20)
    assert limits.cpu_most_extra <= 100_000 * 3 * limits.cpu_per_byte, "what 100 pages of text normally take"


def test_each_is_refused_or_becomes_a_page_and_the_next_is_unharmed(office):
    normal, met = page(office), {}
    for name, docx in cases():
        try:
            pdf, pages = office.convert(docx)
            met[name] = "a page"
            assert pages == 1 and "root:" not in page_text(pdf), name
        except OfficeError as problem:
            met[name] = problem.params["reason"]
            assert problem.code == "documents.office-failed" and problem.message.startswith(
                "Dokumentet kunne ikke dannes."
            )
            assert page(office) == normal, name
    assert page(office) == normal
    assert {name for name, end in met.items() if end == "limit"} == BEYOND
    assert set(met.values()) <= {"a page", "refused", "limit"} and len(met) == len(list(cases()))


@pytest.mark.parametrize("name", ["word/document.xml", "word/media/x.png"])
def test_what_unpacks_to_too_much_never_reaches_libreoffice(name):
    box = OfficeBox()
    with pytest.raises(OfficeError, match="unpacked size") as told:
        box.convert(with_parts({name: bytes({"word/document.xml": 7, "word/media/x.png": 49}[name] << 20)}))
    assert (told.value.params["reason"], box.starts) == ("limit", 0)


@pytest.mark.parametrize("one", ["<w:p/>", '<w:p w:rsidR="00"></w:p>', '<o:p xmlns:o="urn:x"/>'])
def test_a_document_of_more_paragraphs_than_a_template_may_make_never_reaches_libreoffice(one):
    assert MOST_PARAGRAPHS == MAX_PARAGRAPHS
    assert refused(body(one * (MOST_PARAGRAPHS + 1))) == ("limit", "paragraphs")
    assert refused(body(one * (MOST_PARAGRAPHS - 100))) is None, "and what one may make does"


def ended_while_busy(box: OfficeBox, signals: int) -> list[int]:
    """Kill LibreOffice ``signals`` times, each time when it has begun with a document; the processes killed."""
    killed: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 60
        while len(killed) < signals and time.monotonic() < deadline:
            for pid in office_processes(box) if box._process is not None else []:
                if pid not in killed and os.path.exists(f"/proc/{pid}/root/tmp/in.docx"):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            time.sleep(0.005)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        box.convert(LONG)
    finally:
        thread.join()
    return killed


def test_killed_while_rendering_the_document_is_made_all_the_same(office):
    normal, starts = page(office), office.starts
    assert len(ended_while_busy(office, 1)) == 1
    assert (page(office), office.starts) == (normal, starts + 1)


def test_killed_each_time_the_document_is_given_up(office):
    normal = page(office)
    with pytest.raises(OfficeError) as given_up:
        ended_while_busy(office, 2)
    assert given_up.value.params["reason"] == "dead"
    assert page(office) == normal


def test_hung_it_is_killed_and_replaced(office, monkeypatch):
    normal, starts = page(office), office.starts
    (pid,) = office_processes(office)
    os.kill(pid, signal.SIGSTOP)
    with monkeypatch.context() as patched:
        patched.setattr(office, "limits", Limits(wall=1))
        with pytest.raises(OfficeError) as hung:
            office.convert(good())
    assert hung.value.params["reason"] == "timeout"
    assert (page(office), office.starts) == (normal, starts + 1)


def test_out_of_memory_it_fails_alone_within_its_bounds_and_is_replaced(caplog):
    """With time enough, so that nothing but its memory can end it: told as a limit at once, and not tried again."""
    limits = Limits(cpu=60.0, cpu_most_extra=0.0)
    assert refused(greedy()) is None and limits.memory == Limits().memory
    with OfficeBox(limits) as box:
        normal = page(box)
        for starts in (1, 2):
            assert box.starts == starts
            with most_held(box) as held, pytest.raises(OfficeError) as wanted:
                box.convert(greedy())
            assert wanted.value.params["reason"] == "limit"
            assert limits.memory * 0.55 < max(held) <= limits.memory
            assert page(box) == normal
        assert box.starts == 3
    assert caplog.messages == [], "who ends at its limit is not given the document once more"


@contextmanager
def most_held(box: OfficeBox) -> Iterator[list[int]]:
    """What the box's LibreOffice holds meanwhile, in bytes."""
    (pid,), held, done = office_processes(box), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            with suppress(OSError, IndexError):  # it has ended
                held.append(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield held
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("what", ["time", "memory"])
def test_who_takes_more_than_a_document_may_is_ended(what):
    """The watch of the box (it runs with the system's Python) over a process that spins, and over one that gathers."""
    program = {"time": "while True: pass", "memory": "x = b'a' * (90 << 20); import time; time.sleep(60)"}[what]
    script = f"""
import subprocess, sys
sys.path.insert(0, {str(sandbox.INSIDE.parent)!r})
import inside
taker = subprocess.Popen([sys.executable, "-c", {program!r}])
limits = {{"cpu": 0.2, "cpu_per_byte": 0, "cpu_most_extra": 0, "memory": 60 << 20}}
with inside.Watch(taker.pid, limits, b"") as watch:
    print(taker.wait(60), watch.over or watch.join(5) or watch.over)
"""
    run = subprocess.run([sandbox.PYTHON, "-c", script], capture_output=True, text=True, timeout=90, check=True)
    assert run.stdout.split() == ["-9", "True"]


def test_the_kernel_holds_the_limits_too(office):
    page(office)
    (pid,) = office_processes(office)
    limits = Path(f"/proc/{pid}/limits").read_text()
    for name, most in (("data size", 384 << 20), ("file size", 32 << 20), ("core file size", 0), ("cpu time", 1200)):
        assert re.search(rf"Max {name} +{most} ", limits), name


def test_without_room_a_document_fails_alone():
    noise = random.Random(1).randbytes(13 << 20)
    with OfficeBox(Limits(file=3 << 20)) as box:  # its file system holds 12 MB
        normal = page(box)
        with pytest.raises(OfficeError) as room:
            box.convert(with_parts({"word/media/x.png": noise}))
        assert room.value.params["reason"] == "refused"
        assert page(box) == normal


@pytest.mark.parametrize("missing", ["LibreOffice", "its Python", "the box"])
def test_missing_it_is_told_and_nothing_else_happens(missing, monkeypatch):
    if missing == "LibreOffice":
        whole = sandbox.boxed

        def without(program, **how):
            return [*whole(program, **how)[: -len(program) - 1], "--tmpfs", "/usr/lib/libreoffice", "--", *program]

        monkeypatch.setattr(sandbox, "boxed", without)
    elif missing == "its Python":
        monkeypatch.setattr(sandbox, "PYTHON", "/usr/bin/python-that-is-not-there")
    else:
        monkeypatch.setenv("PATH", "/nowhere")
    with OfficeBox(isolation=sandbox.BWRAP) as box, pytest.raises(OfficeError) as away:
        box.convert(good())
    assert away.value.params["reason"] == "dead"


def test_what_is_said_to_people_has_no_cause_in_it(renderer, monkeypatch):
    def ended(docx: bytes) -> None:
        raise OfficeError("soffice died twice on one document", reason="dead")

    from tests.support.document_samples import sample_job

    job = sample_job("overgangsbeskrivelse", 3)
    before = renderer.render(job)
    with monkeypatch.context() as patched:
        patched.setattr(renderer._office, "convert", ended)
        with pytest.raises(RenderFailed) as failed:
            renderer.render(job)
    assert failed.value.code == "documents.render-failed" and "Intet er gået tabt" in failed.value.message
    assert "soffice" not in failed.value.message
    assert renderer.render(job).pdf == before.pdf
