"""The design as its readers will meet it, and a trial of filling it: checked like a real one, stored nowhere."""

from __future__ import annotations

from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.answers import check_answers, clean_field
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.problems import AnswerError
from tillid.forms.readers import FILLERS, READERS
from tillid.forms.rules import rule_problems
from tillid.forms.showing import section_texts
from tillid.usecases.design_data import record
from tillid.web.design_look import OFFERED, example, met_by, trial, view_of
from tillid.web.designing import design_page, opened_design
from tillid.web.errors import message_of
from tillid.web.i18n import LANGUAGES, _
from tillid.web.render import language_of
from tillid.web.rows import RowStep, row_step, stepped

Answers = dict[str, Any]
NOT_SENT = ("file", "document_list")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A section as its reader meets it."""

    section: Any
    texts: tuple[str, ...]
    views: tuple[Any, ...]


def look(request: Request) -> Response:
    """The form for one variant and reader; with example answers when asked for."""
    opened = opened_design(request)
    definition = opened.check.definition
    variant, reader, language = _chosen(request, definition)
    answers: Answers = {}
    if definition is not None and request.GET.get("svar"):
        found = {one.id: example(one, definition, variant) for one in definition.fields if one.phase == "content"}
        answers = {name: value for name, value in found.items() if value is not None}
    return _page(request, opened, definition, answers, {}, (variant, reader, language))


def fill(request: Request) -> Response:
    """What was typed is checked and shown again; it lies on this page alone."""
    opened = opened_design(request)
    record(request.house, request.person, "try_design", opened.design.id)
    definition = opened.check.definition
    chosen = _chosen(request, definition)
    if definition is None:
        return _page(request, opened, None, {}, {}, chosen)
    step = row_step(str(request.POST.get("do", "")))
    answers, errors = _posted(request, definition, chosen, step)
    filled_by = {code for code, reader in FILLERS.items() if reader == chosen[1]}
    facts = {"variant": chosen[0]} if chosen[0] else {}
    problems = check_answers(definition, answers, facts, filled_by=filled_by, complete=True)
    soft = rule_problems(definition, answers, facts, level="soft", filled_by=filled_by)
    told = [(one.field_id, message_of(request, one)) for one in [*problems, *soft]]  # type: ignore[arg-type]
    return _page(request, opened, definition, answers, errors, chosen, None if step else told)


def _posted(request: Request, definition: FormDefinition, chosen: tuple[str, str, str], step: RowStep | None
            ) -> tuple[Answers, dict[str, str]]:  # fmt: skip
    """The answers out of the form, and what is wrong with single ones. Twice: an answer may bring another field."""
    answers: Answers = {}
    errors: dict[str, str] = {}
    for one in definition.fields:
        kind = field_type(one.type)
        texts = [text for text in request.POST.getall(f"f.{one.id}") if isinstance(text, str)]
        if not texts or kind.from_system or one.type in NOT_SENT or one.phase == "derived":
            continue
        value = kind.completed(kind.parse(stepped(texts, one, step) if step else texts, one), one, _offered)
        try:
            made = clean_field(definition, one.id, value)
        except AnswerError as error:
            errors[one.id], made = error.problem.message, None
        if made is not None:
            answers[one.id] = made
    return answers, errors


def _offered(register: str, by: str, text: str) -> dict[str, Any] | None:
    return next(({"id": code, "name": name} for code, name in OFFERED if text in (code, name)), None)


def _chosen(request: Request, definition: FormDefinition | None) -> tuple[str, str, str]:
    """Variant, reader and language of the look, each among what there is."""
    asked = request.params
    variants = [one.id for one in definition.variants] if definition else []
    variant = asked.get("variant", "")
    reader = asked.get("laeser", "")
    language = asked.get("ord", "")
    first = "notifier" if definition is not None and definition.id == "underretning" else "team"
    return (
        variant if variant in variants else (variants[0] if variants else ""),
        reader if reader in READERS else first,
        language if language in LANGUAGES else language_of(request),
    )


def _page(request: Request, opened: Any, definition: FormDefinition | None, answers: Answers, errors: dict[str, str],
          chosen: tuple[str, str, str], told: list[tuple[str, str]] | None = None) -> Response:  # fmt: skip
    variant, reader, language = chosen
    parts = _parts(definition.in_language(language), answers, errors, chosen) if definition else []
    hidden_from = _never_seen(definition, reader) if definition else []
    return design_page(request, "design_try.html", opened, _("Se og prøv skemaet"), definition=definition, parts=parts,
                       variant=variant, reader=reader, spoken=language, told=told, never=hidden_from,
                       fills=any(view.editable for part in parts for view in part.views),
                       examples=bool(request.GET.get("svar")),
                       labels={one.id: one.label for one in definition.fields} if definition else {})  # fmt: skip


def _parts(form: FormDefinition, answers: Answers, errors: dict[str, str], chosen: tuple[str, str, str]) -> list[Part]:
    variant, reader, language = chosen
    at = trial(answers, variant)
    met = met_by(form, answers, reader, variant)
    found = []
    for section in form.sections:
        views = tuple(
            view_of(form, at, one, editable=fills, error=errors.get(one.id, ""), language=language)
            for one, fills in met
            if one.section == section.id
        )
        if views:
            texts = section_texts(form, section, answers, at.facts, language)
            found.append(Part(section=section, texts=(*section.guidance, *(text.body for text in texts)), views=views))
    return found


def _never_seen(definition: FormDefinition, reader: str) -> list[Field]:
    """The fields that this reader never sees, whatever is answered."""
    from tillid.forms.readers import may_see

    return [one for one in definition.fields if one.phase == "content" and not may_see(one.visible_to, reader)]
