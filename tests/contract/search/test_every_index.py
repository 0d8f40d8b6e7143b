"""What every search back end must do (design 7): one suite, run on the embedded one and on a real Elasticsearch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.search.searching import AT, OWN, Index, ask, entry, found
from tillid.archive.analysis import clauses_of, excerpt
from tillid.archive.filters import AnswerFilter
from tillid.archive.query import DEEPEST, MARK_END, MARK_START, QueryRefused
from tillid.forms.fieldtypes.searching import number_spelled

FOUND = [
    ("Børnene leger i haven", "barn"),
    ("Barnets sprog", "børn"),
    ("Forældrene bakker op", "forælder"),
    ("En forælder kom", "forældre"),
    ("Mødrene", "mor"),
    ("Hun sov og græd", "sover græder"),
    ("Aktiviteterne", "aktivitet"),
    ("Han legede", "leger"),
    ("Trives godt", "trivsel"),
    ("Skovbørnehaven", "børnehave"),
    ("Sprogvurderingen", "vurdering"),
    ("Indsatserne", "indsats"),
    ("Bor i Århus", "aarhus"),
    ("Bor i Aarhus", "århus"),
    ("Glad for børn", "boern"),
    ("Ærø", "aeroe"),
    ("En god idé", "ide"),
    ("BØRNEHAVEN", "børnehaven"),
    ("et e\u0301n o\u0308je", "øje"),
    ("Det er ikke svært", "ikke"),
    ("Det er og bliver", "det er"),
    ("skolestart", "skolest*"),
    ("hun tør ikke sove alene", '"ikke sove alene"'),
    ("hun tør ikke sove alene", '"tør ikke" alene'),
]
NOT_FOUND = [
    ("underretning", "retning"),
    ("alene sove ikke", '"ikke sove alene"'),
    ("leger", "leger springer"),
    ("skolen", "skolest*"),
    ("leg", "!!!"),
    ("leg", "\ud800"),
]


def test_danish_is_found_and_what_is_another_word_is_not(index):
    texts = [text for text, _ in FOUND + NOT_FOUND]
    index.put_many(entry(number, text) for number, text in enumerate(texts))
    for text, words in FOUND:
        assert {f"doc-{n}" for n, other in enumerate(texts) if other == text} <= found(index, words, size=100), words
    for text, words in NOT_FOUND:
        assert not {f"doc-{n}" for n, other in enumerate(texts) if other == text} & found(index, words, size=100), words


TYPED = [
    '"',
    '""',
    "(",
    "a AND",
    "NOT",
    "-",
    "text:leg",
    "leg^9",
    "leg~2",
    "[a TO b]",
    "\\",
    "*",
    "**",
    "a*b*",
    "/x/",
    "+",
    "\x00",
    "leg\x00leg",
    "'; DROP",
    "{}",
    "leg" * 150,
    '"leg',
    "🙂",
    "\u202eleg",
    "..*",
    "_*",
    "%",
]


def test_nothing_typed_is_an_error(index):
    index.put(entry(1, "leg"))
    for words in TYPED:
        result = index.search(ask(words))
        assert (result.total, [hit.document_id for hit in result.hits]) in ((0, []), (1, ["doc-1"])), words
        for hit in result.hits:
            assert index.excerpts([hit], ask(words))[0].replace(MARK_START, "").replace(MARK_END, "") == "leg"


TOO_MUCH = {
    "search.too-long": {"words": "leg" * 400_000},
    "search.too-many-words": {"words": "x " * 33},
    "search.too-many-chosen": {"unit": tuple(f"unit-{n}" for n in range(51))},
    "search.days": {"since": date(2026, 2, 2), "until": date(2026, 2, 1)},
    "search.too-many-filters": {"answers": (AnswerFilter(form="f", field="x"),) * 11},
    "search.filter": {"answers": (AnswerFilter(form="f", field="x.*"),)},
}


def test_what_no_person_means_is_refused_with_its_reason(index):
    for code, changes in TOO_MUCH.items():
        with pytest.raises(QueryRefused) as refused:
            index.search(ask(**changes))
        assert refused.value.code == code


def test_days_are_copenhagens_and_both_are_meant(index):
    before_midnight = datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)
    index.put_many(entry(n, "leg", frozen_at=before_midnight + timedelta(seconds=n)) for n in range(3))
    assert found(index, until=date(2026, 6, 30)) == {"doc-0"}
    assert found(index, since=date(2026, 7, 1)) == {"doc-1", "doc-2"}
    assert found(index, since=date(2026, 6, 30), until=date(2026, 7, 1)) == {"doc-0", "doc-1", "doc-2"}
    assert found(index, since=date(1, 1, 1), until=date(9999, 12, 31)) == {"doc-0", "doc-1", "doc-2"}
    assert found(index, until=date(1, 1, 1)) == found(index, since=date(9999, 12, 31)) == set()
    assert index.search(ask(since=date(2026, 7, 1))).facets["form"] == (("overgangsbeskrivelse", 2),)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=400), words=st.text(max_size=60))
def test_any_words_over_any_text_give_an_excerpt_of_that_text(text, words):
    shown = excerpt(text, clauses_of(words))
    assert shown.count(MARK_START) == shown.count(MARK_END) or MARK_START in text or MARK_END in text
    bare = shown.removeprefix("… ").removesuffix(" …").replace(MARK_START, "").replace(MARK_END, "")
    assert bare in " ".join(text.replace(MARK_START, "").replace(MARK_END, "").split())


def test_any_words_can_be_asked(index):
    index.put(entry(1, "leg"))

    @settings(deadline=None)
    @given(words=st.text(max_size=80), unit=st.text(max_size=10))
    def asked(words, unit):
        assert index.search(ask(words, unit=(unit,), exclude=frozenset({unit}))).total == 0

    asked()


def test_number_and_title_are_found(index):
    index.put_many([entry(1, "tekst"), entry(12, "tekst")])
    assert found(index, "TD-7F3K01") == {"doc-1"}
    assert found(index, "td-7f3k01 overgangsbeskrivelse") == {"doc-1"}


@pytest.mark.req("R-05")
def test_only_units_of_the_own_controller(index):
    index.put_many([entry(1, "leg"), entry(2, "leg", unit_id="elsewhere")])
    assert found(index, "leg") == {"doc-1"}
    assert found(index, "leg", unit=("elsewhere",)) == set()
    assert found(index, "leg", allowed_units=()) == set()
    assert index.search(ask("leg")).facets["unit"] == (("unit-a", 1),)


def many(index: Index) -> None:
    states = ("released", "withdrawn", "closed")
    index.put_many(
        entry(n, f"leg nummer{n}", state=states[n % 3], year=2024 + n % 2, unit_id=OWN[n % 2]) for n in range(30)
    )


def test_filters_and_facets_count_the_same(index):
    many(index)
    result = index.search(ask("leg", state=("released", "closed"), year=(2024,), size=100))
    assert result.total == len(result.hits) == 10
    assert {hit.state for hit in result.hits} == {"released", "closed"}
    assert {hit.year for hit in result.hits} == {2024}
    # The filtered facets show their alternatives, the others what is left.
    assert result.facets["state"] == (("closed", 5), ("released", 5), ("withdrawn", 5))
    assert result.facets["year"] == (("2025", 10), ("2024", 10))
    assert result.facets["unit"] == (("unit-a", 10),)
    assert result.facets["form"] == (("overgangsbeskrivelse", 10),)


def test_excluded_documents_count_nowhere(index):
    many(index)
    result = index.search(ask("leg", exclude=frozenset({"doc-0", "doc-3"}), size=100))
    assert result.total == 28
    assert {"doc-0", "doc-3"}.isdisjoint(hit.document_id for hit in result.hits)
    assert dict(result.facets["state"]) == {"released": 8, "withdrawn": 10, "closed": 10}


def test_pages_are_whole_and_in_order(index):
    many(index)
    for sort, reverse in (("newest", True), ("oldest", False)):
        pages = [index.search(ask(sort=sort, page=page, size=7)) for page in range(1, 7)]
        assert {page.total for page in pages} == {30}
        listed = [hit.document_id for page in pages for hit in page.hits]
        assert listed == [f"doc-{n}" for n in sorted(range(30), reverse=reverse)]
    assert index.search(ask(page=10**9)).hits == ()
    assert len(index.search(ask(page=-4, size=0)).hits) == 1


def test_more_matches_rank_higher(index):
    index.put_many([entry(1, "leg " + "ord " * 200), entry(2, "leg leg leg")])
    assert [hit.document_id for hit in index.search(ask("leg")).hits] == ["doc-2", "doc-1"]


def test_older_writes_never_win(index):
    index.put(entry(1, "ny", sequence=5))
    index.put(entry(1, "gammel", sequence=4))
    assert found(index, "ny") == {"doc-1"}
    index.delete("doc-1", 1, sequence=4)
    assert found(index, "ny") == {"doc-1"}
    index.delete("doc-1", 1, sequence=6)
    index.put(entry(1, "genganger", sequence=5))
    assert found(index) == set()
    index.put(entry(1, "igen", sequence=7))
    assert found(index, "igen") == {"doc-1"}
    index.put(entry(1, "igen", sequence=7))
    assert index.search(ask()).total == 1


def test_the_newest_of_one_batch_wins(index):
    index.put_many([entry(1, "ny", sequence=9), entry(1, "gammel", sequence=8)])
    assert found(index, "ny") == {"doc-1"}


def test_excerpt_marks_the_words_and_nothing_else(index):
    text = "Indledning. " * 50 + "Børnene <b>leger</b> i skovbørnehaven" + MARK_START + ". " + "Slut. " * 50
    index.put(entry(1, text))
    query = ask("barn skov*")
    (hit,) = index.search(query).hits
    assert hit.excerpt == ""
    shown = index.excerpts([hit], query)[0]
    assert f"{MARK_START}Børnene{MARK_END} <b>leger</b> i {MARK_START}skovbørnehaven{MARK_END}." in shown
    assert shown.count(MARK_START) == shown.count(MARK_END) == 2
    assert len(shown) < 300
    assert shown.startswith("… ") and shown.endswith(" …")
    index.delete("doc-1", 1, sequence=2)
    assert index.excerpts([hit], query)[0] == ""


def test_each_hit_of_a_page_has_its_own_excerpt(index):
    index.put_many(entry(n, f"Hun leger nummer{n}") for n in range(30))
    hits = index.search(ask("leger", size=25)).hits
    assert len(hits) == 25
    index.delete(hits[3].document_id, 1, sequence=2)
    shown = index.excerpts(hits, ask("leger"))
    of_each = [f"nummer{hit.document_id.removeprefix('doc-')}" for hit in hits]
    assert [text.split()[-1] for text in shown[:3] + shown[4:]] == of_each[:3] + of_each[4:]
    assert shown[3] == "" and index.excerpts((), ask("leger")) == ()


def filed(index: Index) -> None:
    days, numbers = ("2025-12-31", "2026-01-01", "2026-06-30"), (-3.5, 0, 10)
    index.put_many(
        entry(
            n,
            "leg",
            variant=("sp_dp", "bh_sk", "")[n % 3],
            filed=(
                f"child=barn-{n % 2}",
                f"f/dag={days[n % 3]}",
                f"f/tal={number_spelled(numbers[n % 3])}",
                f"f/tal={number_spelled(100)}",
                f"f/svar={'ja' if n % 2 else 'nej'}",
            ),
        )
        for n in range(6)
    )


def test_answers_are_filtered_by_value_and_between(index):
    filed(index)

    def numbers(**changes: object) -> set[int]:
        one = AnswerFilter(**({"form": "f"} | changes))
        return {int(name[4:]) for name in found(index, answers=(one,))}

    assert numbers(field="svar", values=("ja",)) == {1, 3, 5}
    assert numbers(field="svar", values=("ja", "nej", "\ud800")) == numbers(field="svar") == set(range(6))
    assert numbers(field="svar", values=("j*",)) == numbers(field="sva") == numbers(field="svar2") == set()
    assert numbers(field="dag", least=date(2026, 1, 1)) == {1, 2, 4, 5}
    assert numbers(field="dag", least=date(2026, 1, 1), most=date(2026, 1, 1)) == {1, 4}
    assert numbers(field="dag", most=date(1, 1, 1)) == set()
    assert numbers(field="tal", most=-3.5) == {0, 3}
    assert numbers(field="tal", least=-3.4, most=9.9) == {1, 4}
    assert numbers(field="tal", least=100) == set(range(6)), "one of several values is enough"
    both = AnswerFilter(form="f", field="svar", values=("ja",)), AnswerFilter(form="f", field="tal", most=-1)
    assert found(index, "leg", answers=both) == {"doc-3"}
    assert index.search(ask(answers=both)).facets["form"] == (("overgangsbeskrivelse", 1),)


def test_a_child_is_asked_for_by_id(index):
    filed(index)
    assert found(index, child=("barn-1",)) == {"doc-1", "doc-3", "doc-5"}
    assert found(index, child=("barn-1", "barn-0"), unit=("unit-b",)) == found(index, child=("barn",)) == set()
    assert found(index, child=("barn-1", "barn-0"), among=frozenset({"doc-2", "doc-9"})) == {"doc-2"}
    assert found(index, among=frozenset()) == set()
    assert index.search(ask(child=("barn-0",))).facets["variant"] == (("bh_sk", 1), ("sp_dp", 1))
    assert index.search(ask(variant=("sp_dp",))).facets["variant"] == (("bh_sk", 2), ("sp_dp", 2))
    assert found(index, variant=("sp_dp",)) == {"doc-0", "doc-3"}


def test_what_is_filed_is_compared_and_kept_by_a_build(index):
    filed(index)
    before = {one.document_id: one.digest for one in index.held()}
    changed = entry(1, "leg", variant="bh_sk", filed=("f/svar=nej",))
    index.put(changed)
    after = {one.document_id: one.digest for one in index.held()}
    assert {name for name in before if before[name] != after[name]} == {"doc-1"}

    def entries():  # what is written meanwhile stands in the new one with all it has
        filed(index)
        index.put(changed)
        return iter(())

    index.rebuild(entries)
    assert {one.document_id: one.digest for one in index.held()} == after
    assert found(index, answers=(AnswerFilter(form="f", field="svar", values=("nej",)),)) == {
        "doc-0",
        "doc-1",
        "doc-2",
        "doc-4",
    }


def test_a_text_of_a_megabyte_is_stored_and_found(index):
    index.put_many(
        [entry(1, "leg " * 250_000), entry(2, "x" * 1_000_000 + " ro"), entry(3, "børnehavelegeplads" * 60_000)]
    )
    assert found(index, "leg") == {"doc-1"} and found(index, '"leg leg leg"') == {"doc-1"}
    assert found(index, "ro") == {"doc-2"}
    (hit,) = index.search(ask("leg")).hits
    assert len(index.excerpts([hit], ask("leg"))[0]) < 500


def test_what_lies_deeper_than_anybody_turns_pages_is_counted_and_not_listed(index):
    """A server counts to 10,000 unless it is asked to go on, and lists no further whatever it is asked."""
    more = DEEPEST + 30
    index.rebuild(lambda: (entry(n, "leg", frozen_at=AT + timedelta(seconds=n)) for n in range(more)))
    for sort in ("relevance", "oldest"):
        last, beyond = (index.search(ask("leg", page=page, size=100, sort=sort)) for page in (100, 101))
        assert (last.total, beyond.total) == (more, more) and beyond.hits == ()
        assert len(last.hits) == 100 and dict(last.facets["state"]) == {"released": more}
    assert [hit.document_id for hit in last.hits] == [f"doc-{n}" for n in range(DEEPEST - 100, DEEPEST)]
    assert len(index.search(ask("leg", page=167, size=60)).hits) == 40, "of a page that goes beyond, what is not"
