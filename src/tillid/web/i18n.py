"""Languages: Danish is the source of every text, English the first translation. ``locales/`` holds the catalogues."""

from __future__ import annotations

import gettext
import logging
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[1] / "locales"
LANGUAGES = ("da", "en")
SOURCE = "da"
log = logging.getLogger(__name__)


def _(message: str) -> str:
    """Mark a Danish text for the catalogue; the template translates it when it is shown."""
    return message


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of ``language``; the source language and an unknown one give the texts as they are."""
    folder = LOCALES / language / "LC_MESSAGES"
    compiled, source = folder / "tillid.mo", folder / "tillid.po"
    if language == SOURCE or language not in LANGUAGES or not source.exists():
        return gettext.NullTranslations()
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        _compile(source, compiled)
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file)


def _compile(source: Path, compiled: Path) -> None:
    """A checkout holds no compiled catalogues; the first process that needs one writes it."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    part = compiled.with_suffix(".part")
    with part.open("wb") as file:
        write_mo(file, catalogue)
    part.replace(compiled)
    log.info("compiled %s", source.name)


def translate(text: str, language: str) -> str:
    """``text`` in ``language``, or unchanged."""
    return translations(language).gettext(text) if text else text
