"""What the fill page, the review and the reading pages share: sections, steps and field views of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from pyramid.request import Request

from tillid.forms.definition import Field, FormDefinition, Section, Term
from tillid.forms.fieldtypes import field_type
from tillid.forms.showing import field_progress, section_texts
from tillid.process.access import is_notification
from tillid.usecases.attach_file import is_asked
from tillid.usecases.editing import shown_to
from tillid.usecases.fill import DraftView, definition_of
from tillid.usecases.override_warning import Warned, warnings_of
from tillid.web.fields import FieldView, Option, field_view, form_reader, met
from tillid.web.posted import options_for
from tillid.web.render import file_address, language_of
from tillid.web.session import person_mark


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the step indicator."""

    id: str
    title: str
    href: str
    state: str
    current: bool
    information: str = ""


class FormPage:
    """A draft opened by the person of ``request``. ``together_with``: the holder in whose talk the parents' words are
    written (professionals only)."""

    def __init__(self, request: Request, view: DraftView, together_with: str = "") -> None:
        self.request, self.view, self.together_with = request, view, together_with
        self.language = language_of(request)
        self.definition: FormDefinition = definition_of(request.house, view.document).in_language(self.language)
        self.fields = met(self.definition, view)
        self.writable = view.mine | (view.for_parents if together_with else frozenset())

    @property
    def sections(self) -> list[Section]:
        """The sections in which the writer meets a field."""
        ids = {field.section for field in self.fields}
        return [section for section in self.definition.sections if section.id in ids]

    @property
    def titles(self) -> dict[str, str]:
        """Section id → title, of the whole form."""
        return {section.id: section.title for section in self.definition.sections}

    @property
    def calls_first(self) -> bool:
        """Whether whom to call stands above everything: the notifier says that the child is in danger now."""
        return is_notification(self.view.document) and self.view.draft.answers.get("akut") is True

    def of_section(self, section_id: str) -> list[Field]:
        """The fields met in one section."""
        return [field for field in self.fields if field.section == section_id]

    def slots(self, section_id: str) -> list[tuple[Field, bool]]:
        """The section's fields in order with whether each is met now; a condition may bring the others at any answer."""
        here = {f.id for f in self.of_section(section_id)}
        return [
            (f, f.id in here)
            for f in self.definition.section(section_id).fields
            if f.id in here or (f.shown_if is not None and f.id in self.writable)
        ]

    def field(self, one: Field, *, error: str = "", posted: object = None, reading: bool = False) -> FieldView:
        """One field for the macros; system fields are never inputs."""
        editable = one.id in self.writable and not field_type(one.type).from_system and not reading
        return field_view(self.definition, self.view, one, person_id=self.request.person.person_id, editable=editable,
                          offers=self.offered, warnings=() if reading else self.warnings.get(one.id, ()), error=error, posted=posted, language=self.language,
                          asks_sheet=editable and is_asked(self.request.person, one), file_at=file_address(self.request, "attachment", document_id=self.view.document.id))  # fmt: skip

    def offered(self, register: str) -> tuple[Option, ...]:
        """What the writer may choose in a register."""
        return options_for(self.request.house, self.view.document, register)

    @property
    def reads_only_own(self) -> bool:
        """Whether a parent adds an own part to a form that was written to parents, and is no writer of the rest."""
        return self.view.side == "parent" and self.view.access.way.attested

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words the form explains (T15b); to such a parent only those that stand in what is met (T9)."""
        if not self.reads_only_own:
            return self.definition.definitions
        met_words = " ".join([self.definition.title, *(f"{field.label} {field.help}" for field in self.fields)]).lower()
        return tuple(one for one in self.definition.definitions if one.term.lower() in met_words)

    def texts(self, section: Section) -> list[str]:
        """Guidance and texts above a section; not how to write to parents, where it is a parent who reads."""
        guidance = () if self.reads_only_own else section.guidance
        texts = section_texts(self.definition, section, self.view.draft.answers, self.view.facts, self.language)
        return [*guidance, *(text.body for text in texts)]

    @cached_property
    def warnings(self) -> dict[str, tuple[Warned, ...]]:
        """Field id → the soft warnings that stand beside it: at the first field of the rule that the writer fills, once
        one of its fields is answered. What is not begun is not warned of; the review lists it."""
        found: dict[str, tuple[Warned, ...]] = {}
        for one in warnings_of(self.definition, self.view):
            place = next((field for field in one.rule.fields if field in self.view.mine), None)
            if place and any(self.view.draft.answers.get(field) is not None for field in one.rule.fields):
                found[place] = (*found.get(place, ()), one)
        return found

    def ruled(self, section_id: str) -> list[Field]:
        """The section's own fields at which a soft warning may come or go."""
        about = {field for rule in self.definition.rules if rule.level == "soft" for field in rule.fields}
        return [f for f in self.of_section(section_id) if f.id in about and f.id in self.view.mine]

    def missing(self, section_id: str) -> list[Field]:
        """The section's required fields that the writer fills and that are still empty, in order."""
        empty = {p.field_id for p in self.view.problems if p.code == "forms.missing"}
        return [f for f in self.of_section(section_id) if f.id in empty and f.id in self.writable]

    def steps(self, current: str) -> list[Step]:
        """Every section and the review, with how far it is."""
        progress = {
            p.section: p
            for p in field_progress(self.definition, self.view.draft.answers, self.view.facts, form_reader(self.view))
        }
        wrong = {problem.field_id for problem in self.view.problems if problem.code != "forms.missing"}
        steps = []
        for section in self.sections:
            own = progress.get(section.id)
            bad = any(field.id in wrong for field in self.of_section(section.id))
            done = own is not None and own.answered > 0 and not own.missing
            steps.append(
                Step(
                    id=section.id,
                    title=section.title,
                    href=self.address("fill", section=section.id),
                    state="error" if bad else "done" if done else "open",
                    current=section.id == current,
                    information=f"{own.answered}/{own.fields}" if own else "",
                )
            )
        return steps

    def address(self, route: str, **parts: str) -> str:
        """A path about this document, which keeps the talk it is written in. Parents review on their own page."""
        if route == "review" and self.view.side == "parent":
            route = "parent_agree" if self.view.access.way.agreed else "parent_document"
        path = self.request.route_path(route, document_id=self.view.document.id, **parts)
        return f"{path}?sammen={self.together_with}" if self.together_with and route == "fill" else path

    @property
    def session_address(self) -> str:
        """Where the page asks whether its person is still logged in."""
        person = self.request.person
        address = self.request.route_path("session", mark=person_mark(self.request, person.person_id))
        return f"{address}?medarbejder" if person.kind == "staff" else address

    def presence_address(self, section_id: str) -> str:
        """Where the page asks who else writes; empty when nobody is told (ADR 0023). It ends with the page's person, so
        that a page left open is not answered for somebody else."""
        person, document = self.request.person, self.view.document
        if not shown_to(person, document):
            return ""
        address = self.request.route_path("presence", document_id=document.id, section=section_id)
        return f"{address}?side={person_mark(self.request, person.person_id)}"

    @property
    def printed_address(self) -> str:
        """The same form, empty, for paper."""
        path = self.request.route_path("printed", form=self.definition.id, version=self.definition.version)
        document = self.view.document
        pinned = document.definition
        asked = {"variant": document.variant, "tilfoejelse": pinned.overlay, "fase": pinned.phase}
        query = urlencode({key: value for key, value in asked.items() if value})
        return f"{path}?{query}" if query else path

    def field_address(self, field_id: str) -> str:
        """Where a field is mended, with the focus in it."""
        return self.address("fill", section=self.definition.field(field_id).section) + f"#f-{field_id}"

    def neighbour(self, section_id: str, step: int) -> str | None:
        """The section before or after, ``None`` at the ends."""
        ids = [section.id for section in self.sections]
        where = ids.index(section_id) + step
        return ids[where] if 0 <= where < len(ids) else None
