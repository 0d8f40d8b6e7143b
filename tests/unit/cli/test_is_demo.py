"""A command beside an installation finds out by itself whether that is the demo, whose TEST authorities nobody else believes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tillid.adapters.keys.life import hang_demo_key
from tillid.adapters.keys.places import ring_of
from tillid.adapters.log_file import LogFile
from tillid.adapters.secretfile import secret_from
from tillid.cli import evidence, fixity, main, package_house, probe_evidence, verify
from tillid.cli.common import is_demo, trust_folder
from tillid.cli.doctor import examine
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.checkpoint import LogKey

DEMO, TOWN = "solbjerg-demo/tillid", "vestby/tillid"


def installed(var: Path, name: str) -> Path:
    """The log of a start under that name, and a ring with the TEST key, which a real one would not have."""
    log = LogFile(var / "log", LogKey(name, secret_from(var / "keys" / "log.key")))
    log.enter("1" * 64)
    log.close()
    hang_demo_key(ring_of(var), SystemClock().now())
    return var


@pytest.fixture(autouse=True)
def nobody_says(monkeypatch):
    monkeypatch.delenv("TILLID_MODE", raising=False)


@pytest.fixture
def demo(tmp_path):
    return installed(tmp_path / "demo", DEMO)


@pytest.fixture
def town(tmp_path):
    return installed(tmp_path / "town", TOWN)


def test_the_installation_says_it_unless_somebody_else_does(demo, town, tmp_path):
    assert is_demo(demo) and not is_demo(town) and not is_demo(tmp_path / "gone")
    assert is_demo(town, said=True) and is_demo(town, environment={"TILLID_MODE": "demo"})
    assert not is_demo(demo, environment={"TILLID_MODE": "production"}), "who says it is no demo is believed"
    assert is_demo(demo, environment={"TILLID_MODE": ""})
    assert trust_folder(of=demo) == SIGNING / "trust" / "test" and trust_folder(of=town).name == "production"
    assert trust_folder().name == "production", "a file of anybody's is not believed for what lies in a folder of data"


@pytest.mark.parametrize(
    "written", ["", DEMO, f"{DEMO}\n", f"{DEMO}x\nkey\n", f"x{DEMO}\nkey\n", f"\n{DEMO}\n", "\udcff"]
)
def test_what_no_start_has_written_is_no_demo(tmp_path, written):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "origin").write_bytes(written.encode("utf-8", "surrogateescape"))
    assert not is_demo(tmp_path)


def test_the_keys_of_a_demo_are_well_and_of_a_town_with_the_test_key_not(demo, town, capsys):
    assert main(["keys", "status", "--var", str(demo)]) == 0 and "Alt er i orden." in capsys.readouterr().out
    main(["keys", "status", "--var", str(town)])
    assert "Alt er i orden." not in capsys.readouterr().out
    assert main(["keys", "new", "a", "--organisation", "Solbjerg", "--var", str(demo)]) == 0
    assert main(["keys", "rotate", "a", "--var", str(demo)]) == 0 and "O=TEST Tillid" in capsys.readouterr().out
    assert main(["keys", "new", "a", "--organisation", "Vestby", "--var", str(town)]) == 1, (
        "no key in a file without a word"
    )


def test_the_doctor_and_the_lists_know_it_too(demo, town, capsys, monkeypatch):
    from tillid.cli import doctor

    for part in ("conversion", "opening", "backup", "fixity", "seal_key", "heads"):
        monkeypatch.setattr(doctor, part, lambda *_args, **_more: iter(()))
    told = {
        var.name: [one.advice for one in examine(var, 8080, "") if getattr(one, "name", "") == "Certifikater"]
        for var in (demo, town)
    }
    assert told["demo"] == [""] and "TEST" in told["town"][0]
    assert main(["lists", "--var", str(demo)]) == 0 and "intet at hente" in capsys.readouterr().out


@pytest.mark.parametrize("known", [DEMO, TOWN])
def test_each_command_that_believes_somebody_asks(tmp_path, monkeypatch, known):
    """Whom evidence, its doctor, packages, the reading of what is stored and of all answers believe."""
    var, asked = installed(tmp_path / "var", known), []

    class Enough(TillidError):
        pass

    def believed(_var, *, demo):
        asked.append(demo)
        raise Enough

    for module in (evidence, probe_evidence, package_house, fixity):
        monkeypatch.setattr(module, "trust_of", believed)
    (var / "evidence").mkdir()
    with pytest.raises(Enough):
        list(probe_evidence.evidence(var))
    assert main(["evidence", "status", "--var", str(var)]) != 0
    assert main(["package", "make", "--all-due", "--out", str(tmp_path / "out"), "--var", str(var)]) != 0
    assert asked == [known == DEMO] * 3


def test_the_store_is_judged_as_what_it_is_and_a_file_as_before(demo, town):
    assert verify.default_trust({}, demo, own=True).seals
    for var, own in ((demo, False), (town, True), (town, False)):
        with pytest.raises(TillidError, match=r"trust\.none"):
            verify.default_trust({}, var, own=own)
