"""The administrator's page: how the system runs; no child's data on it."""

from __future__ import annotations

import re

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.ports import OutboxEntry
from tillid.usecases.retry_step import retry_step
from tillid.usecases.running_state import audit_problems, running_state
from tillid.web.i18n import _
from tillid.web.render import page

STEP = {
    "render_copies": _("Lav dokumentet som PDF"),
    "render_preview": _("Lav en forhåndsvisning"),
    "render_changes": _("Lav en PDF med ændringerne"),
    "render_receipt": _("Lav en kvittering som PDF"),
    "gather_copy": _("Lav et af en rundes dokumenter som PDF"),
    "render_insight": _("Lav et dokument til en sag om indsigt"),
    "render_kept": _("Lav PDF'en til det modtagende arkiv"),
    "render_released": _("Lav modtagerens PDF"),
    "seal_withdrawal": _("Sæt segl på en tilbagekaldelse"),
    "seal_meeting": _("Sæt segl på en tilbagekaldelse af samtykke til et møde"),
    "seal_attestation": _("Sæt segl på en attestation"),
    "seal_reception": _("Sæt segl på modtagerens kvittering"),
    "index": _("Opdater søgningen i arkivet"),
    "audit_withdrawal": _("Skriv en tilbagekaldelse i loggen"),
    "add_revision": _("Læg en post ind i arkivets PDF"),
    "try_template": _("Prøv en ny skabelon med eksempler"),
    "timestamp_record": _("Hent et tidsstempel til en post"),
    "fetch_personal": _("Hent en forælders egen underskrift"),
    "timestamp_personal": _("Hent et tidsstempel til en forælders egen underskrift"),
    "destroy_document": _("Destruér et dokument"),
    "forget_evidence": _("Destruér beviser for samtykke"),
    "watch_searches": _("Se efter nyt i gemte søgninger"),
    "hand_to_journal": _("Giv et dokument til kommunens journalsystem"),
    "forget_document": _("Tag et destrueret dokument ud af søgningen"),
    "enter_log": _("Skriv en hændelse i loggen over samtykker"),
}
# What an administrator does about a step that failed: the first that stands in its code or in what the code says.
ADVICE = {
    "LibreOffice did not start": _(
        "LibreOffice, som laver PDF, starter ikke. Kør »tillid doctor« på serveren, og ret det, den siger."
    ),
    "no process for LibreOffice": _("Serveren har ikke plads til at køre LibreOffice. Se efter hukommelsen."),
    r"\d pages|values are too large": _(
        "Dokumentet er længere, end et dokument må være. Den, der har skrevet det, må forkorte det eller dele det."
    ),
    "documents.template-refused": _("Skabelonen kan ikke bruges. Se efter under »Skabeloner til dokumenterne«."),
    "documents.office-failed": _(
        "LibreOffice kunne ikke lave netop dette dokument. Sker det igen, når du prøver, så giv fejlen og numrene videre til "
        "dem, der vedligeholder Tillid."
    ),
    "documents.render-failed": _(
        "Dokumentet holdt ikke reglerne og er derfor ikke gemt. Bruger det en af jeres egne skabeloner, så se efter i den. "
        "Ellers giv fejlen og numrene videre til dem, der vedligeholder Tillid."
    ),
    "store.full": _("Disken er fuld. Skaf plads, så går arbejdet videre af sig selv."),
    "tasks.process-died": _(
        "Systemet stoppede, mens trinnet var i gang. Sker det hver gang, er det trinnet, der får det til at stoppe."
    ),
}
RUNNING_OUT = {  # %(name)s: an authority, a seal or a timestamp service; nobody's own name
    "list": _("Spærrelisten fra »%(name)s«. Tillid henter den hver dag; se efter, om udstederens adresse svarer."),
    "authority": _("Udstederen »%(name)s« er ikke på tillidslisten. Læg dens certifikat i mappen trust/."),
    "certificate": _("Certifikatet »%(name)s«. Få et nyt hos udstederen."),
    "method": _("Metoden bag certifikatet »%(name)s«. Få et certifikat med en stærkere metode hos udstederen."),
    "stamper": _(
        "Udstederen af tidsstempler »%(name)s« har i to dage ikke givet et tidsstempel, der holder. Se efter adressen, aftalen "
        "og tillidslisten, før den skal bruges."
    ),
    "digest": _("Metoden »%(name)s«, som Tillid selv forsegler og fører log med. Opdatér Tillid."),
}
REFUSED_RECEIPT = {  # archive/journal_exchange.py
    "no-file": _("Det er ingen almindelig fil."),
    "too-large": _("Filen er for stor til at være en kvittering."),
    "unreadable": _("Felterne er ikke dem, en kvittering har."),
    "unknown": _("Den handler om noget, der ikke er givet til journalsystemet."),
    "other-digest": _("Kontroltallet er ikke det, der blev givet."),
    "number": _(
        "Sagsnummeret har ord, et CPR-nummer eller andre tegn end bogstaver, tal, punktum, bindestreg og skråstreg."
    ),
    "day": _("Datoen ligger før journalføringen eller i fremtiden."),
    "duplicate": _("Der er svaret før om det samme."),
    "destroyed": _("Dokumentet er destrueret."),
}
BACKUP = {  # word, kind, what to do
    "": (_("I orden"), "success", ""),
    "none": (_("Ingen endnu"), "error", _("Sæt »tillid backup make« til at køre hver nat.")),
    "away": (_("Findes ikke"), "error", _("Mappen med dem er her ikke. Se efter disken, og lav en ny.")),
    "late": (
        _("For sent"),
        "error",
        _("Der er ikke lavet en ny i to dage. Se efter, hvorfor »tillid backup make« ikke kører."),
    ),
    "damaged": (_("Beskadiget"), "error", _("Den nyeste er ikke, som den blev gemt. Se efter disken, og lav en ny.")),
    "unchecked": (
        _("Ikke læst igen"),
        "warning",
        _("Kør »tillid backup check«, som siger, om den er, som den blev gemt."),
    ),
    "too_old": (
        _("En er for gammel"),
        "warning",
        _("Den ældste må ikke findes mere. Lav en ny, så bliver den fjernet."),
    ),
}
LOCK = {
    "published": _("Udgivet og låst"),
    "candidate": _("Kandidat, låst som den er"),
    "changed": _("Kandidat, ændret efter låsning"),
    "missing": _("Mangler i LOCK"),
    "designed": _("Udgivet her i kommunen"),
}
LOCK_KIND = {
    "published": "success",
    "candidate": "info",
    "changed": "warning",
    "missing": "error",
    "designed": "success",
}


def overview(request: Request) -> Response:
    """Parts, outbox and forms."""
    return _overview(request)


def check_log(request: Request) -> Response:
    """The same page after the whole audit log was read and its chain followed."""
    return _overview(request, log_problems=audit_problems(request.house, request.person))


def retry(request: Request) -> Response:
    """Begin a step that was given up anew, or all that were given up for the same reason."""
    alike = request.POST.get("alike") == "1"
    retry_step(request.house, request.person, request.POST.get("key", "")[:300], and_alike=alike)
    return HTTPSeeOther(location=request.route_path("admin") + "#udbakke")


def advice(entry: OutboxEntry) -> str:
    """What to do about what failed; empty where nothing is known."""
    said = f"{entry.last_error}: {entry.why}"
    return next((text for part, text in ADVICE.items() if re.search(part, said)), "")


def _overview(request: Request, *, log_problems: list[str] | None = None) -> Response:
    state = running_state(request.house, request.person)
    request.admitted = True
    return page(request, "admin.html", state=state, steps=STEP, locks=LOCK, lock_kinds=LOCK_KIND, running_out=RUNNING_OUT,
                advice=advice, log_problems=log_problems, refused_receipt=REFUSED_RECEIPT, backup_alarms=BACKUP)  # fmt: skip
