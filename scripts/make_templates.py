"""Writes the docx templates of ``document_templates/`` from shared parts: ``python scripts/make_templates.py [DIR]``.

The results are ordinary Word documents that may be edited by hand from then on; they are committed, and a published
version is never written again under the same number. Text font Carlito (same measures as Calibri), language da-DK,
real heading styles (bookmarks and tags), bullets U+2022 in the text font (else PDF/A level A is lost), no DATE fields
(else the same document renders differently tomorrow) and no state (it changes after rendering).
"""

from __future__ import annotations

import io
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from tillid.adapters.docx.package import read, slim, write

NS = nsdecls("w")
INK, ACCENT, QUIET, LINE, SHADE = "1A1A1A", "1F4E5F", "4F5B62", "B8C4C9", "EEF3F4"
MADE = datetime(2026, 11, 25)  # fixed: the same script writes the same bytes


class Look(NamedTuple):
    """Sizes in half points, spaces in twentieths of a point, margins in cm."""

    text: int = 19
    line: int = 252
    after: int = 70
    heading: int = 25
    margin: float = 2.0
    closing: str = ""
    run_in: bool = False


FORMS = {
    "overgangsbeskrivelse/v3": Look(),
    "trivselsskema/v2": Look(line=240, after=30, heading=21, margin=1.6, run_in=True),
    "samtykkeerklaering/v2": Look(
        text=21,
        closing="Det er frivilligt at give samtykke. Et samtykke kan trækkes tilbage når som helst, og det virker med det samme. Det ændrer ikke på barnets plads.",
    ),
}


def styles(look: Look) -> str:
    """The whole ``w:styles``: what the templates use and nothing else."""

    def paragraph(
        style_id: str,
        name: str,
        *,
        size: int = 0,
        bold: bool = False,
        color: str = "",
        before: int = 0,
        after: int = look.after,
        more: str = "{spacing}",
        outline: int | None = None,
        base: str = "Normal",
    ) -> str:
        run = (
            ("<w:b/>" if bold else "")
            + (f'<w:color w:val="{color}"/>' if color else "")
            + (f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "")
        )
        level = f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else ""
        layout = more.replace("{spacing}", f'<w:spacing w:before="{before}" w:after="{after}"/>')
        return f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/><w:qFormat/><w:pPr>{layout}{level}</w:pPr><w:rPr>{run}</w:rPr></w:style>'

    # Shading, not borders: LibreOffice 7.4 leaves a paragraph's border untagged, and PDF/UA is lost.
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>'
    return f"""<w:styles {NS}>
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" w:eastAsia="Carlito" w:cs="Carlito"/><w:color w:val="{INK}"/><w:sz w:val="{look.text}"/><w:szCs w:val="{look.text}"/><w:lang w:val="da-DK" w:eastAsia="da-DK" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr><w:spacing w:after="{look.after}" w:line="{look.line}" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
{paragraph("Title", "Title", size=44, bold=True, color=ACCENT, after=20, more="<w:keepNext/>{spacing}")}
{paragraph("Subtitle", "Subtitle", size=26, color=QUIET, after=160, more="<w:keepNext/>{spacing}")}
{paragraph("Heading1", "heading 1", size=look.heading, bold=True, color=ACCENT, before=look.after * 3 + 20, after=look.after, more="<w:keepNext/><w:keepLines/>" + shade + "{spacing}", outline=0)}
{paragraph("Heading2", "heading 2", bold=True, color=INK, before=look.after, after=10, more="<w:keepNext/><w:keepLines/>{spacing}", outline=1)}
{paragraph("Fact", "Fakta", after=30, more='<w:tabs><w:tab w:val="left" w:pos="3402"/></w:tabs>{spacing}<w:ind w:left="3402" w:hanging="3402"/>')}
{paragraph("ListBullet", "List Bullet", more='<w:numPr><w:numId w:val="1"/></w:numPr>{spacing}<w:contextualSpacing/>')}
{paragraph("ListEnd", "Efter liste", size=8, after=0, more='<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>')}
{paragraph("TableText", "Tabeltekst", size=look.text - 1, before=20, after=20)}
{paragraph("TableHead", "Tabelhoved", size=look.text - 1, bold=True, color=ACCENT, base="TableText", before=20, after=20, more="<w:keepNext/>{spacing}")}
{paragraph("Closing", "Afsluttende tekst", color=QUIET, before=300, more="<w:keepLines/>{spacing}")}
{paragraph("Header", "header", size=18, color=QUIET, after=0)}
{paragraph("Footer", "footer", size=16, color=QUIET, after=0)}
<w:style w:type="character" w:styleId="FactLabel"><w:name w:val="Faktanavn"/><w:rPr><w:b/><w:color w:val="{QUIET}"/></w:rPr></w:style>
</w:styles>"""


NUMBERING = f"""<w:numbering {NS}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="\u2022"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="340" w:hanging="227"/></w:pPr><w:rPr><w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" w:cs="Carlito"/></w:rPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def body(document, look: Look) -> None:
    """Title, facts, then sections with their fields: facts, texts, lists and tables, in the definition's order."""

    def add(text: str, style: str = "Normal"):
        return document.add_paragraph(text, style=document.styles[style])

    def fact(name: str, value: str) -> None:
        line = add("", "Fakta")
        line.add_run(name, style=document.styles["Faktanavn"])
        line.add_run("\t")
        line.add_run(value)

    add("{{ title }}", "Title")
    add("{%p if subtitle %}")
    add("{{ subtitle }}", "Subtitle")
    add("{%p endif %}")
    add("{%p for fact in facts %}")
    fact("{{ fact.label }}", "{{ fact.text }}")
    add("{%p endfor %}")
    add("{%p for section in sections %}")
    add("{{ section.title }}", "heading 1")
    add("{%p for field in section.fields %}")
    add('{%p if field.kind == "fact" %}')
    fact("{{ field.label }}", "{{ field.text }}")
    add("{%p else %}")
    (run_in if look.run_in else under)(add, document)
    add("{%p if field.rows %}")
    table(document, int((21 - 2 * look.margin) * 567))
    add("", "Efter liste")
    add("{%p endif %}")
    add("{%p endif %}")
    add("{%p endfor %}")
    add("{%p endfor %}")
    if look.closing:
        add(look.closing, "Afsluttende tekst")


def under(add, document) -> None:
    """The label as a heading of its own, the answer below it."""
    add("{{ field.label }}", "heading 2")
    add("{%p for paragraph in field.paragraphs %}")
    add("{{ paragraph }}")
    add("{%p endfor %}")
    add("{%p for bullet in field.bullets %}")
    add("{{ bullet }}", "List Bullet")
    add("{%p endfor %}")


def run_in(add, document) -> None:
    """Label and answer in one paragraph: a form that has to stay on one page."""
    line = add("")
    line.add_run("{{ field.label }}", style=document.styles["Faktanavn"])
    line.add_run("  {{ field.text }}{{ field.bullets | join('; ') }}")


def table(document, width: int) -> None:
    """A table whose columns and rows come from the field; the first row repeats and is tagged as header."""
    grid = document.add_table(rows=4, cols=3)
    grid.autofit = False
    for old in grid._tbl.tblPr.findall(qn("w:tblW")):
        grid._tbl.tblPr.remove(old)
    grid._tbl.tblPr.insert(0, parse_xml(f'<w:tblW {NS} w:w="{width}" w:type="dxa"/>'))
    grid._tbl.tblPr.insert(
        1, parse_xml(f'<w:tblInd {NS} w:w="85" w:type="dxa"/>')
    )  # the border stands in line with the text
    for column in grid._tbl.tblGrid:
        column.set(qn("w:w"), str(width // 3))
    grid._tbl.tblPr.append(
        parse_xml(
            f"<w:tblBorders {NS}>"
            + "".join(
                f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
                for side in ("top", "left", "bottom", "right", "insideH", "insideV")
            )
            + "</w:tblBorders>"
        )
    )
    texts = (
        ("{%tc for column in field.columns %}", "{{ column }}", "{%tc endfor %}"),
        ("{%tr for row in field.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for number, (row, cells) in enumerate(zip(grid.rows, texts, strict=True)):
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {NS}/>"))
        for cell, text in zip(row.cells, cells, strict=True):
            cell.paragraphs[0].style = document.styles["Tabeltekst" if number else "Tabelhoved"]
            cell.paragraphs[0].add_run(text)
            if number == 0:
                cell._tc.get_or_add_tcPr().append(
                    parse_xml(f'<w:shd {NS} w:val="clear" w:color="auto" w:fill="{SHADE}"/>')
                )
    grid.rows[0]._tr.trPr.append(parse_xml(f"<w:tblHeader {NS}/>"))


def edges(document, look: Look) -> None:
    """Page, header with the municipality, footer with number, form version and "Side x af y"."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = Cm(look.margin)
    section.bottom_margin = Cm(look.margin + 0.35)  # room for the footer
    section.header_distance = section.footer_distance = Cm(1.0)
    right = int((21 - 2 * look.margin) * 567)
    tabs = f'<w:tabs {NS}><w:tab w:val="right" w:pos="{right}"/></w:tabs>'
    header = section.header.paragraphs[0]
    header.style = document.styles["header"]
    header._p.get_or_add_pPr().append(parse_xml(tabs))
    header.add_run("{{ municipality }}").bold = True
    header.add_run("\t{{ number }}")
    loop = ("{%p for line in footer_lines %}", "{{ line }}", "{%p endfor %}")
    paragraphs = [section.footer.paragraphs[0]] + [section.footer.add_paragraph() for _ in range(3)]
    for paragraph in paragraphs:
        paragraph.style = document.styles["footer"]
    for paragraph, text in zip(paragraphs, loop, strict=False):
        paragraph.add_run(text)
    last = paragraphs[3]
    last._p.get_or_add_pPr().append(parse_xml(tabs))
    last.add_run("{{ title }} version {{ version }} · {{ number }}\tSide ")
    field(last, "PAGE")
    last.add_run(" af ")
    field(last, "NUMPAGES")


def field(paragraph, code: str) -> None:
    paragraph._p.append(parse_xml(f'<w:fldSimple {NS} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def template(look: Look) -> bytes:
    """The docx of one look: python-docx's package with our styles, numbering, page and text."""
    document = Document()
    document.styles.element[:] = list(parse_xml(styles(look)))
    numbering = document.part.numbering_part.element
    numbering[:] = list(parse_xml(NUMBERING))
    edges(document, look)
    body(document, look)
    sect = document.element.body.find(qn("w:sectPr"))
    document.element.body.append(sect)  # the section's properties stand last
    core = document.core_properties
    core.title, core.author, core.language, core.subject = "{{ metadata_title }}", "{{ municipality }}", "da-DK", ""
    core.comments = core.keywords = core.category = core.last_modified_by = ""
    core.created = core.modified = MADE
    out = io.BytesIO()
    document.save(out)
    return write(slim(read(out.getvalue())))


def main(folder: Path) -> None:
    for name, look in FORMS.items():
        path = folder / f"{name}.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(template(look))
        print(f"{path}  {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "document_templates")
