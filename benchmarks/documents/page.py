"""The same words as HTML, for WeasyPrint: headings, lines, paragraphs, lists, tables, logo, page numbers, the same font."""

from __future__ import annotations

import base64
from html import escape
from typing import Any

STYLE = """
@page { size: A4; margin: 2.3cm 2cm;
  @top-left { content: element(top) }
  @bottom-right { content: "Side " counter(page) " af " counter(pages); font: 8pt Carlito }
  @bottom-left { content: string(foot); font: 8pt Carlito } }
body { font: 9.5pt/1.05 Carlito; color: #1a1a1a } p, ul { margin: 0 0 3.5pt }
h1 { font-size: 22pt; color: #1f4e5f; margin: 0 } h2 { font-size: 12.5pt; color: #1f4e5f; background: #eef3f4; margin: 11pt 0 3pt }
h3 { font-size: 9.5pt; margin: 3pt 0 0; break-after: avoid } .fact { padding-left: 6cm; text-indent: -6cm } .fact b { display: inline-block; width: 6cm; text-indent: 0 }
table { width: 100%; border-collapse: collapse; font-size: 9pt } td, th { border: .5pt solid #9aa5ab; padding: 1pt 4pt; text-align: left }
th { background: #eef3f4; color: #1f4e5f } .top { position: running(top); font-size: 9pt } .top img { width: .7cm; vertical-align: middle } .foot { string-set: foot content(); height: 0; overflow: hidden }
"""


def page(values: dict[str, Any], logo: bytes, logo_alt: str) -> str:
    """A page of ``values``, the context of a document template. ``TD-NUMBER`` stands where its number belongs."""
    picture = base64.b64encode(logo).decode()
    top = f'<img src="data:image/png;base64,{picture}" alt="{escape(logo_alt)}"> <b>{escape(values["municipality"])}</b> TD-NUMBER'
    foot = " ".join((*values["footer_lines"], values["title"], "version", values["version"], values["copy"]))
    body = [f'<div class="top">{top}</div><div class="foot">{escape(foot)}</div><h1>{escape(values["title"])}</h1>']
    body += [_fact(fact["label"], fact["text"]) for fact in values["facts"]]
    for section in values["sections"]:
        body.append(f"<h2>{escape(section['title'])}</h2>")
        body += [_field(field) for field in section["fields"]]
    return f'<!DOCTYPE html><html lang="da"><head><meta charset="utf-8"><title>{escape(values["title"])}</title><style>{STYLE}</style></head><body>{"".join(body)}</body></html>'


def _field(field: dict[str, Any]) -> str:
    if field["kind"] == "fact":
        return _fact(field["label"], field["text"])
    said = "".join(f"<p>{escape(text)}</p>" for text in field["paragraphs"])
    listed = "".join(f"<li>{escape(text)}</li>" for text in field["bullets"])
    table = _row("th", field["columns"]) + "".join(_row("td", row) for row in field["rows"]) if field["rows"] else ""
    return (
        f"<h3>{escape(field['label'])}</h3>{said}{listed and f'<ul>{listed}</ul>'}{table and f'<table>{table}</table>'}"
    )


def _fact(label: str, text: str) -> str:
    return f'<p class="fact"><b>{escape(label)}</b>{escape(text)}</p>'


def _row(kind: str, cells: list[str]) -> str:
    return f"<tr>{''.join(f'<{kind}>{escape(cell)}</{kind}>' for cell in cells)}</tr>"
