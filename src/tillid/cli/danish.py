"""argparse's own words in Danish. It asks gettext for them, but Python brings no Danish catalogue."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

WORDS = {
    "usage: ": "brug: ",
    "positional arguments": "argumenter",
    "options": "valg",
    "subcommands": "kommandoer",
    "show this help message and exit": "vis denne hjælp",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s. Hjælp: %(prog)s --help\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "her mangler: %s",
    "unrecognized arguments: %s": "dette kender kommandoen ikke: %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r findes ikke; vælg mellem %(choices)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "%(parser_name)r findes ikke; vælg mellem %(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r kan ikke bruges her",
    "expected one argument": "der skal stå en værdi efter",
    "expected at most one argument": "der må højst stå én værdi efter",
    "expected at least one argument": "der skal stå mindst én værdi efter",
    "expected %s argument": "der skal stå %s værdi efter",
    "expected %s arguments": "der skal stå %s værdier efter",
    "one of the arguments %s is required": "vælg en af %s",
    "not allowed with argument %s": "kan ikke bruges sammen med %s",
    "ignored explicit argument %r": "der må ikke stå en værdi efter (%r)",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s er tvetydig: %(matches)s",
    "unexpected option string: %s": "dette kender kommandoen ikke: %s",
}


@contextmanager
def danish() -> Iterator[None]:
    """Inside it argparse speaks Danish; a word that is not in ``WORDS`` stays English rather than missing."""
    before = argparse._, argparse.ngettext  # type: ignore[attr-defined]
    argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]
    argparse.ngettext = lambda one, many, count: argparse._(one if count == 1 else many)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._, argparse.ngettext = before  # type: ignore[attr-defined]
