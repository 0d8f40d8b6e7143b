"""What is committed of others' work in the pages is what ASSETS.json says, file by file; nothing else of theirs is there."""

from __future__ import annotations

import hashlib
import json

from tillid.kernel.paths import PROJECT

STATIC = PROJECT / "src" / "tillid" / "web" / "static"
OURS = STATIC / "tillid"
PACKAGES = json.loads((STATIC / "ASSETS.json").read_text("utf-8"))["packages"]
FILES = {file["path"]: file["sha256"] for package in PACKAGES for file in package["files"]}


def test_each_file_is_the_one_that_was_fetched():
    changed = [
        path for path, sha256 in FILES.items() if hashlib.sha256((PROJECT / path).read_bytes()).hexdigest() != sha256
    ]
    assert changed == [], "make assets"


def test_no_file_of_others_is_unlisted_and_each_package_has_version_and_licence():
    there = {
        path.relative_to(PROJECT).as_posix()
        for path in STATIC.rglob("*")
        if path.is_file() and OURS not in path.parents
    }
    listed = {path for path in FILES if path.startswith(STATIC.relative_to(PROJECT).as_posix())}
    assert there - {(STATIC / "ASSETS.json").relative_to(PROJECT).as_posix()} == listed
    assert all(package["name"] and package["version"] and package["licence"] for package in PACKAGES)
