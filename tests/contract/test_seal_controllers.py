"""For which data controllers an installation's own seals seal (docs/adr/0083): written when a key is taken into use, handed on to the next,
and at the start to the seals of before there was such a list."""

from __future__ import annotations

import pytest

from scripts.vectors.certificates import NEIGHBOUR, of_the_neighbour
from tests.consent_examples import uid
from tests.contract.test_seal_keys import NOW, TOWN, Keys
from tillid.adapters.imported_bytes import copy_trust
from tillid.adapters.keys.life import certify_in_the_demo, hang_demo_key, take_into_use
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.keys.places import bind_seals
from tillid.cli import main
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

OWN, DECLARED = uid(1), SIGNING / "trust" / "test"


@pytest.fixture
def keys(tmp_path) -> Keys:
    return Keys(tmp_path)


def whose(keys: Keys, name: str) -> frozenset[str]:
    assert keys.ring.current().name == name
    return keys.trust.now().seals_for(keys.seal.key().leaf)


def take(keys: Keys, name: str, *controllers: str) -> None:
    keys.new(name, in_use=False)
    chain = certify_in_the_demo(keys.ring, name, NOW)
    take_into_use(keys.ring, keys.trust, name, chain, NOW, dict.fromkeys(controllers, "Et navn\nover to linjer"))


@pytest.mark.req("R-05")
def test_a_key_seals_for_whom_it_was_taken_into_use_and_the_next_for_the_same(keys):
    take(keys, "a", NEIGHBOUR)
    assert whose(keys, "a") == {NEIGHBOUR}
    assert verify(keys.sealed(), keys.trust.now(), at=NOW).step == "seal.controller", "it is not the town's"
    assert verify(keys.seal.seal(of_the_neighbour(), NOW), keys.trust.now(), at=NOW).passed
    take(keys, "b")
    assert whose(keys, "b") == {NEIGHBOUR}
    take(keys, "c", OWN)
    assert whose(keys, "c") == {OWN} and verify(keys.sealed(), keys.trust.now(), at=NOW).passed
    keys.new("d")
    assert whose(keys, "d") == {OWN}, "the newest before it, not all"


@pytest.mark.req("R-05")
def test_outside_the_demo_the_first_key_needs_to_be_told(tmp_path):
    keys = Keys(tmp_path, demo=False)
    keys.trust = OwnTrust(SIGNING / "trust" / "production", tmp_path / "trust")
    for controllers in ((), ("12345678",)):
        with pytest.raises(TillidError) as refused:
            take(keys, f"a{len(controllers)}", *controllers)
        assert refused.value.code == "keys.controller"
    assert keys.ring.current() is None and not (tmp_path / "trust").exists(), "nothing has changed"
    take(keys, "b", OWN)
    assert (tmp_path / "trust" / "seals" / "b.txt").read_text("utf-8") == f"{OWN} Et navn over to linjer\n"


@pytest.mark.req("R-05")
def test_seals_of_before_are_bound_at_the_start_and_the_one_in_use_to_whoever_came(keys, tmp_path):
    take(keys, "a", OWN)
    take(keys, "b", OWN)
    folder = tmp_path / "trust" / "seals"
    retired, current = folder / "a.txt", folder / "b.txt"
    retired.unlink()
    old = keys.sealed()
    current.unlink()
    assert verify(old, keys.trust.now(), at=NOW).step == "seal.unbound"
    bind_seals(tmp_path, {OWN: "Solbjerg"}, demo=True)
    assert verify(old, keys.trust.now(), at=NOW).passed, "without a new start"
    assert retired.read_text() == current.read_text() == f"{OWN} Solbjerg\n"
    bind_seals(tmp_path, {OWN: "Et nyt navn", NEIGHBOUR: "Nabo"}, demo=True)
    assert current.read_text() == f"{OWN} Solbjerg\n{NEIGHBOUR} Nabo\n"
    assert retired.read_text() == f"{OWN} Solbjerg\n", "what it sealed was never a newcomer's"


def test_at_the_start_nothing_is_written_where_no_key_is_the_installations_own(keys, tmp_path):
    bind_seals(tmp_path, {OWN: "Solbjerg"}, demo=True)
    hang_demo_key(keys.ring, NOW)
    bind_seals(tmp_path, {OWN: "Solbjerg"}, demo=True)
    assert not (tmp_path / "trust").exists()


def test_what_comes_with_a_package_keeps_whose_its_seals_are(tmp_path):
    copy_trust(DECLARED, tmp_path / "kept")
    kept, given = load_trust(tmp_path / "kept"), load_trust(DECLARED)
    assert kept.controllers == given.controllers and all(kept.controllers.values())


@pytest.mark.req("R-05")
def test_the_command_says_for_whom(tmp_path, capsys):
    var = ["--var", str(tmp_path), "--demo"]
    assert main(["keys", "new", "a", "--organisation", TOWN, *var]) == 0
    assert main(["keys", "rotate", "a", "--controller", NEIGHBOUR, "--controller", OWN, *var]) == 0
    assert f"dataansvarlige: {OWN}, {NEIGHBOUR}\n" in capsys.readouterr().out
    assert main(["keys", "new", "b", "--organisation", TOWN, *var]) == 0
    assert main(["keys", "rotate", "b", "--controller", "Solbjerg", *var]) == 1
    assert "[keys.controller]" in capsys.readouterr().err
