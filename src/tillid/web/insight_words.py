"""The words of a case of insight, for the officer's pages and for the package that is handed out."""

from __future__ import annotations

from collections.abc import Mapping

from tillid.archive.insight import Item
from tillid.web.i18n import _

STATE = {
    "open": _("Åben"),
    "collected": _("Samlet, skal gennemgås"),
    "reviewed": _("Gennemgået"),
    "handed_out": _("Udleveret"),
    "refused": _("Afvist"),
}
STATE_KIND = {"open": "warning", "collected": "warning", "reviewed": "info", "handed_out": "success", "refused": ""}
ASKER = {
    "holder": _("En indehaver af forældremyndigheden"),
    "child": _("Barnet selv"),
    "lawyer": _("En advokat eller anden repræsentant"),
    "authority": _("En myndighed"),
    "other": _("En anden"),
}
BASIS = {
    "gdpr": _("Indsigt efter databeskyttelsesforordningens artikel 15"),
    "aktindsigt": _("Aktindsigt efter offentlighedsloven"),
    "partsindsigt": _("Partsaktindsigt efter forvaltningsloven"),
}
KIND = {
    "version": _("Dokument"),
    "draft": _("Kladde"),
    "words": _("Bemærkninger og begrundelser"),
    "overview": _("Barnets del af et overblik over gruppen"),
    "file": _("Bilag"),
    "record": _("Forseglet post"),
    "consents": _("Samtykker og deling"),
    "notices": _("Beskeder til en forælder"),
    "log": _("Hvem har læst hvad"),
    "register": _("Oplysninger i registret"),
}
# Which of the texts of a draft, or of the words beside a document.
PART = {
    "": _("Sådan står den nu, og det er ikke i nogen udgave"),
    "earlier": _("Sådan var den, før den blev flyttet til en anden version af skemaet"),
    "waiting": _("Venter på et valg, fordi to skrev på én gang"),
    "before": _("Det, der stod før den sidste ændring"),
    "warnings": _("Hvorfor noget blev stående, selv om skemaet spurgte"),
}
HELD = {
    "other_parent": _("Om eller fra en anden forælder"),
    "third_person": _("Nævner en anden person"),
    "protected_address": _("Indeholder en beskyttet adresse"),
    "contact": _("Indeholder et telefonnummer, en e-mailadresse eller en adresse"),
    "cpr": _("Indeholder et CPR-nummer"),
    "internal": _("Er skrevet til intern brug. Det er ikke i sig selv en grund til at holde det tilbage"),
    "unfinished": _("Er en kladde og ikke en udgave, der er delt"),
    "group": _("Er skrevet om flere børn. Giv kun det, der også handler om barnet"),
    "file": _("Kun et menneske kan se, hvad der er på billedet eller i filen"),
}
CHOICE = {"give": _("Giv det hele"), "redact": _("Giv det uden det, jeg har valgt fra"), "hold": _("Hold det tilbage")}
CHOSEN = {"give": _("Gives"), "redact": _("Gives med udeladelser"), "hold": _("Holdes tilbage")}
CHOSEN_KIND = {"give": "success", "redact": "info", "hold": "warning"}
PROVISIONS = (
    _("Databeskyttelsesforordningens artikel 15, stk. 4"),
    _("Databeskyttelseslovens § 22, stk. 1"),
    _("Forvaltningslovens § 12"),
    _("Forvaltningslovens § 15 b"),
    _("Offentlighedslovens § 23"),
    _("Offentlighedslovens § 30"),
)
BY = {
    "asks": _("Den, der spørger"),
    "other": _("En anden forælder"),
    "staff": _("Medarbejder"),
    "system": _("Systemet"),
}
STEP = {
    "insight_asked": _("Anmodningen blev registreret"),
    "insight_collected": _("Alt om barnet blev samlet"),
    "insight_decided": _("Der blev taget stilling til noget"),
    "insight_reviewed": _("Gennemgangen blev afsluttet"),
    "insight_reopened": _("Gennemgangen blev åbnet igen"),
    "insight_prolonged": _("Fristen blev forlænget"),
    "insight_handed_out": _("Pakken blev udleveret"),
    "insight_refused": _("Anmodningen blev afvist"),
}


def reasons_of(item: Item, held: Mapping[str, str] = HELD) -> list[str]:
    """Why it is looked at first, each reason once, to be translated; those of the whole of it first."""
    return [held[one] for one in dict.fromkeys(flag.held for flag in item.flags)]


def part_of(item: Item) -> str:
    """Which text a draft is, or which words stand beside it, to be translated; empty for everything else."""
    if item.kind not in ("draft", "words", "overview"):
        return ""
    named = [part for part in item.of.split(":") if part in PART]
    return PART[named[-1]] if named else ""
