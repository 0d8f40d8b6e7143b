"""Three Elasticsearch nodes of one cluster, each of which can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from elasticsearch import ApiError, Elasticsearch, TransportError

from tests.contract.search.node import FETCHED, SCRIPTS
from tillid.adapters.elasticsearch import Server

PASSWORD = "a-password-of-a-test"
SECONDS = 300


class Cluster:
    """Three, for with two nobody can tell which half is the right one."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tillid-cluster-"))
        self.folder.chmod(0o755)
        self._home = subprocess.check_output([SCRIPTS / "fetch.sh", FETCHED], text=True).strip()
        self.http, self._transport = _free_ports(3), _free_ports(3)
        starting = [self._start(number) for number in range(3)]
        for one in starting:
            assert one.wait(SECONDS) == 0, [path.read_text()[-2000:] for path in self.folder.glob("*/start.log")]
        authorities = "".join(self._run(n).joinpath("config/certs/ca.crt").read_text() for n in range(3))
        (self.folder / "ca.crt").write_text(authorities)
        hosts = tuple(f"https://127.0.0.1:{port}" for port in self.http)
        self.server = Server(
            product="elasticsearch", hosts=hosts, credential=f"elastic:{PASSWORD}", ca=str(self.folder / "ca.crt")
        )
        self._nodes = [
            Elasticsearch([host], basic_auth=("elastic", PASSWORD), ca_certs=self.server.ca, request_timeout=30)
            for host in hosts
        ]
        self.wait_green()

    def _run(self, number: int) -> Path:
        return self.folder / f"c{number}"

    def _start(self, number: int) -> subprocess.Popen[str]:
        settings = {
            "cluster.name": "three",
            "transport.port": self._transport[number],
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in self._transport),
            "cluster.initial_master_nodes": "c0,c1,c2",
        }
        extra = " ".join(f"-E {name}={value}" for name, value in settings.items())
        environment = os.environ | {"ES_NAME": f"c{number}", "ES_CLUSTER": "1", "ES_EXTRA": extra}
        command = [str(SCRIPTS / "start.sh"), self._home, str(self._run(number)), str(self.http[number])]
        started = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert started.stdin
        started.stdin.write(PASSWORD + "\n")
        started.stdin.close()
        return started

    def kill(self, number: int) -> None:
        pid = int((self._run(number) / "pid").read_text())
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.05)

    def start_again(self, number: int) -> None:
        assert self._start(number).wait(SECONDS) == 0
        self.wait_green()

    def wait_green(self) -> None:
        """Until three nodes have every copy again, and each of them says so: one that has joined just now knows nobody yet (401)."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(ApiError, TransportError):
                asked = {"wait_for_status": "green", "wait_for_nodes": "3", "timeout": "5s"}
                if not any(one.cluster.health(**asked)["timed_out"] for one in self._nodes):
                    return
            time.sleep(0.5)
        raise AssertionError("the cluster did not become whole")

    def close(self) -> None:
        for number in range(3):
            with contextlib.suppress(OSError, ValueError):
                self.kill(number)
        shutil.rmtree(self.folder, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as taken:
        sockets = [taken.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
