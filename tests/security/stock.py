"""The stock addresses as bytes, and requests that need more than a verb and a target."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.security.door import request

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SOAP = '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>'
CALL = "<?xml version='1.0'?><methodCall><methodName>{}</methodName><params/></methodCall>"
DOCUMENT = "/{site}/{house}/{document}"


@dataclass(frozen=True)
class Stock:
    """One request; ``headers`` replace those that every request carries."""

    kind: str
    verb: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def data(self, always: dict[str, str], names: dict[str, str]) -> bytes:
        """The bytes of it; what ``always`` has and this replaces is left out, an empty value leaves the header away."""
        own = {name.lower() for name in self.headers}
        headers = {name: value for name, value in always.items() if name.lower() not in own}
        headers |= {name: value for name, value in self.headers.items() if value}
        return request(self.verb, _filled(self.target, names), headers, _filled(self.body, names).encode())


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


def listed() -> list[Stock]:
    """The lines of ``stock_addresses.txt``."""
    found, kind = [], ""
    for line in (Path(__file__).parent / "stock_addresses.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            verb, _, target = line.rpartition(" ")
            found.append(Stock(kind, verb or "GET", target, FORM if verb == "POST" else {}))
    return found


def _remote_calls() -> list[Stock]:
    names = ("manage_main", "objectIds", "acl_users.getUserNames", "manage_addFolder", "system.multicall", "__init__")
    xml = [Stock("XML-RPC", "POST", path, {"Content-Type": kind}, CALL.format(name))
           for path in ("/", "/{site}") for kind in ("text/xml", "application/xml") for name in names]  # fmt: skip
    json = [Stock("JSON", "POST", path, {"Content-Type": kind, "Accept": "application/json"}, '{"login": "admin"}')
            for path in ("/", "/login", "/{site}/@login", DOCUMENT) for kind in ("application/json", "text/plain", "")]  # fmt: skip
    dav = [Stock("WebDAV", verb, path, {"Content-Type": "text/xml", "Depth": "infinity"}, SOAP)
           for verb in ("PROPFIND", "PROPPATCH", "LOCK", "SEARCH") for path in ("/", "/login", DOCUMENT)]  # fmt: skip
    return xml + json + dav


def _form_tricks() -> list[Stock]:
    """What Zope's form converter calls by a field's name."""
    bodies = (
        "manage_main:method=1", ":method=manage_main", "manage_delObjects:method=1&ids={site}", ":action=manage_main",
        "manage_workspace:default_method=1", ":default_method=manage_main", "x:int=1&y:list=2&z:records=3",
        "form.button.Delete=1&_authenticator=0", "__ac_name=admin&__ac_password=x&came_from=/", "-C=1",
    )  # fmt: skip
    posted = [Stock("form tricks", "POST", path, FORM, body) for path in ("/", "/{site}") for body in bodies]
    asked = [Stock("form tricks", "GET", "/{site}?" + body) for body in bodies]
    return posted + asked


def _headers() -> list[Stock]:
    """Headers that other servers believe; each on an address of Plone's, and foreign hosts on addresses of ours too."""
    believed = {
        "X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "PUT", "X-Method-Override": "PATCH",
        "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/{site}", "X-Original-URL": "/manage_main", "X-Rewrite-URL": "/manage_main",
        "X-Real-IP": "127.0.0.1", "Forwarded": "host=evil.example", "X-Remote-User": "admin", "REMOTE_USER": "admin",
        "X-Zope-Script-Name": "/{site}", "SCRIPT_NAME": "/{site}", "X-VHM-Root": "/{site}", "If": "(<x>)",
        "Accept": "application/json", "Upgrade": "websocket", "Destination": "/ny", "Translate": "f",
        "Authorization": "Bearer x.y.z", "X-CSRF-Token": "x", "Expect": "x",
    }  # fmt: skip
    plone = [Stock("headers", "GET", DOCUMENT, {name: value}) for name, value in believed.items()]
    hosts = ("evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "evil.example@127.0.0.1", "[::1]", "x:y", " ")
    foreign = [Stock("foreign hosts", "GET", path, {"Host": host})
               for path in ("/", "/login", "/ok", "/manage_main") for host in hosts]  # fmt: skip
    return plone + foreign


def stock_requests() -> list[Stock]:
    """All of them, each once."""
    return [*listed(), *_remote_calls(), *_form_tricks(), *_headers()]
