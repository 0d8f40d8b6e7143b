"""The words of keeping and destroying, for the archivist's pages."""

from __future__ import annotations

from tillid.archive.keeping import APPRAISED, CANCELLED, CONFIRMED, LIFTED, ORDERED, PLACED, TRANSFERRED
from tillid.web.i18n import _

MARK = {
    "bevares": _("Bevares"),
    "kasseres": _("Kasseres"),
    "uafklaret": _("Uafklaret"),
}
MARK_KIND = {"bevares": "info", "kasseres": "warning", "uafklaret": ""}
HOLD = {
    "legal": _("Retssag, klage eller tilsyn"),
    "insight": _("Nogen har bedt om indsigt"),
    "open_case": _("Sagen er ikke afsluttet"),
}
STOP = {
    "held": _("Dokumentet er holdt tilbage."),
    "restricted": _(
        "Brugen af dokumentet er begrænset, fordi nogen har gjort indsigelse. Den, der har, kan få brug for det."
    ),
    "undecided": _("Det er ikke afgjort, om dokumentet skal bevares eller kasseres."),
    "not_archived": _("Dokumentet skal bevares, og arkivet har ikke godkendt afleveringen."),
    "no_rule": _("Der er ingen regel for, hvor længe skemaet gemmes."),
    "not_due": _("Perioden er ikke udløbet."),
    "in_use": _("Nogen læser oplysningerne på et samtykke eller en beslutning, der gælder."),
    "followed": _("Det modtagende sted har skrevet videre i sit eget dokument."),
    "not_ordered": _("Ingen har bedt om, at dokumentet bliver destrueret."),
    "not_confirmed": _("Destruktionen er ikke bekræftet af en anden."),
    "same_person": _("Destruktionen er bekræftet af den samme, som bad om den."),
    "cooling_off": _("Tiden til at fortryde er ikke gået."),
}
# What can be done about it, where anything can; of the rest the page says the day.
THEN = {
    "held": _("Er grunden væk, så slip det fri under »Holdt tilbage«."),
    "restricted": _("Lederen eller databeskyttelsesrådgiveren ophæver begrænsningen, når indsigelsen er afklaret."),
    "undecided": _("Sæt et mærke under »Vurdering«."),
    "not_archived": _("Notér arkivets godkendelse under »Vurdering«, når den er kommet."),
    "in_use": _("Vent, til det er udløbet eller trukket tilbage."),
    "followed": _("Det skal destrueres først. Det gør arkivaren for det sted."),
    "no_rule": _("Spørg den, der passer systemet."),
}
# Of what is kept and not with the archive yet: whether it can be packed (usecases/hand_over.py).
PACKING = {
    "ready": _("Kan pakkes. Giv den, der passer systemet, dokumentets nummer."),
    "copy": _("PDF'en til arkivet bliver lavet. Se igen om lidt."),
    "not_final": _("Kan ikke pakkes endnu: Dokumentet er ikke låst eller lukket, og dets frist er ikke nået."),
    "no_place": _("Kan ikke pakkes: Stedet er ikke i registret. Spørg den, der passer systemet."),
    "none": _("Kan ikke pakkes: Der er ingen udgave at aflevere. Spørg den, der passer systemet."),
}
# What is said right after a click, by the event it has made.
DONE = {
    PLACED: _("Det er holdt tilbage. Ingen kan destruere det, før det er sluppet fri."),
    LIFTED: _("Det er noteret, at grunden er væk."),
    APPRAISED: _("Mærket er sat."),
    TRANSFERRED: _("Arkivets godkendelse er noteret."),
    ORDERED: _(
        "Du har bedt om destruktion. Nu skal en anden arkivar bekræfte den. Giv din kollega dokumentets nummer og sted."
    ),
    CONFIRMED: _("Du har bekræftet destruktionen. Den kan opgives, til dagen kommer."),
    CANCELLED: _("Destruktionen er opgivet. Dokumentet bliver liggende."),
}
TRIGGER = {
    "round_closed": _("rundens frist"),
    "child_left": _("den dag, barnet forlader stedet"),
    "case_closed": _("den dag, sagen blev lukket"),
    "submitted": _("den dag, det blev indsendt"),
    "written": _("den dag, det blev begyndt"),
    "untouched": _("den dag, nogen sidst skrev i kladden"),
}
WHAT = {
    "evidence": _("Beviser for samtykke, efter at det udløb eller blev trukket tilbage"),
    "draft": _("Kladder, som ingen har delt, efter den sidste gang nogen skrev i dem"),
    "access_log": _("Loggen over læsninger, efter at rækken blev skrevet"),
    "insight": _("Sager om indsigt, efter at de blev lukket"),
}
UNIT = {"D": _("dage"), "M": _("måneder"), "Y": _("år")}


def period(text: str) -> tuple[str, str]:
    """``P5Y`` → (``5``, the word for years)."""
    return text[1:-1], UNIT[text[-1]]
