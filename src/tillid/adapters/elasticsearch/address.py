"""Where the search server is, and the client that speaks with it.

The key and the server's own CA are files beside the other keys, never part of the address.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from elastic_transport import HttpHeaders, Urllib3HttpNode
from elasticsearch import Elasticsearch

from tillid.kernel.errors import TillidError

KEY = "search.key"  # an API key as the server gives it ("encoded"), or user:password
CA = "search-ca.crt"
NAME = "tillid-archive"
SECONDS = 5.0  # a person waits for it

_ADDRESS = re.compile(r"(elasticsearch|opensearch)(\+http)?")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
_OWN_MACHINE = ("127.0.0.1", "localhost", "::1")


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """``hosts``: addresses of its nodes; ``name``: the alias that is searched; ``credential``: see ``KEY``; ``ca``: a file."""

    product: str
    hosts: tuple[str, ...]
    name: str = NAME
    credential: str = ""
    ca: str = ""

    def __repr__(self) -> str:
        return f"Server({self.product}, {self.hosts}, {self.name})"


def server_at(address: str, keys: Path) -> Server:
    """The server that ``address`` names: ``elasticsearch://host:9200[,host:9200 …][/name]`` or ``opensearch://…``, over TLS;
    with ``+http`` without it, on this machine only. ``keys``: the folder of ``KEY`` and ``CA``. Raises ``TillidError``."""
    parts = urlsplit(address)
    scheme = _ADDRESS.fullmatch(parts.scheme)
    name = parts.path.strip("/") or NAME
    hosts = [urlsplit(f"//{host}") for host in parts.netloc.split(",")]
    open_line = bool(scheme and scheme[2])
    if not scheme or not _NAME.fullmatch(name) or not all(_is_host(host, open_line) for host in hosts):
        raise TillidError(
            "no address of a search server",
            code="search.address",
            text="Søgeserverens adresse kan ikke bruges. Skriv den som elasticsearch://vært:9200/navn uden kodeord.",
        )
    kind = "http" if open_line else "https"
    ca = keys / CA
    return Server(
        product=scheme[1],
        hosts=tuple(f"{kind}://{host.netloc if host.port else host.netloc + ':9200'}" for host in hosts),
        name=name,
        credential=_credential(keys / KEY),
        ca=str(ca) if ca.exists() and not open_line else "",
    )


def _is_host(host: Any, open_line: bool) -> bool:
    try:
        port_is_one = host.port is None or host.port > 0
    except ValueError:
        return False
    return (
        bool(host.hostname)
        and port_is_one
        and "@" not in host.netloc
        and (not open_line or host.hostname in _OWN_MACHINE)
    )


def _credential(path: Path) -> str:
    if not path.exists():
        return ""
    if path.stat().st_mode & 0o077:
        raise TillidError(
            "others can read the key of the search server",
            code="search.key-open",
            text="Andre brugere på maskinen kan læse {file}. Kør »chmod 600« på den, og start igen.",
            file=path,
        )
    return path.read_text().strip()


def client_of(server: Server) -> Elasticsearch:
    """The client: another node is tried when one does not answer; nobody waits longer than ``SECONDS`` for an answer."""
    options: dict[str, Any] = {"request_timeout": SECONDS, "max_retries": 2, "retry_on_timeout": False}
    if server.credential:
        basic = ":" in server.credential
        login = tuple(server.credential.split(":", 1)) if basic else server.credential
        options["basic_auth" if basic else "api_key"] = login
    if server.ca:
        options["ca_certs"] = server.ca
    if server.product == "opensearch":
        options["node_class"] = OpenSearchNode
    return Elasticsearch(list(server.hosts), retry_on_status=(), **options)


class OpenSearchNode(Urllib3HttpNode):
    """The client speaks a dialect of JSON that it names, and wants to hear that the server is Elasticsearch; what Tillid asks
    for is the same in both, so the dialect's name goes and the answer gets the header."""

    def perform_request(
        self, method: str, target: str, body: bytes | None = None, headers: HttpHeaders | None = None, **more: Any
    ) -> Any:
        plain = HttpHeaders(headers or {})
        for name in ("accept", "content-type"):
            if name in plain:
                plain[name] = "application/x-ndjson" if "ndjson" in plain[name] else "application/json"
        answer = super().perform_request(method, target, body=body, headers=plain, **more)
        told = HttpHeaders({**answer.meta.headers, "x-elastic-product": "Elasticsearch"})
        return answer._replace(meta=replace(answer.meta, headers=told))
