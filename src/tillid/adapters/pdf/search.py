"""All that a PDF holds as one text, to search for what must not be in it."""

from __future__ import annotations

import io

import pikepdf

from tillid.adapters.pdf.extract import page_text


def everything(pdf: bytes) -> str:
    """Pages, every decoded stream, string and name, XMP, embedded files and outlines of a finished document of ours."""
    parts = [page_text(pdf)]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                picture = str(thing.get("/Subtype", "")) == "/Image"
                parts.append((thing.read_raw_bytes() if picture else thing.read_bytes()).decode("latin-1"))
                thing = pikepdf.Dictionary(dict(thing.items()))
            parts.append(thing.unparse(resolved=True).decode("latin-1"))
        with document.open_outline() as outline:
            todo = list(outline.root)
            while todo:
                entry = todo.pop()
                parts.append(entry.title)
                todo += entry.children
    return "\n".join(parts)
