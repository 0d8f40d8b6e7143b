"""What changed between two texts: field by field, in words, and only what the reader may see in each."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tests.support.next_version import next_version
from tillid.documents.comparing import compare

FORM = our_definitions().get("overgangsbeskrivelse", 3)
LISTED = next(field.id for field in FORM.fields if field.type == "document_list" and field.phase == "content")


def changed(before, after, *, reader="parent", way=(FORM,)):
    found = compare(way, before, after, reader=reader)
    return {field.field_id: field for section in found.sections for field in section.fields}


def test_changed_words_are_marked_within_the_sentence():
    found = changed(
        {"u_greb": "Han sover godt efter maden."}, {"u_greb": "Han sover roligt efter maden og højtlæsning."}
    )
    assert found["u_greb"].kind == "changed"
    assert found["u_greb"].difference.plain == "Han sover [-godt-]{+roligt+} efter [-maden.-]{+maden og højtlæsning.+}"


def test_new_and_removed_answers_are_told_and_the_same_are_counted():
    before = {"u_greb": "Sang", "u_krop": "Løber", "sprog": "dansk"}
    after = {"u_greb": "Sang", "u_laering": "Tæller til ti", "sprog": "dansk"}
    found = compare((FORM,), before, after, reader="team")
    kinds = {field.field_id: field.kind for section in found.sections for field in section.fields}
    assert kinds == {"u_krop": "removed", "u_laering": "added"}
    assert found.unchanged == 2 and not found.same
    assert compare((FORM,), before, before, reader="team").same
    order = [field.id for field in FORM.fields if field.id in kinds]
    assert [field.field_id for section in found.sections for field in section.fields] == order


def test_rows_are_compared_row_by_row():
    first, second = {"indsats": "Logopæd"}, {"indsats": "Ekstra voksen"}
    found = changed({"u_indsatser": [first]}, {"u_indsatser": [first, second]}, reader="team")
    difference = found["u_indsatser"].difference
    assert difference.shape == "rows" and [one.kind for one in difference.changes] == ["same", "added"]


@pytest.mark.req("R-14")
@pytest.mark.parametrize("reader", ["receiver", "notifier"])
def test_what_the_reader_may_not_see_is_in_no_comparison(reader):
    hidden = "samtale_dato"
    assert reader not in FORM.field(hidden).visible_to
    assert hidden in changed({hidden: "2026-03-01"}, {hidden: "2026-03-02"}, reader="team")
    assert hidden not in changed({hidden: "2026-03-01"}, {hidden: "2026-03-02"}, reader=reader)


def test_an_answer_kept_from_the_reader_then_is_not_shown_now():
    """A later version lets the parents see the field: what it said before that stays unseen."""
    open_now = FORM
    fields = tuple(msgspec.structs.replace(f, visible_to=("team",)) if f.id == "u_greb" else f for f in FORM.fields)
    sections = tuple(
        msgspec.structs.replace(s, fields=tuple(f for f in fields if f.section == s.id)) for s in FORM.sections
    )
    closed_then = msgspec.structs.replace(FORM, sections=sections)
    found = changed({"u_greb": "hemmeligt"}, {"u_greb": "åbent"}, way=(closed_then, open_now))
    assert found["u_greb"].kind == "added" and "hemmeligt" not in found["u_greb"].difference.plain


def test_a_renamed_question_is_the_same_question():
    new = next_version()
    found = changed({"u_greb": "Sang og leg"}, {"u_metoder": "Sang og ro"}, way=(FORM, new))
    assert list(found) == ["u_metoder"] and found["u_metoder"].kind == "changed"
    assert found["u_metoder"].difference.plain == "Sang og [-leg-]{+ro+}"
    assert changed({"u_greb": "Sang"}, {"u_metoder": "Sang"}, way=(FORM, new)) == {}


def test_a_rewritten_stretch_is_one_change_and_not_word_by_word():
    found = changed({"u_greb": "Hun leger ude hver dag."}, {"u_greb": "Hun synger inde hver dag."})
    assert found["u_greb"].difference.plain == "Hun [-leger ude-]{+synger inde+} hver dag."
    found = changed({"u_greb": "Hun leger meget tit ude."}, {"u_greb": "Hun leger ude."})
    assert found["u_greb"].difference.plain == "Hun leger [-meget tit -]ude."


def test_another_file_of_the_same_name_is_told():
    """Each camera and each scanner calls its files alike; what tells them apart is what the document names them by too."""
    one, two = (
        {"sha256": mark * 32, "name": "IMG_0001.png", "media_type": "image/png", "size": 900} for mark in ("ab", "cd")
    )
    found = changed({"b_tegning": one}, {"b_tegning": two})
    assert found["b_tegning"].kind == "changed"
    assert found["b_tegning"].difference.plain == (
        "[-IMG_0001.png (kontrolsum abababababab)-]\n{+IMG_0001.png (kontrolsum cdcdcdcdcdcd)+}"
    )
    assert changed({"b_tegning": one}, {"b_tegning": one}) == {}
    assert changed({"b_tegning": one}, {"b_tegning": two | {"name": "b.png"}})["b_tegning"].difference.plain == (
        "[-IMG_0001.png-]\n{+b.png+}"
    )


def test_another_file_of_the_same_name_is_told_in_a_list_too():
    one, two = ({"sha256": mark * 32, "title": "scan.pdf", "media_type": "application/pdf"} for mark in ("ab", "cd"))
    ours = {"document_id": "d1", "title": "Sprogvurdering"}
    found = compare((FORM,), {LISTED: [ours, one]}, {LISTED: [ours, one, two]}, reader="team", language="en")
    ((change,),) = (section.fields for section in found.sections)
    assert change.difference.plain == (
        "Sprogvurdering\nscan.pdf (checksum abababababab)\n{+scan.pdf (checksum cdcdcdcdcdcd)+}"
    )
    found = compare((FORM,), {LISTED: [ours, one]}, {LISTED: [ours, two]}, reader="team")
    assert not found.same
    assert compare((FORM,), {LISTED: [one]}, {LISTED: [dict(one)]}, reader="team").same
