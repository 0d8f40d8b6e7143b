"""An empty form on paper, for who would rather write by hand or look at the questions first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.additions import Named
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.readers import may_see
from tillid.kernel.errors import TillidError
from tillid.web.render import page

# Lines to write on for a text of a given length, at a common handwriting.
LETTERS_A_LINE, MOST_LINES = 75, 8


@dataclass(frozen=True, kw_only=True)
class Question:
    """A field on paper: boxes to tick, columns to fill, or lines to write on."""

    label: str
    help: str
    boxes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    lines: int = 1

    @property
    def short(self) -> bool:
        """Whether it needs a third of a line only."""
        return self.lines == 1 and not self.boxes and not self.columns


def empty(request: Request) -> Response:
    """Every question that the reader meets in the form, and room for the answers; ``variant`` narrows the choices,
    ``tilfoejelse`` takes what the municipality or the unit adds along."""
    try:
        form = request.house.definitions.of(named_form(request))
    except TillidError:
        raise HTTPNotFound() from None
    request.admitted = True
    variant = request.GET.get("variant") if request.GET.get("variant") in {v.id for v in form.variants} else None
    readers = ("team", "author", "notifier") if request.person.kind == "staff" else ("parent",)
    sections = [(s, [_question(form, f, variant) for f in s.fields if _asked(f, readers)]) for s in form.sections]
    sections = [(section, questions) for section, questions in sections if questions]
    if not sections:
        raise HTTPNotFound()
    # The form itself says how long it may be on paper.
    one_page = form.page.casefold().startswith("højst én a4-side")
    return page(request, "printed.html", form=form, sections=sections, one_page=one_page,
                variant=next((v.title for v in form.variants if v.id == variant), ""))  # fmt: skip


def named_form(request: Request) -> Named:
    """The version in the address with the addition in the query."""
    form, version = request.matchdict["form"], int(request.matchdict["version"])
    overlay, phase = request.GET.get("tilfoejelse", "")[:300], request.GET.get("fase", "")[:60]
    return Named(form_id=form, version=version, overlay=overlay, phase=phase)


def _asked(one: Field, readers: tuple[str, ...]) -> bool:
    """The variant is printed at the top: it decides which choices there are."""
    return one.id != "variant" and one.phase == "content" and any(may_see(one.visible_to, reader) for reader in readers)


def _question(form: FormDefinition, one: Field, variant: str | None) -> Question:
    kind, settings = field_type(one.type), one.settings
    boxes: tuple[Any, ...] = ()
    if "code_list" in settings:
        boxes = tuple(choice.label for choice in form.code_list(settings["code_list"]).for_variant(variant))
    elif kind.widget == "yes-no":
        boxes = ("Ja", "Nej")
    elif {"from", "to"} <= set(settings):
        boxes = tuple(str(step) for step in range(settings["from"], settings["to"] + 1))
    columns = tuple(c["label"] for c in settings.get("columns", ()) if not c.get("hidden"))
    most = settings.get("max", 0) if kind.widget == "textarea" else 0
    lines = min(MOST_LINES, max(2, most // LETTERS_A_LINE)) if most else 1
    return Question(label=one.label, help=one.help, boxes=boxes, columns=columns, lines=lines)
