"""What Word shows and the PDF would not is told when a template is sent in; what the linter takes is on the page."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import msgspec
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from tests.contract.test_template_lint import ELSEWHERE, FIELDS, FORM, docx, found
from tests.support.document_samples import FORMS, sample_job
from tests.support.own_templates import changed, ours, with_parts
from tillid.adapters.docx import compile_template
from tillid.adapters.docx.lint import lint
from tillid.adapters.docx.look import PLACEHOLDER
from tillid.adapters.pdf import page_text
from tillid.kernel.canonical import sha256

LOGO = "word/media/image1.png"
MORE = {
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
}
NAMES = nsdecls("w", "wp", "a", "r") + "".join(f' xmlns:{short}="{name}"' for short, name in MORE.items())


def says(inner: str) -> bytes:
    """A template whose second paragraph is made of ``inner``."""
    return docx(change=lambda document: document.element.body.insert(1, parse_xml(f"<w:p {NAMES}>{inner}</w:p>")))


def run(inner: str) -> str:
    return f"<w:r>{inner}</w:r>"


TEXT = run("<w:t>Tekst</w:t>")


def drawing(
    inside: str, about: str = "", uri: str = "wordprocessingShape", fallback: str = "", way: str = "anchor"
) -> str:
    graphic = f'<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/{uri}">{inside}</a:graphicData></a:graphic>'
    at = '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>3000000</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
    size = '<wp:extent cx="2360930" cy="600000"/>'
    where = f'{at}{size}<wp:wrapSquare wrapText="bothSides"/>' if way == "anchor" else size
    how = (
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1" simplePos="0" relativeHeight="2"'
        if way == "anchor"
        else ""
    )
    named = f'<wp:docPr id="217" name="Tekstfelt 1"{about}<wp:cNvGraphicFramePr/>'
    drawn = f"<w:drawing><wp:{way} {how}>{where}{named}{graphic}</wp:{way}></w:drawing>"
    other = f"<mc:Fallback>{fallback}</mc:Fallback>" if fallback else ""
    return run(f'<mc:AlternateContent><mc:Choice Requires="wps">{drawn}</mc:Choice>{other}</mc:AlternateContent>')


def shape(text: str) -> str:
    size = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="2360930" cy="600000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    box = f"<wps:txbx>{content(text)}</wps:txbx>" if text else ""
    return f"<wps:wsp><wps:cNvSpPr/><wps:spPr>{size}</wps:spPr>{box}<wps:bodyPr/></wps:wsp>"


def content(text: str) -> str:
    return f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"


def vml(inner: str) -> str:
    return run(f"<w:pict>{inner}</w:pict>")


def old_box(text: str) -> str:
    return f'<w:pict><v:shape id="b" style="width:200pt;height:50pt"><v:textbox>{content(text)}</v:textbox></v:shape></w:pict>'


def effect(what: str) -> str:
    return run(f"<w:rPr>{what}</w:rPr><w:t>Tekst</w:t>")


def field(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} ">{TEXT}</w:fldSimple>'


EDGE = '<w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/>'
FOR_SHOW = '><a:extLst><a:ext uri="x"><adec:decorative val="1"/></a:ext></a:extLst></wp:docPr>'
BY = 'w:id="1" w:author="Bente"'
TOLD = {
    "footnote": (TEXT + run('<w:footnoteReference w:id="1"/>'), "note", "error", "fodnoter"),
    "endnote": (TEXT + run('<w:endnoteReference w:id="1"/>'), "note", "error", "slutnoter"),
    "formula": ("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>", "formula", "error", "Formlen"),
    "symbol": (run('<w:sym w:font="Wingdings" w:char="F0FC"/>'), "symbol-font", "error", "symbol"),
    "symbol of no letter": (run('<w:sym w:font="Carlito" w:char="F0FC"/>'), "symbol-font", "error", "symbol"),
    "symbol that was copied": (run("<w:t>\uf0a8 Ja</w:t>"), "symbol-font", "error", "symbol"),
    "watermark": (vml('<v:shape id="w"><v:textpath string="KLADDE"/></v:shape>'), "word-art", "error", "Vandmærket"),
    "line across": (vml('<v:rect style="width:0;height:1.5pt" o:hr="t"/>'), "drawing", "error", "streg"),
    "old line": (vml('<v:line id="l" alt="Streg" from="0,30pt" to="300pt,30pt"/>'), "drawing", "error", "streg"),
    "old group": (vml('<v:group id="g"><v:oval id="o"/></v:group>'), "group", "error", "gruppe"),
    "group": (drawing(f"<wpg:wgp>{shape('x')}</wpg:wgp>", ' descr="x"/>', "wordprocessingGroup"), "group", "error", "gruppe"),
    "box in line": (drawing(shape("x"), ' descr="x"/>', way="inline"), "in-line", "error", "på linje"),
    "chart": (drawing("", ' descr="x"/>', "chart"), "diagram", "error", "diagram"),
    "edge of letters": (effect('<w:bdr w:val="single" w:sz="4"/>'), "border", "error", "kant"),
    "edge of a paragraph": (f"<w:pPr><w:pBdr>{EDGE}</w:pBdr></w:pPr>{TEXT}", "border", "error", "kant"),
    "shadow": (effect("<w:shadow/>"), "shadow", "error", "skygge"),
    "relief": (effect("<w:emboss/>"), "shadow", "error", "relief"),
    "sunken": (effect("<w:imprint/>"), "shadow", "error", "relief"),
    "hidden": (effect("<w:vanish/>"), "hidden", "warning", "skjult"),
    "placeholder": (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{TEXT}</w:sdtContent></w:sdt>", "placeholder", "warning", "indholdsfelt"),
    "text box without a text": (drawing(shape("x"), "/>"), "alt-text", "error", "Tekstfeltet"),
    "for show": (drawing(shape("x"), FOR_SHOW), "alt-text", "error", "pynt"),
    "tracked letters": (run(f"<w:rPr><w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange></w:rPr><w:t>x</w:t>"), "tracked-change", "error", "sporede"),
    "tracked paragraph": (f"<w:pPr><w:pPrChange {BY}><w:pPr/></w:pPrChange></w:pPr>{TEXT}", "tracked-change", "error", "sporede"),
    "moved here": (f"<w:moveTo {BY}>{TEXT}</w:moveTo>", "tracked-change", "error", "sporede"),
    "table of contents": (field("TOC \\h"), "moving-field", "error", "indholdsfortegnelse"),
    "pages of a section": (field("SECTIONPAGES"), "moving-field", "error", "hele dokumentet"),
    "heading of the page": (field("STYLEREF 1"), "moving-field", "error", "henvisning"),
    "link": (field("HYPERLINK https://solbjerg.dk"), "link", "warning", "link"),
    "caption": (field("SEQ Tabel"), "moving-field", "error", "nummer"),
    "box to tick": (field("FORMCHECKBOX"), "moving-field", "error", "udfyldes"),
    "merge field": (field("MERGEFIELD Navn"), "moving-field", "error", "flettefelt"),
    "property": (field("AUTHOR"), "moving-field", "error", "egenskaber"),
    "braces apart": (run("<w:t>{ { title } }</w:t>"), "split-tag", "error", "mellemrum"),
    "one brace": (run("<w:t>{ title }</w:t>"), "single-brace", "warning", "to krøllede klammer"),
    "letter apart": (run("<w:t>{% p if title %}</w:t>"), "forbidden", "error", "{%p uden mellemrum"),
    "large letter": (run("<w:t>{%p If title %}</w:t>"), "forbidden", "error", "små bogstaver"),
}  # fmt: skip


@pytest.mark.parametrize("what", TOLD)
def test_what_would_be_lost_is_told_with_its_paragraph(what):
    inner, rule, level, words = TOLD[what]
    first, *more = found(says(inner))
    assert (first.rule, first.level, first.place) == (rule, level, "brødteksten, afsnit 2") and words in first.said
    assert not [one for one in more if one.rule == rule]


IN_ORDER = {
    "an edge that is none": f"<w:pPr><w:pBdr><w:bottom w:val='nil'/></w:pBdr></w:pPr>{TEXT}",
    "no shadow": effect('<w:shadow w:val="0"/>'),
    "a hidden mark of the paragraph": f"<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{TEXT}",
    "a content control": f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{TEXT}</w:sdtContent></w:sdt>",
    "an old text box": run(old_box("{{ title }}")),
    "a text box drawn twice": drawing(shape("{{ title }}"), ' descr="Ramme"/>', fallback=old_box("{{ title }}")),
    "a line drawn twice": drawing(shape(""), ' descr="Streg"/>', fallback='<w:pict><v:line id="l"/></w:pict>'),
    "pages of all": field("NUMPAGES"),
    "link within": field("HYPERLINK \\l her"),
    "braces of no mark": run("<w:t>{a; b} og 50% }</w:t>"),
}


@pytest.mark.parametrize("what", IN_ORDER)
def test_what_is_printed_is_not_complained_of(what):
    assert found(says(IN_ORDER[what])) == []


def test_a_table_of_contents_is_told_once_and_not_for_each_of_its_lines():
    lines = "".join(f"<w:p {NAMES}>{field('PAGEREF _Toc1')}</w:p>" for _ in range(3))
    body = f"<w:sdt {NAMES}><w:sdtContent><w:p>{field('TOC')}</w:p>{lines}</w:sdtContent></w:sdt>"
    (one,) = found(docx(change=lambda document: document.element.body.insert(1, parse_xml(body))))
    assert (one.rule, one.tag, one.paragraph) == ("moving-field", "TOC", 2)
    assert [one.rule for one in found(says(field("PAGEREF _Ref1")))] == ["moving-field"]


def test_what_a_text_box_says_is_looked_at_once_and_always():
    wrong = drawing(shape("{{ titel }}"), ' descr="Ramme"/>', fallback=old_box("{{ titel }}"))
    assert [one.rule for one in found(says(wrong))] == ["unknown-name"]
    other = drawing(shape("{{ title }}"), ' descr="Ramme"/>', fallback=old_box("{{ titel }}"))
    assert [one.rule for one in found(says(other))] == ["unknown-name"]


def test_an_edge_of_a_style_and_of_the_page_is_told():
    def edged(document):
        document.styles["Heading 1"].element.get_or_add_pPr().append(parse_xml(f"<w:pBdr {NAMES}>{EDGE}</w:pBdr>"))
        document.sections[0]._sectPr.append(parse_xml(f"<w:pgBorders {NAMES}>{EDGE}</w:pgBorders>"))

    first, second = sorted(found(docx(change=edged)), key=lambda one: one.rule)
    assert (first.rule, first.place, first.near) == ("border", "typografierne", "heading 1")
    assert (second.rule, second.place) == ("page-border", "brødteksten")


@pytest.mark.parametrize("change", ["del", "cellIns"])
def test_a_tracked_row_or_cell_is_told_with_its_first_paragraph(change):
    def table(document):
        made = document.add_table(rows=1, cols=1)
        made.cell(0, 0).text = "Celle"
        row, cell = made.rows[0]._tr.get_or_add_trPr(), made.cell(0, 0)._tc.get_or_add_tcPr()
        (row if change == "del" else cell).append(parse_xml(f"<w:{change} {NAMES} {BY}/>"))

    (one,) = (one for one in found(docx(change=table)) if one.rule == "tracked-change")
    assert (one.near, one.paragraph) == ("Celle", 2)


def test_a_tracked_page_is_told_with_its_part():
    def section(document):
        document.sections[0]._sectPr.append(parse_xml(f"<w:sectPrChange {NAMES} {BY}><w:sectPr/></w:sectPrChange>"))

    (one,) = found(docx(change=section))
    assert (one.rule, one.place) == ("tracked-change", "brødteksten")


def test_a_file_saved_by_the_strict_standard_is_told_how_to_save_it():
    made = docx()
    text = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with_strict = changed(made, *[(text, "http://purl.oclc.org/ooxml/wordprocessingml/main")])
    (one,) = found(with_strict)
    assert (one.rule, one.level) == ("strict", "error") and "Word-dokument (.docx)" in one.said


def own_logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "red").save(out, "PNG")
    return out.getvalue()


def test_a_logo_that_would_be_replaced_is_told():
    data = with_parts({LOGO: own_logo()}, ours("overgangsbeskrivelse", 3))
    (one,) = found(data)
    assert (one.rule, one.level, one.place) == ("logo", "warning", "sidehovedet, afsnit 1") and "andet navn" in one.said
    assert found(changed(data, ('name="logo"', 'name="Vores logo"'), part="word/header1.xml")) == []


def test_a_logo_that_stands_in_no_text_or_whose_relationships_are_broken_ends_no_look():
    data = with_parts({LOGO: own_logo()}, ours("overgangsbeskrivelse", 3))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        key = re.search(r'r:embed="(\w+)"', packed.read("word/header1.xml").decode())[1]
    outside = f'<wp:inline {NAMES}><wp:docPr id="9" name="logo" descr="x"/><a:blip r:embed="{key}"/></wp:inline>'
    told = found(changed(data, ("</w:hdr>", f"{outside}</w:hdr>"), part="word/header1.xml"))
    assert [(one.rule, one.place) for one in told] == [("logo", "sidehovedet, afsnit 1")]
    broken = with_parts({"word/_rels/header1.xml.rels": b"<!DOCTYPE a><a/>"}, data)
    assert [one.rule for one in found(broken)] == ["xml"]


@pytest.mark.parametrize(("form_id", "version"), FORMS)
def test_our_own_templates_have_the_placeholder(form_id, version):
    parts = compile_template(ours(form_id, version)).parts
    assert PLACEHOLDER in {sha256(data) for name, data in parts.items() if name.startswith("word/media/")}


def as_a_clerk_would(document: Document) -> None:
    """Another font, a picture, a text box, a content control, a comment, a split mark, a page across."""
    first = document.paragraphs[0]
    first.runs[0].font.name = "Liberation Serif"
    document.add_comment(first.runs, text="Skal den være større?", author="Bente")
    document.add_picture(io.BytesIO(own_logo()))
    document.inline_shapes[-1]._inline.docPr.set("descr", "En rød firkant")
    inside = run("<w:t>{{ municipality }} i felt</w:t>")
    for inner in (
        drawing(shape("Ramme {{ number }}"), ' descr="Ramme"/>', fallback=old_box("Ramme {{ number }}")),
        f'<w:sdt><w:sdtPr><w:alias w:val="Kommune"/><w:text/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>',
        run("<w:t>Delt {</w:t>") + run("<w:t>{ ver</w:t>") + run("<w:t>sion }}</w:t>"),
    ):
        document.element.body.insert(1, parse_xml(f"<w:p {NAMES}>{inner}</w:p>"))
    across = document.add_section(WD_SECTION.NEW_PAGE)
    across.orientation, across.page_width, across.page_height = (
        WD_ORIENT.LANDSCAPE,
        across.page_height,
        across.page_width,
    )
    document.add_paragraph("Bilag til {{ title }}", style="Heading 1")


def saved_by_libreoffice(data: bytes, folder: Path) -> bytes:
    (folder / "min.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profil').as_uri()}"
    command = [
        shutil.which("soffice"),
        profile,
        "--headless",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder / "ud"),
    ]
    subprocess.run([*command, str(folder / "min.docx")], check=True, capture_output=True, timeout=120)
    return (folder / "ud" / "min.docx").read_bytes()


@pytest.mark.req("T9")
@pytest.mark.parametrize("saved", ["word", "libreoffice"])
def test_what_a_clerk_changed_and_the_linter_takes_is_on_the_page(renderer, saved, tmp_path):
    document = Document(io.BytesIO(ours("overgangsbeskrivelse", 3)))
    as_a_clerk_would(document)
    out = io.BytesIO()
    document.save(out)
    data = out.getvalue() if saved == "word" else saved_by_libreoffice(out.getvalue(), tmp_path)
    findings = lint(data, fields=FIELDS, elsewhere=ELSEWHERE, form=FORM.name)
    assert {one.level for one in findings} <= {"warning", "note"} and "comment" in {one.rule for one in findings}
    job = sample_job("overgangsbeskrivelse", 3, state="short")
    text = " ".join(page_text(renderer.render(msgspec.structs.replace(job, template=data)).pdf).split())
    for words in (
        f"Ramme {job.document_number}",
        "Solbjerg Kommune i felt",
        "Delt 3",
        "Bilag til Overgangsbeskrivelse",
    ):
        assert words in text, words
    assert "Skal den være større" not in text
