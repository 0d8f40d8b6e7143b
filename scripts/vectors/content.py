"""Records as they should be, in all their kinds, and what somebody changes in one."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

from lxml import etree
from msgspec import structs

from scripts.vectors.base import (
    ASKED,
    GIVEN,
    MOMENT,
    SEAL,
    SYSTEM,
    Node,
    Vector,
    all_yes,
    answer_event,
    build_record,
    changed,
    replaced,
    request,
    resigned,
    sealed_by,
    xades,
)
from tests.consent_examples import CHILD, ITEMS, SERIES, attestation_event, uid, withdrawal_event
from tests.meeting_examples import PSYCHOLOGIST, PURPOSE, TEACHER, meeting_answer, meeting_withdrawal, question
from tillid.consents.attestation import Capacity, build_attestation
from tillid.consents.meeting_record import build_meeting_record
from tillid.consents.model import ConsentItem, PaperEvidence
from tillid.kernel.canonical import sha256
from tillid.signatures.names import consent

MEETING = question()
MET = meeting_answer(MEETING)
CHILD_ASKED = request(required_holders=(CHILD,), series={CHILD: SERIES})
CHILD_GIVES = {"holder_id": CHILD, "holder_name": CHILD_ASKED.child_name}
OWN = answer_event(CHILD_ASKED, answers=all_yes(), **CHILD_GIVES)
PAPER = PaperEvidence(
    scan_sha256=sha256(b"scan"), signed_on=MOMENT.date(), entered_by=uid(0xB1), confirmed_by=uid(0xB2)
)


def sealed(event: Any, asked: Any = ASKED, role: str = "parent") -> bytes:
    """The record of an event, sealed two seconds later."""
    return sealed_by(
        SEAL, record=build_record(event, asked, role=role, system=SYSTEM), at=event.at + timedelta(seconds=2)
    )


def good() -> dict[str, Vector]:
    """Records that pass, each with what it shows."""
    yes = all_yes()
    many = tuple(
        ConsentItem(id=f"field:f{n}", kind="sensitive", title=f"Felt {n}", section_id="s", field_ids=(f"f{n}",), sensitive=True, digest=sha256(b"%d" % n))
        for n in range(100)
    )  # fmt: skip
    file = (*ITEMS, ConsentItem(id="attachment:billede", kind="attachment", title="Billede", section_id=None, field_ids=(), sensitive=False, digest=sha256(b"b")))  # fmt: skip
    part = {"items": (ITEMS[1].id,), "method": "phone", "login": None, "recorded_by": ASKED.created_by}
    second = answer_event(ASKED, answers=yes, at=MOMENT + timedelta(days=1))
    given = {
        "given": (sealed(GIVEN), "a yes"),
        "given-without-oral": (sealed(answer_event(ASKED, answers=yes)), "a yes without oral permission"),
        "given-in-part": (sealed(answer_event(ASKED, answers=yes | {ITEMS[1].id: False})), "a yes to some items"),
        "given-by-other-holder": (sealed(GIVEN, role="other"), "another custody holder"),
        "given-again": (sealed(second), "the same answer at another moment"),
        "given-many-items": (sealed(answer_event(structs.replace(ASKED, items=many), answers={i.id: True for i in many}), structs.replace(ASKED, items=many)), "a hundred items"),
        "given-with-attachment": (sealed(answer_event(structs.replace(ASKED, items=file), answers={i.id: True for i in file}), structs.replace(ASKED, items=file)), "an attachment, of no section"),
        "given-oral-not-asked": (sealed(answer_event(request(oral_asked=False), answers=yes), request(oral_asked=False)), "oral permission that was not asked"),
        "name-of-many-scripts": (_named("Ångström Žižek 李 مريم שרה Ελένη"), "names in any script: letters are not refused for being foreign"),
        "name-decomposed": (_named("A\u0301sta"), "letters and accents apart, kept as they were shown"),
        "name-marks": (_named("O'Hara & <Søn> \"x\" – € 😀"), "marks that XML must spell"),
        "refused": (sealed(answer_event(ASKED, answers={item.id: False for item in ITEMS})), "a no"),
        "withdrawn": (sealed(withdrawal_event(ASKED, GIVEN)), "a yes taken back"),
        "withdrawn-part-by-phone": (sealed(withdrawal_event(ASKED, GIVEN, **part)), "one item taken back, by phone"),
        "withdrawn-in-person": (sealed(withdrawal_event(ASKED, GIVEN, **part | {"items": (), "method": "in_person"})), "all taken back, in person"),
        "attested": (attested(), "a leader's attestation: no consent, and nobody's signature"),
        "attested-of-no-child": (attested("notifier"), "who sends an underretning attests it; it names no child of the register"),
        "meeting-given": (met(), "a yes to a meeting's purpose and to those named"),
        "meeting-given-in-part": (met(meeting_answer(MEETING, {PSYCHOLOGIST.id: False})), "a yes to the meeting without one of those named"),
        "meeting-refused": (met(meeting_answer(MEETING, {PURPOSE: False})), "a no to the meeting's purpose"),
        "meeting-withdrawn": (met(meeting_withdrawal(MEETING, MET)), "a yes to a meeting taken back"),
        "meeting-withdrawn-one-by-phone": (met(meeting_withdrawal(MEETING, MET, TEACHER.id, method="phone", login=None, recorded_by=ASKED.created_by)), "one of those named taken back, by phone"),
        "given-by-the-child": (sealed(OWN, CHILD_ASKED, "self"), "a yes of the child itself, who is fifteen"),
        "given-by-the-child-on-paper": (sealed(answer_event(CHILD_ASKED, answers=yes, login=None, paper=PAPER, **CHILD_GIVES), CHILD_ASKED, "self"), "the same on paper, by two employees"),
        "withdrawn-by-the-child": (sealed(withdrawal_event(CHILD_ASKED, OWN, **CHILD_GIVES), CHILD_ASKED, "self"), "the child takes its yes back"),
        "meeting-given-on-paper": (met(meeting_answer(MEETING, login=None, paper=PAPER)), "a yes to a meeting on paper, by two employees"),
        "sealed-at-once": (sealed_by(SEAL, at=MOMENT), "sealed in the second of the click"),
    }  # fmt: skip
    return {name: Vector("ok", data, why) for name, (data, why) in given.items()}


def met(event: Any = MET) -> bytes:
    """The record of an answer about a meeting, sealed."""
    record = build_meeting_record(event, MEETING, role="parent", system=SYSTEM)
    return sealed_by(SEAL, record=record, at=event.at + timedelta(seconds=2))


def _meetings() -> dict[str, Vector]:
    """What somebody makes of a consent to a meeting."""
    no_to_one = met(meeting_answer(MEETING, {PSYCHOLOGIST.id: False}))
    let_in = changed(put("{*}Participant", "yes", "answer"), no_to_one)
    another = changed(put("{*}Participant/{*}Name", "Jonas Krogh"), no_to_one)
    shared = resigned(renamed("ConsentGiven", "{*}MeetingConsentGiven"), of=met())
    return {
        "meeting-answer-changed": Vector("crypto.hash", let_in, "changed after sealing: a no to one who takes part made a yes"),
        "meeting-participant-changed": Vector("crypto.hash", another, "changed after sealing: who takes part"),
        "meeting-as-consent": Vector("form.schema", shared, "a consent to a meeting as one to share a document, truly sealed"),
    }  # fmt: skip


def attested(capacity: Capacity = "leader") -> bytes:
    """An employee's attestation, sealed."""
    return sealed_by(
        SEAL, record=build_attestation(attestation_event(capacity), SYSTEM), at=MOMENT + timedelta(seconds=2)
    )


def _attestations() -> dict[str, Vector]:
    """What somebody makes of an attestation (R-23: it is no consent)."""
    return {
        "attested-changed": Vector("crypto.hash", changed(put("{*}Attester", "notifier", "capacity"), attested()), "changed after sealing: in what capacity it was attested"),
        "attested-as-consent": Vector("form.schema", resigned(renamed("ConsentRecord"), of=attested()), "an attestation as a record of consent, truly sealed"),
        "consent-as-attested": Vector("form.schema", resigned(renamed("AttestationRecord"), of=sealed(GIVEN)), "a consent as an attestation, truly sealed"),
    }  # fmt: skip


def _named(name: str) -> bytes:
    asked = request(child_name=name)
    return sealed(answer_event(asked, answers=all_yes(), holder_name=name), asked)


def put(path: str, value: str, attribute: str | None = None) -> Callable[[Node], None]:
    """Another text or attribute at ``path``."""

    def change(root: Node) -> None:
        node = root.find(f".//{path}")
        assert node is not None, path
        if attribute:
            assert node.get(attribute) not in (None, value), path
            node.set(attribute, value)
        else:
            node.text = value

    return change


def renamed(name: str, path: str = ".") -> Callable[[Node], None]:
    """Another element of the vocabulary in the place of the root, or of the one at ``path``."""

    def change(root: Node) -> None:
        root.find(path).tag = consent(name)

    return change


OTHER, DIGEST = uid(0x999), "0" * 64
CHANGES: dict[str, tuple[str, Callable[[Node], None]]] = {
    "answer": ("a no made a yes, or the other way", put("{*}Item", "no", "answer")),
    "oral": ("oral permission", put("{*}OralPermission", "no", "answer")),
    "holder": ("who answered", put("{*}Holder", OTHER, "uuid")),
    "holder-role": ("as what", put("{*}Holder", "other", "role")),
    "child": ("the record of another child", put("{*}Child", OTHER, "uuid")),
    "controller": ("the record of another municipality", put("{*}Controller", OTHER, "uuid")),
    "from": ("who passes it on", put("{*}From", OTHER, "uuid")),
    "to": ("who may read it", put("{*}To", OTHER, "uuid")),
    "purpose": ("what for", put("{*}Purpose", "forskning", "code")),
    "basis": ("on what basis", put("{*}Basis", "anden_hjemmel", "code")),
    "document": ("the record of another document", put("{*}Document", OTHER, "uuid")),
    "document-version": ("the record of another version", put("{*}Document", "4", "version")),
    "definition": ("another form", put("{*}Definition", DIGEST, "sha256")),
    "template": ("another page", put("{*}Template", DIGEST, "sha256")),
    "answers-digest": ("other answers in the document", put("{*}Answers", DIGEST, "sha256")),
    "pdf": ("another PDF than the one seen", put("{*}Pdf", DIGEST, "sha256")),
    "item-digest": ("another content of an item", put("{*}Item", DIGEST, "sha256")),
    "item-sensitive": ("a sensitive item said to be none", put("{*}Item[2]", "no", "sensitive")),
    "valid-to": ("a longer time", put("{*}ValidTo", "2036-02-01")),
    "text": ("other words than those shown", put("{*}ShownText", "Må vi dele alt?")),
    "login": ("another login", put("{*}Login", OTHER, "subject")),
    "login-evidence": ("other evidence of the login", put("{*}Login", DIGEST, "evidenceSha256")),
    "created": ("another moment", put("{*}CreatedAt", "2025-11-03T18:30:13Z")),
    "record-id": ("the record of another event, played again", put("{*}RecordId", OTHER)),
    "series": ("the record of another series", put("{*}SeriesId", OTHER)),
    "sequence": ("another place in the series: a gap, or a replay", put("{*}Sequence", "2")),
    "event": ("the digest of another event", put("{*}Event", DIGEST, "sha256")),
    "request": ("the answer to another question", lambda root: root[1].set("request", OTHER)),
    "rendering": ("shown by another stylesheet", put("{*}SealedAs", DIGEST, "stylesheetSha256")),
    "system": ("another installation", put("{*}System", "andenby", "instance")),
    "signing-time": ("another time of sealing", put(xades("SigningTime"), "2025-11-03T18:30:15Z")),
}


def withdrawn_changed(change: Callable[[Node], None]) -> bytes:
    """A withdrawal after ``change``."""
    return changed(change, sealed(withdrawal_event(ASKED, GIVEN, items=(ITEMS[1].id,))))


def _everything(root: Node) -> None:
    items = root.find(".//{*}Items")
    items.getparent().replace(items, etree.Element(items.tag.replace("Items", "Everything")))


def _structure() -> dict[str, Vector]:
    items = ".//{*}Items"
    return {
        "item-removed": Vector("crypto.hash", changed(lambda root: root.find(items).remove(root.find(items)[0])), "an item taken out"),
        "item-added": Vector("crypto.hash", changed(lambda root: root.find(items).append(_item(root, "section:nyt"))), "an item put in"),
        "item-twice": Vector("form.schema", resigned(lambda root: root.find(items).append(deepcopy(root.find(items)[0]))), "two answers to one item, truly sealed"),
        "items-reordered": Vector("crypto.hash", changed(lambda root: root.find(items).append(root.find(items)[0])), "items in another order"),
        "items-none": Vector("form.schema", resigned(lambda root: [root.find(items).remove(one) for one in list(root.find(items))]), "no items at all"),
        "given-made-refused": Vector("crypto.hash", replaced("<ConsentGiven ", "<ConsentRefused ").replace(b"</ConsentGiven>", b"</ConsentRefused>"), "a yes made a no"),
        "withdrawal-widened": Vector("crypto.hash", withdrawn_changed(_everything), "a partial withdrawal made a whole one"),
        "withdrawal-of-another": Vector("crypto.hash", withdrawn_changed(put("{*}Withdraws", DIGEST, "sha256")), "a withdrawal of another consent"),
        "withdrawal-previous": Vector("crypto.hash", withdrawn_changed(put("{*}Previous", DIGEST, "sha256")), "a wrong link to the event before"),
        "withdrawal-previous-dropped": Vector("crypto.hash", withdrawn_changed(lambda root: root[0].remove(root.find(".//{*}Previous"))), "no link to the event before"),
        "withdrawal-item": Vector("crypto.hash", withdrawn_changed(put("{*}Item", "section:sprog", "item")), "another item taken back"),
        "schema-version": Vector("form.schema", resigned(lambda root: root.set("schemaVersion", "2.0")), "a version we do not know, truly sealed"),
        "answer-maybe": Vector("form.schema", resigned(put("{*}Item", "maybe", "answer")), "an answer that is none, truly sealed"),
        "cpr-in-attribute": Vector("form.schema", resigned(lambda root: root.find(".//{*}Child").set("cpr", "0101010101")), "a number of the CPR register has no place in a record"),
        "personal-signature-claimed": Vector("form.schema", resigned(put("{*}SealedAs", "personal-signature", "meaning")), "a seal that calls itself a personal signature"),
        "renamed-namespace": Vector("unreadable.not-a-record", replaced('xmlns="urn:tillid:xml:consent:1"', 'xmlns="urn:tillid:xml:consent:2"'), "another vocabulary"),
    }  # fmt: skip


def _item(root: Node, name: str) -> Node:
    made = deepcopy(root.find(".//{*}Item"))
    made.set("item", name)
    return made


def vectors() -> dict[str, Vector]:
    """What is changed after sealing, and what nobody may seal."""
    made = {
        f"changed-{name}": Vector("crypto.hash", changed(change), f"changed after sealing: {why}")
        for name, (why, change) in CHANGES.items()
    }
    made["changed-name"] = Vector("crypto.hash", replaced("Søren", "Sören"), "changed after sealing: a name")
    made["homoglyph"] = Vector(
        "crypto.hash", replaced("Solbjerg", "Sоlbjеrg"), "letters of another script that look the same"
    )
    made["homoglyph-decomposed"] = Vector(
        "crypto.hash", replaced("Mælkebøtten", "Mælkebo\u0338tten"), "the same letter of two parts"
    )
    return made | _structure() | _attestations() | _meetings() | {
        "sealed-before-record": Vector("time.before-record", sealed_by(SEAL, at=MOMENT - timedelta(seconds=2)), "a seal older than what it seals"),
    }  # fmt: skip
