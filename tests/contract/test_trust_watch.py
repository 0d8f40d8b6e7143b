"""What a running Tillid looks at beside what it uses now, with moved clocks: spare authorities of timestamps, the key that waits for its
turn, whoever certifies people's own signatures, and its own methods."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509

from scripts.make_devca import issue, key_pem, pem, revocation_list
from tillid.adapters import trust_watch
from tillid.adapters.authority_stamps import AuthorityStamps, stamps_of
from tillid.adapters.keys.ring import KeyRing, RingKey
from tillid.adapters.trust_watch import TrustWatch
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import OwnAuthority
from tillid.cli.alarms import STATE, WHAT, sentences
from tillid.kernel.clock import FixedClock
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.trust import Trust
from tillid.web.views.admin import RUNNING_OUT

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
ROOT = issue("TEST authority of all", authority=True, years=(2019, 2069))
WHILE = (NOW - timedelta(days=300), datetime(2068, 1, 1, tzinfo=UTC))
LISTS = (x509.load_der_x509_crl(revocation_list(ROOT, valid=WHILE)),)
LASTING = Algorithms(digests={"sha256": None}, keys={"ec-256": None})


class Spare(OwnAuthority):
    """An authority of our own at an address, which can be away, or be somebody else."""

    away = False

    def ask(self, query: bytes) -> bytes:
        self.asked = getattr(self, "asked", 0) + 1
        if self.away:
            raise ConnectionError
        return super().ask(query)


class Room:
    """An installation's folder with a clock: ``told`` after so much time."""

    def __init__(self, var: Path) -> None:
        self.var, self.clock, self.trust = (
            var,
            FixedClock(NOW),
            Trust(authorities=(ROOT[0],), stampers=(ROOT[0],), lists=LISTS),
        )
        self.spares: list[Spare] = []
        self.algorithms = LASTING

    def authority(self, name: str, until: int, *, root=ROOT) -> Spare:
        leaf, key = issue(f"TEST TSA {name}", issuer=root, years=(2024, until), stamps=True)
        files = self.var / f"{name}.key.pem", self.var / f"{name}.chain.pem"
        for path, data in zip(files, (key_pem(key), pem(leaf, root[0])), strict=True):
            path.write_bytes(data)
        made = Spare(*files, self.clock, demo=True)
        made.url = f"https://{name}.example/tsa?customer=7"
        self.spares.append(made)
        return made

    def told(self, **moved: int) -> list[tuple[str, str, str]]:
        self.clock.move(**moved)
        stamper = Authorities(self.spares, self.trust, self.clock) if self.spares else None
        watch = TrustWatch(self.var, lambda: self.trust, self.clock, demo=False, stamper=stamper)
        watch._algorithms = self.algorithms
        watch.look()
        watch.wait(20)
        assert watch._thread is not None and not watch._thread.is_alive()
        self.rests = watch._next - self.clock.now()
        # A command beside the server knows nobody's address and says the same.
        beside = TrustWatch(self.var, lambda: self.trust, self.clock, demo=False)
        beside._algorithms = self.algorithms
        assert beside.running_out() == watch.running_out()
        return [(one.what, one.state, one.name) for one in watch.running_out()]

    def key(self, name: str, until: int, issuer=ROOT) -> KeyRing:
        ring = KeyRing(self.var / "keys" / "seal")
        ring.home(name).mkdir(parents=True)
        leaf, _ = issue(f"TEST seal {name}", issuer=issuer, years=(2024, until))
        ring.chain(name).write_bytes(pem(leaf, issuer[0]))
        ring.add(RingKey(name=name, made_at=NOW, file_allowed=True))
        return ring


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    made = Room(tmp_path)

    def none_fetched(*_: object, more: list[x509.Certificate], **__: object) -> list[object]:
        made.asked_about = [one.subject.rfc4514_string().split(",")[0] for one in more]
        return []  # the lists lie in the trust already

    monkeypatch.setattr(trust_watch, "fetch_lists", none_fetched)
    return made


@pytest.mark.req("R-85")
def test_a_spare_authoritys_certificate_is_told_before_it_is_ever_needed(room: Room) -> None:
    first, spare = room.authority("first", 2060), room.authority("spare", 2030)
    assert room.told() == [] and room.rests == timedelta(days=1)
    assert room.told(hours=1) == [] and (first.asked, spare.asked) == (1, 1), "once a day, also after a new start"
    assert room.told(hours=23) == [] and (first.asked, spare.asked) == (2, 2)
    room.clock = spare._clock = first._clock = FixedClock(datetime(2029, 11, 3, tzinfo=UTC))
    assert room.told() == [("certificate", "soon", "TEST TSA spare")]
    room.clock = spare._clock = first._clock = FixedClock(datetime(2030, 1, 1, tzinfo=UTC))
    over = room.told()
    assert ("certificate", "over", "TEST TSA spare") in over
    room.spares.remove(spare)
    assert room.told(days=1) == [], "who is asked no more is forgotten"


@pytest.mark.req("R-85")
def test_a_spare_authority_that_is_away_or_not_believed_is_told_after_two_days_and_no_secret_of_its_address(
    room: Room,
) -> None:
    room.authority("first", 2060)
    away = room.authority("away", 2060)
    stranger = room.authority("stranger", 2060, root=issue("TEST stranger", authority=True, years=(2019, 2069)))
    away.away = True
    assert room.told() == [] and room.rests == timedelta(hours=1), "tried again soon"
    assert room.told(hours=47) == []
    missing = [("stamper", "missing", f"{name}.example/tsa") for name in ("away", "stranger")]
    assert room.told(hours=1) == missing
    assert (
        "away.example" in sentences(TrustWatch(room.var, lambda: room.trust, room.clock, demo=False).running_out())[0]
    )
    away.away = False
    assert room.told(hours=1) == missing[1:]
    assert stranger.asked > 2
    room.spares.remove(stranger)
    assert room.told(hours=1) == [], "the others are whole"
    assert "customer" not in "".join(path.read_text() for path in room.var.glob("trust/stamps/*"))


@pytest.mark.req("R-85")
def test_a_method_behind_a_spares_token_is_told_a_year_ahead(room: Room) -> None:
    room.authority("spare", 2060)
    ends = NOW + timedelta(days=366)
    room.algorithms = Algorithms(digests={"sha256": None, "sha512": None}, keys={"ec-256": ends})
    assert room.told() == []
    assert ("method", "soon", "TEST TSA spare") in room.told(days=1)
    # Tillid's own seals and log are told apart: no authority can help with those.
    room.algorithms = Algorithms(digests={"sha256": ends}, keys={"ec-256": None})
    assert ("digest", "soon", "sha256") in room.told() and ("digest", "over", "sha256") in room.told(days=366)


@pytest.mark.req("R-85")
def test_what_a_token_itself_is_signed_with_counts_too_not_only_its_certificate(room: Room, monkeypatch) -> None:
    room.authority("spare", 2060)
    otherwise = lambda tokens: [msgspec.structs.replace(one, signed_by="sha512") for one in stamps_of(tokens)]  # noqa: E731
    monkeypatch.setattr(trust_watch, "stamps_of", otherwise)
    room.algorithms = Algorithms(digests={"sha256": None, "sha512": NOW + timedelta(days=300)}, keys={"ec-256": None})
    assert room.told() == [("method", "soon", "TEST TSA spare")]


@pytest.mark.req("R-85")
def test_the_key_that_waits_for_its_turn_is_looked_at_like_the_one_that_seals(room: Room) -> None:
    ring = room.key("now", 2060)
    ring.make_current("now", NOW)
    room.key("next", 2027)
    room.clock = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))
    assert room.told() == [] and ring.state(ring.key("next")) == "ready"
    assert room.asked_about == ["CN=TEST seal now", "CN=TEST seal next"], "their lists are fetched, too"
    room.clock = FixedClock(datetime(2026, 11, 3, tzinfo=UTC))
    assert room.told() == [("certificate", "soon", "TEST seal next")]
    ring.revoke("next", NOW, "superseded")
    assert room.told() == [], "what will never seal needs nothing"
    stranger = issue("TEST stranger", authority=True, years=(2019, 2069))
    room.key("foreign", 2060, stranger)
    assert room.told() == [("authority", "missing", "TEST stranger")]


@pytest.mark.req("R-85", "R-100")
def test_who_certifies_peoples_own_signatures_is_looked_at_where_people_can_sign(room: Room) -> None:
    old, new = (issue("TEST persons", authority=True, years=years)[0] for years in ((2019, 2027), (2025, 2034)))
    room.trust = msgspec.structs.replace(room.trust, persons=(old,))
    room.clock = FixedClock(datetime(2026, 7, 8, tzinfo=UTC))
    assert room.told() == [], "nobody can sign here"
    provider = room.var / "keys" / "sign-provider.json"
    provider.parent.mkdir(exist_ok=True)
    provider.touch(mode=0o600)
    provider.write_text(json.dumps({"name": "MitSign", "address": "https://sign.example/", "secret": "x"}))
    assert room.told() == [("certificate", "soon", "TEST persons")]
    room.clock = FixedClock(datetime(2027, 1, 2, tzinfo=UTC))
    assert room.told() == [("certificate", "over", "TEST persons")]
    room.trust = msgspec.structs.replace(room.trust, persons=(old, new))
    assert room.told() == [], "the old one stays pinned, for what it proved"
    room.algorithms = Algorithms(digests={"sha256": None}, keys={"ec-256": datetime(2028, 1, 1, tzinfo=UTC)})
    assert room.told() == [("method", "soon", "TEST persons")]
    room.algorithms = LASTING
    room.clock = FixedClock(datetime(2033, 8, 1, tzinfo=UTC))
    assert room.told() == [("certificate", "soon", "TEST persons")]


def test_a_file_that_cannot_be_read_is_written_anew(tmp_path: Path) -> None:
    stamps, clock = AuthorityStamps(tmp_path), FixedClock(NOW)
    assert stamps.ask({"a.example/": lambda: b"token"}, clock.now())
    assert [one.token for one in stamps.all()] == [b"token"] and stamps_of([b"token", b""]) == []
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"{")
    assert stamps.all() == [] and stamps.ask({"a.example/": lambda: b"token"}, clock.now()) and len(stamps.all()) == 1


def test_each_kind_has_its_words_on_both_sides() -> None:
    kinds = {"authority", "list", "certificate", "method", "stamper", "digest"}
    assert WHAT.keys() == RUNNING_OUT.keys() == kinds and STATE.keys() == {"missing", "soon", "over"}
