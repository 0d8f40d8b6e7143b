from __future__ import annotations

import pytest

from tillid.cms.accounts import check_password, put_account, remove_account
from tillid.cms.passwords import SCHEME
from tillid.kernel.errors import TillidError

PASSWORD = "hest-batteri-hæfteklamme"


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


def test_passwords_are_kept_with_scrypt_even_if_they_look_encrypted(store):
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
    import tillid.cms.passwords as passwords

    real = passwords._key
    monkeypatch.setattr(passwords, "_key", lambda *args: derived.append(1) or real(*args))
    for name in ("bo", "ukendt", "admin"):
        derived.clear()
        check_password(store.site, name, "en forkert adgangskode")
        assert len(derived) == 1, name
