"""Requests of archivists: searched, opened, listed, kept, each with the rows that it writes."""

from __future__ import annotations

from webtest import Upload

from tests.support.destruction import child_left
from tests.support.installation import WorldInstallation
from tests.support.logged import Scene, drained, get, later, post
from tests.support.purposes import posted_purpose
from tests.support.world import SET
from tests.walks.test_archive_pages import PURPOSE
from tests.walks.test_due_pages import LIST
from tests.walks.test_keeping_pages import WHY

FIRST, SECOND = "ove", "solvej"
ASKED = {**posted_purpose(PURPOSE), "words": "pindsvin"}
APPRAISED = {"maerke": "kasseres", "emne": "17.00.00", "facet": "G01", "bestemmelse": "BEK 183/2018", "hvorfor": WHY}


def records(played):
    """The sealed record of an answer, and what both holders' answers made."""
    with played.world.house() as house:
        events = house.ledger.of_document(played.world.made["document"])
    played.kept["event_id"] = next(one.id for one in events if one.kind == "consent_given")


def saved(played):
    with played.world.house() as house:
        played.kept["search_id"] = house.saved.all()[0].id


def again(played):
    """Sessions have ended by then."""
    later(played)
    played.browsers.clear()


def opened(route, rows, **at):
    return post(route, FIRST, rows, raw=True, said=ASKED, at=at)


SCENES: dict[str, Scene] = {
    "archive": (
        lambda at: at("signed"),
        (
            records,
            post("archive", FIRST, "search -, search_hit document", said=ASKED),
            post("archive", FIRST, "find_child -, find_child child, search -, search_hit document", said={**ASKED, "words": "", "child": "Alma"}),
            opened("archive_csv", "export_hit document, export_hits -"),
            post("saved_searches", FIRST, "save_search new", raw=True, said={**ASKED, "trin": "gem", "title": "Tilsyn", "tell": "ja"}),
            saved,
            post("saved_searches", FIRST, "tell_search search", raw=True, said={"trin": "stille", "id": lambda played: played.kept["search_id"]}),
            post("saved_searches", FIRST, "delete_search search", raw=True, said={"trin": "slet", "id": lambda played: played.kept["search_id"]}),
            opened("archived", "open_archived document"),
            opened("archived_copy", "read_archived document"),
            opened("archived_pages", "read_archived document"),
            opened("archived_record", "export_record document"),
            opened("archived_version", "read_archived_version document", version="2"),
            opened("archived_version_copy", "read_archived document", version="2"),
            opened("archived_changes", "compare_archived document"),
        ),
    ),
    "kept": (
        lambda at: WorldInstallation(child_left(at("signed").world)),
        (
            get("due", FIRST, "due_list unit", query=f"?sted={SET.unit_id}"),
            get("due", FIRST, "due_list -", query="?vis=alle"),
            get("due", FIRST, "due_list -", query="?vis=holdt"),
            get("due", FIRST, "due_list -", query="?vis=regler"),
            get("due", FIRST, "due_list -", query="?vis=regler&regel=overgangsbeskrivelse&antal=10&enhed=Y"),
            get("imported", FIRST, "list_imported -"),
            get("keeping", FIRST, "see_keeping document"),
            post("keeping", FIRST, "appraise_document document, see_keeping document", "trin=vurder", pick="vurder", said=APPRAISED),
            post("keeping", FIRST, "hold_document document, see_keeping document", "trin=hold", pick="hold", said={"hold": "legal", "hvorfor": WHY}),
            post("keeping", SECOND, "hold_document document, see_keeping document", "trin=slip", pick="slip", said={"hvorfor": WHY}),
            post("keeping", FIRST, "destroy_document document, see_keeping document", "trin=destruer", pick="destruer", said={"hvorfor": WHY}),
            post("keeping", SECOND, "destroy_document document, see_keeping document", "trin=opgiv", pick="opgiv", said={"hvorfor": WHY}),
            later,
            post("keeping", FIRST, "destroy_document document, see_keeping document", "trin=destruer", pick="destruer", said={"hvorfor": WHY}),
            post("keeping", SECOND, "destroy_document document, see_keeping document", "trin=bekraeft", pick="bekraeft"),
            post("kle", FIRST, "kle_marks digest", "do=send", pick="fil", said={"fil": Upload("kle.csv", LIST.encode(), "text/csv")}),
            post("kle", SECOND, "kle_marks digest", "do=discard", pick="digest"),
            later,
            post("kle", FIRST, "kle_marks digest", "do=send", pick="fil", said={"fil": Upload("kle.csv", LIST.encode(), "text/csv")}),
            post("kle", SECOND, "kle_marks digest", "do=use", pick="digest"),
            lambda played: played.world.clock.move(days=15),
            drained,
            again,
            get("keeping", FIRST, "see_keeping document"),
            post("keeping", FIRST, "hold_document document, see_keeping document", "trin=hold", pick="hold", said={"hvorfor": WHY}),
            post("keeping", FIRST, "hold_document document, see_keeping document", "trin=slip", pick="slip", said={"hvorfor": WHY}),
        ),
    ),
}  # fmt: skip
