"""What changed between two texts: field by field, in words, and only what the reader may see in each."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tests.support.next_version import next_version
from tillid.documents.comparing import compare, reads_the_same
from tillid.forms.definition import Field
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.differences import word_difference

FORM = our_definitions().get("overgangsbeskrivelse", 3)
LISTED = next(field.id for field in FORM.fields if field.type == "document_list" and field.phase == "content")


def changed(before, after, *, reader="parent", way=(FORM,)):
    found = compare(way, before, after, reader=reader)
    assert reads_the_same(way, before, after, reader, None) is found.same
    return {field.field_id: field for section in found.sections for field in section.fields}


def of_fields(fields):
    """The form with other fields in the place of its own."""
    sections = (msgspec.structs.replace(s, fields=tuple(f for f in fields if f.section == s.id)) for s in FORM.sections)
    return msgspec.structs.replace(FORM, sections=tuple(sections))


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
    closed_then = of_fields(fields)
    found = changed({"u_greb": "hemmeligt"}, {"u_greb": "åbent"}, way=(closed_then, open_now))
    assert found["u_greb"].kind == "added" and "hemmeligt" not in found["u_greb"].difference.plain


def test_a_renamed_question_is_the_same_question():
    new = next_version()
    found = changed({"u_greb": "Sang og leg"}, {"u_metoder": "Sang og ro"}, way=(FORM, new))
    assert list(found) == ["u_metoder"] and found["u_metoder"].kind == "changed"
    assert found["u_metoder"].difference.plain == "Sang og [-leg-]{+ro+}"
    same = changed({"u_greb": "Sang"}, {"u_metoder": "Sang"}, way=(FORM, new))
    assert {name: (one.kind, one.was) for name, one in same.items()} == {
        "u_metoder": ("asked", FORM.field("u_greb").label)
    }


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


@pytest.mark.req("R-111")
def test_a_cpr_number_with_other_last_digits_is_told_as_another_and_the_digits_by_nobody():
    way, number = (our_definitions().get("underretning", 2),), "b_cpr"
    found = changed({number: "0101194242"}, {number: "0101194343"}, reader="authority", way=way)
    assert found[number].kind == "changed"
    assert found[number].difference.plain == "[-010119-xxxx-]\n{+010119-xxxx (de sidste fire cifre er andre)+}"
    assert changed({number: "0101194242"}, {number: "0101194242"}, reader="authority", way=way) == {}


@pytest.mark.req("R-111")
def test_a_cpr_number_with_other_last_digits_is_told_in_a_table_too():
    way, rows = (our_definitions().get("underretning", 2),), "f_personer"
    assert any(column.type == "cpr" for column in way[0].field(rows).columns)
    one = {"navn": "Tina Kvist", "cpr": "0101194242"}
    found = changed({rows: [one]}, {rows: [one | {"cpr": "0101194343"}]}, reader="authority", way=way)
    assert "010119-xxxx{+ (de sidste fire cifre er andre)+}" in found[rows].difference.plain
    assert "4343" not in found[rows].difference.plain


def test_another_person_of_the_same_name_is_told_and_a_name_that_the_register_completed_is_not():
    one, other = ({"id": mark, "name": "Mette Holm"} for mark in ("p1", "p2"))
    assert changed({"kontakt_afgiver": one}, {"kontakt_afgiver": other})["kontakt_afgiver"].difference.plain == (
        "[-Mette Holm-]\n{+Mette Holm (en anden med samme navn)+}"
    )
    people = "foraeldremyndighed"
    named = [[{"name": "Mette Holm", **more}] for more in ({}, {"person_id": "p1"}, {"person_id": "p2"})]
    assert changed({people: named[0]}, {people: named[1]}) == {}
    assert changed({people: named[1]}, {people: named[2]})[people].difference.plain == (
        "Mette Holm{+ (en anden med samme navn)+}"
    )


def test_two_documents_of_one_title_are_told_apart():
    """An assessment of the next round rests on forms of the same colleagues."""
    way = (our_definitions().get("trivselsvurdering", 2),)
    old, new = ([{"document_id": mark * 8, "title": "Trivselsskema, Mette Holm"}] for mark in ("a1", "b2"))
    name = "grundlag_skemaer"
    assert changed({name: old}, {name: new}, reader="team", way=way)[name].difference.plain == (
        "[-Trivselsskema, Mette Holm (dokument a1a1a1a1)-]\n{+Trivselsskema, Mette Holm (dokument b2b2b2b2)+}"
    )
    second = [{**old[0], "version": "2"}]
    assert changed({name: old}, {name: second}, reader="team", way=way)[name].difference.plain.endswith(
        "{+Trivselsskema, Mette Holm (dokument a1a1a1a1, udgave 2)+}"
    )
    assert changed({name: old}, {name: [dict(old[0])]}, reader="team", way=way) == {}


def test_another_file_of_the_same_name_is_told_inside_an_answer_of_parts():
    way = (our_definitions().get("underretning", 2),)
    (name,) = [field.id for field in way[0].fields if field.type == "percent_period"]
    file = {"sha256": "ab" * 32, "name": "fravaer.pdf", "media_type": "application/pdf", "size": 900}
    old = {"percent": 12, "from": "2026-07-01", "to": "2026-09-30", "file": file}
    answers = {"type": "fravaer"}
    found = changed(
        {**answers, name: old},
        {**answers, name: {**old, "file": file | {"sha256": "cd" * 32}}},
        reader="authority",
        way=way,
    )
    assert "[-abababababab)-]{+cdcdcdcdcdcd)+}" in found[name].difference.plain


def test_changed_words_are_marked_within_what_is_made_of_parts():
    way = (our_definitions().get("overgangsbeskrivelse", 3), our_definitions().get("fdr", 2))
    name = "tid_sted"
    old = {"moment": "2026-03-25T14:00:00Z", "minutes": 60, "text": "Mødelokalet, Skovbrynet"}
    new = old | {"text": "Mødelokalet, Regnbuen"}
    found = changed({name: old}, {name: new}, reader="team", way=way[1:])
    assert found[name].difference.plain == "25.03.2026 kl. 15.00, 60 minutter, Mødelokalet, [-Skovbrynet-]{+Regnbuen+}"


def test_changed_words_are_marked_within_a_row_and_other_rows_stand_whole():
    first, second = {"indsats": "Fast makker i garderoben", "hvem": "Mette"}, {"indsats": "Billedtavle"}
    new = {**first, "indsats": "Fast makker på legepladsen"}
    found = changed({"u_indsatser": [first]}, {"u_indsatser": [second, new]}, reader="team")["u_indsatser"].difference
    assert [[one.kind for one in line] for line in found.lines] == [["added"], ["same", "removed", "added", "same"]]
    assert found.plain.split("\n")[1].startswith(
        "Indsats: Fast makker [-i garderoben-]{+på legepladsen+} | Hvem: Mette"
    )
    assert "".join(one.text for one in found.lines[1] if one.kind != "added").startswith(
        "Indsats: Fast makker i garderoben | Hvem: Mette"
    )


def test_each_cell_says_which_column_it_is_of():
    """A yes that became a no says nothing without its question."""
    row = {"indsats": "Sang", "fortsaetter": True}
    found = changed({"u_indsatser": [row]}, {"u_indsatser": [row | {"fortsaetter": False}]}, reader="team")
    assert found["u_indsatser"].difference.plain == "Indsats: Sang | Fortsætter: [-Ja-]{+Nej+}"


def test_the_names_of_columns_make_no_two_rows_alike():
    rows = [{"indsats": a, "hvem": b, "periode": c} for a, b, c in (("Leg", "Ali", "Maj"), ("Sang", "Bo", "Juni"))]
    found = changed({"u_indsatser": rows[:1]}, {"u_indsatser": rows[1:]}, reader="team")["u_indsatser"].difference
    assert [one.kind for one in found.changes] == ["removed", "added"]


def test_within_a_sentence_without_spaces_too():
    """Parents may write in a language that has none."""
    assert word_difference("她喜欢在外面玩。", "她喜欢在家里玩。").plain == "她喜欢在[-外面-]{+家里+}玩。"
    assert word_difference("ひるねが好き", "お茶が好き").plain == "[-ひるね-]{+お茶+}が好き"


def test_little_words_that_two_sentences_share_do_not_cut_them_to_pieces():
    one, other = "Hun leger ude og synger tit.", "Alma bygger huse og tegner heste."
    assert word_difference(one, other).plain == f"[-{one}-]{{+{other}+}}"
    # What stays is longer than what changed, or something was only put in: the sentence is whole.
    assert word_difference("Hun leger ude.", "Hun leger altid ude tit.").plain == "Hun leger [-ude.-]{+altid ude tit.+}"
    assert word_difference("Ali kom med sin mor mandag", "Bo kom med sin mor tirsdag").plain == (
        "[-Ali-]{+Bo+} kom med sin mor [-mandag-]{+tirsdag+}"
    )
    assert word_difference("A formiddagen | garderoben Z", "A eftermiddag | legepladsen Z").plain == (
        "A [-formiddagen-]{+eftermiddag+} | [-garderoben-]{+legepladsen+} Z"
    ), "not over the end of a cell"
    two = ("Han sover.\nHan spiser.", "Alma leger.\nAlma synger.")
    assert [one.kind for one in word_difference(*two).changes].count("same") == 1, "not over the end of a line"


def test_rows_that_have_little_in_common_are_one_gone_and_one_new():
    found = changed(
        {"u_indsatser": [{"indsats": "Fast makker i garderoben", "hvem": "Mette"}]},
        {"u_indsatser": [{"indsats": "Logopæd hver uge", "hvem": "Mette"}]},
        reader="team",
    )
    assert [one.kind for one in found["u_indsatser"].difference.changes] == ["removed", "added"]


def test_spaces_and_ends_of_lines_alone_are_told_as_that():
    """No mark in the text can show them: a reader would look for a change in vain."""
    assert changed({"u_greb": "Sang. Leg."}, {"u_greb": "Sang.\nLeg."})["u_greb"].kind == "spaced"
    assert changed({"u_greb": "Sang. Leg."}, {"u_greb": "Sang.\nLeg og ro."})["u_greb"].kind == "changed"


def test_what_the_new_form_has_no_place_for_is_told_as_removed():
    """It stood in the parents' text, and stands there no more."""
    way = [our_definitions().get("overgangsbeskrivelse", number) for number in (1, 2)]
    long = ("Hun er glad for sang. " * 40).strip()
    found = compare(way, {"p_glad_troest": long}, {}, reader="parent")
    (section,) = found.sections
    (change,) = section.fields
    assert section.title == "Spørgsmål, som den nye version af skemaet ikke har"
    assert (change.kind, change.label) == ("removed", way[0].field("p_glad_troest").label)
    assert change.difference.side("removed") == (long,) and not found.same
    hidden = next(
        f for f in way[0].fields if "receiver" not in f.visible_to and f.phase == "content" and f.type == "date"
    )
    assert hidden.id not in changed({hidden.id: "2026-03-01"}, {}, reader="receiver", way=way)


def test_what_the_reader_could_read_and_can_no_more_is_told_as_removed():
    fields = tuple(msgspec.structs.replace(f, visible_to=("team",)) if f.id == "u_greb" else f for f in FORM.fields)
    way = (FORM, of_fields(fields))
    ((change,),) = (
        section.fields for section in compare(way, {"u_greb": "Sang"}, {"u_greb": "internt"}, reader="parent").sections
    )
    assert change.kind == "removed" and change.difference.plain == "[-Sang-]"


def test_the_same_answer_to_another_question_is_told_with_both_questions():
    way = [our_definitions().get("trivselsvurdering", number) for number in (1, 2)]
    found = changed({"f_vurdering": "Alma har det godt."}, {"f_gaar_godt": "Alma har det godt."}, way=way)
    assert (found["f_gaar_godt"].kind, found["f_gaar_godt"].was) == ("asked", "Vores vurdering til jer")
    assert found["f_gaar_godt"].difference.same
    found = changed({"f_vurdering": "Alma har det godt."}, {"f_gaar_godt": "Alma har det skidt."}, way=way)
    assert (found["f_gaar_godt"].kind, found["f_gaar_godt"].was) == ("changed", "Vores vurdering til jer")


def test_a_choice_that_is_called_otherwise_is_told():
    name = "overgangstype"
    codes = FORM.code_list(FORM.field(name).settings["code_list"])
    chosen = codes.choices[0]
    renamed = msgspec.structs.replace(
        codes, choices=(msgspec.structs.replace(chosen, label="Noget andet"), *codes.choices[1:])
    )
    lists = tuple(renamed if one.id == codes.id else one for one in FORM.code_lists)
    later = msgspec.structs.replace(FORM, code_lists=lists)
    found = changed({name: chosen.code}, {name: chosen.code}, reader="team", way=(FORM, later))
    assert found[name].difference.plain == f"[-{chosen.label}-]\n{{+Noget andet+}}"
    assert changed({name: chosen.code}, {name: chosen.code}, reader="team", way=(FORM, FORM)) == {}


def test_a_question_that_hangs_on_what_the_reader_may_not_see_is_the_same_in_both_forms():
    """Else an answer that nobody changed would be told as new."""
    asked = {"eq": [{"field": "u_krop"}, "ja"]}
    fields = tuple(
        msgspec.structs.replace(f, shown_if=asked)
        if f.id == "u_greb"
        else msgspec.structs.replace(f, visible_to=("team",))
        if f.id == "u_krop"
        else f
        for f in FORM.fields
    )
    form = of_fields(fields)
    answers = {"u_krop": "ja", "u_greb": "Sang"}
    assert changed(answers, answers, way=(form, form)) == {}


def of_type(kind, settings=None):
    """A field of that type and a form that knows its list of codes."""
    return Field(id="x", label="X", type=kind, settings=settings or {}), FORM


@pytest.mark.parametrize(
    ("kind", "settings", "old", "new", "told"),
    [
        ("person", {}, {"name": "Ali", "person_id": "a"}, {"name": "Ali", "person_id": "b"}, "en anden med samme navn"),
        ("document_ref", {}, {"document_id": "a", "title": "Brev"}, {"document_id": "b", "title": "Brev"}, "et andet med samme titel"),
        ("child_ref", {}, {"id": "a", "name": "Ali"}, {"id": "a", "name": "Ali", "born": "2020-01-01"}, ""),
        ("person", {}, {"name": "Ali"}, {"name": "Ali", "person_id": "b"}, ""),
    ],
)  # fmt: skip
def test_what_reads_the_same_and_is_another_says_so(kind, settings, old, new, told):
    found = field_type(kind).diff(old, new, *of_type(kind, settings))
    assert found.same is not bool(told) and told in found.plain


def test_changed_words_are_marked_within_own_words_beside_a_choice_or_a_step():
    codes = FORM.field("overgangstype").settings["code_list"]
    one = FORM.code_list(codes).choices[0]
    for kind, settings, chosen, shown in (
        ("choice_text", {"code_list": codes, "max": 99}, {"code": one.code}, one.label),
        ("scale_text", {"from": 1, "to": 5, "max": 99}, {"score": 4}, "4 / 5"),
    ):
        found = field_type(kind).diff(
            {**chosen, "text": "Hun leger ude"}, {**chosen, "text": "Hun leger inde"}, *of_type(kind, settings)
        )
        assert found.plain == f"{shown}: Hun leger [-ude-]{{+inde+}}"


def test_two_texts_that_are_the_same_differ_in_no_space_either():
    assert not word_difference("a b", "a b").blank and not word_difference("a b", "a c").blank
    assert word_difference("a b", "a  b").blank
