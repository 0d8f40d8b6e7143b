"""``form_definitions/LOCK``: one line per version of a form, ``<form>/v<N> candidate|published <SHA-256>``, and one per
version of a code list, ``code_lists/<list>/v<N> …`` (design 20, R-63), of an addition, ``overlays/<id>/v<N> …``, of a word
list, ``wording/<language>/v<N> …``, and one for the municipal ``settings``.

A published version never changes: if its file does, the program does not start. What a published form uses is published
with it: its code lists and the additions to it, and the word lists with the first form of all. A candidate may still change;
then ``tillid definitions check`` says so and ``tillid definitions lock`` writes the new digest.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from tillid.forms.additions import FOLDER as OVERLAYS
from tillid.forms.beside import SETTINGS, WORDING
from tillid.forms.code_lists import FOLDER as LISTS
from tillid.forms.code_lists import list_digests
from tillid.forms.loading import Definitions, load_definitions, load_forms
from tillid.forms.problems import DefinitionError, Problem
from tillid.kernel.paths import FORM_DEFINITIONS

LOCK_FILE = FORM_DEFINITIONS / "LOCK"
_NAME = rf"(?:(?:{LISTS}|{OVERLAYS}|{WORDING})/)?[a-z][a-z0-9_]*/v[1-9][0-9]*|{SETTINGS}"
_LINE = re.compile(rf"({_NAME}) (candidate|published) ([0-9a-f]{{64}})\Z")
_WORDS = {LISTS: "Den udgivne kodeliste", OVERLAYS: "Den udgivne tilføjelse", WORDING: "Den udgivne ordliste"}
_HEAD = (
    "# Digests of the form definitions (SHA-256 of their RFC 8785 JSON). Written by `tillid definitions lock`.\n"
    "# A published line is never changed by hand or by the command: publish a new version instead.\n"
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the files say of one line of LOCK."""

    status: str
    digest: str


def _known(definitions: Definitions) -> dict[str, Known]:
    frozen = _published_with(definitions)
    lists = {
        name: Known(status="published" if name in frozen else "candidate", digest=digest)
        for name, digest in definitions.list_digests.items()
    }
    return lists | {one.name: Known(status=one.status, digest=one.digest) for one in definitions.all()}


def _published_with(definitions: Definitions) -> set[str]:
    """What the published forms rest on: it has no standing of its own and may change no more than they may."""
    forms = [one for one in definitions.all() if one.status == "published"]
    names = {f"{LISTS}/{one.id}/v{one.version}" for form in forms for one in form.code_lists}
    additions = [one for one in definitions.additions if one.form.status == "published"]
    names |= {f"{OVERLAYS}/{part.id}/v{part.version}" for one in additions for part in one.parts}
    words = [name for name in definitions.list_digests if name.startswith(f"{WORDING}/")]
    return names | set(words if forms else ())


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
    definitions = load_beside_lock(root)
    check_lock(definitions, root / "LOCK")
    return definitions


def load_beside_lock(root: Path) -> Definitions:
    """Every definition, checked; raises ``DefinitionError``, in which a published version that has changed is named before
    what it has broken (an addition says only that its form is another now)."""
    try:
        return load_definitions(root)
    except DefinitionError as error:
        raise DefinitionError([*changed_published(root), *error.problems]) from error


def changed_published(root: Path) -> list[Problem]:
    """What LOCK says of forms and lists that have changed, when what was added to them cannot be read for it."""
    try:
        forms, lists = load_forms(root)
        entries = read_lock(root / "LOCK")
    except DefinitionError:
        return []
    known = _known(Definitions(forms, list_digests(lists)))
    found = [(name, entry) for name, entry in entries.items() if entry.status == "published" and name in known]
    return [p for name, entry in found for p in _published_faults(root / "LOCK", name, entry, known[name])]


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
    what = f"{_WORDS.get(name.split('/')[0], 'Den udgivne definition')} {name}"
    if definition is None:
        text = f"{what} mangler."
    elif definition.digest != entry.digest:
        text = f"{what} er ændret. En udgivet version må aldrig ændres."
    else:
        return []
    return [_problem(lock_path, entry.line, "forms.published-changed", text, advice)]


def _problem(lock_path: Path, line: int, code: str, text: str, suggestion: str = "") -> Problem:
    return Problem(file=lock_path.name, line=line, field="", code=code, text=text, suggestion=suggestion)
