"""Consents that renew earlier ones, and what a receiver acknowledges of what was released; and what somebody makes of either."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lxml import etree
from msgspec import structs

from scripts.vectors.base import (
    GIVEN,
    MOMENT,
    SEAL,
    SYSTEM,
    Node,
    Vector,
    all_yes,
    answer_event,
    changed,
    resigned,
    sealed_by,
)
from scripts.vectors.content import CHILD_GIVES, PAPER, put, renamed, sealed
from tests.consent_examples import CHILD, HOLDER, ITEMS, reception_event, renewing_request, uid
from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest, Renewed
from tillid.consents.reception import Capacity, build_reception
from tillid.kernel.canonical import sha256
from tillid.signatures.names import consent

AGAIN = renewing_request()
RENEWS = Renewed(request_id=AGAIN.renews, event=GIVEN.id, digest=GIVEN.digest)
LATER = MOMENT + timedelta(days=20)


def renewed(**changes: Any) -> bytes:
    """A yes that renews ``given``, sealed."""
    return sealed(_answer(AGAIN, all_yes(), **{"renews": RENEWS, **changes}), AGAIN)


def _answer(asked: ConsentRequest, answers: dict[str, bool], **changes: Any) -> Event:
    holder = changes.get("holder_id", HOLDER)
    event = answer_event(asked, answers=answers, oral=any(answers.values()), at=LATER, **changes)
    return structs.replace(event, id=uid(0x111), series_id=asked.series[holder])


def received(capacity: Capacity = "leader", **changes: Any) -> bytes:
    """A receiver's acknowledgement, sealed."""
    event = reception_event(capacity, **changes)
    return sealed_by(SEAL, record=build_reception(event, SYSTEM), at=event.at + timedelta(seconds=2))


def vectors() -> dict[str, Vector]:
    """What is to pass, what was changed after sealing, and what nobody may seal."""
    by_child = structs.replace(AGAIN, required_holders=(CHILD,), series={CHILD: uid(0x53)})
    own = _answer(by_child, all_yes(), renews=Renewed(request_id=AGAIN.renews), **CHILD_GIVES)
    decided = {"kind": "decision", "share_id": uid(0xE9), "rests_on": reception_event().payload["rests_on"][:1]}
    good = {
        "renewed": (renewed(), "a yes that renews an ended consent, and names the giver's own yes to that"),
        "renewed-on-paper": (renewed(login=None, paper=PAPER), "the same on paper, by two employees"),
        "renewed-by-the-child": (sealed(own, by_child, "self"), "a renewal by the child itself, who gave none of the earlier answers"),
        "received": (received(), "the receiving leader acknowledges what was released: no consent, and nobody's signature"),
        "received-in-part": (received("named", items=reception_event().payload["items"][:1]), "a named employee acknowledges the one item that was released"),
        "received-by-decision": (received(**decided), "what was released rests on a leader's decision"),
    }  # fmt: skip
    made = {name: Vector("ok", data, why) for name, (data, why) in good.items()}
    hash_faults = {
        "renewed-other-question": (renewed(), put("{*}Renews", uid(0xE7), "request"), "which consent it renews"),
        "renewed-cut-off": (renewed(), _without("Renews"), "that it renews one at all"),
        "received-changed": (received(), put("{*}Receiver", "named", "capacity"), "who has received it"),
        "received-more": (received(items=reception_event().payload["items"][:1]), _another_item, "an item that was not released"),
        "received-other-consent": (received(), put("{*}RestsOn/{*}Event", sha256(b"another"), "sha256"), "what the release rested on"),
    }  # fmt: skip
    for name, (data, change, why) in hash_faults.items():
        made[name] = Vector("crypto.hash", changed(change, data), f"changed after sealing: {why}")
    refusing = _answer(AGAIN, {item.id: False for item in ITEMS})
    truly_sealed = {
        "refused-as-renewal": (sealed(refusing, AGAIN), _renewing, "a no that says it renews"),
        "renewed-nothing": (renewed(), put("{*}Renews", "", "request"), "a renewal of no consent"),
        "received-as-consent": (received(), renamed("ConsentRecord"), "an acknowledgement as a record of consent"),
        "received-as-attested": (received(), renamed("AttestationRecord"), "an acknowledgement as an attestation"),
        "consent-as-received": (sealed(GIVEN), renamed("ReceptionRecord"), "a consent as an acknowledgement"),
        "received-of-nothing": (received(), _emptied("Items"), "an acknowledgement of no item"),
        "received-resting-on-nothing": (received(), _emptied("RestsOn"), "an acknowledgement that rests on no event"),
    }
    return made | {
        name: Vector("form.schema", resigned(change, of=data), f"{why}, truly sealed")
        for name, (data, change, why) in truly_sealed.items()
    }


def _without(name: str) -> Any:
    def change(root: Node) -> None:
        node = root[1].find(consent(name))
        root[1].remove(node)

    return change


def _emptied(name: str) -> Any:
    def change(root: Node) -> None:
        node = root[1].find(consent(name))
        for child in list(node):
            node.remove(child)

    return change


def _another_item(root: Node) -> None:
    items = root[1].find(consent("Items"))
    second = etree.SubElement(items, consent("Item"), dict(items[0].attrib, item=ITEMS[1].id))
    etree.SubElement(second, consent("Title")).text = ITEMS[1].title


def _renewing(root: Node) -> None:
    etree.SubElement(root[1], consent("Renews"), request=AGAIN.renews)
