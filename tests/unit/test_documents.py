"""The files that README and ARCHITECTURE name are there."""

from __future__ import annotations

import re

import pytest

from tillid.kernel.paths import PROJECT

NAMED = re.compile(r"`([\w./-]+\.(?:py|csv|md|sh|xsd|png))`|\]\(([\w./-]+)\)")


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_named_exists(page):
    text = (PROJECT / page).read_text("utf-8")
    names = [one or other for one, other in NAMED.findall(text)]
    assert names
    missing = [
        name for name in names
        if not any((root / name).exists() for root in (PROJECT, PROJECT / "src" / "tillid", PROJECT / "src" / "tillid" / "usecases",
                                                       PROJECT / "src" / "tillid" / "cms" / "store"))
        and not name.startswith("benchmarks/RESULTS")
    ]  # fmt: skip
    assert not missing
