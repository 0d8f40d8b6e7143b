"""Each layer between a template and the machine alone: what one lets through, the next still stops (issue 5, part 2)."""

import io
import zipfile

import pytest
from docx import Document
from jinja2.exceptions import SecurityError, TemplateAssertionError, UndefinedError

from tests.faults.bad_packages import good, said
from tillid.adapters import renderer as renderer_module
from tillid.adapters.docx import TemplateError, compile_template
from tillid.adapters.docx.sandbox import environment
from tillid.adapters.docx.styles import W
from tillid.adapters.renderer import DocumentRenderer
from tillid.kernel.canonical import sha256


def run(source: str, **values: object) -> str:
    """``source`` by the environment alone: nothing has looked at what it is made of."""
    return environment(runs=True).from_string(source).render(**values)


@pytest.mark.parametrize(
    "source", ["{{ x.append(1) }}", "{{ x.clear() }}", "{{ x.__class__.__mro__ }}", "{{ x.append.__self__ }}"]
)
def test_the_sandbox_alone_changes_nothing_and_leads_nowhere(source):
    given = ["a"]
    with pytest.raises((SecurityError, UndefinedError)):
        run(source, x=given)
    assert given == ["a"]


@pytest.mark.parametrize(
    "source", ["{{ range(3) }}", "{{ cycler }}", "{{ lipsum }}", "{{ namespace }}", "{{ joiner }}", "{{ dict }}"]
)
def test_the_environment_alone_knows_no_names_of_its_own(source):
    with pytest.raises(UndefinedError):
        run(source)


@pytest.mark.parametrize(
    "source", ["{{ x | safe }}", "{{ x | format }}", "{{ x | map }}", "{{ 1 is callable }}", "{{ 1 is sameas 1 }}"]
)
def test_the_environment_alone_has_no_other_filters_and_tests(source):
    """The list is kept when a template is compiled, too; either is enough."""
    with pytest.raises(TemplateAssertionError):
        run(source, x="a")


def test_a_name_of_a_dict_is_what_it_holds_and_no_method():
    """A field may be called "items"."""
    assert run("{{ x.items }}", x={"items": "Bog"}) == "Bog"
    for source in ("{{ x.keys }}", "{{ x.values }}", "{{ x.get }}"):
        with pytest.raises(UndefinedError):
            run(source, x={"items": "Bog"})


def test_the_environment_alone_escapes_and_misses_nothing():
    assert run("{{ x }}", x="<b>&") == "&lt;b&gt;&amp;"
    bare = environment(runs=True)
    bare.finalize = None  # what makes text of a run escapes too; autoescape holds without it
    assert bare.from_string("{{ x }}").render(x="<b>&") == "&lt;b&gt;&amp;"
    for source in ("{{ y }}", "{{ x.y }}", "{% if y %}{% endif %}", "{% for z in y %}{% endfor %}"):
        with pytest.raises(UndefinedError):
            run(source, x={})


class Open(str):
    """A text that brings a way out along."""

    def read(self) -> str:
        return "hemmelig"


@pytest.mark.parametrize("value", [Open("a"), object(), open, 1.5, b"a", {1: {"a": Open("a")}}, {"a"}, Document])
def test_values_are_plain_data_or_nothing_is_made(value):
    template = compile_template(said("{{ title }}"))
    for context in ({"title": value}, {"title": "a", "deep": [{"er": (value,)}]}):
        with pytest.raises(TemplateError, match="no plain data"):
            template.render(context)
    assert template.render({"title": "a", "deep": [{"er": ("b", 1, True, None)}]})


def test_a_template_is_slimmed_when_it_is_compiled():
    template = compile_template(good())
    with zipfile.ZipFile(io.BytesIO(good())) as package:
        before = package.namelist()
        styles = package.read("word/styles.xml")
    gone = {"word/theme/theme1.xml", "word/stylesWithEffects.xml", "word/webSettings.xml", "docProps/thumbnail.jpeg", "docProps/app.xml"}  # fmt: skip
    assert gone <= set(before) and not gone & set(template.parts)
    kept = template.parts["word/styles.xml"]
    assert len(kept) < len(styles) / 3 and b"latentStyles" not in kept and b'w:styleId="Heading1"' in kept
    assert W.strip("{}").encode() in kept
    relations = template.parts["word/_rels/document.xml.rels"] + template.parts["[Content_Types].xml"]
    assert not any(name.rpartition("/")[2].encode() in relations for name in gone)


def test_a_template_is_patched_and_compiled_once_per_content(monkeypatch):
    compiled: list[str] = []
    real = renderer_module.compile_template

    def counting(docx: bytes, look):
        compiled.append(sha256(docx))
        return real(docx, look)

    monkeypatch.setattr(renderer_module, "compile_template", counting)
    one = DocumentRenderer()
    first = one.template_digest("overgangsbeskrivelse", 3)
    own = one.template_digest("overgangsbeskrivelse", 3, good())
    for _ in range(3):
        assert one.template_digest("overgangsbeskrivelse", 3) == first
        assert one.template_digest("overgangsbeskrivelse", 2 + 1, bytes(bytearray(good()))) == own
    assert len(compiled) == len(set(compiled)) == 2
    changed = one.template_digest("overgangsbeskrivelse", 3, said("{{ title }} andet"))
    assert len(compiled) == 3 and len({first, own, changed}) == 3
