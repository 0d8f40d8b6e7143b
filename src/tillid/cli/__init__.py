"""``tillid …``: one subcommand per module, imported only when asked for, so that ``tillid verify`` needs no Plone.

A command's module has ``add_arguments(parser)`` and ``run(args) -> int`` (the exit code).
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from tillid.cli.common import FULL_DISK
from tillid.cli.danish import danish
from tillid.kernel.errors import TillidError

COMMANDS = {
    "start": ("tillid.cli.start", "start demokommunen i én proces"),
    "reset": ("tillid.cli.reset", "fjern demodata (spørger først)"),
    "walk": ("tillid.cli.walk", "gå hele vejen fra definition til verificering uden browser"),
    "verify": ("tillid.cli.verify", "efterprøv samtykker og tilbagekaldelser med segl eller egen underskrift"),
    "evidence": ("tillid.cli.evidence", "beviser, der holder længere end certifikater og metoder"),
    "consents": ("tillid.cli.consents", "samtykkerne i databasen: alle, et, eller hvad der gælder og hvorfor"),
    "export-consent": ("tillid.cli.export_consent", "skriv beviset for et samtykke som en kvittering (zip)"),
    "log": ("tillid.cli.log", "loggen over samtykker: forseglet hoved, eftersyn, bevis for en hændelse"),
    "audit": (
        "tillid.cli.audit",
        "loggen over læsninger: skriv den om ét barn til en fil, efterse en fil eller loggene",
    ),
    "index": ("tillid.cli.index", "søgeindekset: hvad der mangler eller er for meget, byg op igen, ret"),
    "keys": ("tillid.cli.keys", "seglets nøgler: ny, tag i brug, spær, vis"),
    "lists": ("tillid.cli.lists", "hent udstedernes spærrelister, og vis hvor længe de gælder"),
    "retention": (
        "tillid.cli.retention",
        "frister for bevaring: hvad kan vurderes hvornår, og hvad en ny regel ville gøre",
    ),
    "journal": ("tillid.cli.journal", "hvad der er journalført, med dato og emne"),
    "backup": ("tillid.cli.backup", "sikkerhedskopier: lav, efterse, fjern de gamle, læg tilbage"),
    "fixity": ("tillid.cli.fixity", "læs alt gemt igen, og sammenlign med kontroltallene"),
    "package": ("tillid.cli.package", "dokumenter som arkivpakker (E-ARK, BagIt): lav, efterse, vis"),
    "extract": ("tillid.cli.extract", "tag poster og data ud af et dokument (PDF) igen"),
    "definitions": ("tillid.cli.definitions", "formulardefinitionerne: vis, efterse, sammenlign, skriv"),
    "answers": ("tillid.cli.answers", "efterse svar, og vis hvad en flytning til en nyere version gør"),
    "render": ("tillid.cli.render", "dan en PDF af svar i en fil, for en læser"),
    "templates": ("tillid.cli.templates", "dokumentskabelonerne: efterse en, eller alle med deres eksempler"),
    "requirements": ("tillid.cli.requirements", "vis krav og lovregler med de tests, der beviser dem"),
    "doctor": ("tillid.cli.doctor", "efterse alt det, Tillid bruger på maskinen"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Beside the command's own: 1 an expected failure (or its ``failure``, where 1 says something of a record), 2 wrong use, 70 a fault of ours, 130 Ctrl-C, 141 the reader left.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in arguments if not word.startswith("-")), None)
    debug, failure = "--debug" in arguments, 1
    try:
        with danish():
            args = _parser(command).parse_args(arguments)
        failure = getattr(args, "failure", failure)
        code = int(args.run(args) or 0)
        sys.stdout.flush()  # here, where a closed pipe is still ours to answer
        return code
    except TillidError as error:
        if debug:
            traceback.print_exc()
        print(f"tillid: {error.message} [{error.code}]", file=sys.stderr)
        return failure
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; keep the interpreter from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        if (said := _said_of_files(error)) is None:
            return _fault(debug)
        if debug:
            traceback.print_exc()
        print(f"tillid: {said}", file=sys.stderr)
        return failure
    except Exception:
        return _fault(debug)


_WHY = {
    errno.ENOENT: "findes ikke",
    errno.ENOTDIR: "går gennem noget, der ikke er en mappe",
    errno.EISDIR: "er en mappe",
    errno.EACCES: "må ikke læses eller skrives",
    errno.EPERM: "må ikke læses eller skrives",
    errno.EROFS: "ligger på en disk, der ikke kan skrives på",
    errno.ENAMETOOLONG: "er for lang",
    errno.ELOOP: "består af henvisninger, der går i ring",
}


def _said_of_files(error: OSError) -> str | None:
    """What is wrong with a disk or with a path that somebody wrote and no command looked at; ``None``: a fault of ours."""
    if error.errno in FULL_DISK:
        return "Disken er fuld. Gør plads, og kør kommandoen igen. [cli.disk-full]"
    if error.errno not in _WHY or not isinstance(error.filename, str | os.PathLike):
        return None
    path = "".join(one if one.isprintable() else "?" for one in str(error.filename))
    path = path if len(path) <= 200 else f"{path[:100]} … {path[-90:]}"
    return f"Stien {path} {_WHY[error.errno]}. Ret den, og kør kommandoen igen. [cli.path]"


def _parser(command: str | None) -> argparse.ArgumentParser:
    """The parser; only ``command`` gets its arguments, and only its module is imported."""
    parser = argparse.ArgumentParser(prog="tillid", description="Tillid: formularer og samtykke i kommunen.")
    parser.add_argument("--debug", action="store_true", help="vis hele fejludskriften, hvis noget går galt")
    commands = parser.add_subparsers(dest="command", metavar="KOMMANDO", required=True)
    for name, (module, text) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if name == command:
            code = importlib.import_module(module)
            code.add_arguments(sub)
            sub.set_defaults(run=code.run)
    return parser


def _fault(debug: bool) -> int:
    """An error that nobody expected: one sentence, and the traceback in a file (or shown, with ``--debug``)."""
    if debug:
        traceback.print_exc()
        return 70
    folder = Path("var/log") if Path("var/log").is_dir() else Path(tempfile.gettempdir())
    path = folder / "tillid-fejl.log"
    try:
        # For its owner alone: a traceback may show values.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as log:
            traceback.print_exc(file=log)
        where = f"Fejludskriften ligger i {path}."
    except OSError:
        where = "Kør igen med --debug for at se hele fejlen."
    print(f"tillid: Der skete en fejl, som vi ikke havde forudset. {where} [tillid.fault]", file=sys.stderr)
    return 70
