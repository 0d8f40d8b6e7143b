"""The administrator's report of stored bytes read again: what was read when, what is left this month, and damage with what to do."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.running_state import fixity_report
from tillid.web.i18n import _
from tillid.web.render import page

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
        _("Hent den fra en sikkerhedskopi. Kan den ikke findes, skal arkivaren vide det."),
    ),
    "fixity.events": (
        _("Kæden af hændelser for et dokument er brudt."),
        _("Ret intet. Sammenlign databasen med en sikkerhedskopi, og kontakt databeskyttelsesrådgiveren."),
    ),
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
