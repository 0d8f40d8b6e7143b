"""Starting Zope and Plone inside this process, making the site, stopping (design 1, 19, 26).

One process, one ``var/``, one Zope: it is started once, and what it publishes is reachable from nowhere until somebody
mounts ``plone_screens_app()`` on a listener.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Any

import transaction
import zc.lockfile

from tillid.cms.lock import lock_var, locked
from tillid.kernel.errors import TillidError, Unavailable

SITE_ID = "tillid"
PROFILE = "profile-tillid.cms:default"
THEME = "plonetheme.barceloneta:default"
_TEMPLATES = Path(__file__).parent / "instance"


class _Process:
    """The one Zope of this process. Zope keeps itself in module globals, so this may as well be one."""

    lock: zc.lockfile.LockFile | None = None
    publish: Callable[..., Any] | None = None
    stopped = False


def start_zope(var: Path, *, taken: bool = False) -> None:
    """Start Zope on the database in ``var`` (folders are made), with Plone and ``tillid.cms`` configured. ``taken``: by the caller
    already, with ``lock_var``.

    Raises ``TillidError``: ``store.locked`` if another process uses ``var``; ``store.started`` if this process has started
    a Zope before. Takes some seconds, nearly all of it imports and configuration of Plone.
    """
    if _Process.publish is not None or _Process.stopped:
        raise TillidError("Zope was started in this process before", code="store.started")
    var = var.resolve()
    lock = None if taken else lock_var(var)
    try:
        _Process.publish = _make_zope(_write_instance(var))
    except BaseException as error:
        if lock is not None:
            lock.close()
        if isinstance(error, zc.lockfile.LockError):
            raise locked() from error
        raise
    _Process.lock = lock


def stop_zope() -> None:
    """Close the database and free ``var``. Zope cannot be started again in the same process."""
    if _Process.publish is None:
        return
    import Zope2

    transaction.abort()
    Zope2.DB.close()
    if _Process.lock is not None:
        _Process.lock.close()
    _Process.publish, _Process.lock, _Process.stopped = None, None, True


def database() -> Any:
    """The ``ZODB.DB`` of the running Zope; raises ``Unavailable`` (``store.not-started``) if there is none."""
    if _Process.publish is None:
        raise Unavailable("Zope is not running in this process", code="store.not-started")
    import Zope2

    return Zope2.DB


def plone_screens_app() -> Callable[..., Any]:
    """The stock Zope WSGI application with Plone's own screens, for a second listener on localhost, off by default."""
    if _Process.publish is None:
        raise Unavailable("Zope is not running in this process", code="store.not-started")
    return _Process.publish


def site_exists() -> bool:
    """Whether the database has the site of the municipality."""
    with database().transaction() as connection:
        return SITE_ID in connection.root()["Application"].objectIds()


def create_site(title: str = "Tillid") -> bool:
    """Make the site in Danish with the profile of Tillid, if it is missing; run pending upgrade steps if it is there.

    Returns whether it was made. All or nothing: one transaction.
    """
    made = not site_exists()
    _with_root(lambda root: _add_site(root, title) if made else _upgrade(root[SITE_ID]))
    return made


def _write_instance(var: Path) -> Path:
    """Folders, ``zope.conf`` and ``site.zcml``; returns the path of ``zope.conf``."""
    folders = {name: var / name for name in ("instance", "run", "data", "cache")}
    for folder in (*folders.values(), folders["instance"] / "etc"):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (var, folders["data"]):
        folder.chmod(0o700)
    site_zcml = (_TEMPLATES / "site.zcml").read_text("utf-8")
    (folders["instance"] / "etc" / "site.zcml").write_text(site_zcml, "utf-8")
    conf = var / "zope.conf"
    template = Template((_TEMPLATES / "zope.conf").read_text("utf-8"))
    conf.write_text(template.substitute({name: str(folder) for name, folder in folders.items()}), "utf-8")
    return conf


def _make_zope(conf: Path) -> Callable[..., Any]:
    # Plone reads the message catalogues of all its languages unless told which (before zope.i18n is imported).
    os.environ.setdefault("zope_i18n_allowed_languages", "da en")
    from Zope2.Startup.run import make_wsgi_app

    _quieten()
    application = make_wsgi_app({}, str(conf))
    # Registers the scheme our passwords are kept in.
    import tillid.cms.passwords  # noqa: F401

    return application


def _quieten() -> None:
    """Loggers that warn of what nobody can change."""
    logging.getLogger("Products.MimetypesRegistry.MimeTypesRegistry").setLevel(logging.ERROR)
    logging.getLogger("ZODB.FileStorage").setLevel(logging.ERROR)
    logging.getLogger("GenericSetup.componentregistry").setLevel(logging.ERROR)


def _with_root(action: Callable[[Any], Any]) -> None:
    """Run ``action`` on Zope's root with a request and all rights, commit, and leave nothing behind in the thread."""
    from AccessControl.SecurityManagement import newSecurityManager, noSecurityManager
    from AccessControl.users import system
    from Testing.makerequest import makerequest
    from zope.component.hooks import setSite
    from zope.globalrequest import clearRequest, setRequest

    transaction.begin()
    connection = database().open()
    try:
        root = makerequest(connection.root()["Application"])
        setRequest(root.REQUEST)
        newSecurityManager(None, system)
        action(root)
        transaction.get().note("site")
        transaction.commit()
    finally:
        transaction.abort()
        noSecurityManager()
        setSite(None)
        clearRequest()
        connection.close()


def _add_site(root: Any, title: str) -> None:
    from Products.CMFPlone.factory import addPloneSite

    addPloneSite(
        root,
        SITE_ID,
        title=title,
        extension_ids=(THEME, PROFILE.removeprefix("profile-")),
        default_language="da",
        portal_timezone="Europe/Copenhagen",
    )


def _upgrade(site: Any) -> None:
    from zope.component.hooks import setSite

    setSite(site)
    site.portal_setup.upgradeProfile(PROFILE)
