"""The message catalogues: collect every Danish text that people can meet, and say which have no English translation.

    .venv/bin/python scripts/catalogue.py update    bring locales/*/LC_MESSAGES/tillid.po up to date, keep translations
    .venv/bin/python scripts/catalogue.py missing   list what is untranslated; exit 1 if anything is

Texts are collected from templates (``_("…")``), from code that marks them (``_("…")``, ``translate("…")``), and from
errors and problems of every layer (``text = "…"`` in a class, ``text="…"`` in a call, ``Words("…")`` for a placeholder,
``said("…")`` of the templates' linter).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/tillid"
LANGUAGES = ("en",)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "translate": None}
JINJA = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
MARKS = ("Words", "said")  # of texts in code below the pages
# What the command line alone says; it speaks Danish only.
NOT_ON_PAGES = ("cli/", "demo/", "requirements/", "tasks/", "wiring/first_start.py")


def po_file(language: str) -> Path:
    return SOURCE / "locales" / language / "LC_MESSAGES" / "tillid.po"


def collect() -> Catalog:
    """Every text with the files it stands in (no line numbers: they would change with every edit)."""
    found = Catalog(domain="tillid")
    web = SOURCE / "web"
    for name, _line, message, _comments, _context in extract_from_dir(
        web,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"templates/**.html": JINJA},
        keywords=KEYWORDS,
    ):
        found.add(message, locations=[(f"web/{name}", 0)])
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE).as_posix()
        if not name.startswith(NOT_ON_PAGES):
            for text in error_texts(file.read_text(encoding="utf-8")):
                found.add(text, locations=[(name, 0)])
    return found


def error_texts(code: str) -> Iterator[str]:
    """The literals given to ``text``, in a class body or as a keyword argument, and to ``Words`` and ``said``."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and any(
                    isinstance(t, ast.Name) and t.id == "text" for t in line.targets
                ):
                    yield from _literal(line.value)
        elif isinstance(node, ast.keyword) and node.arg == "text":
            yield from _literal(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield from (text for one in node.args[:1] for text in _literal(one))


def _literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        yield node.value


def catalogue(language: str) -> Catalog:
    """The committed catalogue, or an empty one."""
    if not po_file(language).exists():
        return Catalog(locale=language, domain="tillid", project="Tillid", fuzzy=False)
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="tillid")


def untranslated(language: str) -> list[str]:
    """Texts of the source without a translation, or whose translation is marked as a guess."""
    known = catalogue(language)
    missing = []
    for message in collect():
        if not message.id:
            continue
        id = message.id[0] if isinstance(message.id, tuple) else message.id
        translated = known.get(id)
        parts = (
            (translated.string if isinstance(translated.string, tuple) else (translated.string,)) if translated else ()
        )
        if translated is None or translated.fuzzy or not parts or not all(parts):
            missing.append(id)
    return missing


def update() -> None:
    """Write the catalogues anew: translations are kept by their text, texts that are gone are dropped."""
    template = collect()
    for language in LANGUAGES:
        known = catalogue(language)
        known.update(template, no_fuzzy_matching=True)
        known.obsolete.clear()
        po_file(language).parent.mkdir(parents=True, exist_ok=True)
        with po_file(language).open("wb") as file:
            write_po(file, known, sort_output=True, omit_header=False, include_lineno=False, width=120)


def main(command: str) -> int:
    if command == "update":
        update()
    missing = [f"{language}: {text}" for language in LANGUAGES for text in untranslated(language)]
    print(*missing, f"{len(missing)} texts without a translation", sep="\n")
    return 1 if missing and command != "update" else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "missing"))
