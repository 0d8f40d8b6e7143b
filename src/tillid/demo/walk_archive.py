"""Stations 8 and 9 of the walk: find and verify."""

from __future__ import annotations

from tillid.adapters.pdf.box import opened
from tillid.archive.query import MARK_END, MARK_START, SearchQuery, SearchResult
from tillid.consents.events import broken_links
from tillid.demo.walk_log import proofs
from tillid.demo.walk_receipt import receipt
from tillid.demo.walk_scene import PURPOSE, SET, Failed, Outcome, Scene, check
from tillid.demo.walk_timestamps import timestamps
from tillid.demo.walk_writing import check_copy
from tillid.demo.xmlsec import Xmlsec1
from tillid.kernel.canonical import sha256
from tillid.process.access import Identity
from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.open_archived import open_archived
from tillid.usecases.search_archive import search_archive

WRITTEN, ASKED = "vinterhotel", "vinterhotellerne"  # a word of the demo's text, and a form of it that stands nowhere
SENSITIVE = "børneeksem"  # written in the document, in a field that is never searched
NONSENSE = "kvizbrøllot"


def find(scene: Scene) -> Outcome:
    """The archivist says why, finds a word in any of its forms, opens the case; each read is logged first (R-71)."""
    archivist = scene.player.staff_named("ove")
    texts = " ".join(str(value) for value in SET.answers.values())
    check(WRITTEN in texts and SENSITIVE in texts and ASKED not in texts, "demoens tekst har ikke længere søgeordene")
    try:
        _search(scene, archivist, WRITTEN, purpose="")
    except PurposeMissing:
        pass
    else:
        raise Failed("der kunne søges uden formål")
    for words in (WRITTEN, ASKED):
        result = _search(scene, archivist, words)
        _is_the_case(result)
        _marks(scene, result, words)
    for words in (NONSENSE, SENSITIVE):
        check(_search(scene, archivist, words).total == 0, "der blev fundet noget, der ikke må findes")
    _open(scene, archivist)
    rows = [row for row in scene.parts.audit.of_child(SET.child_id) if row.person_id == archivist.person_id]
    actions = {row.action for row in rows if row.purpose == PURPOSE}
    check({"open_archived", "read_archived"} <= actions, "arkivarens læsning står ikke i loggen med formål")
    check(not scene.parts.audit.verify(), "loggens kæde er brudt")
    hit = result.hits[0]
    said = f"{result.total} fundet på et ord i en anden bøjning, loggen er hel"
    return said, {"total": result.total, "state": hit.state, "facets": {k: len(v) for k, v in result.facets.items()}}


def _search(scene: Scene, who: Identity, words: str, purpose: str = PURPOSE) -> SearchResult:
    with scene.open() as house:
        return search_archive(house, who, SearchQuery(allowed_units=(), words=words), purpose)


def _is_the_case(result: SearchResult) -> None:
    check(result.total == len(result.hits) == 1, "arkivaren fandt ikke netop den ene sag")
    hit = result.hits[0]
    expected = {"form": SET.form_id, "state": "withdrawn", "year": str(hit.year), "unit": SET.unit_id}
    for facet, value in expected.items():
        check(result.facets[facet] == ((value, 1),), f"facetten {facet} tæller ikke sagen")
    check(hit.state == "withdrawn", "sagen er ikke mærket som trukket tilbage")


def _marks(scene: Scene, result: SearchResult, words: str) -> None:
    """The excerpt marks the word as it was written, whatever form was asked for."""
    with scene.open() as house:
        (excerpt,) = house.search.excerpts(result.hits[:1], SearchQuery(allowed_units=(), words=words))
    check(f"{MARK_START}{WRITTEN}{MARK_END}" in excerpt, "uddraget mærker ikke det fundne ord")


def _open(scene: Scene, archivist: Identity) -> None:
    with scene.open() as house:
        case = open_archived(house, archivist, scene.document_id, PURPOSE, scene.parts.verify_record)
    verdicts = [shown.verdict for shown in case.records]
    check(len(verdicts) == 5 and all(one and one.passed for one in verdicts), "sagens fem poster holder ikke alle")
    check(not case.chain_broken, "sagens hændelser hænger ikke sammen")
    copy = scene.copy(archivist, "read_archived")
    first = copy.data[: copy.copy.size]  # the records come behind it as revisions
    check(sha256(first) == copy.copy.sha256, "arkivets kopi begynder ikke med den, der blev gemt")
    check_copy(first, "archive", case.definition, case.version.answers)
    records = [file for one in opened(copy.data)[1:] for file in one.files if file.name.endswith(".xml")]
    held = [scene.parts.verify_record(file.data, copy.copy.made_at).passed for file in records]
    check(len(held) == len(verdicts) and all(held), "arkivets kopi har ikke alle fem poster i sine revisioner")


def verify(scene: Scene) -> Outcome:
    """We and a program that is not ours say the same of each record, and both refuse it when it was changed."""
    with scene.open() as house:
        moment = house.moment
        check(not broken_links(house.ledger.of_document(scene.document_id)), "hændelsernes kæde er brudt")
    records = {name: data for name, data in sorted(scene.files.items()) if name.endswith(".xml")}
    check(len(records) == 3, "der er ikke tre poster")
    other = Xmlsec1()
    for name, record in records.items():
        check(scene.parts.verify_record(record, moment).passed, f"{name} holder ikke")
        check(other.accepts(record), f"xmlsec1 godkender ikke {name}")
        changed = record.replace(SET.child_id.encode(), SET.author_id.encode(), 1)
        check(changed != record, f"{name} nævner ikke barnet")
        check(scene.parts.verify_record(changed, moment).status == "failed", f"{name} holder efter en ændring")
        check(not other.accepts(changed), f"xmlsec1 godkender {name} efter en ændring")
    size, stamped, packed = proofs(scene), timestamps(scene, records), receipt(scene)
    said = f"{len(records)} poster holder, også for xmlsec1, ingen af dem efter en ændring; {stamped} har et tidsstempel, der holder; loggens {size} hændelser er bevist, og at den kun er vokset; kvitteringen holder uden Tillid"
    return said, {
        "log": size,
        "timestamps": stamped,
        "receipt": packed,
        **{name: sha256(data) for name, data in records.items()},
        "xmlsec1": other.version,
    }
