"""Stations 5 to 7 of the walk: consent, release, withdraw."""

from __future__ import annotations

import msgspec

from tillid.consents.reception import read_reception
from tillid.consents.record import read_record
from tillid.demo.walk_log import keep_head
from tillid.demo.walk_scene import OTHER_BASIS, REFUSED, SET, Failed, Outcome, Scene, check
from tillid.demo.walk_writing import check_copy
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id
from tillid.usecases.acknowledge_reception import acknowledge_reception
from tillid.usecases.facts import facts_of
from tillid.usecases.lists import NeutralLine, child_page, own_consents, parent_home, received_lines
from tillid.usecases.open_copy import name_reader, released
from tillid.usecases.receive_document import received_page
from tillid.usecases.request_consent import request_consent
from tillid.usecases.withdraw_consent import record_withdrawal, withdraw_consent

SENSITIVE = "p_helbred"  # what one of the two holders says no to
READER, COLLEAGUE = "peter", "line"  # whom the receiving leader names, and another at the same place


def consent(scene: Scene) -> Outcome:
    """Each holder answers alone; nothing is open before the last yes. Another basis and a refusal open nothing."""
    _another_basis(scene)
    refusal = _a_refusal(scene)
    author = scene.author
    scene.request = scene.does(lambda house: request_consent(house, author, scene.document_id)).id
    holders, events = scene.holders(), []
    agreed = scene.version(SET, scene.document().agreed_version or 0)
    for number, holder in enumerate(holders, start=1):
        scene.refused(
            lambda: scene.copy(scene.receiver, "read_released"), "modtageren kunne læse, før alle havde sagt ja"
        )
        no = frozenset({f"field:{SENSITIVE}"} if number == len(holders) else ())
        receipt = scene.player.say_yes(holder, scene.request, no=no)
        record = scene.record(receipt.event_id)
        _is_record(scene, record, "consent_given", holder.person_id, agreed.answers_digest)
        scene.files[f"consent-{number}.xml"] = record
        events.append(receipt.event_id)
    check(scene.document().state == "signed", "dokumentet blev ikke underskrevet, da alle havde sagt ja")
    said = f"{len(holders)} forældre har sagt ja hver for sig; et nej og et andet grundlag åbner intet"
    return said, {"request": scene.request, "events": events, "refusal": refusal, "answers": agreed.answers_digest}


def _is_record(scene: Scene, record: bytes, kind: str, holder_id: str, answers_digest: str) -> None:
    """The record verifies and says who answered, for whom, what, and to which frozen words (R-10, R-11)."""
    facts = read_record(_sealed(scene, record))
    check((facts.kind, facts.holder_id) == (kind, holder_id), "posten er en anden hændelse eller en anden forælders")
    check(facts.document.answers_digest == answers_digest, "posten peger ikke på den enige tekst")


def _sealed(scene: Scene, record: bytes) -> bytes:
    """What the record's seal covers; raises ``Failed`` for one that does not hold."""
    with scene.open() as house:
        verdict = scene.parts.verify_record(record, house.moment)
    if not verdict.passed or verdict.signed is None:
        raise Failed(f"posten holder ikke: {verdict.step}")
    return verdict.signed


def _another_basis(scene: Scene) -> None:
    """A transition that does not rest on consent is refused, never asked about (R-01)."""
    author, document_id = scene.player.staff(OTHER_BASIS.author_id), scene.documents[OTHER_BASIS.name]
    try:
        scene.does(lambda house: request_consent(house, author, document_id))
    except TillidError as error:
        check(error.code == "transition.not-by-consent", f"et andet grundlag gav {error.code}")
        return
    raise Failed("der blev spurgt om samtykke, hvor grundlaget er et andet")


def _a_refusal(scene: Scene) -> str:
    """All no is a full answer, sealed and kept (R-12), told neither to the receiver nor to the other parent."""
    author, document_id = scene.player.staff(REFUSED.author_id), scene.documents[REFUSED.name]
    request = scene.does(lambda house: request_consent(house, author, document_id))
    first, second = scene.holders(REFUSED)
    receipt = scene.player.say_yes(first, request.id, no=frozenset(item.id for item in request.items))
    check(receipt.kind == "consent_refused", "et nej blev ikke til et nej")
    _is_record(
        scene, scene.record(receipt.event_id), "consent_refused", first.person_id, request.document.answers_digest
    )
    with scene.open() as house:
        document = house.documents.get(document_id)
        check(document is not None, "dokumentet findes ikke")
        theirs = own_consents(house, second, document) if document else []
        check([line.mine for line in theirs] == [None], "den anden forælder ser svaret")
    with scene.open() as house:
        name = house.people.child(REFUSED.child_id)
        lines = received_lines(house, scene.receiver, SET.receiver_unit_id or "")
    line = _line(lines, document_id)
    check(line is not None and line.line != "open" and not line.child_name, "modtageren ser, hvem der er sagt nej for")
    check(name is not None and all(name.name not in str(msgspec.to_builtins(one)) for one in lines), "barnets navn ses")
    return receipt.event_id


def _line(lines: list[NeutralLine], document_id: str) -> NeutralLine | None:
    return next((line for line in lines if line.document_id == document_id), None)


def release(scene: Scene) -> Outcome:
    """The receiver's copy holds what both said yes to and nothing else; the leader names who may read it (R-22)."""
    scene.settle()
    keep_head(scene)
    leader = scene.receiver
    with scene.open() as house:
        now = released(house, leader, scene.document_id)
        definition = house.definitions.get(SET.form_id, SET.form_version)
    check(SENSITIVE in now.version.answers and SENSITIVE not in now.answers, "det, én sagde nej til, blev givet videre")
    copy = scene.copy(leader, "read_released")
    check_copy(copy.data, "receiver", definition, now.answers)
    reader, colleague = scene.player.staff_named(READER), scene.player.staff_named(COLLEAGUE)
    scene.refused(lambda: scene.copy(reader, "read_released"), "en, lederen ikke har valgt, kunne læse")
    scene.does(lambda house: name_reader(house, leader, scene.document_id, reader.person_id))
    check(scene.copy(reader, "read_released").data == copy.data, "den valgte læser fik noget andet end lederen")
    scene.refused(lambda: scene.copy(colleague, "read_released"), "en kollega, lederen ikke har valgt, kunne læse")
    _acknowledged(scene)
    said = f"modtageren og den, lederen valgte, kan læse {len(now.answers)} felter, og har kvitteret for dem"
    return said, {
        "sha256": sha256(copy.data),
        "items": now.key,
        "answers": len(now.answers),
        "reader": reader.person_id,
    }


def _acknowledged(scene: Scene) -> None:
    """The receiving place acknowledges what has come: sealed, and neither a consent nor a leave to read (R-23)."""
    with scene.open() as house:
        shown = received_page(house, scene.receiver, scene.document_id).reception
    event = scene.does(lambda house: acknowledge_reception(house, scene.receiver, scene.document_id, shown.key))
    scene.settle()
    record = scene.record(event.id)
    said = read_reception(_sealed(scene, record))
    check(
        said.share_id == scene.request and said.receiver_id == scene.receiver.person_id,
        "kvitteringen er om noget andet",
    )
    check(all(SENSITIVE not in item.id for item in said.items), "kvitteringen nævner det, der ikke blev givet videre")


def withdraw(scene: Scene) -> Outcome:
    """Closed at the click for everybody at the receiver's (R-17, R-18); then the other holder takes back by phone (R-16)."""
    (first, second), author = scene.holders(), scene.author
    receipt = scene.does(lambda house: withdraw_consent(house, first, scene.request, language="da", event_id=new_id()))
    _closed_to_receiver(scene)
    scene.settle()
    _told_without_names(scene, [first.name, second.name])
    called = scene.does(
        lambda house: record_withdrawal(
            house, author, scene.request, second.person_id, method="phone", event_id=new_id()
        )
    )
    _closed_to_receiver(scene)
    scene.settle()
    agreed = scene.version(SET, scene.document().agreed_version or 0)
    for event_id, holder in ((receipt.event_id, first), (called.event_id, second)):
        _is_record(scene, scene.record(event_id), "consent_withdrawn", holder.person_id, agreed.answers_digest)
    scene.files["withdrawal-1.xml"] = scene.record(receipt.event_id)
    _marked_withdrawn(scene)
    return "lukket for modtageren ved klikket, også pr. telefon", {
        "event": receipt.event_id,
        "by_phone": called.event_id,
    }


def _closed_to_receiver(scene: Scene) -> None:
    leader, reader = scene.receiver, scene.player.staff_named(READER)
    for who in (leader, reader):
        scene.refused(
            lambda who=who: scene.copy(who, "read_released"), "modtagerens PDF var åben efter tilbagekaldelsen"
        )
        with scene.open() as house:
            scene.refused(
                lambda who=who: received_page(house, who, scene.document_id), "modtagerens side var åben endnu"
            )
    with scene.open() as house:
        line = _line(received_lines(house, leader, SET.receiver_unit_id or ""), scene.document_id)
    check(line is not None and (line.line, line.child_name) == ("unavailable", ""), "modtagerens linje er ikke neutral")


def _told_without_names(scene: Scene, names: list[str]) -> None:
    """The receiver's notice says that something is no longer there: a document's id, no person (R-18, R-22)."""
    with scene.open() as house:
        child = house.people.child(SET.child_id)
        notices = house.notices.of_person(scene.receiver.person_id)
    told = [
        one for one in notices if one.text_id == "no_longer_available" and one.ids == {"document": scene.document_id}
    ]
    check(len(told) == 1, "modtageren fik ikke netop én besked")
    stored = msgspec.json.encode(told).decode()
    check(not any(name in stored for name in (*names, child.name if child else "")), "beskeden nævner en person")


def _marked_withdrawn(scene: Scene) -> None:
    """Sender and parents see it, nothing is overwritten (R-21), and the parents keep their own copy (design 14)."""
    with scene.open() as house:
        document = house.documents.get(scene.document_id)
        verdict = facts_of(house, document).verdict if document else None
        kinds = [event.kind for event in house.ledger.of_request(scene.request)]
        lists = [
            child_page(house, scene.author, SET.child_id).documents,
            parent_home(house, scene.holders()[0]).documents,
        ]
    check(
        verdict is not None and verdict.signed and verdict.standing == "withdrawn", "dokumentet er ikke trukket tilbage"
    )
    check(kinds.count("consent_given") == kinds.count("consent_withdrawn") == 2, "noget i loggen blev skrevet over")
    for lines in lists:
        standing = [line.standing for line in lines if line.document.id == scene.document_id]
        check(standing == ["withdrawn"], "afsenderen eller forældrene ser det ikke som trukket tilbage")
    check(scene.copy(scene.holders()[0], "read_parent_copy").data, "forældrene mistede deres egen kopi")
