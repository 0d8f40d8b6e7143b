"""How long the author waits for a preview: from the button until the PDF is there, asked for as the page asks.

The whole of Tillid in one process as ``tillid start`` has it, served over HTTP; nobody else is there. Each time the text is another
one, so that each PDF is rendered. The page asks every half second whether it is made, so what is seen is a multiple of that.
"""

from __future__ import annotations

import time

from benchmarks.client import Browser, served
from benchmarks.stage import SET, Stage, running
from benchmarks.table import Row, at_percentile
from tillid.usecases.start_document import start_document

TIMES, QUICK_TIMES = 40, 3
ASKS_EVERY = 0.5  # seconds, as ``preview.html`` says
MOST = 2_000.0  # ms (issue 5 part 9)
LONGEST = 60.0


def run(quick: bool = False) -> list[Row]:
    """Milliseconds of one author alone; the first, for which LibreOffice starts, is not among them."""
    count = QUICK_TIMES if quick else TIMES
    with running() as stage:
        author = stage.player.staff(SET.author_id)
        with stage.installation.open_house() as house:
            document = start_document(house, author, SET.child_id, SET.form_id)
        stage.player.fill(author, document.id, SET.professional)
        with stage.served() as port, stage.working():
            browser = stage.browser(author, served(port), f"127.0.0.1:{port}")
            times = [_waited(stage, browser, document.id, number) for number in range(count + 1)][1:]
    note = f"{count} texts, one after another, over HTTP; written, rendered, checked and fetched"
    return [
        Row(name=f"preview of a text of two pages, p{p}", ours=at_percentile(times, p, "ms"), note=note,
            most=MOST if p == 95 else None)
        for p in (50, 95)
    ]  # fmt: skip


def _waited(stage: Stage, browser: Browser, document_id: str, number: int) -> float:
    author = stage.player.staff(SET.author_id)
    field, text = next((name, one) for name, one in SET.professional.items() if isinstance(one, str) and len(one) > 60)
    stage.player.fill(author, document_id, {field: f"{text} ({number})"})
    path = f"/dokument/{document_id}"
    token = browser.get(f"{path}/gennemse").hidden("csrf_token")
    began = time.perf_counter()
    asked = browser.post(f"{path}/forhaandsvisning", {"csrf_token": token})
    if asked.status != 303:
        raise RuntimeError(f"{asked.status} for the preview")
    while b"forhaandsvisning.pdf" not in browser.get(f"{path}/forhaandsvisning/fremdrift").body:
        if time.perf_counter() - began > LONGEST:
            raise RuntimeError("no preview came")
        time.sleep(ASKS_EVERY)
    made = browser.get(f"{path}/forhaandsvisning.pdf")
    if not made.body.startswith(b"%PDF-"):
        raise RuntimeError(f"{made.status} for the PDF")
    return (time.perf_counter() - began) * 1000
