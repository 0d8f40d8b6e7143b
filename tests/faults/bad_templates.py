"""Templates that are meant to hurt, and the process that meets them: ``python -m tests.faults.bad_templates`` prints, as JSON, what
the linter and the compiler say of each, under limits of memory and processor time, and then makes one good document."""

from __future__ import annotations

import io
import json
import resource
import zipfile
from collections.abc import Iterator
from functools import cache

from docx import Document

from tillid.adapters.docx import TemplateError, compile_template
from tillid.adapters.docx.lint import lint

MEMORY, SECONDS_EACH = 1024 * 2**20, 4  # Python with all it has loaded takes half of it
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><x>&j;</x>"
)
PARTS = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/fontTable.xml",
         "word/theme/theme1.xml", "docProps/core.xml", "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels")  # fmt: skip


@cache
def good() -> bytes:
    """A small template without a problem."""
    document = Document()
    document.add_paragraph("{{ title }}", style="Heading 1")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, data)
    return out.getvalue()


def body(inner: str) -> bytes:
    """A template with ``inner`` as its body."""
    return with_part("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'.encode())


def said(text: str) -> bytes:
    return body(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")


def cases() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each."""
    for part in PARTS:
        yield f"an entity of a file in {part}", with_part(part, ENTITY)
        yield f"a billion laughs in {part}", with_part(part, LAUGHS)
    yield "76 KB of nested paragraphs", body("<w:p>" * 7_000 + "</w:p>" * 7_000)
    yield "100,000 paragraphs", body("<w:p/>" * 100_000)
    yield "open braces", said("{{" * 100_000)
    yield "open statements", said("{% " * 60_000)
    yield "open comments", said("{#" * 60_000)
    yield "open braces in many paragraphs", body("<w:p><w:r><w:t>{{{%</w:t></w:r></w:p>" * 11_000)
    yield "open braces, each in a run", body("<w:p>" + "<w:r><w:t>{</w:t></w:r>" * 50_000 + "</w:p>")
    yield "many marks", said("{{ title }}" * 30_000)
    yield "parentheses", said("{{ " + "(" * 400 + "title" + ")" * 400 + " }}")
    yield "ten thousand parentheses", said("{{ " + "(" * 10_000 + "title" + ")" * 10_000 + " }}")
    yield "a long chain", said("{{ title" + ".a" * 450 + " }}")
    yield "a chain of conditions", said("{{ title" + " and title" * 95 + " or nope }}")
    yield "conditions within each other", said("{% if title %}" * 300 + "x" + "{% endif %}" * 300)
    yield "loops within each other", said("{% for a in sections %}" * 30 + "{% endfor %}" * 30)
    yield "a power", said("{{ 9**9**9 }}")
    yield "a product of a text", said('{{ "a" * 10**9 }}')
    yield "a range", said("{% for x in range(10**9) %}x{% endfor %}")
    yield "a big number", said("{{ " + "9" * 900 + " ~ title }}")
    yield "a zip of zeros", with_part("word/media/x.png", bytes(200 << 20))
    yield "a thousand parts", with_many(1000)
    yield (
        "attributes",
        body("<w:p " + " ".join(f'w:a{n}="x"' for n in range(50_000)) + "><w:r><w:t>{{ nope }}</w:t></w:r></w:p>"),
    )
    yield "no body", with_part("word/document.xml", b"<x/>")
    yield "a nested zip name", with_part("word/../../x.xml", b"<x/>")
    yield "half a file", good()[:4000]
    yield "commands in the properties", with_part("docProps/core.xml", CORE)


CORE = (
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{{ cycler.__init__.__globals__.os.popen("id").read() }}</dc:title>'
    b"</cp:coreProperties>"
)


def with_many(count: int) -> bytes:
    out = io.BytesIO(good())
    with zipfile.ZipFile(out, "a") as package:
        for number in range(count):
            package.writestr(f"word/media/{number}.png", b"")
    return out.getvalue()


def met(data: bytes) -> dict[str, object]:
    """What is said of one: the linter's errors, and whether the compiler refuses."""
    errors = [one for one in lint(data, fields={}, elsewhere={}, form="demo/v1") if one.level == "error"]
    try:
        compile_template(data)
        compiled = ""
    except TemplateError as problem:
        compiled = problem.detail[:200]
    return {
        "rules": sorted({one.rule for one in errors}),
        "texts": [one.text for one in errors][:3],
        "compiler": compiled,
    }


def main() -> None:
    every = list(cases())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_EACH * len(every), SECONDS_EACH * len(every)))
    print(json.dumps({"cases": {name: met(data) for name, data in every}, "given": len(every), "after": rendered()}))


def rendered() -> bool:
    """The next document is unharmed."""
    return compile_template(good()).render({"title": "Uskadt"})[:2] == b"PK"


if __name__ == "__main__":
    main()
