"""Page templates compiled once for all processes of the tests: all of one language take a process three seconds, read from
a folder a tenth of one. What a compiled template holds besides its source (texts, addresses of assets, the way it is compiled)
names the folder, so that none is taken that would be compiled otherwise now."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from tillid.web import assets, compiling, i18n, render

ROOT = Path(__file__).parents[2] / ".pytest_cache" / "pages"


@cache
def _folder() -> Path:
    held = hashlib.sha256(f"{sys.version} {assets.release()}".encode())
    sources = (compiling.__file__, render.__file__, *sorted(i18n.LOCALES.rglob("*.po")))
    for path in map(Path, sources):
        held.update(path.read_bytes())
    folder = ROOT / held.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def share_compiled() -> None:
    """Take compiled templates from the folder, and leave there what this process compiles."""
    for language in i18n.LANGUAGES:
        render.environment(language).bytecode_cache = FileSystemBytecodeCache(str(_folder()), f"{language}-%s")
