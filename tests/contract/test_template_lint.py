"""The linter of templates: each problem is found and named by paragraph, tag and field; our own templates have none."""

import io
import zipfile

import msgspec
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from tests.faults.bad_packages import RELS
from tests.support.document_samples import DEFINITIONS, FORMS
from tests.support.own_templates import DOCUMENT, damaged, ours, with_parts
from tillid.adapters.docx import TemplateError, compile_template
from tillid.adapters.docx.lint import lint
from tillid.adapters.docx.lint.box import LintLimits, boxed_lint
from tillid.kernel.paths import DOCUMENT_TEMPLATES
from tillid.web.views.templates_proposal import finding_words

FORM = DEFINITIONS.get("overgangsbeskrivelse", 3)
FIELDS = {field.id: field.label for field in FORM.fields if field.phase == "content"}
ELSEWHERE = {"p_glad_troest": "overgangsbeskrivelse/v1"}


def docx(*paragraphs: str, change=None, style: str = "Heading 1") -> bytes:
    """A small template without a problem of its own."""
    document = Document()
    document.add_paragraph("{{ title }}", style=style)
    for text in paragraphs:
        document.add_paragraph(text)
    document.core_properties.title = "{{ metadata_title }}"
    document.styles.element.find(qn("w:docDefaults")).find(".//" + qn("w:lang")).set(qn("w:val"), "da-DK")
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def found(data: bytes):
    """Errors and warnings, without the fonts of python-docx's own template."""
    findings = lint(data, fields=FIELDS, elsewhere=ELSEWHERE, form=FORM.name)
    return [one for one in findings if one.rule != "font"]


@pytest.mark.parametrize(("form_id", "version"), FORMS)
def test_our_own_templates_have_no_problem(form_id, version):
    form = DEFINITIONS.get(form_id, version)
    fields = {field.id: field.label for field in form.fields}
    data = (DOCUMENT_TEMPLATES / form_id / f"v{version}.docx").read_bytes()
    assert lint(data, fields=fields, elsewhere={}, form=form.name) == []


def test_a_template_that_names_fields_is_in_order():
    texts = ["{%p if fields.p_glad.answered %}", "{{ fields.p_glad.label }}: {{ fields.p_glad.text }}", "{%p endif %}"]
    assert found(docx(*texts)) == []


TAGS = [
    (["{{ titel }}"], "unknown-name", 2, "{{ titel }}", "titel", "Mente du title?"),
    (
        ["x", "{{ fields.p_gladd.text }}"],
        "unknown-field",
        3,
        "{{ fields.p_gladd.text }}",
        "p_gladd",
        "Mente du p_glad?",
    ),
    (["{{ fields.p_glad_troest.text }}"], "other-version", 2, "", "p_glad_troest", "i overgangsbeskrivelse/v1"),
    (["{{ p_glad }}"], "unknown-name", 2, "{{ p_glad }}", "p_glad", "fields.p_glad.text"),
    (["{{ fields.p_glad.tekst }}"], "unknown-name", 2, "", "tekst", "Mente du text?"),
    (["{{ sections }}"], "not-text", 2, "{{ sections }}", "", "liste"),
    (["{{ fields.p_glad }}"], "not-text", 2, "", "", ".text"),
    (
        ["{%p for s in sections %}", "{{ s.titel }}", "{%p endfor %}"],
        "unknown-name",
        3,
        "{{ s.titel }}",
        "titel",
        "title",
    ),
    (["{%p for s in sections %}"], "broken-loop", 2, "{%p for s in sections %}", "", "endfor"),
    (["{%p endfor %}"], "broken-loop", 2, "{%p endfor %}", "", "ikke er åbent"),
    (["{%p for s in sections %}", "{%p endif %}"], "broken-loop", 3, "{%p endif %}", "", "{%p for s in sections %}"),
    (["{%p if title %}", "{% endif %}"], "broken-loop", 3, "{% endif %}", "", "samme bogstav"),
    (["{% if title %}", "{% endif %}"], "broken-loop", 3, "{% endif %}", "", "afsnit 2"),
    (["{%p for c in title %}", "{%p endfor %}"], "broken-loop", 2, "", "title", "liste"),
    (["Hej {%p if title %}", "{%p endif %}"], "tag-place", 2, "{%p if title %}", "", "alene"),
    (["{%tr for f in facts %}", "{%tr endfor %}"], "tag-place", 2, "{%tr for f in facts %}", "", "tabelrække"),
    (["{{ title"], "split-tag", 2, "{{ title", "", "samme afsnit"),
    (["{{ title + }}"], "syntax", 2, "{{ title + }}", "", "kan ikke læses"),
    (["{{ cycler.__init__.__globals__.os.popen('id') }}"], "forbidden", 2, "", "", "kald"),
    (["{{ title.__class__ }}"], "forbidden", 2, "", "__class__", "understreg"),
    (['{{ "a" * 10**9 }}'], "forbidden", 2, "", "", "regning"),
    (["{{ title | attr('x') }}"], "forbidden", 2, "", "", "attr"),
    (["{% set x = 1 %}"], "forbidden", 2, "{% set x = 1 %}", "", "set"),
    (["{% include 'x' %}"], "forbidden", 2, "", "", "include"),
    (["{{r title }}"], "forbidden", 2, "{{r title }}", "", "Word-kode"),
]


@pytest.mark.parametrize(("texts", "code", "paragraph", "tag", "field", "told"), TAGS)
def test_a_wrong_tag_is_named(texts, code, paragraph, tag, field, told):
    first = next(one for one in found(docx(*texts)) if one.rule == code)
    assert (first.level, first.part, first.paragraph) == ("error", "word/document.xml", paragraph)
    assert not tag or first.tag == tag
    assert not field or first.field == field
    assert told in first.said
    english = finding_words("en")[0](first)
    assert "{" not in english.replace(first.tag, "").replace("{{r", "").replace("{%", "") and english != first.said
    assert finding_words("da")[0](first) == first.said


def test_what_is_found_is_told_in_english_too_with_the_place():
    said, place = finding_words("en")
    first = found(docx("{{ title + title }}"))[0]
    assert said(first) == "A tag may not hold arithmetic. Write only the name of what is to be printed."
    assert (place(first), first.place) == ("the body text, paragraph 2", "brødteksten, afsnit 2")
    kept = msgspec.structs.replace(first, text="Feltet {name} er væk. Skriv {%p for … %}.", values={})
    assert said(kept) == kept.text, "what was kept before it had values is told as it was"


def test_deep_loops_are_refused():
    texts = [f"{{%p for {name} in sections %}}" for name in "abcde"] + ["{%p endfor %}"] * 5
    assert [one.rule for one in found(docx(*texts))] == ["forbidden"]


def test_a_tag_that_word_has_split_is_healed_and_told():
    def split(document):
        line = document.add_paragraph("{")
        for piece in ("{ ti", "tle }", "}"):
            line.add_run(piece)

    (one,) = found(docx(change=split))
    assert (one.rule, one.level, one.tag) == ("split-tag", "note", "{{ title }}")
    assert b"Sandt" in zipped(compile_template(docx(change=split)).render({"title": "Sandt", "metadata_title": "x"}))


def zipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml")


def picture(document, name="Billede"):
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    out.seek(0)
    document.add_picture(out)


def test_pictures_headings_tables_and_symbols():
    def odd(document):
        picture(document)
        document.add_paragraph("Tre", style="Heading 3")
        document.add_table(rows=1, cols=1)
        document.add_paragraph("x").runs[0].font.name = "Wingdings"

    findings = {one.rule: one for one in found(docx(change=odd))}
    assert set(findings) == {"alt-text", "heading-order", "table-header", "symbol-font"}
    assert "niveau 3" in findings["heading-order"].said and "niveau 1" in findings["heading-order"].said
    assert findings["alt-text"].paragraph == 2 and findings["heading-order"].near == "Tre"


def test_a_missing_font_is_told_with_what_is_printed_instead():
    def calibri(document):
        document.add_paragraph("x").runs[0].font.name = "Calibri"

    findings = lint(docx(change=calibri), fields=FIELDS, elsewhere={}, form=FORM.name)
    told = {one.field: one.said for one in findings if one.rule == "font"}
    assert "Carlito, som fylder det samme" in told["Calibri"]
    assert not [one for one in findings if one.level == "error"]
    (at,) = (one for one in findings if one.field == "Calibri")
    assert (at.part, at.paragraph, at.near) == ("word/document.xml", 2, "x") and "Vælg Carlito" in at.said


def test_a_font_of_a_style_is_told_with_the_style():
    def styled(document):
        document.add_paragraph("x", style="Quote")
        document.styles["Quote"].font.name = "Comic Sans MS"

    (at,) = (
        one
        for one in lint(docx(change=styled), fields=FIELDS, elsewhere={}, form=FORM.name)
        if one.field == "Comic Sans MS"
    )
    assert (at.place, at.near, at.level) == ("typografierne", "Quote", "warning")


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("word/vbaProject.bin", "macro"),
        ("word/embeddings/x.bin", "ole"),
        ("word/activeX/a.xml", "ole"),
    ],
)
def test_what_runs_or_is_embedded_is_found_and_refused(part, code):
    data = with_parts({part: b"x"}, docx())
    assert [(one.rule, one.level) for one in found(data)] == [(code, "error")]
    with pytest.raises(TemplateError):
        compile_template(data)


RELATION = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("kind", "target", "code", "level"),
    [
        ("image", "https://example.org/x.png", "remote-image", "error"),
        ("image", "file:///etc/passwd", "remote-image", "error"),
        ("attachedTemplate", "\\\\server\\x.dotm", "external-link", "error"),
        ("oleObject", "x.xlsx", "external-link", "error"),
        ("hyperlink", "https://example.org", "link", "warning"),
    ],
)
def test_what_comes_from_outside_is_found(kind, target, code, level):
    data = docx()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        rels = package.read(RELS).decode()
    changed = rels.replace("</Relationships>", RELATION.format(kind=kind, target=target) + "</Relationships>").encode()
    (one,) = found(with_parts({RELS: changed}, data))
    assert (one.rule, one.level, one.tag) == (code, level, target)


def test_what_is_loaded_from_outside_is_told_with_its_paragraph():
    def pictured(document):
        document.add_paragraph("Først")
        picture(document)

    data = docx(change=pictured)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        rels, page = package.read(RELS).decode(), package.read(DOCUMENT).decode()
    mark = page.split('r:embed="')[1].split('"')[0]
    page = page.replace(f'r:embed="{mark}"', 'r:link="rId99"').replace('descr=""', "").replace('name="Picture 1"', 'name="Picture 1" descr="Et træ"')  # fmt: skip
    relation = RELATION.format(kind="image", target="https://example.org/x.png")
    changed = rels.replace("</Relationships>", relation + "</Relationships>").encode()
    (one,) = found(with_parts({RELS: changed, DOCUMENT: page.encode()}, data))
    assert (one.rule, one.place, one.tag) == ("remote-image", "brødteksten, afsnit 3", "https://example.org/x.png")


def field(code: str):
    xml = f'<w:p {nsdecls("w")}><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {code} </w:instrText></w:r></w:p>'

    def add(document):
        document.element.body.insert(1, parse_xml(xml))

    return add


@pytest.mark.parametrize("code", ["DATE", "INCLUDETEXT x.docx", "DDEAUTO c:\\x", "INCLUDEPICTURE x", "FILENAME"])
def test_fields_that_move_are_found_and_refused(code):
    data = docx(change=field(code))
    (one,) = found(data)
    assert (one.rule, one.paragraph, one.tag) == ("moving-field", 2, code)
    with pytest.raises(TemplateError):
        compile_template(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-docx"),
        (b"PK\x03\x04broken", "no-docx"),
        (b"%PDF-1.7", "no-docx"),
        (with_parts({DOCUMENT: b"<w:document"}, docx()), "xml"),
        (with_parts({DOCUMENT: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}, docx()), "xml"),
        (with_parts({f"word/media/{n}": b"" for n in range(300)}, docx()), "too-large"),
        (with_parts({"word/media/x": bytes(9 << 20)}, docx()), "too-large"),
    ],
)
def test_files_that_are_no_template(data, code):
    assert [(one.rule, one.level) for one in found(data)] == [(code, "error")]


def test_a_file_damaged_on_its_way_is_told_not_a_traceback():
    """The bytes of a packed part changed, and a list of parts that begins before the file does."""
    good = ours("overgangsbeskrivelse", 3)
    start = good.rindex(b"PK\x05\x06") + 16
    for bad in (damaged(good, DOCUMENT), good[:start] + b"\xff\xff\xff\x00" + good[start + 4 :]):
        assert [(one.rule, one.level) for one in found(bad)] == [("no-docx", "error")]
        with pytest.raises(TemplateError, match="not a docx"):
            compile_template(bad)


def test_the_words_of_the_properties_are_looked_at_too():
    def odd(document):
        document.core_properties.author = "{{ cycler.__init__ }}"

    (one,) = found(docx(change=odd))
    assert (one.rule, one.part) == ("forbidden", "docProps/core.xml")


@pytest.mark.parametrize("texts", [case[0] for case in TAGS if case[1] in ("forbidden", "syntax")])
def test_what_is_called_forbidden_the_compiler_refuses(texts):
    if texts != ["{{r title }}"]:
        with pytest.raises(TemplateError):
            compile_template(docx(*texts))


BOXED = {"fields": FIELDS, "elsewhere": ELSEWHERE, "form": FORM.name}


def test_a_file_from_outside_is_linted_in_a_process_of_its_own_with_the_same_words():
    for data in (docx("{{ fields.p_gladd.text }}"), b"no docx"):
        assert list(boxed_lint(data, **BOXED)) == lint(data, **BOXED)


def test_a_file_that_is_too_heavy_for_the_process_is_one_finding():
    data = with_parts({"word/media/x.png": bytes(7 << 20)}, docx())
    (one,) = boxed_lint(data, **BOXED, limits=LintLimits(wall=0))
    assert (one.rule, one.level) == ("too-large", "error") and "for tung" in one.said
