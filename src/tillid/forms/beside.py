"""What lies beside the forms and has its own line in LOCK: the word lists of the wording check and the municipal settings.

Neither is part of a frozen version: a word list gives hints while somebody writes, and what a municipality has chosen is kept
in its own series of changes. So a word list is frozen with the first form that is published (a new version of it may always
be added), while ``settings`` stays a candidate for ever: a new setting may come at any time, and the static check refuses the
forms that ask for one that is gone (ADR 0022, 0025).
"""

from __future__ import annotations

from pathlib import Path

from tillid.forms.yamldata import read_bytes, read_yaml
from tillid.kernel.canonical import json_digest

WORDING = "wording"
SETTINGS = "settings"


def beside_digests(root: Path) -> dict[str, str]:
    """``wording/<language>/v<N>`` and ``settings`` → SHA-256 of the file's RFC 8785 JSON; only what is there and can be
    read (what is wrong with a file is told by whoever uses it)."""
    files = {path.relative_to(root).with_suffix("").as_posix(): path for path in (root / WORDING).glob("*/v*.yaml")}
    if (root / f"{SETTINGS}.yaml").is_file():
        files[SETTINGS] = root / f"{SETTINGS}.yaml"
    sources = {name: read_yaml(read_bytes(path), name) for name, path in sorted(files.items())}
    return {name: json_digest(source.data) for name, source in sources.items() if not source.problems}
