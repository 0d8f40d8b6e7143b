"""Which template a copy is made with, and what stops one from being taken into use; no page and no rendering here."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.own_templates import changed, ours
from tillid.documents.samples import job_of
from tillid.documents.templates import DOCX, Finding, Proposal, Publication, Trial, TriedReader, TriedSample
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases import try_template
from tillid.usecases.change_template import SameAsInUse, open_proposal, open_template, present_file, propose_earlier
from tillid.usecases.ports import OutboxEntry
from tillid.usecases.review_template import (
    HasErrors,
    InUseMoved,
    NoReason,
    NotTried,
    OwnTemplate,
    ProposalChanged,
    discard_template,
    proposal_mark,
    publish_template,
    reject_template,
    submit_template,
    try_again,
)
from tillid.usecases.template_in_use import own_bytes, own_template

FORM, VERSION = "overgangsbeskrivelse", 3
OWN = changed(ours(FORM, VERSION), ("{{ title }}", "{{ title }} hos os"))


@pytest.fixture
def world(world_at):
    return world_at("people")


def proposed(house, author: str, docx: bytes = OWN, version: int = VERSION, **more) -> Proposal:
    """A proposal as its trial has left it, without making the samples."""
    digest = house.renderer.template_digest
    trial = Trial(
        number=1, total=2, digest=digest(FORM, version, docx), against=digest(FORM, version, own_bytes(house, FORM, version)),
        samples=(TriedSample(state="full", reader="team"),), readers=(TriedReader(reader="team"),),
    )  # fmt: skip
    made = Proposal(
        id=new_id(), form=FORM, version=version, sha256=house.blobs.put(docx, DOCX) if docx else "", file_name="vores.docx", size=len(docx),
        author=author, at=house.moment, changed_at=house.moment, state="draft", trial=trial,
    )  # fmt: skip
    made = msgspec.structs.replace(made, **more)
    house.templates.put(made)
    return made


def published(world, docx: bytes = OWN, version: int = VERSION) -> Publication:
    camilla, henriette = world.staff("camilla"), world.staff("henriette")
    with world.house() as house:
        one = proposed(house, camilla.person_id, docx, version)
        sent = submit_template(house, camilla, one.id, proposal_mark(one))
        return publish_template(house, henriette, one.id, proposal_mark(sent))


def test_what_was_taken_into_use_is_used_and_what_was_before_comes_back_the_same_way(world):
    camilla, henriette = world.staff("camilla"), world.staff("henriette")
    first = published(world)
    second = published(world, changed(OWN, ("hos os", "i Solbjerg")))
    with world.house() as house:
        assert own_template(house, FORM, VERSION) == second and (first.number, second.number) == (1, 2)
        assert [one.number for one in open_template(house, camilla, FORM, VERSION).earlier] == [1]
        assert present_file(house, camilla, FORM, VERSION) != OWN
        with pytest.raises(SameAsInUse):
            propose_earlier(house, camilla, FORM, VERSION, 2)
        again = propose_earlier(house, camilla, FORM, VERSION, 1)
        assert again.again and again.sha256 == first.sha256
        with pytest.raises(NotTried):
            submit_template(house, camilla, again.id, proposal_mark(again))
    with world.house() as house:
        one = proposed(house, camilla.person_id, OWN, again=True)
        sent = submit_template(house, camilla, one.id, proposal_mark(one))
        third = publish_template(house, henriette, one.id, proposal_mark(sent))
        assert (third.number, third.sha256) == (3, first.sha256)
        assert present_file(house, camilla, FORM, VERSION) == OWN
        assert len(open_template(house, camilla, FORM, VERSION).earlier) == 2, "nothing is lost"
    with world.house() as house:
        one = proposed(house, camilla.person_id, b"", again=True)
        sent = submit_template(house, camilla, one.id, proposal_mark(one))
        publish_template(house, henriette, one.id, proposal_mark(sent))
        assert own_template(house, FORM, VERSION) is None and present_file(house, camilla, FORM, VERSION) == ours(
            FORM, VERSION
        )
        with pytest.raises(SameAsInUse):
            propose_earlier(house, camilla, FORM, VERSION, 0)


def test_an_own_template_serves_later_versions_until_the_program_has_one_for_them(world):
    published(world, changed(ours(FORM, 2), ("{{ title }}", "{{ title }} hos os")), version=2)
    with world.house() as house:
        assert own_template(house, FORM, 1) is None
        assert own_template(house, FORM, 2).version == 2
        assert own_template(house, FORM, 3) is None, "the program has one for version 3"
    own = published(world)
    with world.house() as house:
        assert own_template(house, FORM, 9) == own, "a version made in the browser"
        assert own_bytes(house, FORM, 9) == OWN


def test_nobody_takes_into_use_what_they_sent_in(world):
    camilla = world.staff("camilla")
    with world.house() as house:
        one = proposed(house, camilla.person_id)
        sent = submit_template(house, camilla, one.id, proposal_mark(one))
        for act in (publish_template, lambda *given: reject_template(*given, "nej")):
            with pytest.raises(OwnTemplate):
                act(house, camilla, one.id, proposal_mark(sent))
        with pytest.raises(NotFound):
            publish_template(house, world.staff("sofie"), one.id, proposal_mark(sent))
        assert own_template(house, FORM, VERSION) is None


def test_the_other_administrator_finds_on_the_front_page_that_a_template_waits(world):
    camilla = world.staff("camilla")
    with world.house() as house:
        one = proposed(house, camilla.person_id)
        submit_template(house, camilla, one.id, proposal_mark(one))
        told = {who: [n.text_id for n in house.notices.of_person(world.staff(who).person_id)] for who in STAFF}
    assert told == {"camilla": [], "henriette": ["template_waits"], "sofie": []}
    installation = WorldInstallation(world)
    page = as_staff(installation, "henriette").get("/").click("En skabelon til dokumenterne er sendt til godkendelse")
    installation.second.close()
    assert page.request.path.endswith(one.id)


STAFF = ("camilla", "henriette", "sofie")
BAD_TRIALS = {
    "not finished": {"total": 9},
    "a sample that was not made": {"samples": (TriedSample(state="full", reader="team", problem="documents.render-failed"),)},
    "a reader gets too much": {"readers": (TriedReader(reader="parent", leaked=("uenighed",)),)},
    "none at all": {"total": 0, "samples": (), "readers": ()},
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_TRIALS)
def test_what_was_not_tried_well_is_neither_sent_nor_published(world, case):
    camilla, henriette = world.staff("camilla"), world.staff("henriette")
    with world.house() as house:
        one = proposed(house, camilla.person_id)
        trial = msgspec.structs.replace(one.trial, **BAD_TRIALS[case])
        for state, who, act in (("draft", camilla, submit_template), ("in_review", henriette, publish_template)):
            bad = msgspec.structs.replace(one, trial=trial, state=state)
            house.templates.put(bad)
            with pytest.raises(NotTried):
                act(house, who, bad.id, proposal_mark(bad))
        assert own_template(house, FORM, VERSION) is None


def test_a_template_with_errors_is_never_published(world):
    camilla, henriette = world.staff("camilla"), world.staff("henriette")
    told = (Finding(rule="unknown-name", level="error", text="x"),)
    with world.house() as house:
        one = proposed(house, camilla.person_id, state="in_review", findings=told)
        with pytest.raises(HasErrors):
            publish_template(house, henriette, one.id, proposal_mark(one))
        # Nor what the linter only finds now: it is asked again.
        bad = changed(OWN, ("{{ title }}", "{{ fields.p_gladd.text }}"))
        other = proposed(house, camilla.person_id, bad, state="in_review")
        with pytest.raises(HasErrors):
            publish_template(house, henriette, other.id, proposal_mark(other))
        assert own_template(house, FORM, VERSION) is None


def test_what_was_compared_with_another_template_is_tried_again(world):
    camilla, henriette = world.staff("camilla"), world.staff("henriette")
    with world.house() as house:
        other = changed(OWN, ("hos os", "i Solbjerg"))
        waiting = proposed(house, camilla.person_id, other, state="in_review")
    published(world)
    with world.house() as house:
        assert open_proposal(house, henriette, waiting.id).outdated
        with pytest.raises(InUseMoved):
            publish_template(house, henriette, waiting.id, proposal_mark(waiting))
        again = try_again(house, henriette, waiting.id, proposal_mark(waiting))
        assert (again.state, again.trial.number, again.trial.done) == ("draft", 2, 0)
        assert open_proposal(house, henriette, waiting.id).working


def test_who_is_late_changes_nothing(world):
    camilla, henriette = world.staff("camilla"), world.staff("henriette")
    with world.house() as house:
        one = proposed(house, camilla.person_id)
        sent = submit_template(house, camilla, one.id, proposal_mark(one))
        with pytest.raises(ProposalChanged):
            submit_template(house, camilla, one.id, proposal_mark(one))
        with pytest.raises(ProposalChanged):
            discard_template(house, camilla, one.id, proposal_mark(one))
        with pytest.raises(NoReason):
            reject_template(house, henriette, one.id, proposal_mark(sent), "  ")
        back = reject_template(house, henriette, one.id, proposal_mark(sent), "Overskriften er for lys.")
        assert (back.state, back.comment, back.reviewer) == (
            "rejected",
            "Overskriften er for lys.",
            henriette.person_id,
        )
        with pytest.raises(ProposalChanged):
            publish_template(house, henriette, one.id, proposal_mark(sent))


def test_a_full_log_stops_a_publication(world):
    camilla, henriette = world.staff("camilla"), world.staff("henriette")
    with world.house() as house:
        one = proposed(house, camilla.person_id)
        sent = submit_template(house, camilla, one.id, proposal_mark(one))
    with world.full_log(), pytest.raises(Exception, match="full"), world.house() as house:
        publish_template(house, henriette, one.id, proposal_mark(sent))
    with world.house() as house:
        assert own_template(house, FORM, VERSION) is None and house.templates.get(one.id).state == "in_review"


@pytest.mark.req("T9")
def test_the_search_finds_what_is_not_the_readers_and_what_is_not_printed(world, monkeypatch):
    """As if the layout could get at more than its reader's answers: the team's job under the parents' name, no section printed."""
    form, version = "trivselsvurdering", 2
    none = ("{%p for section in sections %}", "{%p for section in sections if false %}")
    own = changed(ours(form, version), none, none)  # set small, and not
    monkeypatch.setattr(try_template, "job_of", lambda *given, reader, **more: job_of(*given, reader="team", **more))
    with world.house() as house:
        definition = house.definitions.get(form, version)
        one = proposed(house, "x", OWN)
        work = try_template._Work(proposal=msgspec.structs.replace(one, form=form, version=version), definition=definition,
                                  renderer=house.renderer, old=b"", new=own, samples_of=version, readers=())  # fmt: skip
    tried = try_template._reader(work, "parent")
    assert "uenighed" in tried.leaked and tried.unprinted and not tried.problem
    assert not any("parent" in definition.field(name).visible_to for name in tried.leaked)
    assert not Trial(number=1, total=1, readers=(tried,)).passed


def trial_of(world, **more) -> tuple[Proposal, OutboxEntry]:
    """A proposal with its trial begun, and the outbox entry that does it."""
    with world.house() as house:
        one = proposed(house, world.staff("camilla").person_id, trial=Trial(number=1, **more))
        key = f"try_template:{one.id}:1"
        ids = {"proposal": one.id, "trial": "1"}
        entry = OutboxEntry(key=key, step="try_template", ids=ids, created_at=house.moment, due_at=house.moment)
    return one, entry


def test_a_trial_that_was_stopped_goes_on_where_it_was(world, monkeypatch):
    """A piece that is kept is not made again; what is decided or begun anew meanwhile gets none of it."""
    made = []
    monkeypatch.setattr(
        try_template, "_sample", lambda work, state: made.append(state) or (TriedSample(state=state, reader="team"), {})
    )
    monkeypatch.setattr(try_template, "_reader", lambda work, reader: made.append(reader) or TriedReader(reader=reader))
    there = (TriedSample(state="short", reader="team"), TriedSample(state="full", reader="team"))
    one, entry = trial_of(world, total=8, samples=there, readers=(TriedReader(reader="team"),))
    try_template.try_template(world.house, entry)
    assert sorted(made) == ["archive", "empty", "parent", "receiver", "typical"]
    with world.house() as house:
        trial = house.templates.get(one.id).trial
        assert trial.passed and trial.done == 8
        house.templates.put(msgspec.structs.replace(one, trial=Trial(number=2)))
    made.clear()
    try_template.try_template(world.house, entry)  # the same entry twice, and another trial has begun
    with world.house() as house:
        assert made == [] and house.templates.get(one.id).trial == Trial(number=2)


def test_what_cannot_be_made_is_told_and_a_part_that_is_away_is_waited_for(world, monkeypatch):
    with world.house() as house:
        one = proposed(house, "x")
        work = try_template._Work(proposal=one, definition=house.definitions.get(FORM, VERSION), renderer=house.renderer,
                                  old=b"", new=b"no docx", samples_of=VERSION, readers=())  # fmt: skip
    sample, files = try_template._sample(work, "short")
    assert (sample.problem, sample.new_pdf, files) == ("documents.render-failed", "", {}) and "docx" in sample.detail
    assert try_template._reader(work, "team").problem == "documents.render-failed"

    def away(_job):
        raise Unavailable("away", code="documents.check-unavailable")

    monkeypatch.setattr(world.renderer, "render", away)
    for make in (lambda: try_template._sample(work, "short"), lambda: try_template._reader(work, "team")):
        with pytest.raises(Unavailable):
            make()
