"""``tillid templates lint|check``: one template against its form, or all of ours with every sample.

Exit codes: 0 in order (warnings may be there); 1 errors found, or a file or form cannot be used; 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from tillid.adapters.docx.lint import Finding, lint
from tillid.adapters.docx.lint.box import boxed_lint
from tillid.adapters.pdf import page_text
from tillid.adapters.renderer import DocumentRenderer, RenderFailed
from tillid.cli.forms import BadFile, version
from tillid.documents.samples import STATES, State, expected_text, job_of, readers_of, sample
from tillid.documents.templates import known_fields
from tillid.forms.definition import FormDefinition
from tillid.forms.loading import load_definitions
from tillid.kernel.errors import TillidError
from tillid.kernel.files import FileTooLarge, some_of
from tillid.kernel.paths import DOCUMENT_TEMPLATES, FORM_DEFINITIONS

CODES = (
    "Afslutningskoder: 0 i orden (der kan være advarsler), 1 fejl fundet, eller en fil kan ikke bruges, 2 forkert brug."
)
MAX_DOCX = 20 << 20
LEVELS = {"error": "fejl", "warning": "advarsel", "note": "oplysning"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two verbs."""
    parser.epilog = CODES
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="lint|check")
    one = verbs.add_parser(
        "lint", help="efterse en skabelon", description="Efterse en skabelon mod sit skema.", epilog=CODES
    )
    one.add_argument("file", type=Path, metavar="FIL.docx", help="skabelonen")
    one.add_argument("--form", required=True, metavar="SKEMA/vN", help="skemaet, fx overgangsbeskrivelse/v3")
    every = verbs.add_parser(
        "check", help="efterse alle skabeloner med alle eksempler", epilog=CODES,
        description="Efterse alle skabeloner, og dan hvert eksempel for hver læser.",
    )  # fmt: skip
    every.add_argument("--form", metavar="SKEMA/vN", help="kun dette skema")
    every.add_argument(
        "--templates", type=Path, default=DOCUMENT_TEMPLATES, metavar="MAPPE", help="mappen med skabeloner"
    )
    for verb in (one, every):
        verb.add_argument("--json", action="store_true", help="skriv resultatet som JSON")
        verb.add_argument(
            "--root", type=Path, default=FORM_DEFINITIONS, metavar="MAPPE", help="mappen med definitioner"
        )


def run(args: argparse.Namespace) -> int:
    """The exit code of the verb; see the module."""
    return _lint(args) if args.verb == "lint" else _check(args)


def _lint(args: argparse.Namespace) -> int:
    definition = version(args.form, args.root)
    found = findings(read_docx(args.file), definition, args.root, boxed_lint)  # somebody else's file
    errors = sum(one.level == "error" for one in found)
    if args.json:
        rows = [{**msgspec.to_builtins(one), "text": one.said, "place": one.place} for one in found]
        print(json.dumps({"ok": not errors, "form": definition.name, "findings": rows}, ensure_ascii=False, indent=2))
    else:
        for one in found:
            print(_line(one))
        print(_summary(found, definition))
    return 1 if errors else 0


def findings(
    docx: bytes, definition: FormDefinition, root: Path, linter: Callable[..., Sequence[Finding]] = lint
) -> Sequence[Finding]:
    """What ``linter`` finds; fields of the form's other versions are known by name."""
    fields, elsewhere = known_fields(definition, load_definitions(root).all())
    return linter(docx, fields=fields, elsewhere=elsewhere, form=definition.name)


def read_docx(path: Path) -> bytes:
    """The file's bytes; raises ``BadFile``."""
    try:
        return some_of(path, MAX_DOCX)
    except FileTooLarge:
        raise BadFile("too large", file=path, why="den er over 20 MB.") from None
    except FileNotFoundError:
        raise BadFile("missing", file=path, why="den findes ikke.") from None
    except (OSError, ValueError):
        raise BadFile("unreadable", file=path, why="den kan ikke læses.") from None


def _line(one: Finding) -> str:
    place = f"{one.place}: " if one.part else ""
    lines = [f"{LEVELS[one.level]}: {place}{one.said} [{one.rule}]"]
    if one.tag:
        lines.append(f"    mærke: {one.tag}")
    if one.field:
        lines.append(f"    navn: {one.field}")
    if one.near and one.near.strip() != one.tag:
        lines.append(f"    afsnittet begynder: {one.near}")
    return "\n".join(
        "".join(c if c.isprintable() else " " for c in line) for line in lines
    )  # whoever made the file chose it


def _summary(found: list[Finding], definition: FormDefinition) -> str:
    counts = Counter(one.level for one in found)
    if not found:
        return f"Ingen fejl ({definition.name})."
    told = [f"{counts['error']} fejl"]
    told += ["1 advarsel" if counts["warning"] == 1 else f"{counts['warning']} advarsler"] if counts["warning"] else []
    return ", ".join(told) + f" ({definition.name})."


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One version: how many documents were made, and what is wrong."""

    form: str
    documents: int
    problems: tuple[str, ...]


def _check(args: argparse.Namespace) -> int:
    chosen = [version(args.form, args.root)] if args.form is not None else list(load_definitions(args.root).all())
    renderer, rows = DocumentRenderer(args.templates), []
    try:
        for definition in chosen:
            rows.append(checked(definition, args, renderer))
            if not args.json:
                _tell(rows[-1])
    finally:
        renderer.close()
    wrong = sum(len(row.problems) for row in rows)
    made = sum(row.documents for row in rows)
    if args.json:
        print(
            json.dumps(
                {"ok": not wrong, "documents": made, "forms": msgspec.to_builtins(rows)}, ensure_ascii=False, indent=2
            )
        )
    else:
        templates = "1 skabelon" if len(rows) == 1 else f"{len(rows)} skabeloner"
        documents = "1 dokument" if made == 1 else f"{made} dokumenter"
        print(f"{wrong} fejl i {templates} med {documents}." if wrong else f"{templates} og {documents} er i orden.")
    return 1 if wrong else 0


def _tell(row: Checked) -> None:
    print(
        f"{row.form}: {row.documents} dokumenter, " + ("i orden" if not row.problems else f"{len(row.problems)} fejl"),
        flush=True,
    )
    for problem in row.problems:
        print(f"    {problem}", flush=True)


def checked(definition: FormDefinition, args: argparse.Namespace, renderer: DocumentRenderer) -> Checked:
    """The template looked through, and every sample made for every reader."""
    path = args.templates / definition.id / f"v{definition.version}.docx"
    try:
        docx = read_docx(path)
    except BadFile as missing:  # the others are looked at all the same
        return Checked(form=definition.name, documents=0, problems=(missing.message,))
    problems = [f"{one.place}: {one.said}" for one in findings(docx, definition, args.root) if one.level == "error"]
    made = 0
    for state in STATES:
        try:
            for problem in _documents(definition, state, args.templates, renderer):
                made += problem is None
                problems += [f"{state}: {problem}"] if problem else []
        except TillidError as error:
            problems.append(f"{state}: {error.message}")
    return Checked(form=definition.name, documents=made, problems=tuple(problems))


def _documents(
    definition: FormDefinition, state: State, templates: Path, renderer: DocumentRenderer
) -> Iterator[str | None]:
    """For each reader's copy what is wrong with it, or ``None``."""
    given = sample(definition.id, definition.version, state, templates)
    for reader in readers_of(definition):
        try:
            made = renderer.render(job_of(definition, given, reader=reader))
        except RenderFailed as error:
            yield f"{reader}: {error.detail}"
            continue
        if reader == given.reader and not _says(
            made.pdf, expected_text(definition.id, definition.version, state, templates)
        ):
            yield f"{reader}: siderne siger noget andet, end de skal"
            continue
        yield None


def _says(pdf: bytes, expected: str) -> bool:
    """Whether the pages have these words; where lines break is the template's matter."""
    return re.sub(r"\s+", " ", page_text(pdf)).strip() == re.sub(r"\s+", " ", expected).strip()
