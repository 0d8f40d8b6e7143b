"""The real LibreOffice in its box: isolation, limits, healing."""

import http.server
import json
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.support.office import docx, images, office_processes, png
from tests.support.own_templates import damaged
from tillid.adapters.office import Limits, OfficeBox, OfficeError, sandbox
from tillid.adapters.office import box as box_module
from tillid.adapters.office.links import links_outside
from tillid.adapters.pdf import page_text


@pytest.fixture(scope="module")
def office():
    with OfficeBox() as box:
        yield box


@pytest.fixture
def web_server():
    """A local web server that serves a picture and remembers who asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(png())

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *args):
            """What is asked of it is no part of the tests' output."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/remote.png", asked
    server.shutdown()
    server.server_close()


def test_it_converts_and_stays_warm(office):
    first, pages = office.convert(docx("Æbleskiver & sirup <3"))
    starts = office.starts
    second, _ = office.convert(docx("En anden tekst"))
    assert pages == 1
    assert "Æbleskiver & sirup <3" in page_text(first)
    assert "En anden tekst" in page_text(second)
    assert office.starts == starts


def test_the_quicker_allocator_is_used_where_it_is_installed(office):
    if not list(Path("/usr/lib").glob("*/libjemalloc.so.2")):
        pytest.skip("no libjemalloc2 here")
    office.convert(docx("En tekst"))
    maps = [Path(f"/proc/{pid}/maps").read_text() for pid in office_processes(office)]
    assert any("libjemalloc" in one for one in maps)


def test_where_bubblewrap_can_run_it_is_what_is_used():
    """Otherwise the tests below would be left out without a word."""
    plain = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--die-with-parent", "true"]
    if shutil.which("bwrap") is None or subprocess.run(plain, capture_output=True, check=False).returncode:
        pytest.skip("no bubblewrap here")
    assert sandbox.isolation() == sandbox.BWRAP


def test_the_boxed_program_sees_neither_host_nor_network(tmp_path):
    if sandbox.isolation() != sandbox.BWRAP:
        pytest.skip("no bubblewrap here")
    secret = tmp_path / "secret.txt"
    secret.write_text("hemmelig")
    script = f"import os,socket,json;print(json.dumps([os.path.exists({str(secret)!r}), os.path.exists('/etc/passwd'), os.path.exists('/root'), os.path.exists('/home'), [n for _, n in socket.if_nameindex()], sorted(os.environ), len([p for p in os.listdir('/proc') if p.isdigit()])]))"
    run = subprocess.run(
        sandbox.boxed([sandbox.PYTHON, "-I", "-c", script], tmp_bytes=1 << 20),
        capture_output=True,
        check=True,
        timeout=60,
        env={**os.environ, "TILLID_SECRET": "x"},
    )
    seen = json.loads(run.stdout)
    assert seen[:4] == [False, False, False, False]
    assert seen[4] == ["lo"]
    assert "TILLID_SECRET" not in seen[5]
    assert seen[6] <= 3


def test_links_bring_no_host_file_and_no_network(office, tmp_path, web_server):
    if office.isolation != sandbox.BWRAP:
        pytest.skip("no bubblewrap here")
    address, asked = web_server
    picture = tmp_path / "local.png"
    picture.write_bytes(png())
    pdf, _ = office.convert(docx("Tekst", links=(picture.as_uri(), address)))
    assert "Tekst" in page_text(pdf)
    assert images(pdf) == 0
    assert asked == []


def test_without_the_box_the_same_links_would_load(monkeypatch, tmp_path, web_server):
    """Shows that the test above can fail; and that without bubblewrap such documents are refused before LibreOffice."""
    address, asked = web_server
    picture = tmp_path / "local.png"
    picture.write_bytes(png())
    linked = docx("Tekst", links=(picture.as_uri(), address))
    with OfficeBox(isolation=sandbox.NONE) as bare:
        with pytest.raises(OfficeError) as raised:
            bare.convert(linked)
        assert raised.value.params["reason"] == "refused"
        assert bare.starts == 0
        monkeypatch.setattr(box_module, "links_outside", lambda docx: False)
        pdf, _ = bare.convert(linked)
        work, pipe = bare._work, f"/tmp/OSL_PIPE_{os.getuid()}_tillid{bare._process.pid}"
        assert images(pdf) > 0 or asked
    assert not os.path.exists(work)
    assert not os.path.exists(pipe)


def test_a_document_whose_links_cannot_be_read_counts_as_one_with_links():
    whole = docx("Tekst")
    assert not links_outside(whole) and links_outside(damaged(whole, "word/_rels/document.xml.rels"))


def test_a_killed_soffice_heals_between_two_documents(office):
    office.convert(docx("før"))
    starts = office.starts
    for pid in office_processes(office):
        os.kill(pid, signal.SIGKILL)
    pdf, _ = office.convert(docx("efter"))
    assert "efter" in page_text(pdf)
    assert office.starts == starts + 1


def test_a_killed_box_heals_and_leaves_nothing_behind(office):
    office.convert(docx("før"))
    old = office_processes(office)
    assert old
    os.kill(office._process.pid, signal.SIGKILL)
    pdf, _ = office.convert(docx("efter"))
    assert "efter" in page_text(pdf)
    assert not [pid for pid in old if _alive(pid)]


@pytest.mark.parametrize("poison", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 200])
def test_a_poisoned_document_fails_alone(office, poison):
    with pytest.raises(OfficeError) as raised:
        office.convert(poison)
    assert raised.value.code == "documents.office-failed"
    pdf, _ = office.convert(docx("den næste"))
    assert "den næste" in page_text(pdf)


def test_limits_of_pages_size_and_time():
    with OfficeBox(Limits(pages=2, docx=200_000, wall=60)) as small:
        with pytest.raises(OfficeError) as raised:
            small.convert(docx(*["linje"] * 400))
        assert raised.value.params["reason"] == "limit"
        with pytest.raises(OfficeError) as raised:
            small.convert(b"x" * 200_001)
        assert raised.value.params["reason"] == "limit"
        assert small.convert(docx("kort"))[1] == 1
    with OfficeBox(Limits(wall=0.001)) as hasty:
        with pytest.raises(OfficeError) as raised:
            hasty.convert(docx(*["linje"] * 50))
        assert raised.value.params["reason"] == "timeout"
        assert hasty._process is None


def test_the_processor_limit_ends_a_document_that_runs_away():
    with OfficeBox(Limits(cpu=0, cpu_per_byte=0, pages=5000)) as box:
        with pytest.raises(OfficeError) as raised:
            box.convert(docx(*["ord " * 300] * 400))
        assert raised.value.params["reason"] == "limit"
        assert box.starts == 1  # such a document is not tried again


def test_a_longer_document_may_take_what_its_length_takes():
    with OfficeBox(Limits(cpu=0.5, cpu_per_byte=1, cpu_most_extra=60)) as patient:
        assert patient.convert(docx(*["ord og mere " * 60] * 100))[1] > 20


def test_a_box_that_has_grown_is_replaced(office):
    office.convert(docx("x"))
    starts, limits = office.starts, office.limits
    assert office._held > 50 << 20  # what LibreOffice holds, as the kernel counts it
    office.limits = Limits(grown=office._held - 1)
    try:
        office.convert(docx("x"))
        assert office.starts == starts + 1
    finally:
        office.limits = limits


def test_a_forked_worker_leaves_its_parents_box_alone(monkeypatch):
    """Each worker has a LibreOffice of its own; the pipe of another is not written to, nor its process ended."""

    def start() -> None:
        raise OfficeError("a box of its own", reason="dead")

    box = OfficeBox()
    with subprocess.Popen(["sleep", "60"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parents:
        box._process, box._owner = parents, os.getpid() + 1
        monkeypatch.setattr(box, "_start", start)
        with pytest.raises(OfficeError, match="a box of its own"):
            box.convert(docx("x"))
        box.close()
        assert parents.poll() is None
        parents.kill()


def test_a_box_is_replaced_after_its_share_of_documents_and_close_ends_everything():
    box = OfficeBox(Limits(documents=2))
    for _ in range(3):
        box.convert(docx("x"))
    assert box.starts == 2
    old = [box._process.pid, *office_processes(box)]
    assert len(old) > 1
    box.close()
    assert not [pid for pid in old if _alive(pid)]


def test_several_threads_share_one_box(office):
    results: dict[int, str] = {}

    def work(number: int) -> None:
        results[number] = page_text(office.convert(docx(f"tråd {number}"))[0])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    starts = office.starts
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"tråd {number}" in results[number] for number in range(4))
    pdf, _ = office.convert(docx("bagefter"))  # the thread that started a box may end; the box does not
    assert "bagefter" in page_text(pdf)
    assert office.starts <= starts + 1


def _alive(pid: int) -> bool:
    """Alive, waiting a moment for the kernel to end what was killed."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX":
                return False
        except OSError:
            return False
        threading.Event().wait(0.05)
    return True
