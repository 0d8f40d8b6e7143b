"""The sender's side asks all custody holders, or the child that decides itself, one question about the agreed version (O6, R-10, R-41,
design 11)."""

from __future__ import annotations

from datetime import date

from tillid.consents.effective import any_no
from tillid.consents.events import Event
from tillid.consents.letters import require_one_alphabet
from tillid.consents.model import Basis, ConsentItem, ConsentRequest, ConsentText, DocumentRef, Organisation, Purpose
from tillid.consents.of_age import decides_itself
from tillid.consents.renewal import renewed_question
from tillid.consents.statement import HOLDER_NAME, consent_items, danish_date, filled_text
from tillid.consents.young_words import with_young_intro
from tillid.documents.model import Document, Version
from tillid.forms.definition import FormDefinition
from tillid.forms.showing import section_texts
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Facts, Identity
from tillid.process.organisation import Child, Unit
from tillid.process.transitions import basis_for, last_day
from tillid.usecases.facts import Asked, closed_for_good, judge_all, requests_of, require
from tillid.usecases.fill import definition_of
from tillid.usecases.outside_facts import consent_facts
from tillid.usecases.ports import House
from tillid.usecases.restricted import refuse_restricted
from tillid.usecases.share_document import refuse_protected
from tillid.usecases.whose_consent import to_ask
from tillid.usecases.writing import note, record_event, tell

LANGUAGES = ("da", "en")
PARENTS_INTRO = "samtykke_indledning"  # of the declaration; it speaks to a parent


class NotRendered(TillidError):
    code = "document.not-rendered"
    text = "Dokumentet er ved at blive lavet. Vent et øjeblik, og prøv igen."


class AlreadyAsked(TillidError):
    code = "consent.already-asked"
    text = "I har allerede spurgt om samtykke til denne tekst. Forældrene kan se det under »Samtykker«."


class BasisSwitched(TillidError):
    code = "consent.basis-switched"
    text = (
        "Forældrene har sagt nej eller trukket deres ja tilbage. Der kan kun spørges igen på samme grundlag som sidst ({basis}). "
        "Tal med jeres administrator."
    )


class Decided(TillidError):
    """One share, one basis (R-01)."""

    code = "consent.decided"
    text = (
        "En leder har besluttet at give oplysningerne videre uden samtykke. Beslutningen skal ophøre, før I kan spørge "
        "forældrene om samtykke."
    )


class NoReceiver(TillidError):
    code = "consent.no-receiver"
    text = "Vælg det modtagende sted, før I spørger om samtykke. Et samtykke gælder kun ét sted."


def request_consent(house: House, who: Identity, document_id: str, *, after: str | None = None) -> ConsentRequest:
    """1. may the person? 2. log, also what is refused below 3. is there an agreed, rendered version, and no question about it
    that is not ended? 4. which basis? 5. what is asked, in which words? 6. record, tell.

    ``after``: the newest request that the asker's page knew of, empty for none: the same click again is the same question,
    and an old page asks nothing anew. Raises the errors above, or ``NotByConsent`` for a basis other than consent."""
    if (done := _same_click(house, who, document_id, after)) is not None:
        return done
    document, facts = require(house, who, "request_consent", document_id)
    note(house, who, "request_consent", document)
    refuse_restricted(house, document_id)
    version = _agreed(house, document)
    definition = definition_of(house, version)
    refuse_protected(house, document, definition, version.answers)
    earlier = _earlier(house, version, facts, after)
    transition = str(version.answers.get("overgangstype", ""))
    basis = basis_for(transition, definition, house.settings.basis_of_transition)
    sender, receiver = receiving_unit(house, document.unit_id), receiving_unit(house, document.receiver_unit_id)
    _same_basis(basis, receiver, earlier, house.ledger.of_document(document_id))
    child = house.people.child(document.child_id)
    if child is None:
        raise NotFound("child unknown")
    asked = to_ask(house, child, facts.custody)
    purpose = purpose_of(transition, child.name, receiver)
    valid_to = _until(house, version, basis, child.birth_date)
    items = consent_items(definition, version.answers)
    request = ConsentRequest(
        id=new_id(),
        child_id=child.id,
        child_name=child.name,
        document=reference(document, version, definition),
        controller=sender.controller,
        from_unit=organisation(sender),
        to_unit=organisation(receiver),
        purpose=purpose,
        basis=basis,
        items=items,
        oral_asked=True,
        valid_to=valid_to,
        texts=_texts(house, basis, items, len(asked), child, sender, receiver, purpose, valid_to),
        required_holders=tuple(asked),
        series={person: new_id() for person in asked},
        created_at=house.moment,
        created_by=who.person_id,
        renews=renewed_question(earlier, receiver.id, purpose.code),
    )
    require_one_alphabet(request)
    record_event(house, document, "request_created", who.person_id, request, request_id=request.id)
    tell(house, asked, "consent_asked", request.id, request=request.id)
    return request


def purpose_of(transition: str, child: str, receiver: Unit) -> Purpose:
    """The one purpose of a share, in words that a parent understands."""
    return Purpose(code=transition, text=f"at tage godt imod {child}, når {child} begynder i {receiver.name}")


def _until(house: House, version: Version, basis: Basis, born: date) -> date:
    start, months = _date(version.answers.get("startdato")), house.settings.consent_months
    return last_day(start, local_day(house.moment), months, basis, born)


def _earlier(house: House, version: Version, facts: Facts, after: str | None) -> list[Asked]:
    """All questions so far; ``AlreadyAsked`` unless another may be put about ``version`` now, from a page that knows them."""
    if facts.decided is not None and facts.decided.stands:
        raise Decided(f"version {version.number}")
    earlier = judge_all(house, house.ledger.of_document(version.document_id), facts.custody)
    if not may_be_asked(house, version, earlier) or after not in (None, earlier[0][0].id if earlier else ""):
        raise AlreadyAsked(f"version {version.number}")
    return earlier


def _same_click(house: House, who: Identity, document_id: str, after: str | None) -> ConsentRequest | None:
    """The question that ``who`` put from that very page a moment ago, if that is the newest."""
    asked = requests_of(house.ledger.of_document(document_id))
    before = asked[-2].id if len(asked) > 1 else ""
    if not asked or after != before or asked[-1].created_by != who.person_id:
        return None
    require(house, who, "see_status", document_id)
    return asked[-1]


def may_be_asked(house: House, version: Version, earlier: list[Asked]) -> bool:
    """Whether nobody was asked about ``version`` yet, or every question about it has ended: a renewal is a fresh question
    beside the old ones, never a second answer (R-21)."""
    about = [pair for pair in earlier if pair[0].document.version == version.number]
    events = house.ledger.of_document(version.document_id) if about else []
    return all(closed_for_good(request, verdict, events, house.moment) for request, verdict in about)


def _same_basis(basis: Basis, receiver: Unit, earlier: list[Asked], events: list[Event]) -> None:
    """After a no or a withdrawal, of a part too, the same share never rests on another basis (R-02)."""
    for request, _ in earlier:
        if request.to_unit.id == receiver.id and request.basis.code != basis.code and any_no(request, events):
            raise BasisSwitched(f"{request.basis.code} to {basis.code}", basis=request.basis.provision)


def _agreed(house: House, document: Document) -> Version:
    version = house.documents.version(document.id, document.agreed_version or 0)
    if version is None:
        raise NotFound("no agreed version")
    if "parent" not in version.copies:
        raise NotRendered(f"version {version.number}")
    return version


def receiving_unit(house: House, unit_id: str | None) -> Unit:
    """The unit; ``NoReceiver`` when none is chosen or known."""
    unit = house.people.unit(unit_id) if unit_id else None
    if unit is None:
        raise NoReceiver("unit unknown")
    return unit


def organisation(unit: Unit) -> Organisation:
    """``unit`` as a share names it."""
    return Organisation(id=unit.id, name=unit.name, cvr=unit.controller.cvr, phone=unit.phone)


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def reference(document: Document, version: Version, definition: FormDefinition) -> DocumentRef:
    """The frozen ``version`` with all its digests; its parents' copy has been made (R-11)."""
    copy = version.copies["parent"]
    return DocumentRef(
        document_id=document.id,
        version=version.number,
        title=f"{definition.title} {document.number}",
        form_id=definition.id,
        form_version=definition.version,
        definition_digest=definition.digest,
        template_digest=copy.template_digest,
        answers_digest=version.answers_digest,
        pdf_sha256=copy.sha256,
        pdf_size=copy.size,
    )


def _texts(house: House, basis: Basis, items: tuple[ConsentItem, ...], holders: int, child: Child, sender: Unit,
           receiver: Unit, purpose: Purpose, valid_to: date) -> tuple[ConsentText, ...]:  # fmt: skip
    """The words around the question per language, everything filled but the holder's own name (R-13, R-15). Which words
    belong is what the declaration's own conditions say; a young person is spoken to as one (R-41)."""
    form = house.definitions.latest("samtykkeerklaering")
    facts = consent_facts(items, holders)
    parts = [
        text.id for section in form.sections for text in section_texts(form, section, {"hjemmel": basis.code}, facts)
    ]
    values = {
        "navn": HOLDER_NAME,
        "barn": child.name,
        "fra": sender.name,
        "til": receiver.name,
        "formaal": purpose.text,
        "portal": house.settings.portal_name,
        "kontakt": f"{sender.name}, telefon {sender.phone}",
    }
    of_language = {
        "da": {"gaelder_til": danish_date(valid_to)},
        "en": {
            "gaelder_til": valid_to.strftime("%d %B %Y").lstrip("0"),
            "formaal": f"to welcome {child.name} well when {child.name} starts at {receiver.name}",
            "kontakt": f"{sender.name}, telephone {sender.phone}",
        },
    }
    said = {code: values | of_language[code] for code in LANGUAGES}
    young = decides_itself(child.birth_date, house.moment)
    shown = tuple(one for one in parts if not (young and one == PARENTS_INTRO))
    words = tuple(filled_text(form, shown, code, said[code]) for code in LANGUAGES)
    return tuple(with_young_intro(one, shown, said[one.language]) for one in words) if young else words
