"""A real Elasticsearch for the tests: fetched, built and started by the scripts in deploy/elasticsearch."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from elasticsearch import ApiError, Elasticsearch

from tillid.adapters.elasticsearch import Server, server_at
from tillid.kernel.paths import PROJECT

SCRIPTS = PROJECT / "deploy" / "elasticsearch"
FETCHED = PROJECT / "var" / "search"
SECONDS = 180


def fetched() -> str:
    """The server and its version, if a node can start without fetching anything; else empty."""
    where = Path(subprocess.check_output([SCRIPTS / "fetch.sh", "--where", FETCHED], text=True).strip())
    return where.parent.name if where.exists() else ""


class Node:
    """Started in the background by ``Node()``; ``wait`` returns when it answers. ``settings``: its own, as ``-E a=b …``. With
    ``heap`` (``2g``) it is one to be measured: compiled as far as it goes. Not in pytest's own folder: the server is another user
    where the tests are root's."""

    def __init__(self, settings: str = "", heap: str = "") -> None:
        self._environment = {"ES_EXTRA": settings, **({"ES_HEAP": heap, "ES_LASTING": "yes"} if heap else {})}
        self.folder = Path(tempfile.mkdtemp(prefix="tillid-search-"))
        self.folder.chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._password = secrets.token_hex(16)
        self._ready = False
        self._starting = self._start()

    def _start(self) -> subprocess.Popen[str]:
        home = f'"$({SCRIPTS}/fetch.sh {FETCHED})"'
        with (self.folder / "starting").open("w") as told:
            starting = subprocess.Popen(
                ["bash", "-c", f"set -e; home={home}; exec {SCRIPTS}/start.sh $home {self.folder}/run {self.port}"],
                stdin=subprocess.PIPE,
                stdout=told,
                stderr=told,
                text=True,
                env=os.environ | self._environment,
            )
        assert starting.stdin
        starting.stdin.write(self._password + "\n")
        starting.stdin.close()
        return starting

    def wait(self) -> None:
        """Until it answers and there is a key for Tillid. Never skipped: `make install --test` installs what it needs."""
        if self._ready:
            return
        code = self._starting.wait(SECONDS)
        told = (self.folder / "starting").read_text()[-2000:]
        log = self.folder / "run" / "start.log"
        assert code == 0, f"Elasticsearch did not start: {told}{log.read_text()[-3000:] if log.exists() else ''}"
        keys = self.folder / "keys"
        keys.mkdir()
        shutil.copy(self.folder / "run" / "config" / "certs" / "ca.crt", keys / "search-ca.crt")
        self.root = Elasticsearch(
            self.address.replace("elasticsearch:", "https:"),
            basic_auth=("elastic", self._password),
            ca_certs=str(keys / "search-ca.crt"),
            request_timeout=60,
        )
        body = json.loads((SCRIPTS / "api-key.json").read_text())
        key = self._once_it_knows_us(lambda: self.root.security.create_api_key(**body))
        (keys / "search.key").touch(0o600)
        (keys / "search.key").write_text(key["encoded"])
        self.keys = keys
        self._ready = True

    @staticmethod
    def _once_it_knows_us(ask: Callable[[], Any]) -> Any:
        """It answers before it can tell who asks."""
        for _ in range(100):
            try:
                return ask()
            except ApiError as error:
                if error.status_code not in (401, 503):
                    raise
                time.sleep(0.2)
        return ask()

    @property
    def address(self) -> str:
        return f"elasticsearch://127.0.0.1:{self.port}"

    def server(self, name: str, **changes: object) -> Server:
        """The server as Tillid is told of it, with the key of least privileges."""
        return msgspec.structs.replace(server_at(f"{self.address}/{name}", self.keys), **changes)

    def forget(self, name: str) -> None:
        """Delete the indices of ``name``."""
        found = self.root.indices.get(index=f"{name}-*", ignore_unavailable=True)
        for one in found:
            self.root.indices.delete(index=one)

    @property
    def pid(self) -> int:
        return int((self.folder / "run" / "pid").read_text())

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """Within it the server answers nobody, and does not end either."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def add_user(self, name: str, password: str) -> None:
        """A user of the node's configuration, as ``elasticsearch-users useradd NAME -r tillid`` makes one, with what the key may."""
        config, salt = self.folder / "run" / "config", secrets.token_bytes(32)
        found = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
        said = "$".join(["{PBKDF2}10000", *(base64.b64encode(one).decode() for one in (salt, found))])
        role = json.loads((SCRIPTS / "api-key.json").read_text())["role_descriptors"]
        for file, text in (
            ("users", f"{name}:{said}"),
            ("users_roles", f"tillid:{name}"),
            ("roles.yml", json.dumps(role)),
        ):
            (config / file).write_text(text + "\n")
            (config / file).chmod(0o644)  # the server is another user where the tests are root's

    def again_on_an_empty_disk(self) -> None:
        """Ended, its data removed, and started: it has its configuration and nothing else. Returns when it answers."""
        self._end()
        shutil.rmtree(self.folder / "run" / "data")
        self._starting = self._start()
        assert self._starting.wait(SECONDS) == 0

    def stop(self) -> None:
        """End it and remove what it wrote."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._starting.wait(SECONDS)
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            pid = self.pid
            os.kill(pid, signal.SIGKILL)
            while Path(f"/proc/{pid}").exists():
                time.sleep(0.05)


class PlainNode:
    """Another real server, without security: OpenSearch, where what its own transport class has to translate is the same with
    it, or Elasticsearch 9, whose security nobody publishes whole."""

    def __init__(self, product: str, start: Path) -> None:
        self._product = product
        self.folder = Path(tempfile.mkdtemp(prefix="tillid-plain-"))
        self.port = next(port for port in range(9210, 9290) if _is_free(port))  # OpenSearch takes none above
        with (self.folder / "log").open("w") as told:
            command = [str(start), str(FETCHED), str(self.folder / "run")]
            self._process = subprocess.Popen(
                [*command, str(self.port)], stdin=subprocess.DEVNULL, stdout=told, stderr=told
            )
        until = time.monotonic() + 2 * SECONDS
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()[-3000:]
            assert time.monotonic() < until, f"{self._product} did not start"
            time.sleep(0.5)

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_cluster/health", timeout=2) as answer,
        ):
            return answer.status == 200
        return False

    def server(self, name: str) -> Server:
        return server_at(f"{self._product}+http://127.0.0.1:{self.port}/{name}", self.folder)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0
