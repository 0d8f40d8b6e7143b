"""Templates that are meant to hurt, and the process that meets them: ``python -m tests.faults.bad_templates`` prints, as JSON, what
the linter and the compiler say of each under the limits the product has for a template from outside, and then makes one good
document. What is packed wrongly is in ``bad_packages``; here is what stands in the text."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults import bad_packages, bad_shapes
from tests.faults.bad_packages import Case, W, body, good, said, with_parts
from tillid.adapters.boxed.inside import limit_cpu, limit_memory
from tillid.adapters.docx import TemplateError, compile_template
from tillid.adapters.docx.lint import lint
from tillid.adapters.docx.lint.box import LintLimits

ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
OUTER = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><x>&j;</x>"
)
PARTS = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/fontTable.xml",
         "word/theme/theme1.xml", "docProps/core.xml", "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels")  # fmt: skip
POPEN = '{{ cycler.__init__.__globals__.os.popen("id").read() }}'
# Ways to what Python has built in, and what each may not do.
FORBIDDEN = {
    "os.popen in a tag": POPEN,
    "os.popen by the loop": "{% for s in sections %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "the classes of a text": "{{ title.__class__.__mro__[1].__subclasses__() }}",
    "the same in brackets": "{{ title['__class__'] }}",
    "the same by a filter": "{{ title | attr('__class__') }}",
    "the same written as numbers": "{{ title['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "a format that reads attributes": "{{ '{0.__class__}'.format(title) }}",
    "a format by the percent sign": "{{ '%s' % title }}",
    "the template itself": "{{ self.__init__ }}",
    "a namespace": "{% set ns = namespace(x=1) %}",
    "another file": "{% include '/etc/passwd' %}",
    "another template": "{% extends 'x' %}",
    "a macro that calls itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a loop that calls itself": "{% for s in sections recursive %}{{ loop(sections) }}{% endfor %}",
    "a power": "{{ 9**9**9 }}",
    "a product of a text": '{{ "a" * 10**9 }}',
    "a range": "{% for x in range(10**9) %}x{% endfor %}",
    "a text joined by itself": "{{ title | join(title) }}",
    "a join of a join": "{{ title | join('xxxxxxxxxxxxxxxxxxxx') | join('xxxxxxxxxxxxxxxxxxxx') }}",
    "a big number": "{{ " + "9" * 900 + " ~ title }}",
}
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:%s>%s</dc:%s></cp:coreProperties>'
)


def core(name: str, text: str) -> bytes:
    return with_parts({"docProps/core.xml": (CORE % (name, text, name)).encode()})


def entities() -> Iterator[Case]:
    for part in PARTS:
        yield f"an entity of a file in {part}", with_parts({part: ENTITY}), "xml"
        yield f"a billion laughs in {part}", with_parts({part: LAUGHS}), "xml"
    yield "a DTD from elsewhere", with_parts({"word/document.xml": OUTER}), "xml"
    yield (
        "an entity in UTF-16",
        with_parts({"word/styles.xml": ENTITY.decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")}),
        "xml",
    )
    yield "no body", with_parts({"word/document.xml": b"<x/>"}), "no-docx"


def tags() -> Iterator[Case]:
    for name, text in FORBIDDEN.items():
        yield name, said(text.replace("<", "&lt;")), "forbidden"
    for name in ("title", "subject", "creator"):
        yield f"os.popen in the properties ({name})", core(name, POPEN), "forbidden"
    header = f'<w:hdr xmlns:w="{W}"><w:p><w:r><w:t>{POPEN}</w:t></w:r></w:p></w:hdr>'.encode()
    for part in ("header1", "footer1", "footnotes"):
        yield f"os.popen in {part}", with_parts({f"word/{part}.xml": header}), "forbidden"
    yield "open braces", said("{{" * 100_000), "too-large"
    yield "open statements", said("{% " * 60_000), "too-large"
    yield "open comments", said("{#" * 60_000), "too-large"
    yield "open braces in many paragraphs", body("<w:p><w:r><w:t>{{{%</w:t></w:r></w:p>" * 11_000), "too-large"
    yield "open braces, each in a run", body("<w:p>" + "<w:r><w:t>{</w:t></w:r>" * 50_000 + "</w:p>"), "too-large"
    yield "many marks", said("{{ title }}" * 30_000), "too-large"
    yield "parentheses", said("{{ " + "(" * 400 + "title" + ")" * 400 + " }}"), "syntax"
    yield "ten thousand parentheses", said("{{ " + "(" * 10_000 + "title" + ")" * 10_000 + " }}"), "too-large"
    yield "a long chain", said("{{ title" + ".a" * 450 + " }}"), "unknown-name"
    yield "a chain of conditions", said("{{ title" + " and title" * 95 + " or nope }}"), "unknown-name"
    yield "conditions within each other", said("{% if title %}" * 300 + "x" + "{% endif %}" * 300), "refused"
    yield "loops within each other", said("{% for a in sections %}" * 30 + "{% endfor %}" * 30), "forbidden"
    many = "<w:p><w:r><w:t>{{ title" + " | upper" * 60 + " }}</w:t></w:r></w:p>"
    yield "a hundred and twenty filters", body(many * 2), "refused"


def growing() -> Iterator[Case]:
    yield "76 KB of nested paragraphs", body("<w:p>" * 7_000 + "</w:p>" * 7_000), "xml"
    yield "nested tables", body("<w:tbl><w:tr><w:tc>" * 2_000 + "</w:tc></w:tr></w:tbl>" * 2_000), "xml"
    yield "100,000 paragraphs", body("<w:p/>" * 100_000), "too-large"
    yield "100,000 paragraphs in the header", with_parts(
        {"word/header1.xml": f'<w:hdr xmlns:w="{W}">{"<w:p/>" * 100_000}</w:hdr>'.encode()}), "too-large"  # fmt: skip
    yield (
        "attributes",
        body("<w:p " + " ".join(f'w:a{n}="x"' for n in range(50_000)) + "><w:r><w:t>{{ nope }}</w:t></w:r></w:p>"),
        "unknown-name",
    )
    yield (
        "names of spaces",
        body(
            "".join(f'<a{n}:x xmlns:a{n}="u{n}"/>' for n in range(20_000))
            + "<w:p><w:r><w:t>{{ nope }}</w:t></w:r></w:p>"
        ),
        "unknown-name",
    )


def slow() -> Iterator[tuple[str, bytes]]:
    """Templates that nothing is wrong with until they are rendered: then they would never end."""
    loops = "".join(f"{{% for {one} in sections %}}" for one in "abcd")
    yield "four loops that print nothing", said(loops + "{% endfor %}" * 4)
    yield "four loops that print a letter", said(loops + "x" + "{% endfor %}" * 4)
    yield "loops that compare", said(loops + "{% if title == copy %}x{% endif %}" + "{% endfor %}" * 4)
    chain = "{% for a in sections %}{% for b in sections %}{% if title" + "|upper" * 59 + " == 'x' %}x{% endif %}"
    yield "filters of a long text in loops", said(chain + "{% endfor %}{% endfor %}")
    yield "a long text in loops", said("{% for a in sections %}{{ title }}{% endfor %}")
    marks = ("{%p for a in sections %}", "{%p for b in sections %}", "{{ a.title }}", "{%p endfor %}", "{%p endfor %}")
    yield "paragraphs in loops", body("".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in marks))


def cases() -> Iterator[Case]:
    """Name, file and the linter's rule against it; each with a name of its own."""
    yield from entities()
    yield from tags()
    yield from growing()
    yield from bad_packages.cases()
    yield from bad_shapes.cases()


def met(data: bytes) -> dict[str, object]:
    """What is said of one: the linter's errors, whether the compiler refuses, and what both took of time and memory."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew (proc(5))
    limit_cpu(LintLimits().cpu)
    started = time.process_time()
    errors = [one for one in lint(data, fields={}, elsewhere={}, form="demo/v1") if one.level == "error"]
    try:
        compile_template(data)
        compiled = ""
    except TemplateError as problem:
        compiled = problem.detail[:200]
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return {
        "rules": sorted({one.rule for one in errors}),
        "texts": [one.said for one in errors][:3],
        "compiler": compiled,
        "seconds": round(time.process_time() - started, 3),
        "megabytes": int(peak.split()[1]) // 1024,
    }


def rendering(data: bytes) -> str:
    """Why its document was not made."""
    sections = [{"title": "Afsnit"}] * 400
    template = compile_template(data)
    limit_cpu(LintLimits().cpu)
    try:
        template.render({"title": "ø" * 250_000, "copy": "ø" * 249_999 + "å", "sections": sections})
    except TemplateError as problem:
        return problem.detail
    return ""


def main() -> None:
    every, before = list(cases()), rendered()
    limit_memory(LintLimits().memory)
    told: dict[str, object] = {}
    for name, data, rule in every:
        print(name, file=sys.stderr, flush=True)  # the last one is what ended the process
        told[name] = {**met(data), "rule": rule}
    ended = {}
    for name, data in slow():
        print(name, file=sys.stderr, flush=True)
        ended[name] = rendering(data)
    limit_cpu(LintLimits().cpu)
    print(json.dumps({"cases": told, "given": len(every), "slow": ended, "unharmed": rendered() == before}))


def rendered() -> str:
    """What the next document is, byte by byte."""
    return hashlib.sha256(compile_template(good()).render({"title": "Uskadt"})).hexdigest()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
