"""Static check of ``upcast`` between two versions: every old field has a fate, every target exists, nobody new reads.

A move is total without this (``upcasts.move`` leaves over what has no place); the check is so that nothing is left over
that the writer of the definition has only forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tillid.forms.carrying import TEXTS, can_take
from tillid.forms.checks_recoding import recoding_faults, splitting_faults
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.problems import Problem
from tillid.forms.readers import PARENT, filling_readers, may_see
from tillid.forms.schema import nearest
from tillid.forms.upcast_steps import (
    Drop,
    Merge,
    Recode,
    Rename,
    Split,
    Step,
    Upcast,
    sources,
    targets,
    upcast_of,
)
from tillid.forms.yamldata import LinedData, Path

_BASE: Path = ("upcast",)
__all__ = ["upcast_problems", "upcast_shape_problems"]


def upcast_shape_problems(source: LinedData) -> list[Problem]:
    """What is wrong with ``upcast`` in one file whose structure is right, without the version before it."""
    declared = source.data.get("upcast")
    if declared is None:
        return []
    version = source.data["version"]
    if declared["from"] == version - 1:
        return []
    text = f"upcast går fra version {declared['from']}, men filen er version {version}."
    return [_Check.bare(source, "from", "forms.upcast-from", text, f"Skriv from: {version - 1}.")]


def upcast_problems(old: FormDefinition, new: FormDefinition, source: LinedData | None = None) -> list[Problem]:
    """Every fault in the way from ``old`` (version N-1) to ``new`` (N); ``source``: the file of ``new``, for lines."""
    file = source or LinedData(file=f"{new.name}.yaml", data={}, lines={}, problems=[])
    if not new.upcast:
        text = f"{new.name} siger ikke, hvor svarene fra version {old.version} skal hen."
        advice = "Skriv upcast: {from: …, steps: […], new: […]} (docs/moving_drafts.md)."
        return [_Check.bare(file, None, "forms.upcast-missing", text, advice)]
    if source is not None and (faults := upcast_shape_problems(source)):
        return faults
    declared = upcast_of(new)
    if declared is None or declared.from_version != old.version:
        return [_Check.bare(file, "from", "forms.upcast-from", f"upcast skal gå fra version {old.version}.", "")]
    return _Check(old, new, declared, file).problems()


class _Check:
    """The two versions by field, and where in the file each step stands."""

    def __init__(self, old: FormDefinition, new: FormDefinition, declared: Upcast, file: LinedData) -> None:
        self.old, self.new, self.declared, self.file = old, new, declared, file
        self.olds = {field.id: field for field in old.fields if field.phase != "derived"}
        self.news = {field.id: field for field in new.fields if field.phase != "derived"}

    @staticmethod
    def bare(file: LinedData, key: str | None, code: str, text: str, suggestion: str) -> Problem:
        path = (*_BASE, key) if key else _BASE
        return Problem(file=file.file, line=file.line(path), field="", code=code, text=text, suggestion=suggestion)

    def problem(self, path: Path, field: str, code: str, text: str, suggestion: str) -> Problem:
        line = self.file.line((*_BASE, *path))
        return Problem(file=self.file.file, line=line, field=field, code=code, text=text, suggestion=suggestion)

    def problems(self) -> list[Problem]:
        found = [*self._names(), *self._old_fields(), *self._new_fields(), *self._variants()]
        if not found:  # the rest asks the fields that are named
            for number, step in enumerate(self.declared.steps):
                found += self._step(("steps", number), step)
            found += [p for field in self._unnamed() for p in self._carried((), field, self.news[field.id])]
        return found

    def _unnamed(self) -> list[Field]:
        taken = self.declared.taken
        return [field for field in self.olds.values() if field.id not in taken and field.id in self.news]

    def _names(self) -> Iterator[Problem]:
        """Every field named exists, and none is taken twice."""
        uses: Counter[str] = Counter(name for step in self.declared.steps for name in sources(step))
        for number, step in enumerate(self.declared.steps):
            for name in sources(step):
                if name not in self.olds:
                    text = f"Version {self.old.version} har ikke feltet »{name}«."
                    yield self.problem(("steps", number), name, "forms.upcast-unknown", text, nearest(name, self.olds))
                elif uses[name] > 1:
                    text = f"»{name}« har mere end ét trin."
                    yield self.problem(("steps", number), name, "forms.upcast-twice", text, "Slet det ene.")
            for name in targets(step):
                if name not in self.news:
                    text = f"Version {self.new.version} har ikke feltet »{name}«."
                    yield self.problem(("steps", number), name, "forms.upcast-unknown", text, nearest(name, self.news))
        for number, name in enumerate(self.declared.new):
            if name not in self.news:
                text = f"Version {self.new.version} har ikke feltet »{name}«."
                yield self.problem(("new", number), name, "forms.upcast-unknown", text, nearest(name, self.news))

    def _old_fields(self) -> Iterator[Problem]:
        """Total: each old field is carried by its id or has a step."""
        taken = self.declared.taken
        for field in self.olds.values():
            if field.id not in taken and field.id not in self.news:
                text = f"»{field.label}« ({field.id}) fra version {self.old.version} har ingen plads i den nye version."
                advice = "Skriv rename, merge, split eller drop for det."
                yield self.problem(("steps",), field.id, "forms.upcast-not-total", text, advice)

    def _new_fields(self) -> Iterator[Problem]:
        """Each new field gets something or is said to be new; only one value goes into each."""
        given: Counter[str] = Counter(
            name for step in self.declared.steps if not isinstance(step, Merge | Drop) for name in targets(step)
        )
        given.update(field.id for field in self._unnamed())
        texts = {name for step in self.declared.steps if isinstance(step, Merge | Drop) for name in targets(step)}
        for field in self.news.values():
            fed = given[field.id] or field.id in texts
            if fed and field.id in self.declared.new:
                text = f"»{field.id}« står under new, men får også et gammelt svar."
                yield self.problem(("new",), field.id, "forms.upcast-not-new", text, "Slet det under new.")
            elif not fed and field.id not in self.declared.new:
                text = f"»{field.label}« ({field.id}) findes ikke i version {self.old.version}."
                advice = "Skriv det under new, eller lad et trin give det et svar."
                yield self.problem(("new",), field.id, "forms.upcast-no-origin", text, advice)
            elif given[field.id] > 1 and field.type not in TEXTS:
                text = f"To svar går til »{field.id}«, som kun har plads til ét."
                yield self.problem(
                    ("steps",), field.id, "forms.upcast-two-values", text, "Brug merge, eller drop det ene."
                )

    def _variants(self) -> Iterator[Problem]:
        old, new = ({v.id for v in d.variants} for d in (self.old, self.new))
        for name in sorted(old | self.declared.variants.keys()):
            heir = self.declared.variants.get(name, name)
            if heir not in new and new:
                text = f"Varianten »{name}« findes ikke i den nye version."
                yield self.problem(
                    ("variants",), "", "forms.upcast-variant", text, "Skriv under variants, hvad den hedder nu."
                )

    def _step(self, path: Path, step: Step) -> Iterator[Problem]:
        for name in sources(step):
            for target in targets(step):
                yield from self._reading(path, step, self.olds[name], self.news[target])
        if isinstance(step, Rename | Recode):
            old = self.olds[step.field]
            yield from self._carried(path, old, self.news[targets(step)[0]], step)
        elif isinstance(step, Split):
            faults = splitting_faults(step, self.olds[step.field], self.old, self.news, self.new)
            yield from (self.problem(path, step.field, *fault) for fault in faults)
        elif isinstance(step, Merge) and step.column:
            yield from self._rows(path, step)
        else:
            for target in targets(step):
                if self.news[target].type not in TEXTS:
                    text = f"»{target}« er ikke et tekstfelt."
                    yield self.problem(path, target, "forms.upcast-type", text, "Vælg et felt af typen long_text.")

    def _carried(self, path: Path, old: Field, new: Field, step: Rename | Recode | None = None) -> Iterator[Problem]:
        if not can_take(old, new):
            text = f"»{old.id}« ({old.type}) kan ikke blive til »{new.id}« ({new.type})."
            advice = "Brug split, eller drop med text_to."
            yield self.problem(path or ("steps",), old.id, "forms.upcast-type", text, advice)
            return
        for fault in recoding_faults(old, self.old, new, self.new, step):
            yield self.problem(path or ("steps",), old.id, *fault)

    def _rows(self, path: Path, step: Merge) -> Iterator[Problem]:
        table = self.news[step.into]
        columns = {c["id"]: c for c in table.settings.get("columns", [])} if table.type == "table" else {}
        for name in (step.column, step.label_column):
            if name and (name not in columns or columns[name]["type"] not in TEXTS):
                text = f"»{step.into}« har ingen tekstkolonne »{name}«."
                yield self.problem(path, step.into, "forms.upcast-column", text, nearest(name, columns))

    def _reading(self, path: Path, step: Step, old: Field, new: Field) -> Iterator[Problem]:
        """A text is not moved before the eyes of somebody who could not read it, nor out of its writer's sight."""
        wider = [r for r in new.visible_to if not may_see(old.visible_to, r)]
        if wider and not getattr(step, "wider", "") and not isinstance(step, Recode):
            text = f"»{old.id}« ville blive læst af {', '.join(wider)} i »{new.id}«."
            yield self.problem(
                path, old.id, "forms.upcast-wider", text, "Vælg et andet felt, eller begrund det med wider."
            )
        if old.sensitive and not new.sensitive:
            text = f"»{old.id}« er følsomt, og »{new.id}« er ikke."
            yield self.problem(path, old.id, "forms.upcast-sensitive", text, "Vælg et følsomt felt.")
        if PARENT in filling_readers(old.filled_by) and not may_see(new.visible_to, PARENT):
            text = f"Forældrene skriver »{old.id}«, men kan ikke se »{new.id}«."
            yield self.problem(path, old.id, "forms.upcast-hides", text, "Vælg et felt, som forældrene kan se.")
