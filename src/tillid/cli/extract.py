"""``tillid extract FILE.pdf --out DIR``: the records and data inside a document, out again as files.

The PDF is taken apart in a process of its own with limits. A name that is more than letters, digits, ``.-_`` stops the
command before anything is written, and nothing that is there is overwritten. Exit codes: 0 taken out, 1 a file that
somebody has changed, or a name that cannot be used, 3 not readable as a document; 2 is wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from tillid.cli.common import require_folder
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid extract``."""
    parser.add_argument("path", type=Path, metavar="FIL.pdf", help="dokumentet, som filerne ligger i")
    parser.add_argument("--out", type=Path, required=True, metavar="MAPPE", help="mappen, filerne skrives i")
    parser.add_argument("--json", action="store_true", help="skriv som JSON")
    parser.epilog = (
        "Afslutningskoder: 0 taget ud; 1 nogen har ændret filen, eller et navn eller mappen kan ikke bruges; 2 forkert brug; "
        "3 filen kan ikke læses som et dokument."
    )


def run(args: argparse.Namespace) -> int:
    """Write the files; say which revision each came with."""
    from tillid.adapters.pdf.box import is_pdf, opened, require_still
    from tillid.adapters.pdf.refusals import TAMPERED, BadPdf
    from tillid.adapters.pdf.revisions import plain_name

    within = ""
    try:
        revisions = opened(_read(args.path))
        files = [(revision, file) for revision in revisions for file in revision.files]
        if any(not plain_name(file.name) for _, file in files):
            raise BadPdf("names", "not a plain name")
        for _, file in files:
            if is_pdf(file.data):
                within = f"{file.name}: "
                require_still(file.data)
    except BadPdf as bad:
        print(f"tillid: {within}{bad.message} [{bad.code}]", file=sys.stderr)
        return 1 if bad.reason in TAMPERED | {"names"} else 3
    require_folder(args.out, "--out")
    args.out.mkdir(parents=True, exist_ok=True)
    _require_free(args.out, [file.name for _, file in files])
    for _, file in files:
        _write(args.out, file.name, file.data)
    told = [
        {"file": file.name, "revision": revision.number, "added_at": revision.added_at, "size": len(file.data),
         "media_type": file.media_type, "relationship": file.relationship, "sha256": sha256(file.data)}
        for revision, file in files
    ]  # fmt: skip
    print(json.dumps(told, ensure_ascii=False, indent=1) if args.json else "\n".join(_lines(told)))
    return 0


def _lines(told: list[dict]) -> list[str]:
    if not told:
        return ["Der er ingen filer i dokumentet."]
    return [
        f"{one['file']}: udgave {one['revision']}, {one['size']} byte, sha256 {one['sha256'][:16]}…" for one in told
    ]


def _read(path: Path) -> bytes:
    from tillid.cli.judging import MAX_PDF_BYTES

    try:
        if not path.is_file() or path.stat().st_size > MAX_PDF_BYTES:
            raise OSError
        return path.read_bytes()
    except OSError:
        raise TillidError(
            "no such file, or too large",
            code="extract.no-file",
            text="Filen findes ikke, kan ikke åbnes eller er for stor.",
        ) from None


def _require_free(folder: Path, names: list[str]) -> None:
    for name in names:
        if os.path.lexists(folder / name):
            raise TillidError(
                "a file is there already",
                code="extract.exists",
                text="Der ligger allerede en fil med navnet {name} i mappen. Vælg en tom mappe med --out.",
                name=name,
            )


def _write(folder: Path, name: str, data: bytes) -> None:
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
