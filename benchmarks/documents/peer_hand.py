"""A worker as others build it; run by the peers' own Python, so it imports nothing of Tillid.

    python peer_hand.py DESIGN LAST FOLDER [PORT]

``FOLDER`` holds ``template.docx``, ``values.json``, ``page.html`` and ``lock``. Each design makes what it can by its own options
of a PDF/A-3a and PDF/UA-1; the benchmark looks at what came out.
"""

from __future__ import annotations

import fcntl
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from serving import serve

EXPORT = {
    "SelectPdfVersion": 3,
    "UseTaggedPDF": True,
    "PDFUACompliance": True,
}  # LibreOffice's own options, as ours has them
OPTIONS = [f"{name}={str(value).lower()}" for name, value in EXPORT.items()]


class Filled:
    """docxtpl as it is used: a new DocxTemplate each time, for rendering uses it up."""

    def __init__(self, folder: Path) -> None:
        from docxtpl import DocxTemplate

        self._open = DocxTemplate
        self._template = (folder / "template.docx").read_bytes()
        self._values = json.loads((folder / "values.json").read_text("utf-8"))

    def __call__(self, number: int) -> bytes:
        document = self._open(io.BytesIO(self._template))
        document.render({**self._values, "number": f"TD-{number:06d}"}, autoescape=True)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def cold(folder: Path, own: Path, port: str) -> Callable[[int], bytes]:
    """A new soffice for each document, with a profile that is there already."""
    fill = Filled(folder)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{own}/profile",
        "--headless",
        "--convert-to",
        f"pdf:writer_pdf_Export:{_as_json()}",
    ]

    def make(number: int) -> bytes:
        (own / "in.docx").write_bytes(fill(number))
        _run([*command, "--outdir", str(own), str(own / "in.docx")])
        return (own / "in.pdf").read_bytes()

    return make


def unoconvert(folder: Path, own: Path, port: str) -> Callable[[int], bytes]:
    """unoserver's own command, with a server of its own."""
    fill = Filled(folder)
    command = _unoconvert(port)

    def make(number: int) -> bytes:
        (own / "in.docx").write_bytes(fill(number))
        _run([*command, str(own / "in.docx"), str(own / "out.pdf")])
        return (own / "out.pdf").read_bytes()

    return make


def locked(folder: Path, own: Path, port: str) -> Callable[[int], bytes]:
    """The same with one server for all, which takes one document at a time: hence the lock."""
    fill = Filled(folder)
    command = _unoconvert(port)

    def make(number: int) -> bytes:
        (own / "in.docx").write_bytes(fill(number))
        with (folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _run([*command, str(own / "in.docx"), str(own / "out.pdf")])
        return (own / "out.pdf").read_bytes()

    return make


def client(folder: Path, own: Path, port: str) -> Callable[[int], bytes]:
    """unoserver with its client in the worker's own process: the quickest one can make of it; seldom seen."""
    from unoserver.client import UnoClient

    fill, talk = Filled(folder), UnoClient(port=port)
    return lambda number: talk.convert(indata=fill(number), convert_to="pdf", filter_options=OPTIONS)


def weasyprint(folder: Path, own: Path, port: str) -> Callable[[int], bytes]:
    """The same words as a page of HTML, set by WeasyPrint."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    page, fonts = (folder / "page.html").read_text("utf-8"), FontConfiguration()
    words = "TD-NUMBER"
    return lambda number: HTML(string=page.replace(words, f"TD-{number:06d}")).write_pdf(
        font_config=fonts, pdf_variant="pdf/a-3a"
    )


def _unoconvert(port: str) -> list[str]:
    options = [word for option in OPTIONS for word in ("--filter-option", option)]
    return [str(Path(sys.executable).with_name("unoconvert")), "--port", port, *options]


def _as_json() -> str:
    kinds = {int: "long", bool: "boolean"}
    return json.dumps(
        {name: {"type": kinds[type(value)], "value": str(value).lower()} for name, value in EXPORT.items()}
    )


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)


DESIGNS = {one.__name__: one for one in (cold, unoconvert, locked, client, weasyprint)}


def main(design: str, last: str, folder: str, port: str = "") -> None:
    """Make documents by ``DESIGN`` as ordered."""
    own = Path(last).with_suffix("")
    own.mkdir()
    serve(DESIGNS[design](Path(folder), own, port), 2, Path(last))


if __name__ == "__main__":
    main(*sys.argv[1:])
