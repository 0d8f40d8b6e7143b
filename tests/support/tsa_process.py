"""A timestamp authority as a process of its own, over HTTP: one address per way to behave.

    python -m tests.support.tsa_process FOLDER

FOLDER gets ``good.pem`` (the root to trust); the port is printed. ``/good`` is our own authority, ``/openssl`` the program
``openssl ts``; every other address is a fault.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import tsp

from scripts.make_devca import issue, key_pem, pem
from tillid.adapters.tsa_own import OwnAuthority
from tillid.kernel.clock import SystemClock

OTHER_POLICY = "1.3.6.1.4.1.32473.9"
CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/good.chain.pem
certs = {folder}/good.root.pem
signer_key = {folder}/good.key.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Lying(OwnAuthority):
    """Signs well, but not what was asked; ``lie``: what is changed."""

    lie = ""

    def info(self, asked: tsp.TimeStampReq) -> dict[str, object]:
        told = super().info(asked)
        if self.lie == "wrong-imprint":
            told["message_imprint"] = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\0" * 32}
        elif self.lie == "other-digest":
            told["message_imprint"] = {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"\0" * 20}
        elif self.lie == "wrong-nonce":
            told["nonce"] = asked["nonce"].native + 1
        elif self.lie == "no-nonce":
            del told["nonce"]
        elif self.lie == "other-policy":
            told["policy"] = OTHER_POLICY
        elif self.lie == "future":
            told["gen_time"] += timedelta(hours=1)  # type: ignore[operator]
        elif self.lie == "past":
            told["gen_time"] -= timedelta(hours=1)  # type: ignore[operator]
        return told


LIES = ("wrong-imprint", "other-digest", "wrong-nonce", "no-nonce", "other-policy", "future", "past")


def authorities(folder: Path) -> dict[str, OwnAuthority]:
    """Certificates made anew in ``folder``: one good, the others each with one fault."""
    root = issue("TEST tidsstempel, prøve", authority=True, years=(2019, 2069))
    stranger = issue("TEST fremmed", authority=True, years=(2019, 2069))
    leaves = {
        "good": (issue("TEST TSA", issuer=root, stamps=True), root),
        "expired": (issue("TEST TSA", issuer=root, years=(2020, 2022), stamps=True), root),
        "not-yet": (issue("TEST TSA", issuer=root, years=(2060, 2064), stamps=True), root),
        "wrong-usage": (issue("TEST TSA", issuer=root), root),
        "stranger": (issue("TEST TSA", issuer=stranger, stamps=True), stranger),
    }
    made: dict[str, OwnAuthority] = {}
    for name, ((leaf, key), above) in leaves.items():
        (folder / f"{name}.key.pem").write_bytes(key_pem(key))
        (folder / f"{name}.chain.pem").write_bytes(pem(leaf, above[0]))
        (folder / f"{name}.root.pem").write_bytes(pem(above[0]))
        made[name] = OwnAuthority(folder / f"{name}.key.pem", folder / f"{name}.chain.pem", SystemClock(), demo=True)
    for lie in LIES:
        made[lie] = Lying(folder / "good.key.pem", folder / "good.chain.pem", SystemClock(), demo=True)
        made[lie].lie = lie  # type: ignore[attr-defined]
    return made


def openssl(folder: Path, query: bytes) -> bytes:
    """What ``openssl ts`` answers."""
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "query.tsq").write_bytes(query)
    if not (folder / "serial").exists():
        (folder / "serial").write_text("01\n")
    command = ["openssl", "ts", "-reply", "-config", folder / "openssl.cnf", "-queryfile", folder / "query.tsq"]
    subprocess.run([*command, "-out", folder / "answer.tsr"], check=True, capture_output=True)
    return (folder / "answer.tsr").read_bytes()


def changed(response: bytes) -> bytes:
    """The same answer with another last byte: that of the signature."""
    return response[:-1] + bytes([response[-1] ^ 1])


REFUSAL = bytes.fromhex("30053003020102")  # PKIStatusInfo: rejection, and no token


class Handler(BaseHTTPRequestHandler):
    folder: Path
    known: dict[str, OwnAuthority]

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        mode = self.path.strip("/")
        if mode in self.known:
            self.reply(self.known[mode].ask(query))
        elif mode == "openssl":
            self.reply(openssl(self.folder, query))
        elif mode == "changed":
            self.reply(changed(self.known["good"].ask(query)))
        elif mode == "refused":
            self.reply(REFUSAL)
        elif mode == "garbage":
            self.reply(b"<html>It works!</html>")
        elif mode == "empty":
            self.reply(b"")
        elif mode == "large":
            self.reply(self.known["good"].ask(query) + b"\0" * 5_000_000)
        elif mode == "slow":
            time.sleep(30)
        elif mode == "dripping":
            self.send_response(200)
            self.end_headers()
            for _ in range(60):
                self.wfile.write(b"0")
                self.wfile.flush()
                time.sleep(0.2)
        elif mode == "moved":
            self.reply(b"", 302, Location="/good")
        else:
            self.reply(b"", 500)

    def reply(self, data: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """What is asked of it is no part of the tests' output."""


def main(folder: Path) -> None:
    Handler.folder, Handler.known = folder, authorities(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
