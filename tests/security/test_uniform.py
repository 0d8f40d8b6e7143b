"""Missing, forbidden and withdrawn are told apart by nothing in the answer (design 9, R-18, R-22)."""

from __future__ import annotations

import pytest

from tests.security.people import MISSING, WORDS, address, browser, missing_ids, parts_of, real_ids, rows, token
from tests.support.installation import WorldInstallation
from tests.support.world import SET, request_now
from tillid.demo.data import demo_data
from tillid.kernel.ids import new_id
from tillid.usecases.open_copy import name_reader
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY

# Nobody of these has to do with the child of the walk: another parent, other units, and roles without children.
STRANGERS = ("shirin", "selma", "trine", "lone", "nadja", "kaare", "mettemarie", "camilla", "anonymous")
WITH_IDS = [(route, method) for route, method in rows() if any(part.endswith("_id") for part in parts_of(route))]


@pytest.fixture(scope="module")
def signed(stages):
    world = stages.at("signed")
    yield WorldInstallation(world)
    world.close()


@pytest.fixture(scope="module")
def withdrawn(stages):
    """Released to Lindeskolen, opened to a named teacher, then taken back by one of the two."""
    world = stages.at("signed")
    with world.house() as house:
        name_reader(house, world.staff("hanne"), world.made["document"], world.ids.staff["peter"])
    holder = world.holders(SET.child_id)[0]
    with world.house() as house:
        withdraw_consent(house, holder, request_now(world).id, (), language="da", event_id=new_id())
    assert world.drain() == []
    yield WorldInstallation(world)
    world.close()


def asked(app, route, method, ids, posted):
    """Status, headers and body, with the asked ids blotted out."""
    path = address(route, ids)
    answer = app.get(path, expect_errors=True) if method == "GET" else app.post(path, posted, expect_errors=True)
    body = answer.body
    for part in parts_of(route):
        body = body.replace(ids[part].encode(), b"*") if part.endswith("_id") else body
    headers = [(name, value) for name, value in answer.headerlist if name != "Content-Length"]
    return answer.status, headers, body


def fill(ids):
    """A form with whatever the POST routes ask for, so that access is what they stumble over."""
    return {"form": "overgangsbeskrivelse", "trin": "send", "omfang": "alt", "set": "1", "metode": "telefon", "keep": "yours",
            "samtykke": ids["request_id"], "hvem": MISSING, "digest": "0" * 64, "nonce": "x", "staff": MISSING, "purpose": "aktindsigt", "purpose_note": "sag 26-1234",
            "svar": "ja"}  # fmt: skip


@pytest.mark.req("R-70", "P8", "R1", "R-22")
@pytest.mark.parametrize("who", STRANGERS)
def test_what_exists_answers_a_stranger_as_what_does_not(signed, who):
    app, real = browser(signed, who), real_ids(signed)
    csrf, wrong = token(app), []
    for route, method in WITH_IDS:
        if who == "camilla" and {"design_id", "proposal_id"} & set(parts_of(route)):
            continue  # an administrator designs the forms and chooses their templates
        there = asked(app, route, method, real, {"csrf_token": csrf, **fill(real)})
        nothing = missing_ids()
        absent = asked(app, route, method, nothing, {"csrf_token": csrf, **fill(nothing)})
        if there != absent or there[0] != "404 Not Found" or there[2] != NOT_FOUND_BODY:
            wrong.append((route.name, method, there[0], absent[0]))
    assert wrong == []


@pytest.mark.req("R-18", "R-22")
@pytest.mark.parametrize("who", ["hanne", "peter"])
def test_after_a_withdrawal_the_receiver_gets_the_answer_of_what_never_existed(signed, withdrawn, who):
    if who == "hanne":
        assert browser(signed, who).get(f"/modtaget/{signed.world.made['document']}").status_int == 200
    app, real = browser(withdrawn, who), real_ids(withdrawn)
    csrf, wrong = token(app), []
    for route, method in WITH_IDS:
        there = asked(app, route, method, real, {"csrf_token": csrf, **fill(real)})
        if there[0] != "404 Not Found" or there != asked(
            app, route, method, missing_ids(), {"csrf_token": csrf, **fill(real)}
        ):
            wrong.append((route.name, method, there[0]))
    assert wrong == []


@pytest.mark.req("P8", "R-34")
def test_the_other_parents_answer_is_no_address_of_mine(signed):
    """Both hold custody and both may ask about the request; the receipt and record of an answer are its giver's alone."""
    with signed.world.house() as house:
        given = [e for e in house.ledger.of_request(signed.world.made["request"]) if e.kind == "consent_given"]
    assert len(given) == 2
    for mine in demo_data().children["alma"].custody:
        app = browser(signed, mine.parent)
        for event in given:
            own = event.payload["holder_id"] == demo_data().parents[mine.parent].id
            for end in ("", ".xml", ".zip", "/fremdrift"):
                answer = app.get(
                    f"/samtykke/{signed.world.made['request']}/kvittering/{event.id}{end}", expect_errors=True
                )
                assert (answer.status_int in (200, 409)) == own  # 409: own, and not in a signed head of the log yet
                assert own or answer.body == NOT_FOUND_BODY


@pytest.mark.req("R-35", "P8")
def test_a_former_holder_reads_as_a_stranger(stages):
    """Custody is asked of the register in every request, not remembered from the question."""
    import msgspec

    world = stages.at("signed")
    installation = WorldInstallation(world)
    name = demo_data().children["alma"].custody[1].parent
    app, gone = browser(installation, name), demo_data().parents[name].id
    path = f"/foraelder/dokument/{world.made['document']}"
    assert app.get(path).status_int == 200
    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        left = tuple(one for one in custody.holders if one.person_id != gone)
        house.people.put_custody(msgspec.structs.replace(custody, holders=left))
    for end in ("", "/laes", "/laes.pdf", "/enig"):
        assert app.get(path + end, status=404).body == NOT_FOUND_BODY, end
    world.close()


def test_an_error_nobody_foresaw_is_the_one_answer_too(signed, monkeypatch, caplog):
    """Before somebody is let in, a fault tells no more than a missing page; its trace stays in the log."""
    import tillid.web.views.document as views

    def broken(*args):
        raise ZeroDivisionError("secret-of-the-fault")

    monkeypatch.setattr(views, "document_page", broken)
    answer = browser(signed, "sofie").get(f"/dokument/{signed.world.made['document']}", expect_errors=True)
    assert (answer.status_int, answer.body) == (404, NOT_FOUND_BODY)
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.req("R-71")
def test_what_is_not_archived_does_not_exist_for_the_archivist(stages):
    """A document that waits for its consent, asked for with a purpose, by every address of the archive; its days alone are
    there, for what is never archived must be destroyed some day too (R-82)."""
    world = stages.at("asked")
    installation = WorldInstallation(world)
    app, real = browser(installation, "ove"), real_ids(installation)
    csrf = token(app)
    for route, method in WITH_IDS:
        there = asked(app, route, method, real, {"csrf_token": csrf, **fill(real)})
        if route.name == "keeping":
            page = there[2].decode()
            assert [
                word for word in ("Alma", *SET.professional.values()) if isinstance(word, str) and word in page
            ] == []
            continue
        assert there == asked(app, route, method, missing_ids(), {"csrf_token": csrf, **fill(real)}), route.name
        # Without a purpose the page only asks for one, the same for every id.
        asks = (route.name, method) in {("archived", "GET"), ("imported_package", "GET")}
        assert there[0] == ("200 OK" if asks else "404 Not Found"), route.name
    world.close()


def test_every_kind_of_person_is_among_those_who_ask():
    """The strangers leave out nobody but those who have an errand with the child."""
    assert set(WORDS) - {"katrine", "sofie", "birgit", "jonas", "ove", "rasmus"} <= set(STRANGERS)
