"""Packages and questions that are made to cost: refused, or answered, in a process that has half a gigabyte and few seconds."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from tests.unit.adapters.test_package_check_bad import ended, entry
from tests.unit.adapters.test_package_files import folder, in_mets, refused
from tillid.archive.package_check import MAX_FILES
from tillid.kernel.paths import PROJECT

__all__ = ["folder"]
MANY = 100_000
SECONDS = 10  # of processor time, for one package or one question
FILE = re.compile(r"<file [^>]*>.*?</file>", re.DOTALL)


def files(at: Path, count: int) -> Path:
    (many := at / "documentation" / "many").mkdir()
    for number in range(count):
        os.mknod(many / str(number), 0o100600)
    return at


def named(at: Path, count: int) -> Path:
    """In METS, with ids and places of their own."""
    text = (at / "METS.xml").read_text("utf-8")
    one = FILE.search(text)
    assert one is not None

    def other(number: int) -> str:
        with_id = re.sub(r'ID="[^"]*"', f'ID="i{number}"', one[0], count=1)
        return re.sub(r'href="[^"]*"', f'href="d/{number}"', with_id)

    (at / "METS.xml").write_text(text.replace(one[0], one[0] + "".join(map(other, range(count)))), "utf-8")
    return at


def zipped(at: Path, count: int) -> Path:
    (path := at.with_name("many.zip")).write_bytes(ended(b"", [entry(b"d/%d" % n, 0, 0, 0) for n in range(count)]))
    return path


def bagged(at: Path, lines: str) -> Path:
    """A bag whose manifest names ``lines`` more."""
    bag = at.with_name("bag")
    shutil.move(at, bag / at.name)
    bagit.make_bag(str(bag), checksums=["sha256"])
    (bag / "tagmanifest-sha256.txt").unlink()
    with (bag / "manifest-sha256.txt").open("a") as manifest:
        manifest.write(lines)
    return bag


def bomb(at: Path, megabytes: int) -> Path:
    path = at.with_name("bomb.zip")
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("METS.xml", "w", force_zip64=True) as mets,
    ):
        for _ in range(megabytes):
            mets.write(b" " * 2**20)
    return path


def laughs(at: Path) -> Path:
    tens = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    in_mets(at, "<mets ", f'<!DOCTYPE m [<!ENTITY a0 "ha">{tens}]><mets ')
    return at


def after_header(at: Path, what: str) -> Path:
    in_mets(at, "</metsHdr>", f"</metsHdr>{what}")
    return at


PACKAGES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "a folder of one file more than any": ("package.too-many", lambda at: files(at, MAX_FILES + 1)),
    "a folder of 100,000": ("package.too-many", lambda at: files(at, MANY)),
    "a zip of 100,000 files": ("package.too-many", lambda at: zipped(at, MANY)),
    "a METS file that names 100,000": ("package.mets-size", lambda at: named(at, MANY)),
    "one that names as many as fit": ("package.too-many", lambda at: named(at, 60_000)),
    "a bag that names 100,000": (
        "package.too-many",
        lambda at: bagged(at, "".join(f"{n:064x}  data/x/{n}\n" for n in range(MANY))),
    ),
    "a zip bomb": ("package.too-large", lambda at: bomb(at, 300)),
    "a METS file that is one": ("package.mets-size", lambda at: bomb(at, 45)),
    "a thousand million laughs": ("package.mets-dtd", laughs),
    "elements one in another": ("package.mets-broken", lambda at: after_header(at, "<a>" * 90_000 + "</a>" * 90_000)),
    "an attribute of 19 MB": ("package.mets-broken", lambda at: after_header(at, f'<a b="{"x" * 19_000_000}"/>')),
}
BOUNDS = """
import json, resource, sys, time
sys.path.insert(0, {project!r})
from pathlib import Path
{before}
resource.setrlimit(resource.RLIMIT_CPU, (60, 61))
resource.setrlimit(resource.RLIMIT_DATA, (512 * 2**20, 512 * 2**20))
{asked}
"""
CHECKED = """
began = time.process_time()
try:
    check(opened(Path(sys.argv[1])))
    told = "taken"
except PackageRefused as refused:
    told = refused.code
print(json.dumps([told, time.process_time() - began]))
"""
CHECKING = """
from tillid.adapters.package_sources import opened
from tillid.archive.package_check import check
from tillid.archive.package_read import PackageRefused
"""


def bounded(before: str, asked: str, *given: Path) -> subprocess.CompletedProcess[str]:
    code = BOUNDS.format(project=str(PROJECT), before=before, asked=asked)
    return subprocess.run([sys.executable, "-c", code, *map(str, given)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("what", PACKAGES)
@pytest.mark.req("R-84")
def test_a_package_that_is_made_to_cost_is_refused_within_bounds(folder, what):
    code, make = PACKAGES[what]
    done = bounded(CHECKING, CHECKED, make(folder))
    assert done.returncode == 0, done.stderr[-300:]
    told, took = json.loads(done.stdout)
    assert told == code and took < SECONDS


@pytest.mark.req("R-84")
def test_a_name_in_a_bag_does_nothing_to_the_terminal_and_stands_in_no_log(folder, caplog):
    bag = bagged(folder, f"{0:064x}  data/x/\x1b]0;ours\x07\x1b[2J%0Amere\n")
    command = [sys.executable, "-m", "tillid", "package", "check", str(bag)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "[package.bag]" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr and "mere" not in done.stderr
    assert refused(bag) == "package.bag" and not caplog.records


QUESTIONS = ("leg " * 10_000, "leg" * 350_000, "*ord " * 20, "(" * 490, '"' * 490, "/(a+)+$/ " * 20, "(a|a)*b " * 20,
             "be* " * 32, " ".join(f"be{one}*" for one in "abcdefghijklmnopqrstuvwxyzæøå"), '"be be be* ' * 8,
             "\u202e" * 490, "adresse:vej " * 20, "a-" * 245)  # fmt: skip
ASKING = """
import random
from tests.contract.search.searching import ask, entry
from tillid.adapters.tantivy import TantivyIndex
from tillid.archive.query import QueryRefused
from tillid.archive.analysis import did_you_mean, vocabulary_of
index, chance = TantivyIndex(sys.argv[1]), random.Random(7)
words = ["be" + "".join(chance.choices("abcdefghijklmnopqrstuvwxyzæøå", k=7)) for _ in range(20_000)]
index.put_many(entry(n, "leg " + " ".join(words[n * 100 : n * 100 + 100])) for n in range(200))
known = vocabulary_of([" ".join(words)])
"""
ASKED = """
for words in json.loads(Path(sys.argv[2]).read_text()):
    began = time.process_time()
    try:
        found = index.search(ask(words))
        index.excerpts(found.hits, ask(words))
        told = "answered"
    except QueryRefused as refused:
        told = refused.code
    did_you_mean(known, words)
    print(json.dumps([told, time.process_time() - began]))
"""


def test_a_question_that_is_made_to_cost_is_refused_or_answered_within_bounds(tmp_path):
    (tmp_path / "questions").write_text(json.dumps(QUESTIONS))
    done = bounded(ASKING, ASKED, tmp_path / "index", tmp_path / "questions")
    assert done.returncode == 0, done.stderr[-300:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [code for code, _ in told[:2]] == ["search.too-long"] * 2 and len(told) == len(QUESTIONS)
    assert {code for code, _ in told[2:]} == {"answered"}
    assert all(took < SECONDS for _, took in told), told


INSIDE = """
from tillid.archive.package_check import Checked
from types import SimpleNamespace
from tillid.archive.package_held import DATA
from tillid.archive.package_pdf import _shown_all, _told_in
from tillid.archive.package_proof import prove
from tillid.archive.package_read import Listed, MetsRead
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import new_id
version = json.dumps({"document": new_id(), "number": "TD-1", "version": 1, "answers_sha256": "", "answers_all_here": True,
                      "definition_as_pinned": True, "pdf": []}).encode()
class Lying:
    def __init__(self, **files):
        self.files = {DATA + name.replace("_", "."): data for name, data in files.items()}
    def chunks(self, path):
        yield self.files[path]
def told(**files):
    source = Lying(**files)
    listed = tuple(Listed(path=path, size=len(data), sha256=sha256(data), media_type="") for path, data in source.files.items())
    mets = MetsRead(id="", label="", made_at="", agents=(), files=listed, pointers=())
    return {of: one.step for of, one in prove(source, Checked(mets=mets, files=listed), None).found}
"""
TOLD = """
many = b"[" + b"{}," * 16_000_000 + b"{}]"
def in_pdf(data):
    return _told_in(SimpleNamespace(files=[SimpleNamespace(name="answers.json", data=data)]))
deep = b"[" * 900 + b"]" * 900
within = [in_pdf(b'{"document":{"id":"d","a":' + many + b'},"answers":{}}'), in_pdf(b'{"document":{"id":"d"},"answers":{"a":' + many + b"}}")]
depths = [b"[" * depth + b"]" * depth for depth in range(900, 1000)]  # around the deepest that can be read at all
attached = [told(version_json=version, events_jsonl=b"{}\\n", answers_json=one, **{"attachments/a": b"x"})["attachments"] for one in depths]
below = [_shown_all(json.loads(deep), json.loads(deep)), *set(attached)]
print(json.dumps([within, below, told(version_json=version[:-3] + many + b"}", events_jsonl=b"{}\\n"), told(version_json=version, events_jsonl=b'{"payload":' + many + b"}\\n"),
                  told(version_json=version, events_jsonl=b"{}\\n"), time.process_time()]))
"""


@pytest.mark.req("R-84", "R-85")
def test_a_package_whose_own_lists_are_made_to_cost_is_judged_within_bounds():
    """Whole by its METS, and what lies in it is a hundred times as large once it is read."""
    done = bounded(INSIDE, TOLD)
    assert done.returncode == 0, done.stderr[-300:]
    in_pdf, deep, bad_version, bad_events, small, took = json.loads(done.stdout)
    assert in_pdf == [None, None] and deep == [False, "inside.attached"]
    assert bad_version == {"version.json": "inside.none"} and bad_events["version.json"] == "inside.none"
    assert small["events.jsonl"] == "inside.events" and took < SECONDS
