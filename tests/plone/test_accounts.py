from __future__ import annotations

import pytest

from tillid.cms import passwords
from tillid.cms.accounts import check_password, put_account, remove_account
from tillid.cms.passwords import SCHEME
from tillid.kernel.errors import TillidError

PASSWORD = "hest-batteri-hæfteklamme"
COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}


@pytest.fixture(autouse=True)
def cheap(request, monkeypatch):
    """Each test but the one about it derives its keys at next to no cost."""
    if "real_cost" not in request.fixturenames:
        monkeypatch.setitem(passwords._COST, "n", 2)


@pytest.fixture
def real_cost():
    assert passwords._COST == COST


def test_a_password_costs_what_it_should(real_cost, monkeypatch):
    """Memory and time of RFC 7914 at the sizes it names for logging in, for one that is kept and for one that is asked about."""
    asked = []
    monkeypatch.setattr(passwords.hashlib, "scrypt", lambda raw, salt, **cost: asked.append(cost) or raw[:1] * 32)
    stored = passwords.encrypted(PASSWORD)
    assert passwords.fits(stored, PASSWORD) and asked == [COST, COST]


def test_an_account_accepts_its_own_password_only(store):
    put_account(store.site, "bo.hansen", PASSWORD)
    assert check_password(store.site, "bo.hansen", PASSWORD)
    for name, word in (
        ("bo.hansen", PASSWORD + " "),
        ("bo.hansen", ""),
        ("bo.hansen", "x" * 100_000),
        ("BO.HANSEN", PASSWORD),
        ("", PASSWORD),
        ("ukendt", PASSWORD),
    ):
        assert not check_password(store.site, name, word)


def test_a_new_password_replaces_the_old_and_a_closed_account_has_none(store):
    put_account(store.site, "bo", PASSWORD)
    put_account(store.site, "bo", "en helt anden sætning")
    assert not check_password(store.site, "bo", PASSWORD)
    assert check_password(store.site, "bo", "en helt anden sætning")
    remove_account(store.site, "bo")
    remove_account(store.site, "bo")
    assert not check_password(store.site, "bo", "en helt anden sætning")


def test_passwords_are_kept_with_scrypt_even_if_they_look_encrypted(store, real_cost):
    for word in (PASSWORD, "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M="):
        put_account(store.site, "bo", word)
        stored = store.site.acl_users.source_users._user_passwords["bo"]
        assert stored.startswith(b"{%s}" % SCHEME.encode())
        assert check_password(store.site, "bo", word)
    # SHA-1 of "test": the stored text of another scheme is no way in.
    assert not check_password(store.site, "bo", "test")


def test_the_root_user_is_never_accepted_nor_its_name_given_away(store):
    root = store.site.getPhysicalRoot()
    root.acl_users.userFolderAddUser("admin", PASSWORD, ["Manager"], [])
    assert root.acl_users.getUser("admin") is not None
    assert not check_password(store.site, "admin", PASSWORD)
    with pytest.raises(TillidError, match=r"accounts\.username"):
        put_account(store.site, "admin", PASSWORD)


@pytest.mark.parametrize("word", ["", "for kort", "x" * 1001])
def test_a_password_has_a_sensible_length(store, word):
    with pytest.raises(TillidError, match=r"accounts\.password"):
        put_account(store.site, "bo", word)


@pytest.mark.parametrize("name", ["", " bo", "bo "])
def test_a_login_name_is_one(store, name):
    with pytest.raises(TillidError, match=r"accounts\.username"):
        put_account(store.site, name, PASSWORD)


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(store, monkeypatch):
    """Counted in key derivations, not in time."""
    put_account(store.site, "bo", PASSWORD)
    derived = []
    real = passwords._key
    monkeypatch.setattr(passwords, "_key", lambda *args: derived.append(1) or real(*args))
    for name in ("bo", "ukendt", "admin"):
        derived.clear()
        check_password(store.site, name, "en forkert adgangskode")
        assert len(derived) == 1, name
