"""The archivist's search as it is posted: everything in the form, nothing in the address (R-111)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from markupsafe import Markup, escape
from webob.multidict import MultiDict

from tillid.archive.query import (
    DEEPEST,
    FACETS,
    LONGEST_WORDS,
    MARK_END,
    MARK_START,
    SearchHit,
    SearchQuery,
    SearchResult,
)
from tillid.archive.saved import SavedSearch
from tillid.kernel.ids import is_id
from tillid.kernel.text import forbidden_characters
from tillid.process.access import Identity
from tillid.usecases.archive_purpose import GROUNDS, as_logged
from tillid.usecases.find_child import told_of
from tillid.usecases.ports import House
from tillid.web.archive_answers import answer_filters, answer_inputs, as_posted, posted_answers
from tillid.web.archive_columns import COLUMNS, DEFAULT_COLUMNS, LOOKS
from tillid.web.days import asked_day, day_as_typed
from tillid.web.i18n import _
from tillid.web.numbers import whole

SIZE = 20
MOST_PAGES = DEEPEST // SIZE
MANY = 100
MOST_VALUES = 50
# A star but at the end of a word, and what other searches read as an order: here they are no more than the space between two words.
NO_ORDER = re.compile(r"(^|[\s\"])\*|\*(?=\w)|[?()\[\]{}\\^$|~]|(^|\s)/|/(\s|$)|[^\W\d]:(?=\w)")
NOTE_LENGTH, TITLE_LENGTH, DAY_LENGTH, CHILD_LENGTH = 200, 100, 20, 200
STATE = {"released": _("Givet videre"), "withdrawn": _("Samtykke trukket tilbage"), "closed": _("Lukket")}
FACET = {
    "form": _("Slags dokument"),
    "variant": _("Aldersgruppe"),
    "state": _("Tilstand"),
    "year": _("År"),
    "unit": _("Sted"),
}
SORTS = (("relevance", _("Bedste træf først")), ("newest", _("Nyeste først")), ("oldest", _("Ældste først")))


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What the form holds. ``ground``, ``note``: the purpose, as the list's code and in words; ``recalled``: not posted, but of this
    visit's last work (``archive_purpose.py``); ``filters``: facet → chosen values; ``child``: a name or a number as typed, ``children``: ids of
    those found by one; ``answers``: ``archive_answers.py``; ``since``, ``until``: as they were typed; ``saved``: the saved
    search that this one began as."""

    ground: str = ""
    note: str = ""
    recalled: bool = False
    words: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(FACETS, ()))
    child: str = ""
    children: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    since: str = ""
    until: str = ""
    sort: str = "relevance"
    look: str = "cards"
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    saved: str = ""
    title: str = ""
    page: int = 1

    @property
    def purpose(self) -> str:
        """As it is logged; ``stated_purpose`` judges it."""
        return as_logged(self.ground, self.note)

    def query(self, house: House) -> SearchQuery:
        """The typed question; the use case adds whose archive it is. Raises ``DayWrong``, ``QueryRefused``."""
        return SearchQuery(
            allowed_units=(),
            words=self.words,
            form=self.filters["form"],
            variant=self.filters["variant"],
            state=self.filters["state"],
            year=tuple(int(year) for year in self.filters["year"]),
            unit=self.filters["unit"],
            child=self.children,
            answers=answer_filters(house, self.filters["form"], self.answers),
            since=asked_day("since", self.since),
            until=asked_day("until", self.until),
            page=self.page,
            size=SIZE,
            sort=self.sort,  # type: ignore[arg-type]
        )

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.filters.values())

    @property
    def narrowed(self) -> bool:
        """Whether something beside the words makes less be found."""
        return self.filtered or bool(self.since or self.until or self.children or self.answers)


@dataclass(frozen=True, kw_only=True)
class Option:
    """A value of a facet with its count under the present search."""

    value: str
    label: str
    count: int
    chosen: bool


def posted(values: MultiDict) -> Posted:
    """What was posted, with everything that cannot be meant left out, and what a chip's button takes off."""
    sort, look, off = values.get("sort", ""), values.get("look", ""), values.get("off", "")
    filters = {
        facet: tuple(v for v in values.getall(facet)[:MOST_VALUES] if _may_be(facet, v) and off != f"{facet}:{v}")
        for facet in FACETS
    }
    saved, ground = values.get("saved", ""), values.get("purpose", "")
    return Posted(
        ground=ground if ground in GROUNDS else "",
        note=_clean(values.get("purpose_note", ""))[:NOTE_LENGTH],
        words=_clean((values.get("meant") or values.get("words", ""))[: 2 * LONGEST_WORDS]),
        filters=filters,
        child=_clean(values.get("child", "")[:CHILD_LENGTH]),
        children=tuple(v for v in values.getall("barn")[:MOST_VALUES] if is_id(v) and off != f"barn:{v}"),
        answers=posted_answers(values, off),
        since="" if off == "since" else _clean(values.get("since", "")[:DAY_LENGTH]),
        until="" if off == "until" else _clean(values.get("until", "")[:DAY_LENGTH]),
        sort=sort if sort in dict(SORTS) else "relevance",
        look=look if look in LOOKS else "cards",
        columns=tuple(name for name in COLUMNS if name in values.getall("column")) or DEFAULT_COLUMNS,
        saved=saved if is_id(saved) else "",
        title=_clean(values.get("title", "")[:TITLE_LENGTH]),
        page=min(whole(values.get("page"), 9) or 1, MOST_PAGES),
    )


def kept(saved: SavedSearch) -> Posted:
    """A saved search in the form, without a purpose: that is said anew (R-71)."""
    question = saved.question
    return Posted(
        words=question.words,
        filters={facet: tuple(str(value) for value in getattr(question, facet)) for facet in FACETS},
        children=question.child,
        answers=as_posted(question.answers),
        since=day_as_typed(question.since),
        until=day_as_typed(question.until),
        sort=question.sort,
        look=saved.look if saved.look in LOOKS else "cards",
        columns=tuple(name for name in COLUMNS if name in saved.columns) or DEFAULT_COLUMNS,
        saved=saved.id,
        title=saved.title,
    )


def _clean(text: str) -> str:
    return "".join(" " if c.isspace() or forbidden_characters(c) else c for c in text).strip()


def _may_be(facet: str, value: str) -> bool:
    if facet == "year":
        return value.isascii() and value.isdigit() and len(value) == 4
    if facet == "unit":
        return is_id(value)
    return value in STATE if facet == "state" else value.isascii() and value.isidentifier() and len(value) < 60


def options(house: House, asked: Posted, result: SearchResult | None) -> dict[str, list[Option]]:
    """Facet → its values with counts; a chosen one that finds nothing stays, so that it can be taken away."""
    found: dict[str, list[Option]] = {}
    for facet in FACETS:
        counts = dict(result.facets.get(facet, ())) if result else {}
        values = [*counts, *(value for value in asked.filters[facet] if value not in counts)]
        found[facet] = [
            Option(value=v, label=label_of(house, facet, v), count=counts.get(v, 0), chosen=v in asked.filters[facet])
            for v in values
        ]
    return found


def label_of(house: House, facet: str, value: str) -> str:
    """A chosen value as people read it; a state's is a text to be translated."""
    if facet == "unit":
        unit = house.people.unit(value)
        return unit.name if unit else value
    if facet == "form":
        return form_title(house, value)
    if facet == "variant":
        return variant_title(house, value)
    return STATE[value] if facet == "state" and value in STATE else value


def chosen(house: House, who: Identity, asked: Posted) -> list[tuple[str, str, str]]:
    """What narrows the search, each as (what a button takes off, of which kind, the value); kinds and states are texts to be
    translated."""
    days = [
        (name, label, typed)
        for name, label, typed in (("since", SINCE, asked.since), ("until", UNTIL, asked.until))
        if typed
    ]
    known = {child.id: child.name for child in told_of(house, who, asked.children)}
    children = [(f"barn:{one}", CHILD, known.get(one, UNKNOWN)) for one in asked.children]
    answers = [
        (one.name, one.field.label, one.shown)
        for one in answer_inputs(house, asked.filters["form"], asked.answers)
        if one.used
    ]
    return [*children, *days, *answers] + [
        (f"{facet}:{value}", FACET[facet], label_of(house, facet, value))
        for facet in FACETS
        for value in asked.filters[facet]
    ]


SINCE, UNTIL = _("Låst tidligst"), _("Låst senest")
CHILD, UNKNOWN = _("Barn"), _("et barn")


def form_title(house: House, form_id: str) -> str:
    """The title of the form's newest version; the id of one that is no longer there."""
    return next((one.title for one in reversed(house.definitions.all()) if one.id == form_id), form_id)


def variant_title(house: House, variant: str) -> str:
    """What the newest form that has it calls it; the id of one that no form has any more."""
    titles = (code.title for form in reversed(house.definitions.all()) for code in form.variants if code.id == variant)
    return next(titles, variant)


def pages(total: int) -> int:
    """How many pages can be turned to."""
    return min(max(1, math.ceil(total / SIZE)), MOST_PAGES)


def marked(excerpt: str) -> Markup:
    """The excerpt escaped, and only then its marks made visible."""
    text = str(escape(excerpt)).replace(MARK_START, "<mark>").replace(MARK_END, "</mark>")
    return Markup(text)


def child_name(house: House, hit: SearchHit) -> str:
    """The child of a hit that has been asked for."""
    document = house.documents.get(hit.document_id)
    child = house.people.child(document.child_id) if document else None
    return child.name if child else ""
