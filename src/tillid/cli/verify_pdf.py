"""``tillid verify FILE.pdf``: which revisions the file has, which records each added, who was shown what, what is left.

The file is taken apart in a process of its own (``adapters/pdf/box.py``); the records are judged one by one as they would
be outside of it, and must be about the document they lie in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from tillid.adapters.pdf.box import OpenedRevision, opened
from tillid.adapters.pdf.refusals import TAMPERED, BadPdf
from tillid.consents.attestation import AttestedText
from tillid.consents.from_records import Said, left_in_common, said_by
from tillid.consents.model import DocumentRef
from tillid.consents.reception import OF_EMPLOYEES
from tillid.consents.record_facts import RecordFacts, read_record
from tillid.consents.statement import danish_date
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import instant, local_day, parse_instant
from tillid.kernel.errors import TillidError
from tillid.signatures.receipt_verify import frozen_of, with_evidence
from tillid.signatures.verdict import Verdict, verdict

NOT_THE_PAGES = (
    "Kontrollen viser ikke, at filens sider er de rigtige: Seglene omfatter posterne. "
    "Sammenhold SHA-256 for udgave 0 med den, kommunen har gemt."
)
ANSWERS = {
    "same": "Svarene i filen (answers.json) er ordret dem, posterne handler om.",
    "other": "Svarene i filen (answers.json) er ikke ordret dem, posterne handler om. Sådan er det, hvor et CPR-nummer er dækket, "
    "eller arkivet ikke må se alt. Ellers har nogen lavet filen om.",
}  # by the detail ``answers_in_file`` of a record's verdict
Judge = Callable[[bytes, bytes | None], Verdict]  # a record, and the timestamp that lies beside it
Evidenced = Callable[[bytes, bytes], Verdict]  # renewed evidence, and the frozen record that it is about


class PdfJudged(msgspec.Struct, frozen=True, kw_only=True):
    """``records``: file name and verdict, in the order added; ``said``: by the records that passed."""

    records: tuple[tuple[str, Verdict], ...] = ()
    revisions: tuple[OpenedRevision, ...] = ()
    said: tuple[Said, ...] = ()


def judge_pdf(pdf: bytes, judge: Judge, shown: Callable[[str], str], evidenced: Evidenced | None = None) -> PdfJudged:
    """The verdicts of a PDF; one without a name stands for the file itself. ``shown``: a name fit for a terminal."""
    try:
        revisions = opened(pdf)
    except BadPdf as bad:
        found = verdict("pdf.tampered" if bad.reason in TAMPERED else "unreadable.pdf", pdf=bad.reason)
        return PdfJudged(records=(("", msgspec.structs.replace(found, sentence=f"{found.sentence} {_why(bad)}")),))
    facts: list[RecordFacts] = []
    records: list[tuple[str, Verdict]] = []
    about, answers = _about(revisions)
    files = {file.name: file.data for revision in revisions for file in revision.files}
    for revision in revisions:
        for file in revision.files:
            if file.name.lower().endswith(".xml"):
                token = files.get(f"{file.name[:-4]}.tst")
                found = _proven(file.name, files, judge(file.data, token), evidenced)
                one, fact = _judged(found, about, answers, revision)
                records.append((shown(file.name), one))
                facts += [fact] if fact is not None and one.passed else []
    if not records:
        records = [("", _without_records(revisions, shown))]
    return PdfJudged(records=tuple(records), revisions=revisions, said=said_by(facts))


def _why(bad: BadPdf) -> str:
    return f"Grunden er: {bad.params['why']}."


def _proven(name: str, files: dict[str, bytes], found: Verdict, evidenced: Evidenced | None) -> Verdict:
    """``found`` with what the renewed evidence beside the record proves; what is about another record is a forgery."""
    stem = name[:-4]
    for one in (stem, f"{stem}.lt"):  # frozen once more when revocation lists had come (ADR 0085)
        frozen, proof = files.get(f"{one}.frozen"), files.get(f"{one}.er")
        if frozen is None or proof is None or evidenced is None or found.status not in ("passed", "indeterminate"):
            continue
        if not frozen_of(frozen, files[name], files.get(f"{stem}.tst")):
            return verdict("pdf.other-evidence", **found.details)
        found = with_evidence(found, evidenced(proof, frozen))
    return found


def _judged(
    found: Verdict, about: dict[str, Any], answers: str, revision: OpenedRevision
) -> tuple[Verdict, RecordFacts | None]:
    details = found.details | {"revision": str(revision.number), "added_at": revision.added_at}
    found = msgspec.structs.replace(found, details=details, does_not_prove=(*found.does_not_prove, NOT_THE_PAGES))
    if found.signed is None:
        return found, None
    if (read := OF_EMPLOYEES.get(details.get("kind", ""))) is not None:
        return _of_this(found, about, answers, read(found.signed).document), None
    try:
        fact = read_record(found.signed)
    except TillidError:
        return found, None
    details |= {"holder": fact.holder_id, "version": str(fact.document.version), "shown_pdf": fact.document.pdf_sha256}
    found = msgspec.structs.replace(found, details=details)
    found = _of_this(found, about, answers, fact.document)
    return found, fact if found.step != "pdf.other-document" else None


def _of_this(found: Verdict, about: dict[str, Any], answers: str, document: DocumentRef | AttestedText) -> Verdict:
    """``found``, unless its record is about another document than the file; and whether it is about the file's own answers."""
    if about and (about.get("id"), about.get("definition_digest")) != (
        document.document_id,
        document.definition_digest,
    ):
        return verdict("pdf.other-document", **found.details)
    if not answers:
        return found
    same = "same" if answers == document.answers_digest else "other"
    return msgspec.structs.replace(found, details=found.details | {"answers_in_file": same})


def _about(revisions: tuple[OpenedRevision, ...]) -> tuple[dict[str, Any], str]:
    """The document that the file's own data say it is, and the digest of the answers in them; empty for a file without such data."""
    for file in revisions[0].files:
        if file.name == "answers.json":
            try:
                told = json.loads(file.data)
                about, answers = told.get("document", {}), told.get("answers", {})
                return (about, json_digest(answers)) if isinstance(about, dict) else ({}, "")
            except (ValueError, TypeError, AttributeError, RecursionError):
                return {}, ""
    return {}, ""


def _without_records(revisions: tuple[OpenedRevision, ...], shown: Callable[[str], str]) -> Verdict:
    names = [shown(file.name) for revision in revisions for file in revision.files[:5]]
    inside = f"kun {', '.join(names[:5])}" if names else "ingen filer"
    sentence = f"Der er ingen samtykkeposter i denne PDF ({inside}), så der er intet at efterprøve i den."
    return msgspec.structs.replace(verdict("unreadable.no-records"), sentence=sentence)


def public(judged: PdfJudged) -> dict[str, Any]:
    """The JSON of a PDF: its revisions, who was shown what, and what is left of it."""
    return {
        "revisions": [
            {
                "number": one.number,
                "length": one.length,
                "sha256": one.sha256,
                "added_at": one.added_at,
                "files": [file.name for file in one.files],
            }
            for one in judged.revisions
        ],
        "shown_to": [msgspec.to_builtins(one) for one in judged.said],
        "left_in_common": {request: sorted(items) for request, items in left_in_common(judged.said).items()},
    }


def lines(judged: PdfJudged, shown: Callable[[str], str]) -> list[str]:
    """The same as text: the revisions of any file that could be opened, the rest where its records say something."""
    made = ["Filens udgaver:"] if judged.revisions else []
    for one in judged.revisions:
        names = ", ".join(shown(file.name) for file in one.files) or "ingen filer"
        when = f"tilføjet {_day(parse_instant(one.added_at))}" if one.added_at else "det oprindelige dokument"
        made.append(f"  {one.number}: {when}: {names} ({one.length} byte, sha256 {one.sha256})")
    told = {one.details["answers_in_file"] for _name, one in judged.records if "answers_in_file" in one.details}
    made += [ANSWERS["other" if "other" in told else "same"]] if told else []
    return [*made, *_said_lines(judged, shown)] if judged.said else made


def _said_lines(judged: PdfJudged, shown: Callable[[str], str]) -> list[str]:
    """Who was shown what, what each answered, and what is left of it."""
    made = ["Vist til:"]
    for said in judged.said:
        name = shown(said.holder_name)
        made.append(f"  {name} fik vist version {said.version} og svarede {_day(said.at)}.")
        made += [f"    {word}: {', '.join(map(shown, items.values()))}" for word, items in (
            ("Ja", said.yes), ("Nej", said.no), ("Trukket tilbage", said.taken_back)) if items]  # fmt: skip
    made.append("Efter posterne i filen gælder nu:")
    for request, items in left_in_common(judged.said).items():
        until = next(said.valid_to for said in judged.said if said.request_id == request)
        names = ", ".join(map(shown, items.values())) or "intet"
        made.append(f"  {names}{f' (til og med {until})' if items and until else ''}")
    return made


def _day(moment: datetime) -> str:
    return f"{danish_date(local_day(moment))} ({instant(moment)})"
