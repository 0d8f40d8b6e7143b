"""A receipt as a job for the renderer: the record's fixed page and how it is verified, on paper (ADR 0039). Pure.

The words are those of the two pages in the receipt's ``.zip``, taken over one by one: the paper says neither more nor less.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser

from tillid.documents.model import Document
from tillid.documents.rendering import RenderField, RenderJob, RenderSection
from tillid.kernel.canonical import canonical_json, sha256
from tillid.signatures.receipt import FORMAT, LogProof

LAYOUT = "kvittering"
ENGLISH = "section"  # from here on the page on verifying says the same once more
FIRST = "Det, der er forseglet"  # the record's own title stands above it
Block = tuple[str, str]  # tag and text
INSIDE = (
    "Filerne ligger i denne PDF. Åbn listen over vedhæftede filer i dit PDF-program, og gem kvittering.zip: Det er den pakke, der "
    "er beskrevet nedenfor."
)


def receipt_job(
    page: bytes,
    how: bytes,
    proof: LogProof,
    *,
    event_id: str,
    stamped: bool,
    renewed: bool = False,
    signed_too: bool = False,
    record: bytes,
    document: Document,
    municipality: str,
    moment: datetime,
) -> RenderJob:
    """The job for the PDF of the receipt with the pages ``page`` (of the record) and ``how``; ``stamped``: whether it has a
    timestamp, ``renewed``: evidence that is renewed, ``signed_too``: the person's own signature (R-101); ``moment``: of the event, so that the same evidence gives the same bytes."""
    first, *shown = _sections(_blocks(page))
    return RenderJob(
        form_id=LAYOUT,
        version=1,
        title="Kvittering",
        subtitle=first.title,
        document_number=document.number,
        document_id=event_id,
        reader="parent",
        municipality=municipality,
        moment=moment,
        sections=(
            RenderSection(title=FIRST, fields=first.fields),
            *shown,
            _proofs(proof, stamped, renewed, signed_too),
            _how(how),
        ),
        data=canonical_json(
            {
                "format": FORMAT,
                "event": event_id,
                "leaf": proof.leaf,
                "record_sha256": sha256(record),
                "stamped": stamped,
                **({"renewed": True} if renewed else {}),
                **({"personal": True} if signed_too else {}),
            }
        ),
        data_name="kvittering.json",
        layout=LAYOUT,
    )


def _proofs(proof: LogProof, stamped: bool, renewed: bool, signed_too: bool) -> RenderSection:
    stamp = "Er med: En anden end kommunen har bekræftet, hvornår seglet fandtes."
    renewal = "Er med: Beviset fornys, så det holder længere end certifikaterne."
    own = "Er med, ved siden af platformens segl."
    more = ((signed_too, "Din egen underskrift", own), (renewed, "Fornyet bevis", renewal))
    fields = (
        RenderField(label="Tidsstempel", kind="text", text=stamp if stamped else "Er ikke med i denne udgave."),
        *(RenderField(label=label, kind="text", text=text) for there, label, text in more if there),
        RenderField(label="Plads i loggen", kind="text", text=f"Nummer {proof.index + 1} af {proof.size} hændelser"),
        RenderField(label="Hændelsens kontrolsum (SHA-256)", kind="text", text=proof.leaf),
        RenderField(label="", kind="text", text=INSIDE),
    )
    return RenderSection(title="Beviserne", fields=fields)


def _sections(blocks: list[Block]) -> tuple[RenderSection, ...]:
    """Headings begin sections; a term and what stands behind it is a field."""
    made: list[tuple[str, list[RenderField]]] = []
    term, cells = "", []
    for tag, text in blocks:
        if tag in ("h1", "h2"):
            made.append((text, []))
        elif tag == "dt":
            term = text
        elif tag in ("th", "td"):
            cells.append((tag, text))
        elif tag == "table":
            made[-1][1].append(_table(cells))
            cells = []
        else:
            made[-1][1].append(RenderField(label=term if tag == "dd" else "", kind="text", text=text))
    return tuple(RenderSection(title=title, fields=tuple(fields)) for title, fields in made if fields)


def _table(cells: list[Block]) -> RenderField:
    columns = tuple(text for tag, text in cells if tag == "th")
    texts = [text for tag, text in cells if tag == "td"]
    rows = tuple(tuple(texts[at : at + len(columns)]) for at in range(0, len(texts), len(columns)))
    return RenderField(label="", kind="table", columns=columns, rows=rows)


def _how(page: bytes) -> RenderSection:
    """The Danish half, each of its headings a question."""
    title, parts = "", [("", [])]  # type: tuple[str, list[tuple[str, list[str]]]]
    term, number = "", 0
    for tag, text in _blocks(page):
        if tag == ENGLISH:
            break
        if tag == "h1":
            title = text
        elif tag == "h2":
            parts.append((text, []))
            number = 0
        elif tag == "dt":
            term = text
        else:
            number += tag == "ol"
            parts[-1][1].append(f"{term}: {text}" if tag == "dd" else f"{number}. {text}" if tag == "ol" else text)
    fields = (RenderField(label=label, kind="text", text="\n\n".join(lines)) for label, lines in parts if lines)
    return RenderSection(title=title, fields=tuple(fields))


def _blocks(page: bytes) -> list[Block]:
    reader = _Reader()
    reader.feed(page.decode())
    reader.close()
    return list(reader.blocks())


class _Reader(HTMLParser):
    """The blocks of a page of ours, in order; ``table`` stands after its cells, ``section`` before what is in it, and an item is
    ``ol`` or ``ul`` as its list is."""

    TEXTS = frozenset({"h1", "h2", "dt", "dd", "p", "pre", "li", "th", "td"})

    def __init__(self) -> None:
        super().__init__()
        self._made: list[Block] = []
        self._open, self._text, self._list = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ol", "ul"):
            self._list = tag
        elif tag in self.TEXTS:
            self._open, self._text = tag, ""
        elif tag == ENGLISH:
            self._made.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            text = self._text if tag == "pre" else " ".join(self._text.split())
            self._made.append((self._list if tag == "li" else tag, text.strip()))
            self._open = ""
        elif tag == "table":
            self._made.append((tag, ""))

    def handle_data(self, data: str) -> None:
        self._text += data

    def blocks(self) -> Iterator[Block]:
        """All that has words, and the marks between."""
        return (one for one in self._made if one[1] or one[0] in ("table", ENGLISH))
