"""Staff accounts in the site's own user folder (design 17). Lockout after wrong passwords is kept in ``sessions``."""

from __future__ import annotations

from typing import Any

from tillid.cms.passwords import NOBODY, encrypted, fits
from tillid.kernel.errors import TillidError

LONGEST_PASSWORD = 1000
SHORTEST_PASSWORD = 12


def put_account(site: Any, username: str, password: str, roles: tuple[str, ...] = ()) -> None:
    """Make the account, or give it a new password. Every member is a ``Member``; ``roles`` come on top.

    Raises ``TillidError``: ``accounts.username`` for a name that the site's root knows or that is empty,
    ``accounts.password`` for a password that is too short or too long.
    """
    if not username or username != username.strip() or _root_knows(site, username):
        raise TillidError(
            "a login name of the root, or none", code="accounts.username", text="Brugernavnet kan ikke bruges."
        )
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise TillidError(
            "password too short or too long",
            code="accounts.password",
            text="Adgangskoden skal have mindst {least} tegn.",
            least=SHORTEST_PASSWORD,
        )
    users = site.acl_users.source_users
    if _known(users, username):
        users.updateUserPassword(users.getUserIdForLogin(username), encrypted(password))
    else:
        users.addUser(username, username, encrypted(password))
    for role in ("Member", *roles):
        site.acl_users.portal_role_manager.assignRoleToPrincipal(role, username)


def remove_account(site: Any, username: str) -> None:
    """Close the account; nothing happens if there is none."""
    users = site.acl_users.source_users
    if _known(users, username):
        users.removeUser(users.getUserIdForLogin(username))


def check_password(site: Any, username: str, password: str) -> bool:
    """Whether this is the password of an account of the site.

    Asks the site's own user source of PAS only: users of Zope's root (``admin``) are never accepted here, whatever their
    password. Takes as long for an unknown name as for a wrong password.
    """
    if len(password) > LONGEST_PASSWORD:
        password = ""
    users = site.acl_users.source_users
    if not _known(users, username):
        fits(NOBODY, password)
        return False
    found = users.authenticateCredentials({"login": username, "password": password})
    return found is not None and not _root_knows(site, username)


def _known(users: Any, username: str) -> bool:
    return username in users._login_to_userid


def _root_knows(site: Any, username: str) -> bool:
    root = site.getPhysicalRoot().acl_users
    return bool(root.searchUsers(login=username, exact_match=True)) if hasattr(root, "searchUsers") else False
