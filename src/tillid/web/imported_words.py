"""What the parts of an imported package are called on its page, and what is said of them."""

from __future__ import annotations

from datetime import datetime

from tillid.archive.package_verdict import DOES_NOT_PROVE, STEPS
from tillid.consents.attestation import read_attestation
from tillid.consents.reception import read_reception
from tillid.consents.record_facts import read_record
from tillid.kernel.clock import parse_instant
from tillid.signatures.verdict import Verdict
from tillid.web.i18n import _

PART = {
    "events.jsonl": _("Hændelserne"),
    "answers.json": _("Svarene"),
    "attachments": _("Vedlagte filer"),
    "document.pdf": _("PDF-filen"),
}
RECORD = {
    "ConsentGiven": _("Samtykke"),
    "ConsentRefused": _("Nej til samtykke"),
    "ConsentWithdrawn": _("Tilbagekaldelse af samtykke"),
    "DocumentAttested": _("En medarbejders bekræftelse"),
    "ReceptionAcknowledged": _("Modtagerens kvittering"),
    "MeetingConsentGiven": _("Samtykke til et møde"),
    "MeetingConsentRefused": _("Nej til et møde"),
    "MeetingConsentWithdrawn": _("Tilbagekaldelse af samtykke til et møde"),
}
OWN, OTHER = _("Personens egen underskrift"), _("Forseglet post")
FILE = {"dokument": _("Hent dokumentet (PDF)"), "svar": _("Hent svarene (JSON)"), "skema": _("Hent skemaet (JSON)")}
KIND = {"passed": "success", "failed": "error", "indeterminate": "warning", "unreadable": "error", "disputed": "error"}
STATUS = {
    "passed": _("Holder"),
    "failed": _("Holder ikke"),
    "indeterminate": _("Kan ikke afgøres"),
    "unreadable": _("Kan ikke læses"),
    "disputed": _("Kan ikke afgøres"),
}
INSIDE = {step: sentence for step, (_status, _sub, sentence) in STEPS.items()}
LIMITS = DOES_NOT_PROVE


def part_name(of: str, verdict: Verdict | None = None) -> str:
    """Danish, to be translated where it is shown."""
    if of in PART:
        return PART[of]
    if of.count("/") > 1:
        return OWN
    return RECORD.get(verdict.details.get("kind", ""), OTHER) if verdict is not None else OTHER


def who(verdict: Verdict) -> str:
    """Whose answer, attestation or acknowledgement a record is, as its seal covers it; empty for what is none."""
    kind, signed = verdict.details.get("kind", ""), verdict.signed
    if signed is None or kind not in RECORD or kind.startswith("Meeting"):
        return ""
    if kind == "ReceptionAcknowledged":
        return read_reception(signed).receiver_name
    return read_attestation(signed).attester_name if kind == "DocumentAttested" else read_record(signed).holder_name


def when(verdict: Verdict) -> datetime | None:
    """When what a record is about happened, as the record says."""
    return moment_of(verdict.details.get("created_at", ""))


def moment_of(text: str) -> datetime | None:
    """A moment that somebody else wrote; ``None`` for any other text."""
    try:
        return parse_instant(text)
    except ValueError:
        return None
