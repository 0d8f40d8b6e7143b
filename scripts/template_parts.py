"""What the document templates are made of: look, styles, tables, page edges and the logo (``make_templates.py`` puts them
together). Text font Carlito (same measures as Calibri), language da-DK, real heading styles (bookmarks and tags), bullets
U+2022 in the text font (else PDF/A level A is lost).
"""

from __future__ import annotations

import io
from typing import NamedTuple

from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from PIL import Image, ImageDraw

NS = nsdecls("w")
SMALL = " tæt"  # behind the name of a style: the same set small
# ACCENT and SHADE are the two colours that a municipality's own replace (adapters/docx/look.py).
INK, ACCENT, QUIET, LINE, SHADE = "1A1A1A", "1F4E5F", "4F5B62", "B8C4C9", "EEF3F4"


class Look(NamedTuple):
    """Sizes in half points, spaces in twentieths of a point, margins in cm.

    ``run_in``: label and answer in one paragraph. ``wide``: across the page. ``bands``: which section or field begins a part
    of the form, and its heading; ``deeper``: how many levels the sections stand below it. ``halves``: this section begins on a page of its own, unless only the child stands before it.
    ``tight``: the table that, with more letters than so many, is set small together with all around it, so that the page holds it (T21).
    """

    text: int = 19
    line: int = 252
    after: int = 70
    heading: int = 25
    margin: float = 2.0
    closing: str = ""
    run_in: bool = False
    wide: bool = False
    bands: tuple[tuple[str, str], ...] = ()
    deeper: int = 0
    halves: tuple[str, str] = ("", "")
    tight: tuple[str, int] = ("", 0)

    @property
    def breadth(self) -> int:
        """Between the margins, in twentieths of a point."""
        return int(((29.7 if self.wide else 21) - 2 * self.margin) * 567)


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

    deeper = look.deeper
    # Shading, not borders: LibreOffice 7.4 leaves a paragraph's border untagged, and PDF/UA is lost.
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>'
    band = f'<w:shd w:val="clear" w:color="auto" w:fill="{ACCENT}"/>'
    return f"""<w:styles {NS}>
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" w:eastAsia="Carlito" w:cs="Carlito"/><w:color w:val="{INK}"/><w:sz w:val="{look.text}"/><w:szCs w:val="{look.text}"/><w:lang w:val="da-DK" w:eastAsia="da-DK" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr><w:spacing w:after="{look.after}" w:line="{look.line}" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
{paragraph("Title", "Title", size=44, bold=True, color=ACCENT, after=20, more="<w:keepNext/>{spacing}")}
{paragraph("Subtitle", "Subtitle", size=26, color=QUIET, after=160, more="<w:keepNext/>{spacing}")}
{paragraph("Heading1", "heading 1", size=look.heading, bold=True, color=ACCENT, before=look.after * 3 + 20, after=look.after, more="<w:keepNext/><w:keepLines/>" + shade + "{spacing}", outline=deeper)}
{paragraph("NewPage", "Ny side", base="Heading1", more="<w:keepNext/><w:keepLines/><w:pageBreakBefore/>" + shade + '<w:spacing w:before="0" w:after="' + str(look.after) + '"/>', outline=0)}
{paragraph("Part", "Del", size=look.heading + 1, bold=True, color="FFFFFF", before=look.after * 4, after=look.after, more="<w:keepNext/><w:keepLines/>" + band + "{spacing}", outline=0)}
{paragraph("Heading2", "heading 2", bold=True, color=INK, before=look.after, after=10, more="<w:keepNext/><w:keepLines/>{spacing}", outline=deeper + 1)}
{paragraph("PartLabel", "Spørgsmål under del", base="Heading2", bold=True, before=look.after, after=10, more="<w:keepNext/><w:keepLines/>{spacing}", outline=1)}
{paragraph("Fact", "Fakta", after=30, more='<w:tabs><w:tab w:val="left" w:pos="3402"/></w:tabs>{spacing}<w:ind w:left="3402" w:hanging="3402"/>')}
{paragraph("ListBullet", "List Bullet", more='<w:numPr><w:numId w:val="1"/></w:numPr>{spacing}<w:contextualSpacing/>')}
{paragraph("ListEnd", "Efter liste", size=8, after=0, more='<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>')}
{paragraph("TableText", "Tabeltekst", size=look.text - 1, before=20, after=20)}
{paragraph("TableHead", "Tabelhoved", size=look.text - 1, bold=True, color=ACCENT, base="TableText", before=20, after=20, more="<w:keepNext/>{spacing}")}
{paragraph("Closing", "Afsluttende tekst", color=QUIET, before=300, more="<w:keepLines/>{spacing}")}
{paragraph("Header", "header", size=18, color=QUIET, after=0)}
{paragraph("Footer", "footer", size=16, color=QUIET, after=0)}
{tight_styles(deeper) if look.tight[0] else ""}<w:style w:type="character" w:styleId="FactLabel"><w:name w:val="Faktanavn"/><w:rPr><w:b/><w:color w:val="{QUIET}"/></w:rPr></w:style>
</w:styles>"""


# Style, its size when set small, and the space after it. No smaller than the page's own footer.
TIGHT = {
    "Title": ("Title", 28, 0),
    "Normal": ("Normal", 17, 5),
    "heading 1": ("Heading1", 19, 10),
    "Ny side": ("NewPage", 19, 10),
    "heading 2": ("Heading2", 17, 10),
    "Fakta": ("Fact", 17, 0),
    "List Bullet": ("ListBullet", 17, 10),
    "Tabeltekst": ("TableText", 16, 0),
    "Tabelhoved": ("TableHead", 16, 0),
    "Afsluttende tekst": ("Closing", 17, 10),
}


def tight_styles(deeper: int) -> str:
    """Each style of ``TIGHT`` set small: based on itself, so that it is as bold, coloured and indented; a heading stays one."""
    made = ""
    for name, (style_id, size, after) in TIGHT.items():
        level = {"heading 1": deeper, "Ny side": 0, "heading 2": deeper + 1}.get(name)
        outline = "" if level is None else f'<w:outlineLvl w:val="{level}"/>'
        spacing = f'<w:spacing w:before="{after * 4 if outline else after}" w:after="{after}" w:line="224" w:lineRule="auto"/>'
        made += (
            f'<w:style w:type="paragraph" w:styleId="{style_id}Tight"><w:name w:val="{name}{SMALL}"/><w:basedOn w:val="{style_id}"/><w:qFormat/>'
            f'<w:pPr>{spacing}{outline}</w:pPr><w:rPr><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>\n'
        )
    return made


NUMBERING = f"""<w:numbering {NS}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="\u2022"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="340" w:hanging="227"/></w:pPr><w:rPr><w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" w:cs="Carlito"/></w:rPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def table(document, width: int, small: str = "") -> None:
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
            cell.paragraphs[0].style = document.styles[("Tabeltekst" if number else "Tabelhoved") + small]
            cell.paragraphs[0].add_run(text)
            if number == 0:
                cell._tc.get_or_add_tcPr().append(
                    parse_xml(f'<w:shd {NS} w:val="clear" w:color="auto" w:fill="{SHADE}"/>')
                )
    grid.rows[0]._tr.trPr.append(parse_xml(f"<w:tblHeader {NS}/>"))


def edges(document, look: Look) -> None:
    """Page, header with the municipality, footer with number, form version and "Side x af y"."""
    section = document.sections[0]
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if look.wide else (Cm(21), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if look.wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(look.margin)
    section.top_margin = Cm(look.margin + 0.3)  # the header's logo, and air below it
    section.bottom_margin = Cm(look.margin + 0.35)  # room for the footer
    section.header_distance, section.footer_distance = Cm(0.8), Cm(1.0)
    right = look.breadth
    tabs = f'<w:tabs {NS}><w:tab w:val="right" w:pos="{right}"/></w:tabs>'
    header = section.header.paragraphs[0]
    header.style = document.styles["header"]
    header._p.get_or_add_pPr().append(parse_xml(tabs))
    place_logo(header)
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
    last.add_run("{{ title }} version {{ version }} · {{ number }} · {{ copy }}\tSide ")
    field(last, "PAGE")
    last.add_run(" af ")
    field(last, "NUMPAGES")


def field(paragraph, code: str) -> None:
    paragraph._p.append(parse_xml(f'<w:fldSimple {NS} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def place_logo(paragraph) -> None:
    """The placeholder that ``adapters/docx/look.py`` fills or takes away, and the space after it."""
    run = paragraph.add_run()
    run.add_picture(io.BytesIO(logo()), height=Cm(0.7))
    for side in "TBLR":  # LibreOffice takes an eighth of an inch where nothing is said
        run._r.find(".//" + qn("wp:inline")).set(f"dist{side}", "0")
    about = run._r.find(".//" + qn("wp:docPr"))
    about.set("name", "logo")
    about.set("descr", "Kommunens logo")
    run.add_text("  ")


def logo() -> bytes:
    """The demo municipality's mark, a sun over a hill: drawn large and made small, so that its edges are smooth."""
    large = Image.new("RGB", (1200, 1200), "white")
    draw = ImageDraw.Draw(large)
    draw.ellipse((330, 150, 870, 690), fill="#e0a526")
    draw.ellipse((-300, 560, 1000, 2200), fill="#2f7d6b")
    draw.ellipse((500, 700, 1700, 2200), fill="#1f4e5f")
    out = io.BytesIO()
    large.resize((240, 240), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
