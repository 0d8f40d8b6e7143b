"""Stamped heads of the log: one an hour at least, told by ``tillid log check``, and each kind of damage with them."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.vectors.base import Steady
from scripts.vectors.certificates import issue
from scripts.vectors.stamped import AUTHORITY, Authority, answer
from scripts.vectors.stamped_chains import STAMPING, names, purpose
from tillid.adapters.head_stamper import PERIOD, HeadStamper
from tillid.adapters.log_file import LogFile
from tillid.adapters.log_stamps import judged
from tillid.adapters.proofs import Proofs
from tillid.adapters.secretfile import secret_from
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli import main
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.kernel.errors import Unavailable
from tillid.kernel.paths import SIGNING
from tillid.signatures.checkpoint import LogKey
from tillid.signatures.trust import Trust, load_trust

TRUST = load_trust(SIGNING / "trust" / "test")


def log_in(var) -> LogFile:
    return LogFile(var / "log", LogKey("solbjerg-demo/tillid", secret_from(var / "keys" / "log.key")))


@pytest.fixture
def stamped(tmp_path, monkeypatch):
    """A log of three events with two stamped heads, an hour apart."""
    monkeypatch.setenv("TILLID_MODE", "demo")
    log = log_in(tmp_path)
    clock = FixedClock(SystemClock().now() - timedelta(days=1))
    authority = own_authority(tmp_path / "keys", clock, demo=True)
    stamper = HeadStamper(log, Authorities([authority], TRUST, clock), clock)
    for number in range(3):
        log.enter(f"{number:064}")
        stamper.look()
        stamper.wait(10)
        clock.move(minutes=40)
    yield tmp_path
    log.close()


def check(capsys, var) -> tuple[int, dict]:
    code = main(["log", "check", "--json", "--var", str(var)])
    return code, json.loads(capsys.readouterr().out)


def heads(var) -> list:
    return sorted((var / "log" / "stamped").glob("*/*.note"))


def test_a_running_tillid_has_a_head_of_every_hour(tmp_path):
    """Asked with every sweep, never more than an hour lies between two."""
    log, clock = log_in(tmp_path), FixedClock(SystemClock().now() - timedelta(days=1))
    authority = own_authority(tmp_path / "keys", clock, demo=True)
    proofs = Proofs(log, None, Authorities([authority], TRUST, clock), clock)
    moments = []
    for number in range(2 * 60 * 4):
        if number % 40 == 0:
            log.enter(f"{number:064}")
        proofs.look(None, None)
        proofs.wait(10)
        if (newest := log.stamps.newest()) not in moments:
            moments.append(newest)
        clock.move(seconds=30)
    between = [later - earlier for earlier, later in pairwise(moments)]
    assert len(moments) >= 4 and max(between) <= timedelta(hours=1), between
    log.close()


def test_a_head_is_stamped_when_its_period_has_gone(capsys, stamped):
    assert PERIOD + timedelta(minutes=5) < timedelta(hours=1)
    assert [int(path.read_text().split("\n")[1]) for path in heads(stamped)] == [1, 3]
    code, told = check(capsys, stamped)
    assert (code, told["problems"], told["doubts"]) == (0, [], [])
    assert told["stamped"] == [path.stem for path in heads(stamped)]


@pytest.mark.parametrize(
    ("damage", "step"),
    [
        (
            lambda one, two: one.with_suffix(".tst").write_bytes(two.with_suffix(".tst").read_bytes()),
            "timestamp.imprint",
        ),
        (lambda one, two: one.with_suffix(".tst").write_bytes(b"0"), "timestamp.unreadable"),
        (lambda one, two: one.with_suffix(".tst").unlink(), "timestamp.unreadable"),
        (lambda one, two: one.write_text(one.read_text().replace("\n1\n", "\n2\n")), "head"),
        (lambda one, two: one.unlink(), "head"),
    ],
)
def test_a_pair_that_does_not_hold_is_told(capsys, stamped, damage, step):
    damage(*heads(stamped))
    code, told = check(capsys, stamped)
    assert code == 1
    assert [problem.split(" ")[2] for problem in told["problems"]] == [step]


def test_a_log_that_lost_what_was_stamped_is_found_though_its_own_head_was_made_anew(capsys, stamped):
    key = LogKey("solbjerg-demo/tillid", secret_from(stamped / "keys" / "log.key"))
    leaves = stamped / "log" / "leaves"
    leaves.write_bytes(leaves.read_bytes()[:32] + b"\x07" * 64)
    for path in [stamped / "log" / "checkpoint", *(stamped / "log").glob("level-*")]:
        path.unlink()
    again = LogFile(stamped / "other", key)
    again.close()
    code, told = check(capsys, stamped)
    assert code == 1
    assert any(problem.endswith(" head") and problem.startswith("stamp ") for problem in told["problems"])


def test_without_a_list_of_authorities_it_cannot_be_told(capsys, stamped, monkeypatch):
    monkeypatch.setenv("TILLID_MODE", "production")
    code, told = check(capsys, stamped)
    assert (code, told["problems"], told["stamped"]) == (0, [], [])
    assert [one.split(" ")[2] for one in told["doubts"]] == ["timestamp.authority"] * 2


def test_beside_the_demo_nobody_has_to_say_so(capsys, stamped, monkeypatch):
    monkeypatch.delenv("TILLID_MODE")
    code, told = check(capsys, stamped)
    assert (code, told["problems"], told["doubts"], len(told["stamped"])) == (0, [], [], 2)


def test_while_no_authority_answers_nothing_is_kept_and_the_next_look_tries_again(tmp_path):
    class Away:
        asked = 0

        def stamp(self, imprint: str) -> bytes:
            self.asked += 1
            raise Unavailable("away", code="tsa.unavailable")

    clock, away = FixedClock(SystemClock().now()), Away()
    log = LogFile(tmp_path / "log", LogKey("solbjerg-demo/tillid", b"k" * 32))
    try:
        log.enter("a" * 64)
        stamper = HeadStamper(log, away, clock)
        for _ in range(2):
            stamper.look()
            stamper.wait(10)
        assert away.asked == 2 and stamper.due(clock.now()) and log.stamps.newest() is None
    finally:
        log.close()


@pytest.mark.parametrize(
    ("extra", "step"), [(purpose(ExtendedKeyUsageOID.SERVER_AUTH), "chain-purpose"), (names("Another"), "chain")]
)
def test_a_head_stamped_under_an_authority_that_may_not_is_a_fault(extra, step):
    """As of one that nobody knows: an attacker's authority is no reason to wait and see."""
    note, moment = b"solbjerg-demo/tillid\n3\n", SystemClock().now() - timedelta(days=1)
    between = issue(f"TEST {step}", AUTHORITY, authority=True, extra=(extra,))
    leaf, key = issue("TEST stamps", between, extra=(STAMPING,))
    authority = Authority("tsa", moment)
    authority._chain, authority._key = [leaf, between[0]], Steady(key)
    token = answer(authority, sha256(note))
    assert judged(token, note, TRUST, SystemClock().now()) == (f"timestamp.{step}", "failed")
    assert judged(token, note, Trust(), SystemClock().now()) == ("timestamp.authority", "indeterminate")
