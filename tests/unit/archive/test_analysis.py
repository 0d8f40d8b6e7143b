"""Danish words: what is found by what, and what is not (the judged questions: tests/contract/test_search_judged.py)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillid.archive.analysis import analyse, clauses_of, excerpt, index_terms, meets, words
from tillid.archive.analysis import terms as splitting
from tillid.archive.analysis.excerpt import LENGTH, _best_start, _Marked
from tillid.archive.analysis.rules import RULES, rules
from tillid.archive.analysis.synonyms import delivered_groups
from tillid.archive.analysis.terms import terms
from tillid.archive.query import MARK_END, MARK_START


def finds(asked: str, text: str) -> bool:
    """Whether the words asked for are all in the text, synonyms left out."""
    text, clauses = unicodedata.normalize("NFC", text), clauses_of(asked, "")
    words = list(analyse(text))
    found = all(list(clause.places(words)) for clause in clauses)
    assert meets(clauses, index_terms(text)) == found
    return found


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Børnene leger i haven", "barn"),
        ("Barnets sprog", "børn"),
        ("Forældrene bakker op", "forælder"),
        ("En forælder kom", "forældre"),
        ("Hun sov og græd", "sover græder"),
        ("Aktiviteterne", "aktivitet"),
        ("Han legede", "leger"),
        ("Trives godt", "trivsel"),
        ("Kræsne søskende", "kræsen"),
        ("Fik sand i øjet", "øjne"),
        ("To uger i det nye år", "uge ny"),
        ("I årene før museet", "år museum"),
        ("En glutenfri kage, frie timer", "gluten fri"),
        ("Flytningen var svær", "flyttede"),
        # compounds: by their parts, by another spelling of the seam, by another inflection of the last part
        ("Skovbørnehaven", "børnehave"),
        ("Sprogvurderingen", "vurdering"),
        ("Sprogvurderingen", "sprog"),
        ("Er sprogvurderet to gange", "sprogvurdering"),
        ("Flygtningebørn", "flygtningebarn"),
        ("Plejeforældrene", "plejeforælder"),
        ("Krisecentret", "krisecentre"),
        ("Nøddeallergi", "allergi"),
        ("Grovmotorikken", "motorik"),
        ("Konfliktløsning", "konflikt"),
        ("Pottetræningen", "potte"),
        ("Sover middagslur", "lur"),
        ("Storbørnsgruppen", "gruppe"),
        ("Et ukendtheltandetbørnene", "ukendtheltandetbarn"),
        # spellings
        ("Bor i Århus", "aarhus"),
        ("Bor i Aarhus", "århus"),
        ("Glad for børn", "boern"),
        ("Ærø", "aeroe"),
        ("En god idé", "ide"),
        ("BØRNEHAVEN", "børnehaven"),
        ("et e\u0301n o\u0308je", "øje"),
        ("Sofaen er blå", "sofa"),
        ("Pizzaer til alle", "pizza"),
        ("Astmaanfald", "anfald"),
        # names
        ("Karens hus", "Karen"),
        ("Fru Hansens taske", "hansen"),
        ("Sørens nummer", "Soeren"),
        ("Dr. Ågård", "Aagård"),
        ("Paweł, Łukasz og Yıldız", "pawel lukasz yildiz"),
        ("Wałęsa og Þorður", "Walesa Thordur"),
        ("Walesa bor på Weißvej", "Wałęsa Weissvej"),
        # stop words alone, beginnings, phrases
        ("Det er og bliver", "det er"),
        ("Det er ikke svært", "ikke"),
        ("skolestart", "skolest*"),
        ("hun tør ikke sove alene", '"ikke sove alene"'),
    ],
)
def test_found(text, asked):
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("En underretning", "retning"),
        ("Indretningen", "retning"),
        ("Børnehaven", "have"),
        ("Måltidet", "mål"),
        ("Ansvarlig", "svar"),
        ("Hans taske", "Hansen"),
        ("Jens kom", "Jensen"),
        ("To kar med vand", "Karen"),
        ("Et signal", "Signe"),
        ("Køn og alder", "koen"),
        ("Skøn udsigt", "skoene"),
        ("Sørger for alle", "sorg"),
        ("alene sove ikke", '"ikke sove alene"'),
        ("skolen", "skolest*"),
    ],
)
def test_not_found(text, asked):
    assert not finds(asked, text)


def test_a_compound_has_its_parts_at_the_same_place_and_itself_first():
    assert terms("Sprogvurderingens") == ("sprogvurderingens", ("sprogvurd", "sprog", "vurd"))
    assert terms("og") == ("og", ())
    assert [word.stems for word in analyse("i skovbørnehaver")] == [(), ("skovboernehav", "skov", "boernehav")]


@given(st.text(max_size=200))
def test_what_is_stored_is_what_is_analysed(text):
    words = list(analyse(text))
    stored = index_terms(text)
    assert stored.exact.split() == [word.exact for word in words]
    assert stored.stems.split() == [stem for word in words for stem in word.stems]
    assert all(text[word.start : word.end].strip() == text[word.start : word.end] for word in words)


@given(st.text(alphabet="abdeghiklmnoprstuvyæøå", min_size=1, max_size=30))
def test_a_term_is_one_word_whatever_the_letters(word):
    exact, stems = terms(word)
    assert [exact] == exact.split()
    assert all([stem] == stem.split() for stem in stems)
    assert terms(exact)[0] == exact


def test_the_lists_do_not_contradict_each_other():
    known = rules()
    forms = [form for line in _lines("irregular") for form in line.split(":")[1].split()]
    assert len(forms) == len(set(forms)), "a form with two bases"
    assert not known.stop & {*known.irregular, *known.names, *known.irregular.values()}
    assert not known.names & known.parts
    assert not known.whole & known.parts
    assert all(len(part) >= 3 for part in known.parts)
    assert 250 <= len(known.parts) <= 600
    for form, base in known.irregular.items():
        assert base not in known.irregular or known.irregular[base] == base, f"{form}: {base} is itself a form"


def test_every_listed_form_meets_its_base():
    for form, base in rules().irregular.items():
        assert terms(form)[1][0] == terms(base)[1][0], form
    for name in rules().names:
        assert terms(name)[1][0] == terms(f"{name}s")[1][0], name


def _lines(name: str) -> list[str]:
    text = (RULES / f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_a_question_about_nothing_is_met_by_no_text_and_a_row_must_stand_together():
    def met(words: str, *texts: str) -> bool:
        return meets(clauses_of(words), *map(index_terms, texts))

    assert not met("!", "Alma leger")
    assert met("tør-ikke-so*", "hun tør ikke sove") and not met("tør-ikke-so*", "hun tør sove ikke")
    assert not met("tør-ikke-so*", "hun tør ikke lege"), "and the beginning must be there too"
    assert met("alma leger", "Alma", "hun legede") and not met('"alma leger"', "Alma", "leger"), (
        "no row from text to text"
    )


# synonyms


def asked(words: str, synonyms: str) -> list[str]:
    """What is asked for, each thing with its synonyms, readable."""
    return [
        " | ".join(one.stem or " ".join(one.exact) for one in (clause, *clause.also))
        for clause in clauses_of(words, synonyms)
    ]


def test_synonyms_are_asked_for_in_every_form():
    group = "talepædagog, logopæd"
    assert asked("Logopæderne", group) == ["logopaed | talepaedagog"]
    assert asked("talepædagogens råd", group) == ["talepaedagog | logopaed", "raad"]
    assert asked('"logopæd"', group) == ["logopaed"]
    assert asked("logop*", group) == ["logop"]


def test_a_name_of_several_words_is_one_thing():
    group = "PPR, pædagogisk psykologisk rådgivning"
    assert asked("møde med PPR", group) == ["moed", "ppr | paedagogisk psykologisk raadgivning"]
    assert asked("pædagogisk psykologisk rådgivning møde", group) == [
        "paedagogisk psykologisk raadgivning | ppr",
        "moed",
    ]
    assert asked("psykologisk rådgivning", group) == ["psykologisk", "raadgivning"]


def test_one_way_goes_one_way_and_other_lines_are_passed_over():
    text = "# slægt\n\nbedsteforælder > mormor, farfar # flere\nalene\n"
    assert asked("bedsteforældre", text) == ["bedsteforaeld | mormor | farfar"]
    assert asked("mormor", text) == ["mormor"]
    assert asked("alene", text) == ["alen"]


def test_the_delivered_synonyms_are_of_use():
    assert len(delivered_groups()) > 20
    for group in delivered_groups():
        assert len({tuple(index_terms(name)) for name in group.names}) == len(group.names), group
        assert clauses_of(group.names[0])[0].also, group


def test_an_excerpt_marks_a_name_as_a_whole_only():
    text = "Rådgivning til alle. Pædagogisk psykologisk rådgivning var med."
    shown = excerpt(text, clauses_of("PPR"))
    marked = f"{MARK_START}Pædagogisk{MARK_END} {MARK_START}psykologisk{MARK_END} {MARK_START}rådgivning{MARK_END}"
    assert shown == f"Rådgivning til alle. {marked} var med."


def test_a_text_of_one_endless_word_is_looked_at_in_part_and_not_remembered():
    endless = "barn" * 250_000
    assert index_terms(endless).exact == endless[:100]
    shown = excerpt(f"Et barn. {endless} Et barn.", clauses_of("barn"))
    assert shown.startswith(f"Et {MARK_START}barn{MARK_END}.") and len(shown) < 400
    assert not any(len(token) > 200 for token in (*words._stored, *words._known, *words._cut))


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_words_over_any_text_give_an_excerpt_of_that_text(text, asked_for):
    text = text.replace(MARK_START, "").replace(MARK_END, "")
    shown = excerpt(text, clauses_of(asked_for))
    assert shown.count(MARK_START) == shown.count(MARK_END)
    bare = shown.removeprefix("… ").removesuffix(" …").replace(MARK_START, "").replace(MARK_END, "")
    assert bare in " ".join(text.split())


def test_a_word_made_to_be_split_in_many_ways_is_tried_once_from_each_place(monkeypatch):
    """Each of its parts is one and two at the same time, and its end is none: two to the twelfth ways, none of which leads on."""
    asked, stem = [], splitting._stem
    splitting._part_stems()
    monkeypatch.setattr(splitting, "_stem", lambda word: asked.append(word) or stem(word))
    for word in ("tandlæge" * 12 + "qq", "døgnrytme" * 11 + "q", "legeplads" * 10 + "qqqq"):
        asked.clear()
        assert splitting._split(word) == ()
        assert len(asked) <= len(word)


def test_no_row_of_words_is_longer_than_a_person_means():
    (clause,) = clauses_of("a-" * 250)
    assert len(clause.exact) == 32


@given(words=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 250), st.integers(0, 3)), min_size=1, max_size=12))
def test_the_best_stretch_is_the_one_with_the_most_different_words(words):
    found, at = [], 0
    for gap, length, asked in words:
        found.append(_Marked(at + gap, at + gap + length, asked))
        at += gap + length

    def worth(first):
        inside = [one.asked for one in found if one.start >= first.start and one.end <= first.start + LENGTH - 60]
        return 1000 * len(set(inside)) + len(inside)

    best = _best_start(found)
    assert best in [one.start for one in found]
    assert worth(next(one for one in found if one.start == best)) == max(map(worth, found))
