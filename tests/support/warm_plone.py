"""Plone imported and configured, with no database opened: preloaded by the process that tests fork servers from (``forked.py``).

``tillid start`` and ``tillid walk`` as people run them, from a cold process, are what tests/browser and tests/walks begin with.
"""

from __future__ import annotations

import os
import tempfile
from importlib import import_module
from pathlib import Path

from tests.support.cheap_passwords import cheap_passwords
from tests.support.compiled_pages import share_compiled
from tests.support.definitions import our_definitions
from tillid.cms import starting

os.environ.setdefault("zope_i18n_allowed_languages", "da en")

# What the commands import when they run.
COMMANDS = ("cli.start", "cli.walk", "demo.loading", "demo.walking", "tasks.worker", "web.app", "web.server")


def configure() -> None:
    """What ``starting.start_zope`` has Zope do before and after it opens the database; it finds this done."""
    from AccessControl.SecurityManagement import newSecurityManager, noSecurityManager
    from AccessControl.users import system
    from OFS.Application import import_products
    from Zope2.App.patches import apply_patches
    from Zope2.App.startup import load_zcml
    from Zope2.Startup.run import configure_wsgi

    with tempfile.TemporaryDirectory(prefix="tillid-warm-") as folder:
        configure_wsgi(str(starting._write_instance(Path(folder))))
        starting._quieten()
        apply_patches()
        import_products()
        newSecurityManager(None, system)
        load_zcml()
        noSecurityManager()


for name in COMMANDS:
    import_module(f"tillid.{name}")
our_definitions()
cheap_passwords()
share_compiled()
configure()
