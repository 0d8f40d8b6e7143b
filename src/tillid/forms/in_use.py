"""The definitions in use: the project's files and what was published in this installation, as of a day (ADR 0024)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from threading import Lock
from typing import Any

from tillid.forms.additions import FOLDER, Addition
from tillid.forms.additions_in_use import AdditionsInUse
from tillid.forms.definition import FormDefinition
from tillid.forms.designs import PublishedAddition, PublishedForm, Withdrawal
from tillid.forms.files import file_data
from tillid.forms.loading import Definitions, definition_of_data
from tillid.kernel.errors import TillidError

Found = Callable[[], tuple[Sequence[PublishedForm], Sequence[Withdrawal], Sequence[PublishedAddition]]]


class NumberTaken(TillidError):
    code = "forms.number-taken"
    text = (
        "Skemaet {name} er udgivet her i kommunen, og en anden version med samme nummer ligger i programmets filer. Giv "
        "filen det næste ledige nummer (upcast fra {version}), eller brug den gamle udgave af programmet. Intet er ændret."
    )


class PublishedBroken(TillidError):
    code = "forms.published-broken"
    text = "Den udgivne version {name} er ikke, som den blev udgivet. Hent den fra en sikkerhedskopi. Intet er ændret."


class DefinitionsInUse:
    """``files``: what the program brought. The merged definitions are remembered under the store's own mark and the day, so
    that an ordinary request reads one value of the store and no more."""

    def __init__(self, files: Definitions) -> None:
        self.files = files
        self._made: dict[str, FormDefinition] = {}
        self._additions = AdditionsInUse()
        self._last: tuple[tuple[bytes, date], Definitions] | None = None
        self._lock = Lock()

    def at(self, mark: bytes, day: date, found: Found) -> Definitions:
        """The definitions on ``day``; ``mark``: changes with whatever is published or withdrawn, empty = nothing ever was.

        Raises ``NumberTaken`` and ``PublishedBroken``."""
        if not mark:
            return self.files
        last = self._last
        if last is None or last[0] != (mark, day):
            with self._lock:
                last = self._last = ((mark, day), self._merged(day, *found()))
        return last[1]

    def _merged(
        self,
        day: date,
        published: Sequence[PublishedForm],
        withdrawn: Iterable[Withdrawal],
        additions: Sequence[PublishedAddition],
    ) -> Definitions:
        ours = {(one.id, one.version): one for one in self.files.all()}
        resting = {(one.form, one.version) for one in withdrawn}
        for one in published:
            key = (one.form, one.version)
            if key in ours and ours[key].digest != one.digest:
                raise NumberTaken(f"{one.form}/v{one.version}", name=f"{one.form}/v{one.version}", version=one.version)
            ours[key] = self._definition(one)
            if one.usable_from > day:
                resting.add(key)
        added = self._with_additions(day, published, additions, resting)
        return Definitions(list(ours.values()), self.files.list_digests, resting=resting, additions=added)

    def _with_additions(
        self,
        day: date,
        published: Sequence[PublishedForm],
        additions: Sequence[PublishedAddition],
        resting: set[tuple[str, int]],
    ) -> tuple[Addition, ...]:
        if not additions and not any(name.startswith(f"{FOLDER}/") for name, _version in resting):
            return self.files.additions
        made_here = {f"{one.form}/v{one.version}": (one.data, one.digest) for one in published}
        from_files = {one.name: one for one in self.files.all()}

        @cache  # a file is read once, and not for each addition to it
        def base_of(name: str) -> tuple[Mapping[str, Any], str] | None:
            found = from_files.get(name)
            return (file_data(found.id, found.version), found.digest) if found is not None else made_here.get(name)

        found, broken = self._additions.at(day, self.files.additions, additions, resting, base_of)
        if broken:
            raise PublishedBroken(broken, name=broken)
        return found

    def _definition(self, one: PublishedForm) -> FormDefinition:
        """Made once per process. Not checked anew: a version that people have filled must open for ever."""
        name = f"{one.form}/v{one.version}"
        made = self._made.get(one.digest)
        if made is None:
            made = definition_of_data(one.data)
            if (made.digest, made.name) != (one.digest, name):
                raise PublishedBroken(name, name=name)
            self._made[one.digest] = made
        return made
