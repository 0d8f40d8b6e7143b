"""The peer: PostgreSQL's full text with its Danish configuration, in a cluster of its own that nothing else uses.

Asked through ``psql``, which also takes the times (``\\timing``: what the server needs and a socket on this machine).
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.search.corpus import UNITS
from tillid.archive.query import SearchEntry

PLACES = "/usr/lib/postgresql/*/bin"
_TABLE = """
create table document (id text primary key, form_id text, state text, year int, unit_id text, title text, body text,
  words tsvector generated always as (to_tsvector('danish', title || ' ' || body)) stored);
create index on document using gin (words); create index on document (unit_id);
"""
_PAGE = """
with asked as (select {query} as q),
hits as materialized (select id, form_id, state, year, ts_rank_cd(words, q) as rank from document, asked
  where words @@ q and unit_id = any('{{{units}}}')),
page as (select id from hits order by rank desc, id limit 20)
select (select count(*) from hits),
  (select json_object_agg(form_id, n) from (select form_id, count(*) n from hits group by 1) f),
  (select json_object_agg(state, n) from (select state, count(*) n from hits group by 1) s),
  (select json_object_agg(year, n) from (select year, count(*) n from hits group by 1) y),
  (select json_agg(ts_headline('danish', body, q)) from page join document using (id), asked);
"""
_BEST = (
    "select id from document, (select {query} as q) a where words @@ q order by ts_rank_cd(words, q) desc, id limit 10;"
)


class Postgres:
    """A cluster below ``folder``. ``started`` gives ``None`` where PostgreSQL is not installed."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self.version = programs.parent.name

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator[Postgres | None]:
        programs = sorted(Path("/").glob(PLACES.removeprefix("/")))
        if not programs:
            yield None
            return
        peer = cls(folder.absolute() / "postgres", programs[-1])
        peer._start()
        try:
            yield peer
        finally:
            peer._run("pg_ctl", "-D", str(peer.folder / "data"), "-m", "fast", "-w", "stop")

    def _start(self) -> None:
        self.folder.mkdir()
        if os.getuid() == 0:  # it refuses to run as root
            self.folder.parent.chmod(0o755)
            who = pwd.getpwnam("postgres")
            os.chown(self.folder, who.pw_uid, who.pw_gid)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        settings = f"-k {self.folder} -c listen_addresses='' -c shared_buffers=256MB -c work_mem=32MB"
        self._run("pg_ctl", "-D", data, "-l", str(self.folder / "log"), "-o", settings, "-w", "start")
        self._psql(_TABLE)

    def put(self, entries: Sequence[SearchEntry]) -> None:
        lines = "".join(_line(entry) for entry in entries)
        self._psql(f"copy document (id, form_id, state, year, unit_id, title, body) from stdin;\n{lines}\\.\n")

    def ids(self, words: str) -> Sequence[str]:
        return self._psql(_BEST.format(query=_query(words))).split()

    def page_times(self, asked: Sequence[str]) -> list[float]:
        pages = "".join(_PAGE.format(query=_query(words), units=",".join(UNITS[:20])) for words in asked)
        self._psql("analyze document;")
        said = self._psql(f"\\o /dev/null\n\\timing on\n{pages}")
        return [float(found) for found in re.findall(r"^Time: ([\d.]+) ms", said, re.MULTILINE)]

    def size(self) -> int:
        return int(self._psql("vacuum document; select pg_total_relation_size('document');").split()[-1])

    def _psql(self, script: str) -> str:
        where = ("-h", str(self.folder), "-U", "bench", "-d", "postgres")
        return self._run("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", *where, input=script)

    def _run(self, program: str, *options: str, input: str = "") -> str:
        before = (shutil.which("runuser") or "runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
        command = [*before, str(self.programs / program), *options]
        environment = {**os.environ, "PGOPTIONS": "-c client_min_messages=warning", "LC_ALL": "C.UTF-8"}
        # Output to a pipe would be held open by the server that pg_ctl leaves behind.
        with (self.folder / "said").open("w+b") as said:
            done = subprocess.run(
                command,
                check=False,
                input=input.encode(),
                stdout=said,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd="/",
            )
            said.seek(0)
            text = said.read().decode()
            if done.returncode:
                raise RuntimeError(f"{program}: {text[-500:]}")
            return text


def _query(words: str) -> str:
    """As a tsquery; ``ord*`` as a beginning, which websearch_to_tsquery does not know."""
    plain = " ".join(word for word in words.split() if not word.endswith("*"))
    parts = [f"websearch_to_tsquery('danish', {_text(plain)})"] if plain else []
    parts += [
        f"to_tsquery('danish', {_text(''.join(filter(str.isalnum, word)) + ':*')})"
        for word in words.split()
        if word.endswith("*")
    ]
    return " && ".join(parts)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _line(entry: SearchEntry) -> str:
    values = (entry.document_id, entry.form_id, entry.state, str(entry.year), entry.unit_id, entry.title, entry.text)
    return "\t".join(value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") for value in values) + "\n"
