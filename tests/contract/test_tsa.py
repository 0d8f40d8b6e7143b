"""Real authorities of timestamps in a process of their own: what is kept, what is refused and why, and who is asked next."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509

from tests.support.tsa_process import LIES, OTHER_POLICY
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.tsa import time_stamper
from tillid.adapters.tsa_client import LONGEST_REST, REST, Authorities, HttpAuthority, WrongAnswer
from tillid.adapters.tsa_own import POLICY, OwnAuthority
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.paths import PROJECT
from tillid.signatures.timestamp import judge
from tillid.signatures.trust import Trust
from tillid.wiring import beside, parts

DATA = b"hvad der skal bevises"
IMPRINT = hashlib.sha256(DATA).hexdigest()
CLOCK = SystemClock()


class Process:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.support.tsa_process", str(folder)]
        self._process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        self._port = self._process.stdout.readline().strip()
        self.trust = Trust(stampers=tuple(x509.load_pem_x509_certificates((folder / "good.root.pem").read_bytes())))

    def at(self, *modes: str, seconds: float = 10.0, policy: str = "", clock=None) -> Authorities:
        addresses = [f"http://127.0.0.1:{self._port}/{mode}{policy and ','}{policy}" for mode in modes]
        more = {"seconds": clock} if clock else {}
        return Authorities([HttpAuthority(one, seconds=seconds) for one in addresses], self.trust, CLOCK, **more)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def tsa(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("tsa"))
    yield process
    process.stop()


@pytest.mark.parametrize("mode", ["good", "openssl"])
def test_a_token_holds_for_us_and_for_openssl_and_for_nothing_else(tsa, tmp_path, mode):
    token = tsa.at(mode).stamp(IMPRINT)
    stamp = judge(token, IMPRINT, tsa.trust, at=CLOCK.now())
    assert (stamp.step, stamp.policy) == ("ok", POLICY)
    assert judge(token, hashlib.sha256(b"x").hexdigest(), tsa.trust, at=CLOCK.now()).step == "timestamp.imprint"
    for name, data in (("data", DATA), ("other", DATA + b"!"), ("token", token)):
        (tmp_path / name).write_bytes(data)

    def openssl(data: str) -> bool:
        command = ["openssl", "ts", "-verify", "-data", tmp_path / data, "-in", tmp_path / "token", "-token_in"]
        done = subprocess.run([*command, "-CAfile", tsa.folder / "good.root.pem"], capture_output=True)
        return done.returncode == 0

    assert openssl("data") and not openssl("other")


REASON = {
    "wrong-imprint": "timestamp.imprint",
    "other-digest": "timestamp.imprint",
    "wrong-nonce": "timestamp.nonce",
    "no-nonce": "timestamp.nonce",
    "future": "timestamp.future",
    "past": "timestamp.past",
    "expired": "timestamp.outside",
    "not-yet": "timestamp.outside",
    "wrong-usage": "timestamp.usage",
    "stranger": "timestamp.authority",
    "changed": "timestamp.signature",
    "refused": "timestamp.refused",
    "garbage": "timestamp.unreadable",
    "empty": "timestamp.unreadable",
    "large": "timestamp.unreadable",
}


@pytest.mark.parametrize("mode", REASON)
def test_an_answer_that_proves_nothing_is_not_kept_and_the_next_authority_is_asked(tsa, mode):
    with pytest.raises(WrongAnswer) as refused:
        tsa.at(mode).stamp(IMPRINT)
    assert refused.value.detail == REASON[mode] and refused.value.why.startswith("Tidsstemplet ")
    assert judge(tsa.at(mode, "good").stamp(IMPRINT), IMPRINT, tsa.trust, at=CLOCK.now()).holds


def test_the_policy_that_was_agreed_is_asked_for_and_required(tsa):
    assert set(LIES) - {"other-policy"} <= set(REASON)
    token = tsa.at("good", policy=OTHER_POLICY).stamp(IMPRINT)
    assert judge(token, IMPRINT, tsa.trust, at=CLOCK.now()).policy == OTHER_POLICY
    with pytest.raises(WrongAnswer, match=r"timestamp\.policy"):
        tsa.at("other-policy", policy=POLICY).stamp(IMPRINT)


@pytest.mark.parametrize("mode", ["slow", "dripping", "moved", "nothing-here"])
def test_who_does_not_answer_in_time_is_passed_over(tsa, mode):
    with pytest.raises(Unavailable):
        tsa.at(mode, seconds=0.5).stamp(IMPRINT)
    assert tsa.at(mode, "good", seconds=0.5).stamp(IMPRINT)


def test_an_authority_that_failed_rests_twice_as_long_each_time(tsa):
    now = [0.0]
    asked = []

    class Away:
        url, policy = "away", ""

        def ask(self, query: bytes) -> bytes:
            asked.append(now[0])
            raise ConnectionRefusedError

    stamper = Authorities([Away()], tsa.trust, CLOCK, seconds=lambda: now[0])
    while now[0] < 4 * LONGEST_REST:
        with pytest.raises(Unavailable):
            stamper.stamp(IMPRINT)
        now[0] += REST / 2
    gaps = [later - before for before, later in pairwise(asked)]
    assert gaps[:3] == [REST, 2 * REST, 4 * REST] and max(gaps) == LONGEST_REST


@pytest.mark.parametrize(
    "address",
    ["", "tsa.example", "ftp://tsa.example", "https://", "https://a.example,1.x", "http://a,1", "http://a:port/",
     "http://a:70000", "https://[a", "https://a,9.1.2", "https://a,1.40.3"],
)  # fmt: skip
def test_an_address_that_is_none_stops_the_start(address):
    with pytest.raises(TillidError) as refused:
        HttpAuthority(address)
    assert refused.value.code == "tsa.address"


def test_our_own_authority_is_for_the_demo(tsa):
    with pytest.raises(TillidError) as refused:
        OwnAuthority(tsa.folder / "good.key.pem", tsa.folder / "good.chain.pem", CLOCK, demo=False)
    assert refused.value.code == "tsa.own"


@pytest.mark.req("R-85")
def test_an_authority_that_is_added_or_revoked_while_tillid_runs_is_seen_without_a_new_start(tsa, tmp_path):
    own = OwnTrust(tmp_path / "list", tmp_path / "own")
    (tmp_path / "list").mkdir()
    address = f"http://127.0.0.1:{tsa._port}/good"
    stamper = time_stamper([address], tmp_path / "keys", own.now, CLOCK, demo=False)
    with pytest.raises(WrongAnswer) as refused:
        stamper.stamp(IMPRINT)
    assert refused.value.detail == "timestamp.authority"
    (tmp_path / "own" / "tsa").mkdir(parents=True)
    shutil.copy(tsa.folder / "good.root.pem", tmp_path / "own" / "tsa" / "root.pem")
    stamper._rests.clear()  # whoever failed is asked again after half a minute
    assert stamper.stamp(IMPRINT)
    (tmp_path / "own" / "tsa" / "root.pem").unlink()
    with pytest.raises(WrongAnswer):
        stamper.stamp(IMPRINT)


class Made(Exception):
    pass


@pytest.mark.parametrize("by", ["the server", "a command beside it"])
def test_whoever_stamps_is_given_the_list_as_it_is_then(tsa, tmp_path, monkeypatch, by):
    given = []

    def made(addresses, keys, trust, clock, *, demo):
        given.append(trust)
        raise Made

    if by == "the server":
        monkeypatch.setattr(parts, "time_stamper", made)
        with pytest.raises(Made):
            parts.make_parts(tmp_path, SimpleNamespace(demo=True), {}, b"", None)
    else:
        monkeypatch.setattr("tillid.adapters.tsa.time_stamper", made)
        with pytest.raises(Made):
            beside.time_stamper_of(tmp_path, [], demo=True)
    (trust,) = given
    before = trust().stampers
    (tmp_path / "trust" / "tsa").mkdir(parents=True)
    shutil.copy(tsa.folder / "good.root.pem", tmp_path / "trust" / "tsa" / "root.pem")
    assert trust().stampers == (*before, *tsa.trust.stampers)
