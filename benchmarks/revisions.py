"""A record added to the archive's copy as a revision, against pypdf writing the whole file anew with one more file in it."""

from __future__ import annotations

import io
from datetime import timedelta
from itertools import pairwise

import pypdf

from benchmarks.documents.jobs import sample_job
from benchmarks.table import Row, compare, sample
from benchmarks.timing import cpu_seconds, in_turn
from tillid.adapters.pdf import Attachment
from tillid.adapters.pdf.history import read_history
from tillid.adapters.pdf.revisions import _written, append
from tillid.adapters.renderer import DocumentRenderer
from tillid.kernel.paths import SIGNING

ROUNDS, QUICK_ROUNDS = 25, 2
REVISIONS = 8
PEER = "pypdf, the whole file written anew"


def run(quick: bool = False) -> list[Row]:
    """Processor time per record: written alone (the peer's work), and written, read by three readers and checked."""
    job = sample_job()
    renderer = DocumentRenderer()
    try:
        pdf = renderer.render(job).pdf
    finally:
        renderer.close()
    data = (SIGNING / "vectors" / "valid" / "given.xml").read_bytes()
    one = record(0, data)
    known = read_history(pdf)
    found = in_turn(
        {
            "written": lambda: _written(pdf, known, [one], job.moment),
            "checked": lambda: append(pdf, [one], moment=job.moment),
            "peer": lambda: rewritten(pdf, one),
        },
        QUICK_ROUNDS if quick else ROUNDS,
        cpu_seconds,
    )
    peer = sample((time * 1000 for time in found["peer"]), "ms")
    grown, sizes = pdf, [len(pdf)]
    for number in range(REVISIONS):
        grown = append(grown, [record(number, data)], moment=job.moment + timedelta(days=number + 1))
        sizes.append(len(grown))
    growth = sample(((after - before) / 1000 for before, after in pairwise(sizes)), "kB")
    whole = sample([len(rewritten(pdf, one)) / 1000], "kB")
    return [
        row("record added as a revision, written", found["written"], peer, "the earlier bytes stay; the peer's do not"),
        row("record added as a revision, written and checked", found["checked"], peer,
            "read again by pyHanko, pypdf, pikepdf and qpdf (qpdf's own time not counted)"),
        compare(f"growth per revision, {REVISIONS} records of {len(data) / 1000:.1f} kB", growth,
                "stored anew: the whole file", whole, better="less", note="what is stored per record"),
    ]  # fmt: skip


def record(number: int, data: bytes) -> Attachment:
    return Attachment(
        name=f"record-{number}.xml", data=data, media_type="application/xml", relationship="Supplement",
        description="Samtykke, signeret post",
    )  # fmt: skip


def rewritten(pdf: bytes, attachment: Attachment) -> bytes:
    """What a plain use of pypdf does."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.add_attachment(attachment.name, attachment.data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def row(name: str, times: list[float], peer, note: str) -> Row:  # type: ignore[no-untyped-def]
    return compare(name, sample((time * 1000 for time in times), "ms"), PEER, peer, better="less", note=note)
