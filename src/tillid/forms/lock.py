"""``form_definitions/LOCK``: one line per version of a form, ``<form>/v<N> candidate|published <SHA-256>``, and one per
version of a code list, ``code_lists/<list>/v<N> …`` (design 20, R-63), and of an addition, ``overlays/<id>/v<N> …``.

A published version never changes: if its file does, the program does not start. A candidate may still change; then
``tillid definitions check`` says so and ``tillid definitions lock`` writes the new digest.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from tillid.forms.loading import Definitions, load_definitions
from tillid.forms.problems import DefinitionError, Problem
from tillid.kernel.paths import FORM_DEFINITIONS

LOCK_FILE = FORM_DEFINITIONS / "LOCK"
_LINE = re.compile(r"((?:code_lists/|overlays/)?[a-z][a-z0-9_]*/v[1-9][0-9]*) (candidate|published) ([0-9a-f]{64})\Z")
_HEAD = (
    "# Digests of the form definitions (SHA-256 of their RFC 8785 JSON). Written by `tillid definitions lock`.\n"
    "# A published line is never changed by hand or by the command: publish a new version instead.\n"
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the files say of one version of a form or of a code list; a list says nothing of its own standing."""

    status: str
    digest: str


def _known(definitions: Definitions) -> dict[str, Known]:
    lists = {name: Known(status="candidate", digest=digest) for name, digest in definitions.list_digests.items()}
    return lists | {one.name: Known(status=one.status, digest=one.digest) for one in definitions.all()}


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """What LOCK says of one version."""

    line: int
    status: str
    digest: str


def read_lock(lock_path: Path = LOCK_FILE) -> dict[str, Locked]:
    """The entries by ``<form>/v<N>``; raises ``DefinitionError`` when the file is missing or malformed."""
    try:
        text = lock_path.read_text("utf-8")
    except OSError:
        text_missing = "Filen findes ikke eller kan ikke læses."
        problem = _problem(lock_path, 0, "forms.lock-missing", text_missing, "Kør »tillid definitions lock«.")
        raise DefinitionError([problem]) from None
    entries: dict[str, Locked] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.match(line)
        if found is None or found[1] in entries:
            problems.append(_problem(lock_path, number, "forms.lock-malformed", "Linjen kan ikke forstås."))
        else:
            entries[found[1]] = Locked(line=number, status=found[2], digest=found[3])
    if problems:
        raise DefinitionError(problems)
    return entries


def check_lock(definitions: Definitions, lock_path: Path = LOCK_FILE) -> list[Problem]:
    """Candidates that have changed or are not listed (to be told, not to stop anything).

    Raises ``DefinitionError`` when a published version was changed, removed or marked back as a candidate, or calls
    itself published without being locked: that stops the start-up.
    """
    entries = read_lock(lock_path)
    by_name = _known(definitions)
    fatal: list[Problem] = []
    told: list[Problem] = []
    for name, entry in entries.items():
        definition = by_name.get(name)
        if entry.status == "published":
            fatal += _published_faults(lock_path, name, entry, definition)
        elif definition is None:
            text = f"{name} står i LOCK, men filen findes ikke."
            told.append(_problem(lock_path, entry.line, "forms.lock-stale", text, "Kør »tillid definitions lock«."))
        elif definition.digest != entry.digest:
            text = f"Kandidaten {name} er ændret."
            told.append(
                _problem(lock_path, entry.line, "forms.candidate-changed", text, "Kør »tillid definitions lock«.")
            )
    for name, definition in by_name.items():
        unlocked = name not in entries or entries[name].status == "candidate"
        if unlocked and definition.status == "published":
            text = f"{name} kalder sig udgivet, men er ikke låst."
            fatal.append(_problem(lock_path, 0, "forms.published-unlocked", text, "Kør »tillid definitions lock«."))
        elif name not in entries:
            text = f"{name} mangler i LOCK."
            told.append(_problem(lock_path, 0, "forms.lock-incomplete", text, "Kør »tillid definitions lock«."))
    if fatal:
        raise DefinitionError(fatal)
    return told


def load_locked(root: Path = FORM_DEFINITIONS) -> Definitions:
    """What a program loads when it starts: every definition, checked, and no published one changed.

    Raises ``DefinitionError``; changed candidates are let through (design 20: they may still change).
    """
    definitions = load_definitions(root)
    check_lock(definitions, root / "LOCK")
    return definitions


def write_lock(definitions: Definitions, lock_path: Path = LOCK_FILE) -> list[str]:
    """Write the digests of candidates and of versions newly marked published; returns the names whose line changed.

    Lines already published are kept byte for byte; raises ``DefinitionError`` if one of them no longer fits its file.
    """
    entries = read_lock(lock_path) if lock_path.exists() else {}
    by_name = _known(definitions)
    kept = {name: entry for name, entry in entries.items() if entry.status == "published"}
    fatal = [p for name, entry in kept.items() for p in _published_faults(lock_path, name, entry, by_name.get(name))]
    if fatal:
        raise DefinitionError(fatal)
    lines = {name: (entry.status, entry.digest) for name, entry in kept.items()}
    for name, definition in by_name.items():
        lines.setdefault(name, (definition.status, definition.digest))
    text = _HEAD + "".join(f"{name} {status} {digest}\n" for name, (status, digest) in sorted(lines.items()))
    if not lock_path.exists() or lock_path.read_text("utf-8") != text:
        lock_path.write_text(text, "utf-8")
    before = {name: (entry.status, entry.digest) for name, entry in entries.items()}
    return sorted(name for name in lines.keys() | before.keys() if lines.get(name) != before.get(name))


def _published_faults(lock_path: Path, name: str, entry: Locked, definition: Known | None) -> list[Problem]:
    advice = "Hent den udgivne fil frem igen, og lav ændringen som en ny version."
    if definition is None:
        text = f"Den udgivne definition {name} mangler."
    elif definition.digest != entry.digest:
        text = f"Den udgivne definition {name} er ændret. En udgivet version må aldrig ændres."
    else:
        return []
    return [_problem(lock_path, entry.line, "forms.published-changed", text, advice)]


def _problem(lock_path: Path, line: int, code: str, text: str, suggestion: str = "") -> Problem:
    return Problem(file=lock_path.name, line=line, field="", code=code, text=text, suggestion=suggestion)
