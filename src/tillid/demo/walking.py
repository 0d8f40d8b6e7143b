"""The nine stations of the walk, each with the checks that must hold (ARCHITECTURE.md, "the walk")."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from tillid.archive.query import SearchQuery
from tillid.consents.events import broken_links
from tillid.demo.loading import ANSWERS
from tillid.demo.playing import OpenHouse, ParentLogin, Player
from tillid.forms.loading import Definitions
from tillid.forms.lock import check_lock
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.signatures.verdict import Verdict
from tillid.usecases.facts import facts_of
from tillid.usecases.fill import Change, save_fields
from tillid.usecases.open_copy import OpenedCopy, open_copy, released
from tillid.usecases.ports import Audit
from tillid.usecases.request_consent import request_consent
from tillid.usecases.seal_record import RECORD
from tillid.usecases.search_archive import search_archive
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.usecases.withdraw_consent import withdraw_consent

PURPOSE = "Gennemgang af hele forløbet (tillid walk)"
SET = ANSWERS["alma_bh_sk"]


class Parts(Protocol):
    """What of a running installation the walk looks at beside its houses."""

    definitions: Definitions
    audit: Audit

    def verify_record(self, record: bytes, at: datetime) -> Verdict: ...


class Station(msgspec.Struct, frozen=True, kw_only=True):
    """Outcome of one station. ``evidence``: ids, digests and counts, never contents."""

    number: int
    name: str
    ok: bool
    seconds: float
    said: str
    evidence: dict[str, Any]


class Failed(Exception):
    """A check did not hold."""


def check(held: bool, what: str) -> None:
    """Raise ``Failed`` unless ``held``."""
    if not held:
        raise Failed(what)


class Walk:
    """Plays the walk once. ``ok`` only when all nine stations held."""

    def __init__(self, parts: Parts, open_house: OpenHouse, login: ParentLogin) -> None:
        self._parts, self._open = parts, open_house
        self._player = Player(open_house, login)
        self._done: list[Station] = []
        self._files: dict[str, bytes] = {}
        self._document = self._request = ""

    @property
    def ok(self) -> bool:
        return len(self._done) == 9 and all(station.ok for station in self._done)

    def stations(self) -> Iterator[Station]:
        """Each station as it ends; the first that fails is the last."""
        steps: list[tuple[str, Callable[[], tuple[str, dict[str, Any]]]]] = [
            ("definer", self._define),
            ("udfyld", self._fill),
            ("dokument", self._render),
            ("del og enig", self._share_and_agree),
            ("samtykke", self._consent),
            ("frigiv", self._release),
            ("træk tilbage", self._withdraw),
            ("find", self._find),
            ("efterprøv", self._verify),
        ]
        for number, (name, step) in enumerate(steps, start=1):
            began = time.monotonic()
            try:
                said, evidence = step()
                ok = True
            except (Failed, TillidError) as error:
                ok, said = False, f"{error.code if isinstance(error, TillidError) else error}"
                evidence = {"error": said}
            station = Station(
                number=number, name=name, ok=ok, seconds=round(time.monotonic() - began, 3), said=said, evidence=evidence
            )
            self._done.append(station)
            yield station
            if not ok:
                return

    def _define(self) -> tuple[str, dict[str, Any]]:
        changed = check_lock(self._parts.definitions)
        check(not changed, f"{len(changed)} definitions differ from LOCK")
        digests = {one.name: one.digest for one in self._parts.definitions.all()}
        return f"{len(digests)} formularer, alle som i LOCK", {"definitions": digests}

    def _fill(self) -> tuple[str, dict[str, Any]]:
        author = self._player.staff(SET.author_id)
        with self._open() as house:
            self._document = start_document(house, author, SET.child_id, SET.form_id).id
            today = house.moment.date()
        day = SET.start_after(today)
        self._player.fill(author, self._document, {**SET.professional, **({"startdato": day.isoformat()} if day else {})})
        self._player.fill(self._player.leader_of(SET.unit_id), self._document, SET.leader)
        with self._open() as house:
            stale = save_fields(house, author, self._document, {"u_greb": Change(value="Et andet faneblad.", base=0)})
        check(set(stale.clashes) == {"u_greb"}, "a second tab was not told")
        with self._open() as house:
            draft = house.documents.draft(self._document)
            house.documents.save_draft(msgspec.structs.replace(draft, kept={}))
        return f"{len(draft.fields)} felter, to faneblade holdt fra hinanden", {"fields": len(draft.fields)}

    def _render(self) -> tuple[str, dict[str, Any]]:
        with self._open() as house:
            share_document(house, self._player.staff(SET.author_id), self._document)
        self._drain()
        with self._open() as house:
            version = house.documents.version(self._document, 1)
        assert version is not None
        check({"team", "parent"} <= set(version.copies), "a copy is missing")
        pages = version.copies["parent"].pages
        return f"PDF/A-3 på {pages} sider", {"copies": {r: c.sha256 for r, c in version.copies.items()}, "pages": pages}

    def _share_and_agree(self) -> tuple[str, dict[str, Any]]:
        holders = self._player.holders(SET.child_id)
        self._player.fill(holders[0], self._document, {**SET.parents, **SET.child})
        for who in (self._player.staff(SET.author_id), *holders):
            self._player.agree(who, self._document)
        self._drain()
        with self._open() as house:
            document = house.documents.get(self._document)
            assert document is not None
            version = house.documents.version(self._document, document.agreed_version or 0)
        check(version is not None and version.agreed, "no agreed version")
        assert version is not None
        copy = self._copy(holders[0], "read_parent_copy")
        self._files["document.pdf"] = copy.data
        answers = msgspec.json.format(msgspec.json.encode(version.answers), indent=2)
        self._files["answers.json"] = answers
        return f"enig tekst er udgave {version.number}", {"version": version.number, "answers": version.answers_digest}

    def _consent(self) -> tuple[str, dict[str, Any]]:
        with self._open() as house:
            self._request = request_consent(house, self._player.staff(SET.author_id), self._document).id
        holders = self._player.holders(SET.child_id)
        events = []
        for number, holder in enumerate(holders, start=1):
            self._refused("read_released", "released before all had said yes")
            receipt = self._player.say_yes(holder, self._request)
            with self._open() as house:
                self._files[f"consent-{number}.xml"] = house.ledger.attachments(receipt.event_id)[RECORD]
            events.append(receipt.event_id)
        with self._open() as house:
            document = house.documents.get(self._document)
            assert document is not None
            check(document.state == "signed", "not signed after all had said yes")
        return f"{len(holders)} forældre har sagt ja hver for sig", {"request": self._request, "events": events}

    def _release(self) -> tuple[str, dict[str, Any]]:
        self._drain()
        principal = self._receiver()
        with self._open() as house:
            now = released(house, principal, self._document)
            definition = house.definitions.latest(SET.form_id)
        hidden = [field for field in now.answers if "receiver" not in definition.field(field).visible_to]
        check(not hidden, "the release holds more than the receiver may see")
        copy = self._copy(principal, "read_released")
        return f"modtageren kan læse {len(now.answers)} felter", {"sha256": sha256(copy.data), "items": now.key}

    def _withdraw(self) -> tuple[str, dict[str, Any]]:
        holder = self._player.holders(SET.child_id)[0]
        with self._open() as house:
            receipt = withdraw_consent(house, holder, self._request, language="da", event_id=new_id())
        self._refused("read_released", "still open after the withdrawal")
        self._drain()
        with self._open() as house:
            self._files["withdrawal-1.xml"] = house.ledger.attachments(receipt.event_id)[RECORD]
            document = house.documents.get(self._document)
            assert document is not None
            verdict = facts_of(house, document).verdict
        check(verdict is not None and verdict.standing == "withdrawn" and verdict.signed, "not marked withdrawn")
        return "lukket for modtageren ved klikket", {"event": receipt.event_id}

    def _find(self) -> tuple[str, dict[str, Any]]:
        archivist = self._player.staff_named("ove")
        with self._open() as house:
            result = search_archive(house, archivist, SearchQuery(allowed_units=(), words=""), PURPOSE)
            found = [hit for hit in result.hits if hit.document_id == self._document]
        check(len(found) == 1 and found[0].state == "withdrawn", "the archivist does not find the withdrawn case")
        self._copy(archivist, "read_archived")
        check(not self._parts.audit.verify(), "the log's chain is broken")
        return f"{result.total} fundet, loggen er hel", {"total": result.total, "state": found[0].state}

    def _verify(self) -> tuple[str, dict[str, Any]]:
        with self._open() as house:
            moment = house.moment
            check(not broken_links(house.ledger.of_document(self._document)), "a link of the ledger does not hold")
        records = {name: data for name, data in self._files.items() if name.endswith(".xml")}
        for name, record in records.items():
            check(self._parts.verify_record(record, moment).passed, f"{name} does not verify")
            changed = record.replace(b"</", b" </", 1)
            check(not self._parts.verify_record(changed, moment).passed, f"{name} verifies after a change")
        return f"{len(records)} poster holder", {name: sha256(data) for name, data in records.items()}

    def write(self, out: Path, *, audit: Path, certificate: Path) -> None:
        """The files of the walk into ``out``; ``certificate``: of the seal and its issuer, for ``xmlsec1``."""
        for name, data in self._files.items():
            (out / name).write_bytes(data)
        shutil.copyfile(audit, out / "audit.jsonl")
        shutil.copyfile(certificate, out / "certificate.pem")
        (out / "walk.json").write_text(json.dumps(self.report(), ensure_ascii=False, indent=2) + "\n", "utf-8")

    def report(self) -> dict[str, Any]:
        """What ``walk.json`` holds."""
        return {"ok": self.ok, "stations": [msgspec.to_builtins(station) for station in self._done]}

    def _drain(self) -> None:
        failed = self._player.drain()
        check(not failed, f"tasks failed: {sorted(set(failed))}")

    def _receiver(self) -> Identity:
        return self._player.leader_of(SET.receiver_unit_id or "")

    def _copy(self, who: Identity, operation: Any) -> OpenedCopy:
        with self._open() as house:
            return open_copy(house, who, self._document, operation, purpose=PURPOSE)

    def _refused(self, operation: Any, what: str) -> None:
        try:
            self._copy(self._receiver(), operation)
        except NotFound:
            return
        raise Failed(what)
