"""The administrator's report of stored bytes read again: what was read when, what is left this month, and damage with what to do."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.running_state import fixity_report
from tillid.web.i18n import _
from tillid.web.render import page

# What to do where somebody may have changed something, and where a file can be fetched again.
_TOUCH_NOTHING = _(
    "Ret intet. Sammenlign databasen med en sikkerhedskopi, og kontakt databeskyttelsesrådgiveren: nogen kan have ændret den."
)
_FETCH = _("Hent den fra en sikkerhedskopi. Kan den ikke findes, skal arkivaren vide det.")
# What a damage is, and what to do about it.
DAMAGE = {
    "blobs.damaged": (
        _("En fil er ikke, som den blev gemt."),
        _("Hent filen med det samme kontroltal fra en sikkerhedskopi. Se også efter, om disken har fejl."),
    ),
    "fixity.answers": (
        _("Svarene i et låst dokument er ikke, som de blev låst."),
        _(
            "Ret intet. Sammenlign databasen med en sikkerhedskopi, og kontakt databeskyttelsesrådgiveren: nogen kan have ændret dem."
        ),
    ),
    "fixity.copy-missing": (
        _("En PDF, som dokumentet har, er der ikke."),
        _FETCH,
    ),
    "fixity.attachment-missing": (_("En vedhæftet fil, som dokumentet har, er der ikke."), _FETCH),
    "fixity.template": (_("En skabelon, der er taget i brug, er der ikke."), _FETCH),
    "fixity.events": (_("Kæden af hændelser er brudt: en hændelse følger ikke den, der står før den."), _TOUCH_NOTHING),
    "fixity.event": (_("En hændelse kan ikke læses."), _TOUCH_NOTHING),
    "fixity.not-in-log": (_("En hændelse er ikke, som den blev skrevet i loggen over samtykker."), _TOUCH_NOTHING),
    "fixity.events-missing": (
        _("Loggen over samtykker har hændelser, som databasen ikke har."),
        _(
            "Ret intet. Kør »tillid verify --store«, som siger hvilke. Er en ældre sikkerhedskopi lagt ind, mangler det, der skete siden."
        ),
    ),
    "fixity.record": (
        _("En forseglet post er ikke, som den blev forseglet, eller den hører til en anden hændelse."),
        _TOUCH_NOTHING,
    ),
    "fixity.record-missing": (_("En hændelse har ikke sin forseglede post."), _TOUCH_NOTHING),
    "fixity.timestamp": (_("Tidsstemplet til en post er ikke, som det kom."), _FETCH),
    "fixity.personal": (_("En persons egen underskrift er ikke, som den kom."), _FETCH),
    "fixity.frozen": (_("En frosset post er ikke den, som beviserne er lavet over."), _FETCH),
    "fixity.evidence": (
        _("Filerne med beviser er ikke ens eller ikke, som de blev gemt."),
        _("Kør »tillid evidence status«. Tillid retter selv den ene kopi efter den anden, hver dag."),
    ),
    "fixity.audit": (
        _("Kæden i en af logfilerne over læsninger er brudt."),
        _("Ret intet. Kør »tillid audit check«, som siger hvor, og kontakt databeskyttelsesrådgiveren."),
    ),
    "fixity.log": (
        _("Filerne med loggen over samtykker passer ikke sammen."),
        _("Ret intet. Kør »tillid log check«, som siger hvor, og hent mappen log fra en sikkerhedskopi."),
    ),
    "fixity.destroyed": (
        _("Listen over destruerede dokumenter er ikke den samme i filen som i databasen."),
        _TOUCH_NOTHING,
    ),
    "keeping.list-damaged": (_("Listen over destruerede dokumenter kan ikke læses."), _FETCH),
    "fixity.form": (_("En udgivet version af et skema er ikke, som den blev udgivet."), _TOUCH_NOTHING),
    "fixity.unreadable": (_("Noget i databasen kan ikke læses."), _TOUCH_NOTHING),
    "imported.damaged": (
        _("En pakke fra en anden installation er ikke længere, som den kom."),
        _("Hent dens mappe under imported fra en sikkerhedskopi, eller tag pakken ind igen."),
    ),
}
OTHER = (_("Noget kan ikke læses."), _("Se i serverens log, og prøv igen med kommandoen nedenfor."))


def report(request: Request) -> Response:
    """Ids and digests, nothing of anybody."""
    found = fixity_report(request.house, request.person)
    request.admitted = True
    crumbs = ((_("Drift"), request.route_path("admin")), (_("Gemte filer, læst igen"), ""))
    return page(request, "fixity.html", found=found, said=DAMAGE, other=OTHER, crumbs=crumbs)
