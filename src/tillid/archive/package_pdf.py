"""Whether a package's PDF is the one that the package says: its revisions, the records and the answers in it (R-85, ADR 0057).

What stands on its pages is sealed by nobody and read by nobody here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from tillid.archive.package_check import Checked, Source
from tillid.archive.package_held import DOCUMENT, MAX_PDF, RECORDS, Described, Held, Proof, is_few
from tillid.archive.package_verdict import inside
from tillid.kernel.canonical import sha256
from tillid.kernel.cpr import masked_cpr, normal_cpr
from tillid.signatures.receipt import OWN
from tillid.signatures.verdict import Verdict

_IN_PDF = re.compile(r"record-([0-9a-f-]{36})(\.xml|\.tst|\.personal|\.personal\.tst)\Z")
_BESIDE = {".xml": "record.xml", ".tst": "record.tst", ".personal": OWN, ".personal.tst": "personal.tst"}


class PdfRevision(Protocol):
    """One state of a PDF: the SHA-256 of the file with it, and the files that it added."""

    @property
    def sha256(self) -> str: ...
    @property
    def files(self) -> Sequence[Any]: ...


# Of a PDF; none where it cannot be read, or something was done to it that we never do.
Revisions = Callable[[bytes], Sequence[PdfRevision]]


class _Id(msgspec.Struct):
    id: str


class _InPdf(msgspec.Struct):
    """Of a PDF's own data; the rest is passed over and takes no memory."""

    document: _Id
    answers: dict[str, Any]


def prove_pdf(source: Source, checked: Checked, proof: Proof, revisions: Revisions) -> Proof:
    """``proof`` with what is so of the PDF. Apart from the rest, for this alone opens a stranger's PDF."""
    if proof.described is None:
        return proof
    one = ("document.pdf", _pdf(Held(source, checked), proof.described, revisions))
    return msgspec.structs.replace(proof, found=(*proof.found, one))


def _pdf(held: Held, described: Described, revisions: Revisions) -> Verdict:
    """The revisions that the package names, in order, and in them the very files that lie in the package."""
    data = held.read(DOCUMENT, MAX_PDF)
    made = revisions(data) if data else ()
    if not made:
        return inside("inside.pdf.broken")
    if [one.sha256 for one in made] != [str(one.get("sha256")) for one in described.pdf]:
        return inside("inside.pdf")
    told = _told_in(made[0])
    if told is None or told.document.id != described.document:
        return inside("inside.pdf")
    if not _shown_all(told.answers, held.answers()):
        return inside("inside.pdf.answers")
    for file in (file for one in made for file in one.files):
        known = _IN_PDF.match(file.name)
        if known and sha256(file.data) != held.digest(f"{RECORDS}{known[1]}/{_BESIDE[known[2]]}"):
            return inside("inside.pdf", file=file.name)
    return inside("inside.pdf.ok", revisions=str(len(made)))


def _told_in(first: PdfRevision) -> _InPdf | None:
    """The PDF's own data: which document it is, and the answers that its pages were made of."""
    data = next((file.data for file in first.files if file.name == "answers.json"), b"")
    try:
        return msgspec.json.decode(data, type=_InPdf) if is_few(data) else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _shown_all(shown: Any, own: Any) -> bool:
    try:
        return _shown(shown, own)
    except RecursionError:  # no answer of ours lies so deep
        return False


def _shown(shown: Any, own: Any) -> bool:
    """Whether a PDF shows ``own``: the same, but for CPR numbers, which it masks (R-111)."""
    if isinstance(own, dict) and isinstance(shown, dict):
        return own.keys() == shown.keys() and all(_shown(shown[key], value) for key, value in own.items())
    if isinstance(own, list) and isinstance(shown, list):
        return len(own) == len(shown) and all(map(_shown, shown, own))
    return shown == own or isinstance(own, str) and normal_cpr(own) is not None and shown == masked_cpr(own)
