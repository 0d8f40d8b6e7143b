"""Writes the docx templates of ``document_templates/``, one per version of each form: ``python scripts/make_templates.py [DIR]``.

The results are ordinary Word documents that may be edited by hand from then on; they are committed, and a published
version is never written again under the same number. No DATE fields (else the same document renders differently tomorrow)
and no state (it changes after rendering). The logo of ``look.yaml`` is drawn too, if there is none.
"""

from __future__ import annotations

import argparse
import io
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from template_parts import NUMBERING, SMALL, TIGHT, Look, edges, logo, styles, table

from tillid.adapters.docx.package import read, slim, write

MADE = datetime(2026, 11, 25)  # fixed: the same script writes the same bytes
CONSENT = (
    "Det er frivilligt at give samtykke. Et samtykke kan trækkes tilbage når som helst, og det virker med det samme. "
    "Det ændrer ikke på barnets plads."
)
WITHDRAWAL = "Tilbagekaldelsen virker med det samme. Det, der er givet videre, mens samtykket gjaldt, er stadig givet lovligt videre."
ONE_PAGE = Look(line=240, after=30, heading=21, margin=1.6, run_in=True)
HALVES = ONE_PAGE._replace(line=252, after=45, halves=("foraeldrenes_del", "barnet"))
CONSENTS = Look(line=240, after=40, margin=1.6, closing=CONSENT)
FORMS = {
    # version 3 with its list of files on three pages
    "overgangsbeskrivelse": {
        1: Look(),
        2: Look(),
        3: Look(line=246, after=64),
    },
    "trivselsskema": dict.fromkeys((1, 2), ONE_PAGE),
    "trivselsvurdering": {1: HALVES, 2: HALVES._replace(tight=("f_vi_goer", 1900))},
    "trivselsoverblik": {1: Look(wide=True)},
    "samtykkeerklaering": {1: CONSENTS, 2: CONSENTS._replace(tight=("oplysninger", 1600))},
    "samtykke_tilbagekaldelse": {1: Look(text=21, closing=WITHDRAWAL)},
    "underretning": dict.fromkeys((1, 2), Look()),
    "fdr": {
        1: Look(
            bands=(
                ("forberedelse", "\u2002F  Forberedelse"),
                ("dialog", "\u2002D  Dialog"),
                ("referat", "\u2002R  Referat"),
            )
        ),
        2: Look(
            bands=(
                ("praktisk", "\u2002F  Forberedelse"),
                ("dialog", "\u2002D  Dialog"),
                ("referat", "\u2002R  Referat"),
            ),
            deeper=1,
        ),
    },
}


def body(document, look: Look) -> None:
    """Title, facts, then sections with their fields: facts, texts, lists and tables, in the definition's order."""
    add, _ = writer(document)
    name, most = look.tight
    if name:
        add(f"{{%p if fields.{name}.rows | join | length > {most} %}}")
        content(document, look, SMALL)
        add("{%p else %}")
    content(document, look)
    if name:
        add("{%p endif %}")


def content(document, look: Look, small: str = "") -> None:
    """Title and all below it; ``small``: in the styles that are set small."""
    add, fact = writer(document, small)
    add("{{ title }}", "Title")
    add("{%p if subtitle %}")
    add("{{ subtitle }}", "Subtitle")
    add("{%p endif %}")
    add("{%p for fact in facts %}")
    fact("{{ fact.label }}", "{{ fact.text }}")
    add("{%p endfor %}")
    add("{%p for section in sections %}")
    section_heading(add, look)
    add("{%p for field in section.fields %}")
    add('{%p if field.kind == "fact" %}')
    fact("{{ field.label }}", "{{ field.text }}")
    add("{%p else %}")
    (run_in if look.run_in else under)(add, document, look)
    rows(add, document, look, small)
    add("{%p endif %}")
    add("{%p endfor %}")
    add("{%p endfor %}")
    if look.closing:
        add(look.closing, "Afsluttende tekst")


def writer(document, small: str = ""):
    """``add(text, style)`` writes a paragraph; ``fact(name, value)`` a line with a name in front. ``small``: as in ``content``."""

    def add(text: str, style: str = "Normal"):
        style += small if style in TIGHT else ""
        return document.add_paragraph(text, style=document.styles[style])

    def fact(name: str, value: str) -> None:
        line = add("", "Fakta")
        line.add_run(name, style=document.styles["Faktanavn"])
        line.add_run("\t")
        line.add_run(value)

    return add, fact


def rows(add, document, look: Look, small: str = "") -> None:
    """The field's table, if it has one."""
    add("{%p if field.rows %}")
    table(document, look.breadth, small)
    add("", "Efter liste")
    add("{%p endif %}")


def section_heading(add, look: Look) -> None:
    """The section's title; a band above it (or instead of it) where a part begins, a new page where a half begins."""
    half, before = look.halves
    if half:
        add(f'{{%p if section.id == "{half}" and not loop.first and loop.previtem.id != "{before}" %}}')
        add("{{ section.title }}", "Ny side")
        add("{%p else %}")
        add("{{ section.title }}", "heading 1")
        add("{%p endif %}")
        return
    for name, title in look.bands:
        add(f'{{%p if section.id == "{name}" %}}')
        add(title, "Del")
        add("{%p endif %}")
    if said := look.bands and [*same_as_title(look), "fdr"]:
        add("{%p if " + " and ".join(f'section.id != "{name}"' for name in said) + " %}")
    add("{{ section.title }}", "heading 1")
    if said:
        add("{%p endif %}")


def same_as_title(look: Look) -> list[str]:
    """The sections whose title the band says already."""
    return [name for name, title in look.bands if title.split("  ")[1].lower() == name]


def under(add, document, look: Look) -> None:
    """The label as a heading of its own, the answer below it."""
    if same := [name for name, _ in look.bands]:
        for name, title in look.bands:
            add(f'{{%p if field.id == "{name}" %}}')
            add(title, "Del")
            add("{%p endif %}")
        add("{%p if " + " and ".join(f'field.id != "{name}"' for name in same) + " %}")
    if look.deeper:  # right below the band of a part: no level may be left out (PDF/UA-1 7.4.2)
        add("{%p if " + " or ".join(f'section.id == "{name}"' for name in same_as_title(look)) + " %}")
        add("{{ field.label }}", "Spørgsmål under del")
        add("{%p else %}")
    add("{{ field.label }}", "heading 2")
    if look.deeper:
        add("{%p endif %}")
    if same:
        add("{%p endif %}")
    add("{%p for paragraph in field.paragraphs %}")
    add("{{ paragraph }}")
    add("{%p endfor %}")
    add("{%p for bullet in field.bullets %}")
    add("{{ bullet }}", "List Bullet")
    add("{%p endfor %}")


def run_in(add, document, look: Look) -> None:
    """Label and answer in one paragraph: a form that has to stay on one page."""
    line = add("")
    line.add_run("{{ field.label }}", style=document.styles["Faktanavn"])
    line.add_run("  {{ field.text }}")


def template(look: Look, written=body, more: str = "") -> bytes:
    """The docx of one look: python-docx's package with our styles (and ``more`` of them), numbering, page and the text that
    ``written`` puts in."""
    document = Document()
    document.styles.element[:] = list(parse_xml(styles(look).replace("</w:styles>", f"{more}</w:styles>")))
    numbering = document.part.numbering_part.element
    numbering[:] = list(parse_xml(NUMBERING))
    edges(document, look)
    written(document, look)
    sect = document.element.body.find(qn("w:sectPr"))
    document.element.body.append(sect)  # the section's properties stand last
    core = document.core_properties
    core.title, core.author, core.language, core.subject = "{{ metadata_title }}", "{{ municipality }}", "da-DK", ""
    core.comments = core.keywords = core.category = core.last_modified_by = ""
    core.created = core.modified = MADE
    out = io.BytesIO()
    document.save(out)
    return write(slim(read(out.getvalue())), compressed=True)


def folder_named(doc: str | None) -> Path:
    """Where to write, of the command line; ``doc``: what ``--help`` says. Nothing is written before it is read."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    ours = Path(__file__).resolve().parents[1] / "document_templates"
    parser.add_argument("folder", nargs="?", type=Path, default=ours, metavar="DIR", help="default: document_templates")
    return parser.parse_args().folder


def put(folder: Path, form: str, version: int, data: bytes) -> None:
    """The template of one version, and a line about it."""
    path = folder / form / f"v{version}.docx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{path}  {len(data)} bytes")


def main(folder: Path) -> None:
    for form, versions in FORMS.items():
        for version, look in versions.items():
            put(folder, form, version, template(look))
    if not (mark := folder / "logo.png").exists():
        mark.write_bytes(logo())


if __name__ == "__main__":
    main(folder_named(__doc__))
