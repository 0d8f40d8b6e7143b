"""The fast tests start without Plone.

In a whole run other tests load its modules, so this asks in a new process.
"""

from __future__ import annotations

import subprocess
import sys

from tillid.kernel.paths import PROJECT

COLLECT = """
import sys, pytest
code = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", *sys.argv[1:]])
heavy = [name for name in ("Products.CMFPlone", "Zope2", "plone.api", "plone.app.testing") if name in sys.modules]
sys.exit(f"loaded: {heavy}" if heavy else int(code))
"""


def test_collecting_the_fast_tests_loads_no_plone() -> None:
    folders = [f"tests/{name}" for name in ("unit", "property", "vectors") if (PROJECT / "tests" / name).is_dir()]
    command = [sys.executable, "-c", COLLECT, *folders]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
