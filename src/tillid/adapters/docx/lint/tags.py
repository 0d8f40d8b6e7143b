"""The linter's walk through the tags of a part: ``{{ … }}`` prints, ``{% for … %}`` and ``{% if … %}`` open what an end closes.

docxtpl's prefixes: ``{%p … %}`` takes its whole paragraph away, ``{%tr … %}`` its table row, ``{%tc … %}`` its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from tillid.adapters.docx.lint.expressions import ANY, Names, Wrong, loop_of
from tillid.adapters.docx.lint.finding import Finding, Level, Paragraph, W
from tillid.adapters.docx.marks import LOOSE, MAX_MARK, TAG
from tillid.adapters.docx.sandbox import MAX_LOOPS
from tillid.documents.templates import Saying, said

PREFIX = re.compile(r"(p|tr|tc|r)\s+")
FOR = re.compile(r"for\s+(?P<name>\w+)\s+in\s+(?P<over>.+)\Z", re.DOTALL)
APART = re.compile(r"\{\s+[{%][^{}]*[%}]\s*\}|\{\s*[{%][^{}]*[%}]\s+\}")
SINGLE = re.compile(r"\{\s*[\w.]+\s*\}")
KINDS = ("for", "endfor", "if", "elif", "else", "endif")
CLOSES = {"endfor": "for", "endif": "if"}
QUOTES = str.maketrans("“”„‘’", '"""\'\'')  # Word makes them, docxtpl takes them back
PLACES = {"tr": ("tr", said("en tabelrække").text), "tc": ("tc", said("en tabelcelle").text)}


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """A loop or condition that waits for its end."""

    kind: str
    prefix: str
    tag: str
    paragraph: Paragraph
    scope: dict[str, Any]


class Walk:
    """One part, paragraph by paragraph; ``found`` grows."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._open: list[Open] = []
        self.found: list[Finding] = []

    def through(self, paragraphs: Iterable[Paragraph]) -> list[Finding]:
        """The findings of a part."""
        for paragraph in paragraphs:
            self._paragraph(paragraph)
        for left in self._open:
            end = "endfor" if left.kind == "for" else "endif"
            self._tell(
                left.paragraph,
                "broken-loop",
                said("Mærket åbnes, men lukkes ikke. Der mangler {end}.", end=end),
                left.tag,
            )
        return self.found

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        for match in TAG.finditer(text):
            tag = match.group(0)
            if len(tag) > MAX_MARK:
                self._tell(paragraph, "too-large", said("Mærket er over {most} tegn langt.", most=MAX_MARK), tag)
                continue
            if not any(tag in run for run in paragraph.runs):
                self._tell(
                    paragraph,
                    "split-tag",
                    said("Word har delt mærket i stykker. Det er samlet igen."),
                    tag,
                    level="note",
                )
            if match["print"] is not None:
                self._printed(paragraph, tag, match["print"].translate(QUOTES))
            elif match["say"] is not None:
                self._said(paragraph, tag, match["say"].translate(QUOTES), alone=text.strip() == tag)
        rest = TAG.sub("", text)
        if LOOSE.search(rest):
            why = said(
                "Mærket er ikke helt: det skal begynde og slutte i samme afsnit, og have begge klammer i hver ende."
            )
            self._tell(paragraph, "split-tag", why, rest.strip()[:80])
        elif apart := APART.search(rest):
            why = said(
                "Der er et mellemrum mellem de to klammer, så mærket bliver trykt, som det står. Skriv dem lige efter hinanden."
            )
            self._tell(paragraph, "split-tag", why, apart.group(0))
        elif single := SINGLE.search(rest):
            why = said("Et mærke har to krøllede klammer i hver ende. Med én bliver det trykt, som det står.")
            self._tell(paragraph, "single-brace", why, single.group(0), level="warning")

    def _printed(self, paragraph: Paragraph, tag: str, inner: str) -> None:
        if PREFIX.match(inner):
            self._tell(paragraph, "forbidden", said("Mærker, der sætter Word-kode ind ({{r …), må ikke bruges."), tag)
            return
        kind = self._kind(paragraph, tag, inner)
        if isinstance(kind, list):
            self._tell(
                paragraph,
                "not-text",
                said("Det er en liste. Skriv den ud med {%p for … %}, eller med filteret join."),
                tag,
            )
        elif isinstance(kind, dict):
            self._tell(
                paragraph, "not-text", said("Det er ikke en tekst. Skriv hvilken del, fx .text eller .label."), tag
            )

    def _said(self, paragraph: Paragraph, tag: str, inner: str, *, alone: bool) -> None:
        prefix = found.group(1) if (found := PREFIX.match(inner.lstrip("-"))) else ""
        words = inner.strip("-").strip()
        words = PREFIX.sub("", words, count=1) if prefix else words
        kind = (words.split() or [""])[0]
        self._placed(paragraph, tag, prefix, alone)
        if kind in CLOSES:
            self._close(paragraph, tag, kind, prefix)
        elif kind == "for":
            self._loop(paragraph, tag, words, prefix)
        elif kind == "if":
            self._kind(paragraph, tag, words[2:])
            self._open.append(Open(kind="if", prefix=prefix, tag=tag, paragraph=paragraph, scope=self._scope()))
        elif kind in ("elif", "else"):
            self._branch(paragraph, tag, words)
        else:
            self._tell(paragraph, "forbidden", _refused(kind), tag)

    def _placed(self, paragraph: Paragraph, tag: str, prefix: str, alone: bool) -> None:
        """Whether the prefix fits where the tag stands."""
        if prefix == "p" and not alone:
            why = said("Et mærke med p tager hele afsnittet med sig. Lad det stå alene i afsnittet.")
            self._tell(paragraph, "tag-place", why, tag)
        if prefix in PLACES:
            element, word = PLACES[prefix]
            if next(paragraph.element.iterancestors(f"{W}{element}"), None) is None:
                self._tell(
                    paragraph,
                    "tag-place",
                    said("Et mærke med {prefix} skal stå i {what}.", prefix=prefix, what=word),
                    tag,
                )
        if prefix == "r":
            self._tell(paragraph, "forbidden", said("Mærker med r må ikke bruges."), tag)

    def _loop(self, paragraph: Paragraph, tag: str, words: str, prefix: str) -> None:
        match, scope = FOR.match(words), self._scope()
        if match is None:
            self._tell(paragraph, "broken-loop", said("Skriv: for navn in liste."), tag)
        else:
            over = match["over"].removesuffix(" recursive")
            if over != match["over"]:
                self._tell(paragraph, "forbidden", said("En løkke må ikke kalde sig selv (recursive)."), tag)
            kind = self._kind(paragraph, tag, over)
            if kind is not ANY and not isinstance(kind, list):
                self._tell(paragraph, "broken-loop", said("Der kan kun løbes igennem en liste."), tag, field=over)
            item = kind[0] if isinstance(kind, list) else ANY
            scope = {**scope, match["name"]: item, "loop": loop_of(item)}
        self._open.append(Open(kind="for", prefix=prefix, tag=tag, paragraph=paragraph, scope=scope))
        if sum(one.kind == "for" for one in self._open) > MAX_LOOPS:
            self._tell(
                paragraph, "forbidden", said("Der må højst være {most} løkker inden i hinanden.", most=MAX_LOOPS), tag
            )

    def _close(self, paragraph: Paragraph, tag: str, kind: str, prefix: str) -> None:
        if not self._open or self._open[-1].kind != CLOSES[kind]:
            why = said("{kind} lukker noget, der ikke er åbent.", kind=kind)
            if self._open:
                last = self._open[-1].tag
                why = said(
                    "{kind} lukker noget, der ikke er åbent. Det sidste åbne mærke er {last}.", kind=kind, last=last
                )
            self._tell(paragraph, "broken-loop", why, tag)
            return
        opened = self._open.pop()
        if opened.prefix != prefix:
            self._tell(
                paragraph,
                "broken-loop",
                said("Slutmærket skal have samme bogstav efter procenttegnet som {opened}.", opened=opened.tag),
                tag,
            )
        elif not prefix and opened.paragraph.number != paragraph.number:
            first = opened.paragraph.number
            why = said("Mærket begynder i afsnit {first} og slutter her. Skriv {%p …%} i egne afsnit.", first=first)
            self._tell(paragraph, "broken-loop", why, tag)

    def _branch(self, paragraph: Paragraph, tag: str, words: str) -> None:
        if not self._open or self._open[-1].kind != "if":
            self._tell(paragraph, "broken-loop", said("else og elif hører til i en if."), tag)
        elif words.startswith("elif"):
            self._kind(paragraph, tag, words[4:])

    def _kind(self, paragraph: Paragraph, tag: str, expression: str) -> Any:
        try:
            return self._names.kind(expression, self._scope())
        except Wrong as wrong:
            self._tell(paragraph, wrong.code, wrong.saying, tag, field=wrong.field)
            return ANY

    def _scope(self) -> dict[str, Any]:
        return self._open[-1].scope if self._open else {}

    def _tell(
        self, paragraph: Paragraph, code: str, saying: Saying, tag: str, *, field: str = "", level: Level = "error"
    ) -> None:
        self.found.append(paragraph.finding(code, level, saying, tag=tag, field=field))


def _refused(kind: str) -> Saying:
    """Why a mark that begins with ``kind`` is none: mistyped, or not to be used."""
    if kind.lower() in KINDS:
        return said("Skriv {kind} med små bogstaver.", kind=kind)
    if kind in ("p", "tr", "tc"):
        return said("Bogstavet skal stå lige efter procenttegnet: {%{kind} uden mellemrum.", kind=kind)
    return said("Mærket {kind} må ikke bruges. Kun for og if med deres slutmærker.", kind=kind[:30])
