"""The receipt as a PDF, for the parent whose it is (ADR 0039).

Ordered with a click, made by the outbox, kept in the second store for half an hour, and handed to nobody else: whose it is is
asked when it is ordered, when it is made, and when it is opened. The receipt's files lie in the PDF as one more revision.
"""

from __future__ import annotations

from tillid.documents.receipt_job import receipt_job
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.signatures.receipt import EVIDENCE_FILE, OWN, OWN_TOKEN, how_to_verify, page_of
from tillid.usecases.fetch_receipt import ACTION, Receipt, ReceiptNotYet, made_receipt, receipt_parts
from tillid.usecases.made_for_person import MadeState, made, order, place_of, state_of
from tillid.usecases.own_consent import OwnReceipt, found_receipt, own_receipt
from tillid.usecases.ports import AddedFile, House, OpenHouse, OutboxEntry
from tillid.usecases.whose_consent import as_registered

STEP = "render_receipt"
ZIP, RECORD_FILE, TOKEN_FILE = "kvittering.zip", "record.xml", "record.tst"
OWN_FILE, OWN_TOKEN_FILE = "record.personal", "record.personal.tst"  # by these names ``tillid verify`` finds them


class NoReceiptPdf(TillidError):
    code = "receipt.not-made"
    text = "Kvitteringen som PDF er ikke lavet, eller det er for længe siden. Gå tilbage, og lav den igen."


def make_receipt_pdf(house: House, who: Identity, request_id: str, event_id: str) -> None:
    """1. is it ``who``'s own? 2. log 3. have it rendered. Raises ``NotFound``, ``ReceiptNotYet``."""
    own = own_receipt(house, who, request_id, event_id, ACTION)
    if not receipt_parts(house, own.event).ready:
        raise ReceiptNotYet("no receipt to render yet")
    order(house, STEP, _ids(house, who, own))


def receipt_pdf_state(house: House, who: Identity, own: OwnReceipt) -> MadeState:
    """How far the PDF of ``own`` is; shows nothing of it."""
    return state_of(house, STEP, _ids(house, who, own))


def receipt_pdf_progress(house: House, who: Identity, request_id: str, event_id: str) -> tuple[OwnReceipt, MadeState]:
    """The same for who only waits; no row, for nothing of it is shown. Raises ``NotFound``."""
    _, own = found_receipt(house, who, request_id, event_id)
    return own, receipt_pdf_state(house, who, own)


def open_receipt_pdf(house: House, who: Identity, request_id: str, event_id: str) -> bytes:
    """The PDF; a row in the log comes first. Raises ``NotFound``, ``NoReceiptPdf``."""
    own = own_receipt(house, who, request_id, event_id, ACTION)
    pdf = made(house, STEP, _ids(house, who, own))
    if pdf is None:
        raise NoReceiptPdf("none for this event")
    return pdf


def render_receipt(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """What the outbox does; nothing if the person may no longer have it. The content database is only read."""
    with open_house() as house:
        who = as_registered(house, entry.ids["person"])
        if who is None:
            return
        try:
            document, own = found_receipt(house, who, entry.ids["request"], entry.ids["event"])
            receipt = made_receipt(house, own)
        except (NotFound, ReceiptNotYet):
            return
        event = own.event
        job = receipt_job(
            page_of(receipt.record),
            how_to_verify(),
            receipt.proof,
            event_id=event.id,
            stamped=receipt.token is not None,
            renewed=EVIDENCE_FILE in receipt.beside,
            signed_too=OWN in receipt.beside,
            record=receipt.record,
            document=document,
            municipality=house.settings.municipality,
            moment=event.at,
        )
        renderer, previews, clock = house.renderer, house.previews, house.clock
    pdf = renderer.append(renderer.render(job).pdf, _files(receipt), event.at)
    previews.put(who.person_id, pdf, "application/pdf", clock.now(), place_of(entry.key), of=document.id)


def _files(receipt: Receipt) -> list[AddedFile]:
    """The ``.zip`` whole; record, timestamp and the person's own signature beside it too, where ``tillid verify`` looks for them."""
    parts = [
        (ZIP, receipt.data, "application/zip", "Supplement", "Kvitteringen, der kan kontrolleres uden Tillid"),
        (RECORD_FILE, receipt.record, "application/xml", "Supplement", "Den forseglede post"),
    ]
    if receipt.token is not None:
        # A token is CMS; RFC 3161 names a type for the whole answer only.
        parts.append((TOKEN_FILE, receipt.token, "application/pkcs7-signature", "Supplement", "Postens tidsstempel"))
    if OWN in receipt.beside:
        parts.append(
            (OWN_FILE, receipt.beside[OWN], "application/xml", "Supplement", "Personens egen underskrift på posten")
        )
    if OWN_TOKEN in receipt.beside:
        words = "Tidsstempel til personens egen underskrift"
        parts.append((OWN_TOKEN_FILE, receipt.beside[OWN_TOKEN], "application/pkcs7-signature", "Supplement", words))
    return [
        AddedFile(name=name, data=data, media_type=media_type, relationship=relationship, description=description)
        for name, data, media_type, relationship, description in parts
    ]


def _ids(house: House, who: Identity, own: OwnReceipt) -> dict[str, str]:
    """Once there is more evidence, a PDF without it is no longer the one asked for."""
    found = receipt_parts(house, own.event)
    there = {
        "stamped": found.stamped,
        "frozen": found.frozen,
        "signed": found.signed_too[0],
        "signed-stamped": found.signed_too[1],
        "signed-frozen": found.own_frozen,
    }
    evidence = " ".join(name for name, one in there.items() if one) or "plain"
    return {"request": own.request.id, "event": own.event.id, "person": who.person_id, "evidence": evidence}
