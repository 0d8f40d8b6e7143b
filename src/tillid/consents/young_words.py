"""What a young person is told when it is asked itself, as shown and as it stands in the record (R-10, R-13, R-15, R-41).

The rest of the words is the declaration's own, which speaks to whoever answers. A change is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping

from tillid.consents.model import ConsentText

INTRO_ID, WITHDRAW_ID, VERSION = "ung_indledning", "ung_tilbagekald", 1
_INTRO = {
    "da": (
        "Kære {navn}\nDu skal snart begynde i {til}. Du er fyldt 15 år. Derfor er det dig, vi spørger, og ikke dine forældre. Vi vil gerne "
        "give det nye sted de oplysninger om dig, som du kan se nedenfor, så de kan tage godt imod dig.\nDu bestemmer selv, om du vil "
        "sige ja. Du kan sige ja til noget og nej til andet. Du har din plads, uanset hvad du svarer. Tal gerne med dine forældre eller en "
        "anden voksen, før du svarer. Er der noget, du ikke forstår, så spørg os."
    ),
    "en": (
        "Dear {navn}\nYou will soon start at {til}. You have turned 15. That is why we ask you, and not your parents. We would like to give "
        "the new place the information about you that you can see below, so that they can welcome you well.\nYou decide whether to say "
        "yes. You can say yes to some of it and no to the rest. You keep your place whatever you answer. Do talk with your parents or "
        "another adult before you answer. If there is something you do not understand, ask us."
    ),
}
_WITHDRAW = {
    "da": (
        "Når du trykker, gælder dit samtykke ikke længere. {til} kan ikke åbne oplysningerne om dig mere. Det virker med det samme. Det, de "
        "har læst før nu, er stadig lovligt delt. Du behøver ikke give en grund, og det får ingen betydning for din plads."
    ),
    "en": (
        "When you press the button, your consent no longer applies. {til} can no longer open the information about you. This takes effect at "
        "once. What they have read until now was shared lawfully. You do not have to give a reason, and it makes no difference to your place."
    ),
}


def with_young_intro(text: ConsentText, parts: tuple[str, ...], values: Mapping[str, str]) -> ConsentText:
    """``text``, the words of the declaration's ``parts``, with what is said to the young person in front of them. ``values`` fill it."""
    intro = _INTRO[text.language if text.language in _INTRO else "da"].format(**values)
    named = "+".join((f"{INTRO_ID}.{VERSION}", *parts))
    return ConsentText(id=named, version=text.version, language=text.language, body=f"{intro}\n\n{text.body}")


def young_withdrawal(receiver: str, language: str) -> ConsentText:
    """The words shown before a young person takes its own yes back."""
    code = language if language in _WITHDRAW else "da"
    return ConsentText(id=WITHDRAW_ID, version=VERSION, language=code, body=_WITHDRAW[code].format(til=receiver))
