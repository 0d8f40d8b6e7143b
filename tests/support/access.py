"""People and situations for the tests of the one question: who stands how to a document, and what state it is in (design 14)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from tests.support.definitions import our_definitions
from tillid.consents.custody import Custody, Holder
from tillid.consents.effective import Verdict
from tillid.consents.held import HeldShare
from tillid.consents.model import Organisation
from tillid.documents.model import DefinitionRef, Document
from tillid.process.access import Facts, Identity
from tillid.process.organisation import Assignment, Organigram, Round, Unit
from tillid.process.sharing import Way, way_of

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
CONTROLLER = Organisation(id="c", name="Solbjerg")
CHILD = "child"


def unit(id: str, kind: str, parent: str | None) -> Unit:
    return Unit(id=id, name=id, kind=kind, parent_id=parent, controller=CONTROLLER)


ORGANIGRAM = Organigram(
    units={
        "town": unit("town", "municipality", None),
        "north": unit("north", "area", "town"),
        "south": unit("south", "area", "town"),
        "sender": unit("sender", "boernehave", "north"),
        "school": unit("school", "skole_sfo", "north"),
        "other": unit("other", "boernehave", "south"),
    }
)


def staff(name: str, role: str, unit_id: str) -> Identity:
    return Identity(person_id=name, name=name, kind="staff", assignments=(Assignment(role=role, unit_id=unit_id),))


# Person → the relations that person has to an ordinary document, and to an individual trivselsskema, by construction.
PEOPLE: dict[str, tuple[Identity, set[str], set[str]]] = {
    "writer": (staff("writer", "professional", "sender"), {"team"}, {"author", "round_peer"}),
    "peer": (staff("peer", "professional", "sender"), {"team"}, {"round_peer"}),
    "late peer": (staff("late", "professional", "sender"), {"team"}, set()),
    "leader": (staff("leader", "leader", "sender"), {"team", "leader"}, set()),
    "area leader": (staff("area", "area_leader", "north"), {"team", "leader"}, set()),
    "other area's leader": (staff("south", "area_leader", "south"), set(), set()),
    "other unit": (staff("stranger", "professional", "other"), set(), set()),
    "receiving leader": (staff("principal", "leader", "school"), {"receiver"}, set()),
    "named teacher": (staff("teacher", "professional", "school"), {"named"}, set()),
    "unnamed teacher": (staff("colleague", "professional", "school"), set(), set()),
    "moved teacher": (staff("moved", "professional", "other"), set(), set()),
    "archivist": (staff("archivist", "archivist", "town"), {"archivist"}, {"archivist"}),
    "dpo": (staff("dpo", "dpo", "town"), {"dpo"}, {"dpo"}),
    "administrator": (staff("admin", "administrator", "town"), set(), set()),
    "intake": (staff("intake", "intake", "town"), set(), set()),
    "notification archivist": (staff("keeper", "notification_archivist", "town"), set(), set()),
    "holder": (Identity(person_id="ane", name="Ane", kind="parent"), {"holder"}, set()),
    "former holder": (Identity(person_id="former", name="F", kind="parent"), set(), set()),
    "foster parent": (Identity(person_id="foster", name="F", kind="parent"), {"granted"}, set()),
    "other parent": (Identity(person_id="nobody", name="N", kind="parent"), set(), set()),
    "young person": (Identity(person_id=CHILD, name="A", kind="young"), set(), set()),
    "another young person": (Identity(person_id="other-child", name="B", kind="young"), set(), set()),
}

VERDICT = Verdict(
    standing="missing",
    effective=False,
    signed=False,
    items=frozenset(),
    oral=False,
    reason="waiting",
    waiting_for=("x",),
)
EFFECTIVE = msgspec.structs.replace(VERDICT, standing="valid", effective=True, signed=True, items=frozenset({"a"}))
WITHDRAWN = msgspec.structs.replace(VERDICT, standing="withdrawn", signed=True, reason="withdrawn")
HELD = msgspec.structs.replace(VERDICT, signed=True, reason="restored")
REFUSED = msgspec.structs.replace(VERDICT, standing="refused", reason="refused")

# A text that both sides write and agree on, as long as it is shared.
BOTH_WRITE = {"shared", "writable", "shareable", "talk", "agreeable"}
# Situation → (document changes, fact changes, the states it means)
SITUATIONS: dict[str, tuple[dict, dict, set[str]]] = {
    "draft": ({"state": "draft"}, {}, {"draft", "team_draft", "writable", "shareable", "talk"}),
    "shared": ({"state": "shared"}, {}, BOTH_WRITE),
    "agreed": ({"state": "shared", "agreed_version": 2}, {}, BOTH_WRITE | {"agreed"}),
    "asked": (
        {"state": "shared", "agreed_version": 2},
        {"verdict": VERDICT, "asked": True},
        BOTH_WRITE | {"agreed", "asked"},
    ),
    "released": (
        {"state": "signed", "agreed_version": 2},
        {"verdict": EFFECTIVE, "asked": True, "archivable": True},
        {"signed", "asked", "effective", "archivable"},
    ),
    "held after a backup": (
        {"state": "signed", "agreed_version": 2},
        {
            "verdict": HELD,
            "asked": True,
            "archivable": True,
            "held": (HeldShare(kind="consent", id="r", to="school", until=date(2026, 12, 1), restored=("b",)),),
        },
        {"signed", "asked", "archivable", "held"},
    ),
    "withdrawn": (
        {"state": "signed", "agreed_version": 2},
        {"verdict": WITHDRAWN, "asked": True, "archivable": True},
        {"signed", "asked", "archivable", "ended"},
    ),
    "refused": (
        {"state": "shared", "agreed_version": 2},
        {"verdict": REFUSED, "asked": True},
        BOTH_WRITE | {"agreed", "asked", "ended"},
    ),
    "decided after a no": (
        {"state": "shared", "agreed_version": 2},
        {"verdict": REFUSED, "asked": True, "decided": EFFECTIVE},
        BOTH_WRITE | {"agreed", "asked", "ended", "decided", "effective"},
    ),
    "decision ended": (
        {"state": "shared", "agreed_version": 2},
        {"decided": WITHDRAWN},
        BOTH_WRITE | {"agreed", "decided"},
    ),
    "withdrawn, closed": (
        {"state": "closed", "agreed_version": 2},
        {"verdict": WITHDRAWN, "asked": True, "archivable": True},
        {"closed", "asked", "archivable"},
    ),
    "a meeting asked about": ({"state": "shared"}, {"meeting_asked": True}, BOTH_WRITE | {"meeting", "meeting_open"}),
    "a meeting held": ({"state": "closed"}, {"meeting_asked": True}, {"closed", "meeting"}),
    "closed": ({"state": "closed"}, {"archivable": True}, {"closed", "archivable"}),
}
INDIVIDUAL: dict[str, tuple[dict, dict, set[str]]] = {
    "individual draft": ({"state": "draft"}, {}, {"draft", "writable"}),
    "individual submitted": ({"state": "submitted"}, {}, {"submitted"}),
    "individual, all in": (
        {"state": "submitted"},
        {"submitted_by": frozenset({"writer", "peer", "late"})},
        {"submitted", "open_round"},
    ),
}


def facts(document_changes: dict, fact_changes: dict, *, round_: bool, form: str = "overgangsbeskrivelse") -> Facts:
    document = Document(
        id="doc",
        number="TD-1",
        child_id=CHILD,
        unit_id="sender",
        definition=DefinitionRef(form_id=form, version=1, digest="d"),
        variant="boernehave",
        created_at=NOW,
        author="writer",
        receiver_unit_id=None if round_ else "school",
        round_id="round" if round_ else None,
        named_readers=("teacher", "moved"),
        **document_changes,
    )
    ane = Holder(person_id="ane", name="Ane", relation="parent", resident=True, since=datetime(2020, 1, 1, tzinfo=UTC))
    gone = msgspec.structs.replace(ane, person_id="former", until=datetime(2026, 1, 1, tzinfo=UTC))
    assigned = Round(
        id="round",
        unit_id="sender",
        title="t",
        deadline=date(2026, 12, 1),
        assigned={CHILD: ("writer", "peer", "late")},
    )
    base = {
        "document": document,
        "way": WAYS.get("trivselsskema" if round_ else form, Way()),
        "organigram": ORGANIGRAM,
        "granted": frozenset({"foster"}),
        "custody": Custody(child_id=CHILD, holders=(ane, gone), shared_residence=False, checked_at=NOW),
        "verdict": None,
        "asked": False,
        "round": assigned if round_ else None,
        "submitted_by": frozenset({"writer", "peer"}) if round_ else frozenset(),
        "child_unit": "sender",
    }
    return Facts(**base | fact_changes)


# Every form's newest version, and what its own states say of its way.
WAYS = {one.id: way_of(one) for one in our_definitions().all()}
