"""Stations 1 to 4 of the walk: define, fill, document, share and agree."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tillid.adapters.pdf import check as pdf_problems
from tillid.adapters.pdf import extract
from tillid.demo.loading import ANSWERS
from tillid.demo.walk_scene import OTHER_BASIS, REFUSED, SET, Failed, Outcome, Scene, check
from tillid.forms.definition import FormDefinition
from tillid.forms.lock import LOCK_FILE, check_lock
from tillid.forms.problems import DefinitionError
from tillid.kernel.canonical import canonical_json, sha256
from tillid.kernel.clock import local_day
from tillid.usecases.open_copy import open_copy
from tillid.usecases.preview_document import make_preview, open_preview
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.settle_clash import settle_clash
from tillid.usecases.submit_form import BlindView, round_of_child, submit_form

FIRST, SECOND = ANSWERS["villads_sofie"], ANSWERS["villads_mikkel"]  # two marks of one child in one round


def define(scene: Scene) -> Outcome:
    """Every definition is as LOCK says, and one changed after publishing would have stopped the start."""
    definitions = scene.parts.definitions
    check(not check_lock(definitions), "en formular er ikke som i LOCK")
    digests = {one.name: one.digest for one in definitions.all()}
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "LOCK"
        changed = LOCK_FILE.read_text("utf-8").replace("candidate", "published")
        lock.write_text(changed.replace(digests[min(digests)], "0" * 64), "utf-8")
        try:
            check_lock(definitions, lock)
        except DefinitionError as error:
            codes = {problem.code for problem in error.problems}
        else:
            raise Failed("en ændret udgivet formular blev taget for god")
    check("forms.published-changed" in codes, "en ændret udgivet formular fik en anden fejl")
    return f"{len(digests)} formularer, alle som i LOCK", {"definitions": digests}


def fill(scene: Scene) -> Outcome:
    """The sender's side writes; a second tab is told and loses nothing; a round stays blind until all have submitted."""
    document_id = scene.begin(SET)
    late = Change(value="Et andet faneblad.", base=0)
    author = scene.author
    stale = scene.does(lambda house: save_fields(house, author, document_id, {"u_greb": late}))
    check(set(stale.clashes) == {"u_greb"}, "det andet faneblad fik ingen besked")
    with scene.open() as house:
        draft = house.documents.draft(document_id)
    check([text.value for text in draft.kept["u_greb"]] == [late.value], "det andet faneblads tekst gik tabt")
    check(draft.answers["u_greb"] == SET.professional["u_greb"], "den første tekst blev overskrevet")
    scene.does(lambda house: settle_clash(house, author, document_id, "u_greb", keep="theirs"))
    marks = _blind_round(scene)
    said = f"{len(draft.fields)} felter, to faneblade holdt fra hinanden, trivselsskemaer blinde til alle er låst"
    return said, {"document": document_id, "fields": len(draft.fields), "marks": marks}


def _blind_round(scene: Scene) -> int:
    """Design 25, T4b: nobody sees a colleague's mark before all have submitted; then each sees the other's. How many
    marks were seen."""
    for answers, other in ((FIRST, SECOND), (SECOND, FIRST)):
        document_id, author = scene.begin(answers), scene.player.staff(answers.author_id)
        scene.does(lambda house, author=author, document_id=document_id: submit_form(house, author, document_id))
        if other.name not in scene.documents:
            for who in (FIRST, SECOND):
                view = _view(scene, who.author_id)
                check(not view.open and not view.marks, "et trivselsskema kunne ses, før alle var låst")
    views = [_view(scene, one.author_id) for one in (FIRST, SECOND)]
    check(all(view.open and len(view.marks) == 1 for view in views), "skemaerne åbnede ikke, da alle var låst")
    seen = [view.marks[0].document.id for view in views]
    check(seen == [scene.documents[SECOND.name], scene.documents[FIRST.name]], "det var ikke kollegens skema")
    return len(seen)


def _view(scene: Scene, staff_id: str) -> BlindView:
    who = scene.player.staff(staff_id)
    with scene.open() as house:
        return round_of_child(house, who, FIRST.child_id, FIRST.round_id or "")


def render(scene: Scene) -> Outcome:
    """A preview, then the shared version's copies: tagged PDF/A-3, each with its own reader's answers and no others."""
    author = scene.author
    scene.does(lambda house: make_preview(house, author, scene.document_id))
    scene.settle()
    with scene.open() as house:
        _, preview = open_preview(house, author, scene.document_id)
    check(not pdf_problems(preview), "forhåndsvisningen er ikke et rigtigt PDF/A-3")
    scene.share(SET)
    version = scene.version(SET, 1)
    check({"team", "parent"} == set(version.copies), "der er ikke netop en kopi til teamet og en til forældrene")
    seen = {}
    for reader, who, operation in (
        ("team", scene.player.leader_of(SET.unit_id), "read_team_copy"),
        ("parent", scene.holders()[0], "read_parent_copy"),
    ):
        with scene.open() as house:
            opened = open_copy(house, who, scene.document_id, operation, 1)  # type: ignore[arg-type]
            definition = house.definitions.get(SET.form_id, SET.form_version)
        check(sha256(opened.data) == version.copies[reader].sha256, "kopien er en anden end den, der blev gemt")
        seen[reader] = check_copy(opened.data, reader, definition, version.answers)
    pages = version.copies["parent"].pages
    said = f"PDF/A-3 med mærker på {pages} sider, hver læsers kopi med kun det, den læser må se"
    return said, {
        "copies": {reader: copy.sha256 for reader, copy in version.copies.items()},
        "answers": seen,
        "pages": pages,
    }


def check_copy(pdf: bytes, reader: str, definition: FormDefinition, answers: dict) -> int:
    """``pdf`` is sound (``adapters.pdf.check``: tags, declaration, syntax) and its one embedded file holds of ``answers``
    what ``reader`` may see, no more and no less (design 16). How many answers that is."""
    problems = pdf_problems(pdf)
    check(not problems, f"PDF'en er ikke i orden: {'; '.join(problems)}")
    files = extract(pdf)
    check([file.name for file in files] == ["answers.json"], "der er andre filer i PDF'en end answers.json")
    check(
        (files[0].relationship, files[0].media_type) == ("Source", "application/json"), "filen er ikke mærket rigtigt"
    )
    data = json.loads(files[0].data)
    check(canonical_json(data) == files[0].data, "filen i PDF'en er ikke kanonisk JSON")
    check(data["reader"] == reader, "filen i PDF'en er en anden læsers")
    may_see = {field.id for field in definition.fields if field.phase == "content" and reader in field.visible_to}
    check(set(data["answers"]) <= may_see, "filen i PDF'en har mere, end læseren må se")
    check(set(data["answers"]) == may_see & set(answers), "filen i PDF'en mangler noget")
    return len(data["answers"])


def share_and_agree(scene: Scene) -> Outcome:
    """Both sides write and agree; the frozen answers' digest is over their canonical bytes (R-11). Two other documents go
    the same way, for the refusals of station 5."""
    version = scene.agree(SET)
    data = canonical_json(version.answers)
    check(sha256(data) == version.answers_digest, "svarenes kontrolsum passer ikke")
    scene.files["answers.json"] = data
    scene.files["document.pdf"] = scene.copy(scene.holders()[0], "read_parent_copy").data
    with scene.open() as house:
        definition = house.definitions.get(SET.form_id, SET.form_version)
    check_copy(scene.files["document.pdf"], "parent", definition, version.answers)
    with scene.open() as house:
        today = local_day(house.moment).isoformat()
    # On another basis than consent the parents are told instead of asked, and the form wants to know when.
    for other, more in ((REFUSED, {}), (OTHER_BASIS, {"orientering_dato": today})):
        scene.begin(other, **more)
        scene.share(other)
        scene.agree(other)
    evidence = {"version": version.number, "answers": version.answers_digest, "definition": version.definition.digest}
    return f"enig tekst er udgave {version.number}", evidence
