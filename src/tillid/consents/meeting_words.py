"""The words of a consent to a meeting, as they are shown and stand in the record (R-10, R-13, R-15). A change is a new version."""

from __future__ import annotations

from datetime import date

import msgspec

from tillid.consents.meeting import MeetingPlan, MeetingQuestion
from tillid.consents.model import ConsentText
from tillid.consents.of_age import asks_child
from tillid.consents.statement import HOLDER_NAME, danish_date

ASK_ID, WITHDRAW_ID, VERSION = "samtykke_moede", "tilbagekald_moede", 1
ASK_YOUNG_ID, WITHDRAW_YOUNG_ID = "samtykke_moede_ung", "tilbagekald_moede_ung"  # to a child that decides itself
_ASK = {
    "da": (
        "Kære {navn}\n\n{fra} vil gerne tale om {barn} på et møde: {titel}.\n\nFormålet med mødet: {formaal}\n\n"
        "Du svarer ja eller nej til formålet og til hver person, der skal være med. Siger du nej til en person, kommer personen ikke "
        "med og får ikke noget at vide om {barn} til mødet. Siger du nej til formålet, holder vi ikke mødet på dit samtykke.\n\n"
        "Det er frivilligt. Barnets plads hos os er den samme, uanset hvad du svarer. Ændrer vi formålet eller deltagerne, spørger vi "
        "dig igen. Dit ja gælder til og med {dag}. Du kan altid trække det tilbage på den samme side, eller ved at ringe til {kontakt}. "
        "Du behøver ikke at give en grund. Det, der er sagt inden, kan vi ikke kalde tilbage."
    ),
    "en": (
        "Dear {navn}\n\n{fra} would like to talk about {barn} at a meeting: {titel}.\n\nThe purpose of the meeting: {formaal}\n\n"
        "You answer yes or no to the purpose and to each person who is to take part. If you say no to a person, that person does not "
        "take part and is told nothing about {barn} for the meeting. If you say no to the purpose, we do not hold the meeting on your "
        "consent.\n\nIt is voluntary. The child's place with us is the same whatever you answer. If we change the purpose or the "
        "participants, we ask you again. Your yes is valid until and including {dag}. You can always take it back on the same page, or by "
        "calling {kontakt}. You need not give a reason. What has been said before cannot be called back."
    ),
}
_TAKE_BACK = {
    "da": (
        "Du trækker dit ja til mødet om {barn} tilbage. Det gælder med det samme: De, du nævner, må ikke være med og får ikke mere at "
        "vide om {barn} til mødet. Trækker du det hele tilbage, holder vi ikke mødet på dit samtykke. Du behøver ikke at give en grund."
    ),
    "en": (
        "You take back your yes to the meeting about {barn}. It is in force at once: those you name may not take part and are told "
        "nothing more about {barn} for the meeting. If you take all of it back, we do not hold the meeting on your consent. You need "
        "not give a reason."
    ),
}

_ASK_YOUNG = {
    "da": (
        "Kære {navn}\n\n{fra} vil gerne tale om dig på et møde: {titel}. Du er fyldt 15 år. Derfor er det dig, vi spørger, og ikke dine "
        "forældre.\n\nFormålet med mødet: {formaal}\n\nDu svarer ja eller nej til formålet og til hver person, der skal være med. Siger du nej "
        "til en person, kommer personen ikke med og får ikke noget at vide om dig til mødet. Siger du nej til formålet, holder vi ikke mødet "
        "på dit samtykke.\n\nDet er frivilligt. Din plads hos os er den samme, uanset hvad du svarer. Ændrer vi formålet eller deltagerne, "
        "spørger vi dig igen. Dit ja gælder til og med {dag}. Du kan altid trække det tilbage på den samme side, eller ved at ringe til "
        "{kontakt}. Du behøver ikke at give en grund. Det, der er sagt inden, kan vi ikke kalde tilbage."
    ),
    "en": (
        "Dear {navn}\n\n{fra} would like to talk about you at a meeting: {titel}. You have turned 15. That is why we ask you, and not your "
        "parents.\n\nThe purpose of the meeting: {formaal}\n\nYou answer yes or no to the purpose and to each person who is to take part. If "
        "you say no to a person, that person does not take part and is told nothing about you for the meeting. If you say no to the purpose, "
        "we do not hold the meeting on your consent.\n\nIt is voluntary. Your place with us is the same whatever you answer. If we change the "
        "purpose or the participants, we ask you again. Your yes is valid until and including {dag}. You can always take it back on the same "
        "page, or by calling {kontakt}. You need not give a reason. What has been said before cannot be called back."
    ),
}
_TAKE_BACK_YOUNG = {
    "da": (
        "Du trækker dit ja til mødet om dig tilbage. Det gælder med det samme: De, du nævner, må ikke være med og får ikke mere at vide om "
        "dig til mødet. Trækker du det hele tilbage, holder vi ikke mødet på dit samtykke. Du behøver ikke at give en grund."
    ),
    "en": (
        "You take back your yes to the meeting about you. It is in force at once: those you name may not take part and are told nothing more "
        "about you for the meeting. If you take all of it back, we do not hold the meeting on your consent. You need not give a reason."
    ),
}


def meeting_texts(
    plan: MeetingPlan, *, child: str, sender: str, contact: str, valid_to: date, young: bool = False
) -> tuple[ConsentText, ...]:
    """The question per language, everything filled but the holder's own name. ``contact``: name and telephone of who asks; ``young``: the
    child itself is asked."""
    named, asked = (ASK_YOUNG_ID, _ASK_YOUNG) if young else (ASK_ID, _ASK)
    days = {"da": danish_date(valid_to), "en": valid_to.strftime("%d %B %Y").lstrip("0")}
    values = {
        "navn": HOLDER_NAME,
        "fra": sender,
        "barn": child,
        "titel": plan.title,
        "formaal": plan.purpose,
        "kontakt": contact,
    }
    return tuple(
        ConsentText(id=named, version=VERSION, language=code, body=body.format(**values, dag=days[code]))
        for code, body in asked.items()
    )


def words_to(question: MeetingQuestion, holder_name: str, language: str) -> ConsentText:
    """The very words ``holder_name`` sees in ``language``, else Danish."""
    text = next((one for one in question.texts if one.language == language), question.texts[0])
    return msgspec.structs.replace(text, body=text.body.replace(HOLDER_NAME, holder_name))


def words_of_withdrawal(question: MeetingQuestion, language: str) -> ConsentText:
    """The words shown before a yes is taken back."""
    code = language if language in _TAKE_BACK else "da"
    young = asks_child(question)
    body = (_TAKE_BACK_YOUNG if young else _TAKE_BACK)[code].format(barn=question.child_name)
    return ConsentText(id=WITHDRAW_YOUNG_ID if young else WITHDRAW_ID, version=VERSION, language=code, body=body)
