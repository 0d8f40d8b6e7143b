"""What is looked through without an index is found as the archive's index finds it (ADR 0072)."""

from __future__ import annotations

import unicodedata

from benchmarks.search.corpus import entries
from benchmarks.search.judged import questions
from tillid.adapters.tantivy.index import TantivyIndex
from tillid.archive.analysis import clauses_of, index_terms, meets
from tillid.archive.query import MAX_SIZE, SearchQuery

MORE = (
    '"tør ikke"',
    "sprog*",
    "tør-ikke*",
    "barn -og",
    "i",
    "og er",
    "forældremyndighed",
    '"hun kan" leg*',
    "z*",
    "a*",
)


def said(entry):
    return [index_terms(unicodedata.normalize("NFC", one)) for one in (entry.title, entry.number, entry.text)]


def test_the_words_of_every_judged_question_meet_the_same_documents(tmp_path):
    there = list(entries(MAX_SIZE))
    index, units = TantivyIndex(tmp_path), tuple({one.unit_id for one in there})
    index.rebuild(lambda: there)
    wrong = []
    for words in (*(one.ask for one in questions()), *MORE):
        hits = index.search(SearchQuery(allowed_units=units, words=words, size=MAX_SIZE)).hits
        met = {one.document_id for one in there if meets(clauses_of(words), *said(one))}
        if met != {hit.document_id for hit in hits}:
            wrong.append((words, len(met), len(hits)))
    index.close()
    assert not wrong
