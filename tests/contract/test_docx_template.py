"""docxtpl templates, compiled once: every value is text, every construct outside the allow-list is refused."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tillid.adapters.docx import TemplateError, compile_template
from tillid.kernel.paths import DOCUMENT_TEMPLATES


def docx(*paragraphs: str, extra=None, title: str = "") -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.core_properties.title = title
    if extra:
        extra(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts(rendered: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(rendered)).paragraphs]


def replaced(package: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "value",
    [
        "Mette & Søn <3 kg",
        "</w:t></w:r></w:p></w:body>",
        "{{ secret }}",
        "{% for x in y %}",
        "]]>",
        "&amp;",
        '“citat” ‘og’ "andet"',
    ],
)
def test_a_value_comes_out_as_the_text_it_is(value):
    template = compile_template(docx("før {{ value }} efter", "slut"))
    assert texts(template.render({"value": value, "secret": "HEMMELIGT"})) == [f"før {value} efter", "slut"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('{{ "a < b" }}', "a < b"),
        ('{{ value if value else "x" }}', "1 < 2 & 3"),
        ('{{ "x < y" if value else value }}', "x < y"),
        ("{{ value|upper }}", "1 < 2 & 3"),
        ('{{ values|join(" < ") }}', "a<b < c&d"),
        ('{{ nothing|default("<") }}', "<"),
    ],
)
def test_what_a_template_says_and_filters_comes_out_as_the_text_it_is(said, shown):
    template = compile_template(docx(said))
    assert texts(template.render({"value": "1 < 2 & 3", "values": ["a<b", "c&d"]})) == [shown]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Mette & Søn\n<3 kg", "Mette & Søn\n<3 kg"),
        ("én\n</w:t></w:r></w:p></w:body>\r\n{{ secret }}", "én\n</w:t></w:r></w:p></w:body>\n{{ secret }}"),
        ("&amp;\n&#x3c;w:br/>", "&amp;\n&#x3c;w:br/>"),
        ("\x07a < b & c", "a < b & c"),
    ],
)
def test_of_several_lines_each_comes_out_as_the_text_it_is(value, shown):
    template = compile_template(docx("{{ value }}"))
    assert texts(template.render({"value": value, "secret": "HEMMELIGT"})) == [shown]


def test_line_breaks_stay_and_control_characters_go():
    template = compile_template(docx("{{ value }}"))
    assert texts(template.render({"value": "en\r\nto\rtre\nfire\x07\x00\ufffe"})) == ["en\nto\ntre\nfire"]


def test_characters_of_private_use_are_shown_as_replaced():
    template = compile_template(docx("{{ value }}"))
    assert texts(template.render({"value": "\uf0b7 fra Word, \ue000 \U000f0000 😀"})) == [
        "• fra Word, \ufffd \ufffd 😀"
    ]


def test_the_same_values_give_the_same_bytes():
    source = docx("{{ value }}", title="{{ value }}")
    first, second = compile_template(source), compile_template(source)
    assert first.digest == second.digest
    assert first.render({"value": "æ"}) == second.render({"value": "æ"}) == first.render({"value": "æ"})
    assert first.render({"value": "ø"}) != first.render({"value": "æ"})


@pytest.mark.parametrize("value", ["Mette & Søn\n<3", "Mette  &  Søn <3", " Mette & Søn\x07 <3"])
def test_properties_take_values_too(value):
    template = compile_template(docx("x", title="{{ value }}"))
    rendered = Document(io.BytesIO(template.render({"value": value})))
    assert rendered.core_properties.title == "Mette & Søn <3"


def test_a_missing_value_is_an_error_and_names_no_contents():
    template = compile_template(docx("{{ value }}{{ missing }}"))
    with pytest.raises(TemplateError) as raised:
        template.render({"value": "Alma"})
    assert "Alma" not in str(raised.value)
    assert raised.value.code == "documents.template-refused"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{{ value.format(1) }}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ range(10) }}",
        "{{ value[name] }}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{ value | safe }}",
        "{{ value | attr('x') }}",
        "{{ value | map('upper') }}",
        "{{ value._hidden }}",
        "{% for a in b recursive %}{% endfor %}",
        "{% for a in v %}" * 5 + "{% endfor %}" * 5,
        "{% if %}",
        "{{ value is filter }}",
    ],
)
@pytest.mark.parametrize("place", ["body", "title"])
def test_constructs_outside_the_allow_list_are_refused(source, place):
    bad = docx(source) if place == "body" else docx("x", title=source)
    with pytest.raises(TemplateError):
        compile_template(bad)


@pytest.mark.parametrize(
    "code",
    [
        "DATE",
        "TIME \\@ yyyy",
        "INCLUDETEXT file:///etc/passwd",
        "FILENAME",
        "SAVEDATE",
        "INCLUDEPICTURE http://x/y.png",
    ],
)
def test_fields_that_move_or_load_are_refused(code):
    def add(document):
        document.paragraphs[0]._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )

    with pytest.raises(TemplateError, match="is not allowed"):
        compile_template(docx("x", extra=add))


def test_a_template_that_loads_from_outside_is_refused():
    def add(document):
        document.part.relate_to(
            "http://example.org/x.png",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image",
            is_external=True,
        )

    with pytest.raises(TemplateError, match="loads from outside"):
        compile_template(docx("x", extra=add))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("word/vbaProject.bin", b"x"),
        ("word/embeddings/object1.bin", b"x"),
        ("../outside.xml", b"<x/>"),
        ("word/document.xml", b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'),
        ("word/document.xml", b"<w:document"),
        ("word/media/bomb.bin", b"\0" * (9 << 20)),
    ],
)
def test_packages_with_more_than_text_are_refused(name, data):
    with pytest.raises(TemplateError):
        compile_template(replaced(docx("x"), name, data))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_docx_is_refused(data):
    with pytest.raises(TemplateError):
        compile_template(data)


def test_fonts_and_building_blocks_that_lie_in_the_file_go_no_further():
    """A letter of a font brought along may look like another letter: what is signed would be read as something else."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    given = docx("x")
    for name, kind, place, data in (
        ("word/fonts/font1.odttf", "font", "word/_rels/fontTable.xml.rels", bytes(600)),
        ("word/glossary/document.xml", "glossaryDocument", "word/_rels/document.xml.rels", b"<x/>"),
    ):
        with zipfile.ZipFile(io.BytesIO(given)) as package:
            old = package.read(place) if place in package.namelist() else (
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>')  # fmt: skip
        one = f'<Relationship Id="rId90" Type="{relations}/{kind}" Target="{name.removeprefix("word/")}"/></Relationships>'
        given = replaced(replaced(given, name, data), place, old.replace(b"</Relationships>", one.encode()))
    with zipfile.ZipFile(io.BytesIO(compile_template(given).render({}))) as made:
        assert not [name for name in made.namelist() if "fonts/" in name or "glossary" in name]
        assert all(b"odttf" not in made.read(name) and b"glossary" not in made.read(name) for name in made.namelist())


def test_growth_is_capped():
    template = compile_template(docx("{%p for line in lines %}", "{{ line }}", "{%p endfor %}"))
    with pytest.raises(TemplateError, match="too large"):
        template.render({"lines": ["x"] * 20_000})
    with pytest.raises(TemplateError, match="too large"):
        template.render({"lines": ["x" * (5 << 20)]})


def test_tables_get_as_many_columns_as_the_field_has():
    template = compile_template((DOCUMENT_TEMPLATES / "overgangsbeskrivelse/v3.docx").read_bytes())
    for count in (1, 4, 7):
        columns = [f"Kolonne {n}" for n in range(count)]
        field = {
            "kind": "block",
            "label": "Tabel",
            "text": "",
            "paragraphs": [],
            "bullets": [],
            "columns": columns,
            "rows": [["Ja"] * count],
        }
        rendered = template.render(
            {
                "title": "t",
                "metadata_title": "t",
                "subtitle": "",
                "municipality": "k",
                "number": "n",
                "version": "3",
                "copy": "c",
                "facts": [],
                "footer_lines": [],
                "sections": [{"title": "s", "fields": [field]}],
            }
        )
        table = Document(io.BytesIO(rendered)).tables[0]
        assert [cell.text for cell in table.rows[0].cells] == columns
        assert len(table.columns) == count


@pytest.mark.parametrize(
    "path", sorted(DOCUMENT_TEMPLATES.glob("*/v*.docx")), ids=lambda p: f"{p.parent.name}/{p.stem}"
)
def test_our_templates_compile_and_are_danish(path):
    template = compile_template(path.read_bytes())
    assert not [name for name in template.parts if "theme" in name or "thumbnail" in name]
    assert b'w:val="da-DK"' in template.parts["word/styles.xml"]
    assert b"Symbol" not in template.parts["word/numbering.xml"]
    Document(io.BytesIO(path.read_bytes()))  # an ordinary Word document
