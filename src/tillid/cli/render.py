"""``tillid render``: answers in a JSON file become one reader's PDF, as the queue makes it.

Exit codes: 0 written; 1 the form, the answers, the reader or the place to write cannot be used, or the document could not be
made; 2 wrong use. The file of answers is ``{field: answer}``, the ``answers.json`` out of a PDF, or a sample of ``document_templates/``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import msgspec

from tillid.adapters.renderer import DocumentRenderer, RenderFailed
from tillid.cli.forms import BadFile, read_json, version
from tillid.documents.model import Reader
from tillid.documents.rendering import COPIES, RenderedDocument, RenderJob
from tillid.documents.samples import READERS, SAMPLE_ID, Sample, job_of, readers_of
from tillid.forms.answers import clean_field
from tillid.forms.definition import FormDefinition
from tillid.forms.problems import AnswerError
from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put_where_told
from tillid.kernel.paths import DOCUMENT_TEMPLATES, FORM_DEFINITIONS

CODES = (
    "Afslutningskoder: 0 skrevet; 1 skemaet, svarene, læseren eller stedet kan ikke bruges, eller dokumentet kunne ikke dannes; "
    "2 forkert brug."
)
UNDATED = "2000-01-01T00:00:00Z"  # no date of its own: the same answers give the same bytes, today and tomorrow


class NotRendered(TillidError):
    """No document was made."""

    code = "cli.render"
    text = "Dokumentet kunne ikke dannes: {why}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Form, answers, reader and where to write."""
    parser.epilog = CODES
    parser.add_argument("--form", required=True, metavar="SKEMA/vN", help="skemaet, fx overgangsbeskrivelse/v3")
    parser.add_argument("--answers", required=True, type=Path, metavar="FIL.json", help="svarene: {felt: svar}, eller answers.json fra en PDF")  # fmt: skip
    parser.add_argument("--reader", choices=READERS, help="hvis eksemplar det er (standard: filens, ellers den første, der må se noget)")  # fmt: skip
    parser.add_argument("--out", required=True, type=Path, metavar="FIL.pdf", help="hvor dokumentet skrives")
    parser.add_argument("--number", metavar="NUMMER", help="dokumentnummeret (standard: filens, ellers PRØVE)")
    parser.add_argument(
        "--municipality", metavar="NAVN", help="kommunens navn (standard: filens, ellers Solbjerg Kommune)"
    )
    parser.add_argument(
        "--moment", metavar="TID", help=f"tidspunktet i filens egenskaber (standard: filens, ellers {UNDATED})"
    )
    parser.add_argument("--json", action="store_true", help="skriv resultatet som JSON")
    parser.add_argument("--root", type=Path, default=FORM_DEFINITIONS, metavar="MAPPE", help="mappen med definitioner")
    parser.add_argument(
        "--templates", type=Path, default=DOCUMENT_TEMPLATES, metavar="MAPPE", help="mappen med skabeloner"
    )


def run(args: argparse.Namespace) -> int:
    """Write the PDF and tell of it."""
    definition = version(args.form, args.root)
    given, document_id = _given(args)
    answers = _answers(definition, given.answers, args.answers)
    reader = _reader(definition, args.reader or given.reader)
    job = msgspec.structs.replace(job_of(definition, given, reader=reader, answers=answers), document_id=document_id)
    made = rendered(job, args.templates)
    _write(args.out, made.pdf)
    told = {"file": str(args.out), "reader": reader, "pages": made.pages, "bytes": len(made.pdf), "sha256": made.sha256}
    if args.json:
        print(
            json.dumps(
                {**told, "form": definition.name, "template": made.template_digest}, ensure_ascii=False, indent=2
            )
        )
    else:
        sides = "1 side" if made.pages == 1 else f"{made.pages} sider"
        print(f"{args.out}: {sides}, {len(made.pdf) // 1000} kB, {COPIES[reader][0].lower() + COPIES[reader][1:]}")
        print(f"SHA-256 {made.sha256}")
    return 0


def rendered(job: RenderJob, templates: Path) -> RenderedDocument:
    """The document of ``job``; raises ``NotRendered`` with a reason for the person at the keyboard."""
    renderer = DocumentRenderer(templates)
    try:
        return renderer.render(job)
    except RenderFailed as problem:
        raise NotRendered(problem.detail, why=reason(problem)) from problem
    finally:
        renderer.close()


def reason(problem: RenderFailed) -> str:
    """What failed, in Danish; the renderer's detail names parts and codes only, never answers."""
    if "no template for" in problem.detail:
        return "der er ingen skabelon til skemaet."
    if problem.detail.startswith("documents.look") and problem.__cause__ is not None:
        return getattr(problem.__cause__, "message", "look.yaml kan ikke bruges.")
    if problem.detail.startswith("documents.template-refused"):
        return f"skabelonen kan ikke bruges ({problem.detail.partition(': ')[2][:160]}). Se »tillid templates lint«."
    return f"{problem.detail[:160]}. »tillid doctor« viser, om LibreOffice er her."


def _given(args: argparse.Namespace) -> tuple[Sample, str]:
    """The file's answers with what else it tells, and the document's id. Raises ``BadFile``."""
    value = read_json(args.answers)
    if not isinstance(value, dict):
        raise BadFile("no object", file=args.answers, why="den skal indeholde en gruppe med felter og svar ({…}).")
    about = value.get("document") if isinstance(value.get("document"), dict) else {}
    wrapped = isinstance(value.get("answers"), dict)
    rest = {k: v for k, v in value.items() if k in Sample.__struct_fields__ and k != "answers"} if wrapped else {}
    fields = {
        "municipality": "Solbjerg Kommune", "reader": "", "number": about.get("number", "PRØVE"),
        "moment": about.get("made_at", UNDATED), **rest, "answers": value["answers"] if wrapped else value,
    }  # fmt: skip
    own = {"number": args.number, "municipality": args.municipality, "moment": args.moment}
    fields |= {key: text for key, text in own.items() if text}
    document_id = str(about.get("id") or SAMPLE_ID)
    try:
        parse_instant(fields["moment"])
        # Half a character can stand in JSON, and nowhere in a document.
        json.dumps([fields, document_id], ensure_ascii=False).encode()
        sample = msgspec.convert({**fields, "reader": fields["reader"] or "team"}, Sample)
    except (msgspec.ValidationError, ValueError, TypeError, AttributeError, TillidError) as problem:
        why = "nummer, læser, kommune eller tidspunkt kan ikke læses. Et tidspunkt skrives som 2026-04-24T09:30:00Z."
        raise BadFile(type(problem).__name__, file=args.answers, why=why) from problem
    return (sample if fields["reader"] else msgspec.structs.replace(sample, reader="")), document_id  # type: ignore[arg-type]


def _answers(definition: FormDefinition, answers: dict[str, Any], file: Path) -> dict[str, Any]:
    """The answers as they are stored. Raises ``BadFile`` at the first that does not fit its field."""
    known = {field.id for field in definition.fields}
    made = {}
    for name, value in answers.items():
        if name not in known:
            raise BadFile("unknown field", file=file, why=f"der er intet felt »{name[:60]}« i {definition.name}.")
        try:
            made[name] = clean_field(definition, name, value)
        except AnswerError as error:
            raise BadFile("wrong answer", file=file, why=f"feltet »{name}«: {error.problem.message}") from error
        except (TypeError, ValueError, AttributeError, KeyError) as problem:
            raise BadFile("wrong answer", file=file, why=f"svaret i feltet »{name}« har en forkert form.") from problem
    return {name: value for name, value in made.items() if value is not None}


def _reader(definition: FormDefinition, wanted: str) -> Reader:
    able = readers_of(definition)
    if wanted and wanted not in able:
        why = f"{wanted} må ikke se noget i {definition.name}. Det må: {', '.join(able)}."
        raise NotRendered("reader sees nothing", why=why)
    return wanted or able[0]  # type: ignore[return-value]


def _write(path: Path, data: bytes) -> None:
    """The whole file or nothing; raises ``NotRendered``."""
    try:
        put_where_told(path, data)  # for the owner alone: it may hold a child's data
    except OSError as problem:
        raise NotRendered(type(problem).__name__, why=f"{path} kan ikke skrives.") from problem
