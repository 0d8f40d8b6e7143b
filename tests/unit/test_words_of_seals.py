"""What the platform's key has made is called a seal in every text, and a signature only what a person has signed (R-103)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tillid

ROOT = Path(tillid.__file__).parent
SIGNED = re.compile(r"underskr|skr\w+ (selv )?under\b|signer(et|ede)\b|signatur(en)?\b", re.IGNORECASE)
# Files that speak of a person's own signature, of one on paper, of what a seal is not, or of certificates.
A_PERSONS_OWN = {
    "adapters/package_envelope.py", "adapters/personal_provider.py", "consents/attestation.py", "consents/reception.py", "documents/receipt_job.py",
    "forms/checks_overlays.py", "forms/diff.py", "signatures/limits.py", "signatures/personal_verdict.py",
    "usecases/sign_personally.py", "web/archive_words.py", "web/designing.py", "web/imported_words.py",
    "web/routes.py", "web/views/admin.py", "web/views/fixity.py", "web/views/paper.py", "web/views/personal.py", "web/templates/document.html",
    "web/templates/paper.html", "web/templates/paper_sheet.html", "web/templates/receipt_personal.html",
    "web/templates/sign_personally.html", "usecases/municipal.py", "cli/__init__.py", "usecases/avid_feed.py",
}  # fmt: skip
SAID = {
    # Of other files: the texts themselves.
    "Personens egen underskrift på posten",
    "Tidsstempel til personens egen underskrift",
    "Personens egen underskrift med alt om dens certifikat",
    "Fornyet bevis for personens egen underskrift (RFC 4998)",
    "dokumentet blev ikke underskrevet, da alle havde sagt ja",  # the state's name in the published forms
    "Skriv under variants, hvad den hedder nu.",
    "Digital_signatur",  # a functional description in the rules for archive versions
}


def texts(path: Path) -> Iterator[str]:
    """The words of one file that people may come to see: strings of a module but for docstrings, a template whole."""
    if path.suffix != ".py":
        yield path.read_text("utf-8")
        return
    tree = ast.parse(path.read_text("utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


@pytest.mark.req("R-103")
def test_no_text_calls_the_platforms_seal_a_signature():
    found = [
        (path.relative_to(ROOT).as_posix(), text)
        for path in sorted(ROOT.rglob("*"))
        if path.suffix in (".py", ".html", ".xsl", ".xslt")
        for text in texts(path)
        if SIGNED.search(text) and text not in SAID
    ]
    assert {name for name, _ in found} - A_PERSONS_OWN == set(), found
    assert A_PERSONS_OWN - {name for name, _ in found} == set(), "a file that needs no exception any more"
