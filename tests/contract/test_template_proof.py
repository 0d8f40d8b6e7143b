"""What is made without a parser is what the parser would have passed, and where that cannot be shown the parser stays."""

import io
import zipfile

import msgspec
import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from tests.faults.bad_packages import body, good, with_parts
from tests.support.document_samples import FORMS, sample_job
from tillid.adapters.docx import TemplateError, compile_template, package
from tillid.adapters.docx.context import context
from tillid.adapters.docx.proof import needs_no_parser
from tillid.kernel.paths import DOCUMENT_TEMPLATES

HURTFUL = (
    "</w:t>",
    "]]>",
    "&amp;",
    "&#0;",
    "<!--",
    "-->",
    "\x00\x0b\ud800\ufffe",
    "\r\n",
    "'\"",
    "{{ x }}",
    "\u202e\ue000",
    "😀",
)
GRID = '<w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="5000"/></w:tblGrid>'


def cell(text: str, inside: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="1"/></w:tcPr>{inside}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'


def table(*cells: str, grid: str = GRID) -> str:
    return f"<w:tbl><w:tblPr/>{grid}<w:tr>{''.join(cells)}</w:tr></w:tbl><w:p/>"


def parsed_each_time(template):
    parts = [msgspec.structs.replace(part, well_formed=False) for part in template.templates]
    return msgspec.structs.replace(template, templates=tuple(parts))


def canonical(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as opened:
        assert opened.testzip() is None
        parts = {name: opened.read(name) for name in opened.namelist()}
    return {
        n: etree.tostring(etree.fromstring(d), method="c14n2") if n.endswith(".xml") else d for n, d in parts.items()
    }


def hurt(value):
    """``value`` with something hurtful behind every text."""
    if isinstance(value, dict):
        return {key: one if key == "kind" else hurt(one) for key, one in value.items()}
    return (
        [hurt(one) for one in value]
        if isinstance(value, list)
        else value + "".join(HURTFUL)
        if isinstance(value, str)
        else value
    )


@pytest.mark.parametrize(("form", "version"), FORMS)
def test_our_templates_make_the_same_with_and_without(form, version):
    template = compile_template((DOCUMENT_TEMPLATES / form / f"v{version}.docx").read_bytes())
    assert all(part.well_formed for part in template.templates), "none of ours needs the parser"
    values = context(sample_job(form, version))
    for one in (values, hurt(values)):
        made = template.render(one)
        assert canonical(made) == canonical(parsed_each_time(template).render(one))


@pytest.mark.parametrize(
    "cells",
    [
        (cell("{%tc for x in xs %}"), cell("{{ x }}"), cell("{%tc endfor %}")),
        (cell("{{ xs|join(' &amp; ')|upper }}"), cell("{{ xs[0] }}")),
        (cell("{{ xs|join('&amp;') }}"), cell("{%tc if a %}"), cell("y"), cell("{%tc endif %}")),
        ('<w:tc w:rsid="1"><w:p/></w:tc>', cell("fast &lt; &amp;")),
    ],
)
@pytest.mark.parametrize("xs", [["a & b"], ["Ja", "x" * 20, "<&>" * 9], ["y"] * 7])
def test_tables_are_fitted_as_a_parsed_one_is(cells, xs):
    template = compile_template(body("<w:p/>" + table(*cells) + table(cell("a"), cell("b" * 90))))
    assert all(part.well_formed for part in template.templates)
    made = [one.render({"xs": xs, "a": xs[0] == "y"}) for one in (template, parsed_each_time(template))]
    assert canonical(made[0]) == canonical(made[1])


def test_more_columns_than_word_takes_are_refused_in_both_ways():
    template = compile_template(body(table(cell("{%tc for x in xs %}"), cell("{{ x }}"), cell("{%tc endfor %}"))))
    for one in (template, parsed_each_time(template)):
        assert one.render({"xs": ["a"] * 63})
        with pytest.raises(TemplateError, match="more than 63 columns"):
            one.render({"xs": ["a"] * 64})


@pytest.mark.parametrize(
    "inner",
    [
        '<w:p w:rsid="{{ a }}"/>',
        "<w:p><!-- {{ a }} --></w:p>",
        "<w:p><?x {{ a }}?></w:p>",
        "<w:p>{% if a %}</w:p><w:p>{% endif %}</w:p>",
        "<w:p>{% if a %}<w:r>{% else %}<w:r w:rsid='1'>{% endif %}</w:r></w:p>",
        "<w:p>{% for x in a %}</w:p>{% endfor %}<w:p/>",
        "<tillid-block/><w:p>{{ a }}</w:p>",
        "<w:p>" + "{% if a %}<w:r>" * 130 + "</w:r>{% endif %}" * 130 + "</w:p>",
        table(cell("{{ a }}", table(cell("b")))),
        table(cell("{{ a }}"), grid=""),
        table(cell("{{ a }}"), grid="<w:tblGrid/>"),
        table(cell("{{ a }}"), grid=GRID.replace("4000", "4e3")),
        table(cell("{{ a }}"), "<w:sdt><w:sdtContent>" + cell("b") + "</w:sdtContent></w:sdt>"),
        table(cell("{{ a }}").replace('<w:tcW w:type="dxa" w:w="1"/>', '<w:gridSpan w:val="2"/>')),
        table(cell("{{ a }}").replace(' w:w="1"', "")),
        table(cell("{{ a }}").replace("w:tcPr", "w:other")),
        '<w:tbl w:rsid="1">' + table(cell("{{ a }}"))[7:],
        table("<w:tc/>", cell("{{ a }}")),
        table(cell("{{ a }}"), "<w:sdt><w:tc><w:p/></w:tc></w:sdt>"),
        table(cell("{{ a }}").replace("<w:p>", '<w:p w:rsid="1>2">')),
        table(cell("{{ a }}")).replace("</w:tbl>", "<w:sdt><w:tr><w:trPr/></w:tr></w:sdt></w:tbl>"),
        table(cell("{{ a }}"), grid="").replace("</w:tbl>", GRID + "</w:tbl>"),
        table(
            cell("{{ a }}"), grid=GRID.replace("</w:t", '<w:tblGridChange><w:gridCol w:w="1"/></w:tblGridChange></w:t')
        ),
        '<w:p xmlns:v="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><v:r/></w:p>'
        + table(cell("{{ a }}")),
    ],
)
def test_what_cannot_be_shown_is_parsed(inner):
    root = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{inner}</w:body></w:document>'
    assert not needs_no_parser(ImmutableSandboxedEnvironment().parse(root))


def test_a_template_that_breaks_for_one_value_is_refused_for_that_value():
    inner = "<w:p><w:r><w:t>{% if a %}</w:t></w:r></w:p>" + table(cell("{% endif %}")) + "<w:p/>"
    template = compile_template(body(inner))
    assert template.render({"a": True})
    with pytest.raises(TemplateError, match="not well-formed"):
        template.render({"a": False})


def test_the_package_is_an_ordinary_zip_with_everything_in_it():
    template = compile_template(with_parts({"word/media/logo-æ.png": b"x"}, good()))
    made = template.render({"title": "æ"})
    parts = package.read(made)
    assert parts.keys() == template.parts.keys() | {part.name for part in template.templates}
    assert {name: parts[name] for name in template.parts} == template.parts
    assert next(iter(zipfile.ZipFile(io.BytesIO(made)).namelist())) == package.CONTENT_TYPES
