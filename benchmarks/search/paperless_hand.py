"""The full text of paperless-ngx, as its release 3.0.5 sets tantivy up; run by the peer's own Python, so it imports nothing of
Tillid. Django, its database and the OCR are left out: what is measured is the engine with that schema and those questions.

    python paperless_hand.py FOLDER

In and out: lines of JSON, an order and its answer. ``put``: documents are written in one batch, as paperless does with many.
``ids``: the best of all documents. ``pages``: milliseconds of each page for somebody in ``groups`` who owns nothing: the ids of
all that is found, then for the page's hits a second question, whose text the excerpts are of. Paperless counts its facets in the
database, so none are counted here. Its advanced search is asked (stems and relevance); its plain one looks for parts of words.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

LANGUAGE = "Danish"
LONGEST = 129
TEXTS = ("title", "correspondent", "document_type", "storage_path", "original_filename", "content", "tag", "notes_text")
SEARCHED = ["title", "content", "correspondent", "document_type", "tag"]
BOOSTS = {"title": 2.0}
SORTED = ("title_sort", "correspondent_sort", "type_sort")
PARTS = ("simple_title", "simple_content")  # for its search of parts of words
PAIRS = ("content", "title", "correspondent", "document_type", "tag")  # of signs, for languages without spaces
NUMBERS = (
    "correspondent_id",
    "document_type_id",
    "storage_path_id",
    "tag_id",
    "owner_id",
    "viewer_id",
    "viewer_group_id",
)
OWNER, READER = 1, 2


def schema() -> tantivy.Schema:
    """Its fields, also those that no document here fills."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    made.add_text_field("checksum", stored=True, tokenizer_name="raw")
    for name in TEXTS:
        made.add_text_field(name, stored=True, tokenizer_name="paperless_text")
    for name in SORTED:
        made.add_text_field(name, stored=False, tokenizer_name="simple_analyzer", fast=True)
    for name in PARTS:
        made.add_text_field(name, stored=False, tokenizer_name="simple_search_analyzer")
    for name in PAIRS:
        made.add_text_field(f"bigram_{name}", stored=False, tokenizer_name="bigram_analyzer")
    made.add_text_field("autocomplete_word", stored=False, tokenizer_name="raw")
    for name in ("notes", "custom_fields"):
        made.add_json_field(name, stored=True, tokenizer_name="paperless_text")
    for name in NUMBERS:
        made.add_unsigned_field(name, stored=False, indexed=True, fast=True)
    for name in ("created", "modified", "added"):
        made.add_date_field(name, stored=True, indexed=True, fast=True)
    for name in ("asn", "page_count", "num_notes"):
        made.add_unsigned_field(name, stored=True, indexed=True, fast=True)
    return made.build()


def folded(tokenizer: Tokenizer, *filters: Filter) -> TextAnalyzerBuilder:
    made = TextAnalyzerBuilder(tokenizer)
    for one in (*filters, Filter.lowercase(), Filter.ascii_fold()):
        made = made.filter(one)
    return made


class Paperless:
    def __init__(self, folder: str) -> None:
        self.index = tantivy.Index(schema(), path=folder)
        long = Filter.remove_long(LONGEST)
        simple = folded(Tokenizer.simple()).build()
        text = folded(Tokenizer.simple(), long).filter(Filter.stemmer(LANGUAGE)).build()
        self.index.register_tokenizer("paperless_text", text)
        self.index.register_tokenizer("simple_analyzer", simple)
        self.index.register_fast_field_tokenizer("simple_analyzer", simple)
        self.index.register_tokenizer("simple_search_analyzer", folded(Tokenizer.regex(r"\S+"), long).build())
        pairs = TextAnalyzerBuilder(Tokenizer.ngram(min_gram=2, max_gram=2, prefix_only=False))
        self.index.register_tokenizer("bigram_analyzer", pairs.filter(Filter.lowercase()).build())
        self.words = simple
        self.names: list[str] = []

    def put(self, documents: Sequence[dict[str, Any]]) -> None:
        writer = self.index.writer()
        for one in documents:
            number = len(self.names)
            self.names.append(one["name"])
            writer.delete_documents_by_query(Query.term_query(self.index.schema, "id", number))
            writer.add_document(self.document(number, one))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def document(self, number: int, one: dict[str, Any]) -> tantivy.Document:
        made = tantivy.Document()
        made.add_unsigned("id", number)
        made.add_text("checksum", one["name"])
        for name, value in (
            ("title", one["title"]), ("title_sort", one["title"]), ("simple_title", one["title"]),
            ("content", one["text"]), ("simple_content", one["text"]), ("original_filename", f"{one['name']}.pdf"),
            ("document_type", one["form"]), ("type_sort", one["form"]), ("tag", one["state"]),
        ):  # fmt: skip
            made.add_text(name, value)
        for name, value in (
            ("document_type_id", one["form_id"]), ("tag_id", one["state_id"]), ("owner_id", OWNER),
            ("viewer_group_id", one["group"]), ("page_count", 2), ("num_notes", 0),
        ):  # fmt: skip
            made.add_unsigned(name, value)
        for name in ("created", "modified", "added"):
            made.add_date(name, datetime.fromtimestamp(one["at"], UTC))
        for word in sorted(
            {word for part in ("title", "text", "form", "state") for word in self.words.analyze(one[part])}
        ):
            made.add_text("autocomplete_word", word)
        return made

    def asked(self, words: str) -> Query | None:
        """``None`` for what its parser does not take: its user gets an error."""
        try:
            return self.index.parse_query(words, SEARCHED, field_boosts=BOOSTS)
        except ValueError:
            return None

    def found(self, query: Query, most: int) -> list[int]:
        searcher = self.index.searcher()
        hits = searcher.search(query, limit=most).hits
        best = max((score for score, _ in hits), default=1.0) or 1.0
        addresses = [address for address, _ in [(address, score / best) for score, address in hits]]
        return searcher.fast_field_values("id", addresses)

    def ids(self, words: str) -> list[str]:
        query = self.asked(words)
        return [self.names[number] for number in self.found(query, 10)] if query else []

    def page(self, words: str, groups: Sequence[int]) -> float:
        began = time.perf_counter()
        if query := self.asked(words):
            seen = [(Occur.Must, query), (Occur.Must, self.permitted(groups))]
            numbers = self.found(Query.boolean_query(seen), max(1, self.index.searcher().num_docs))
            self.excerpts(query, numbers[:20])
        return (time.perf_counter() - began) * 1000

    def permitted(self, groups: Sequence[int]) -> Query:
        """Nobody's documents, one's own, those shared with oneself or with a group that one is in."""
        made = self.index.schema
        owned = (Occur.MustNot, Query.exists_query("owner_id"))
        nobodys = Query.boolean_query([(Occur.Must, Query.all_query()), owned])
        mine = [Query.term_query(made, name, READER) for name in ("owner_id", "viewer_id")]
        shared = [Query.term_query(made, "viewer_group_id", group) for group in groups]
        return Query.disjunction_max_query([nobodys, *mine, *shared])

    def excerpts(self, query: Query, numbers: Sequence[int]) -> list[str]:
        if not numbers:
            return []
        made, searcher = self.index.schema, self.index.searcher()
        these = Query.boolean_query([(Occur.Should, Query.term_query(made, "id", number)) for number in numbers])
        both = Query.boolean_query([(Occur.Must, query), (Occur.Must, these)])
        addresses = [address for _, address in searcher.search(both, limit=len(numbers)).hits]
        shown = tantivy.SnippetGenerator.create(searcher, query, made, "content")
        return [shown.snippet_from_doc(searcher.doc(address)).to_html() for address in addresses]


def main(folder: str) -> None:
    engine = Paperless(folder)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer: Any = None
        if "put" in order:
            engine.put(order["put"])
        elif "ids" in order:
            answer = engine.ids(order["ids"])
        else:
            answer = [engine.page(words, order["groups"]) for words in order["pages"]]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
