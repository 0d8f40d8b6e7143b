"""The store under a life that hypothesis plays (life_machine.py): opened on copies, asked by real people, looked into between the clicks."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from tests.property.ledger_model import Model
from tests.support.world import SET, World
from tillid.adapters.test_login import TestLogin
from tillid.consents.model import ConsentRequest
from tillid.demo.playing import Player
from tillid.documents.rendering import RenderedDocument, RenderJob
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import FixedClock
from tillid.kernel.errors import TillidError

# Pages and the archive's files are made elsewhere; nothing that may be read waits for them.
LEFT = frozenset({"add_revision", "render_released", "index", "watch_searches"})


class Quick:
    """In place of LibreOffice: a file of its own for each job."""

    def render(self, job: RenderJob) -> RenderedDocument:
        pdf = b"%PDF-1.7 " + sha256(job.data + job.reader.encode()).encode()
        return RenderedDocument(pdf=pdf, sha256=sha256(pdf), pages=1, template_digest="0" * 64)

    def template_digest(self, *_which: Any) -> str:
        return "0" * 64


class Lived(RuleBasedStateMachine):
    """``asked``: each question with what the rules say of it; ``agreed``: the version that all agree on, none after an edit; ``kept``: size and
    root of the log that a witness keeps, with the ``entered`` leaves of then."""

    before: ClassVar[tuple[Path, dict[str, str]]]  # a store on which the text is agreed on, and its ids
    folder: ClassVar[Path]
    world: World
    clock: FixedClock
    made: dict[str, str]
    lives: int
    asked: list[tuple[ConsentRequest, Model]]
    agreed: int | None
    kept: tuple[int, bytes] | None
    entered: list[str]

    def teardown(self) -> None:
        if getattr(self, "world", None) is not None:
            self.world.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begins_with_kept(self) -> bool:
        log = self.world.parts.event_log
        return self.kept is None or (self.kept[0] <= log.size and log.root(self.kept[0]) == self.kept[1])

    def _opened(self, source: Path | None) -> None:
        """The world on a copy of ``source``, or once more where it was."""
        if source is not None:
            self.lives += 1
            shutil.copytree(source, self.folder / f"life-{self.lives}")
        self.world = World(self.folder / f"life-{self.lives}", Quick(), clock=self.clock, made=self.made)  # type: ignore[arg-type]

    def _tried(self, click: Any, *, alone: bool = False) -> Any:
        """What a click gives; ``None`` for a refusal, which leaves nothing behind. ``alone``: it opens the store itself."""
        before = self._events()
        try:
            if alone:
                return click(None)
            with self.world.house() as house:
                return click(house)
        except TillidError:
            assert self._events() == before
            return None

    def _events(self) -> list[str]:
        with self.world.house() as house:
            return [event.id for event in house.ledger.of_child(SET.child_id)]

    def _voided(self) -> None:
        self.agreed = None
        for _, model in self.asked:
            model.void = model.void or not model.signed

    def _player(self) -> Player:
        return Player(self.world.house, TestLogin(demo=True, key=b"k" * 32), LEFT)

    def _parent(self, person: str) -> Any:
        return self._player().parent(person)

    def _document(self) -> Any:
        with self.world.house() as house:
            return house.documents.get(self.made["document"])

    def _question(self, which: int) -> tuple[ConsentRequest, Model]:
        return self.asked[max(which, -len(self.asked))]

    def _is_later(self, one: ConsentRequest, other: ConsentRequest) -> bool:
        order = [made.id for made, _ in self.asked]
        return order.index(one.id) > order.index(other.id)

    def _items(self, made: ConsentRequest, part: str) -> frozenset[str]:
        every = [item.id for item in made.items]
        return frozenset({"all": every, "first": every[:1], "rest": every[1:], "none": []}[part])
