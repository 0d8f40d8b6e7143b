"""Posted forms: how many fields are taken apart, and in which there may be a file. (How many bytes may come is the server's limit,
``server.MOST_BYTES``.)

Every field becomes objects many times its size, so a body within the limit of bytes could still fill the memory.
"""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from tillid.kernel.errors import TillidError

# The largest table a definition can have, 500 rows of 12, comes to 6,000.
MOST_FIELDS = 100_000
_CHUNK = 1 << 20
# Routes → the field in which a file may be posted, or with a dot at its end how the names of such fields begin.
FILES = {
    **dict.fromkeys(("fill", "field", "settle", "design_try"), "f."),
    **dict.fromkeys(("design", "designs", "template"), "file"),
    "kle": "fil",
    "paper_sheet": "scan",
}
_LOOKED = "tillid.looked-for-files"


class TooManyFields(TillidError):
    code = "web.too-many-fields"
    text = "Formularen har for mange felter. Siden er ikke gemt. Åbn den igen, og gem lidt ad gangen."


class FileInText(TillidError):
    code = "web.file-in-text"
    text = "Der er sendt en fil i et felt, som kun kan rumme tekst. Intet er gemt. Gå tilbage, og prøv igen uden filen."


def takes_file(route: str, field: str) -> bool:
    """Whether what is posted there in ``field`` may be a file."""
    name = FILES.get(route)
    return name is not None and (field.startswith(name) if name.endswith(".") else field == name)


class BoundedRequest(Request):
    """A request whose form is counted before it is taken apart, and which was let through by the gate."""

    @property
    def path(self) -> str:
        """As webob's, which quotes what an address of ours has nothing of, below a mount point that there is not (``gate``)."""
        return self.environ["PATH_INFO"]

    def make_body_seekable(self) -> None:
        """As webob's, which makes an empty body of none for each page that is asked for."""
        if self.method == "POST" or self.is_body_readable:
            super().make_body_seekable()

    @property
    def POST(self) -> Any:
        """As webob's; raises ``TooManyFields``, and ``FileInText`` where a view would take a file for a word."""
        if "webob._parsed_post_vars" not in self.environ and self.method == "POST":
            self._count()
        posted = super().POST
        route = getattr(self, "matched_route", None)
        if route is not None and _LOOKED not in self.environ:
            if any(not isinstance(value, str) and not takes_file(route.name, name) for name, value in posted.items()):
                raise FileInText(route.name)
            self.environ[_LOOKED] = True
        return posted

    def _count(self) -> None:
        boundary = self.headers.get("Content-Type", "").partition("boundary=")[2].split(";")[0].strip('" ')
        mark = b"--" + boundary.encode("latin-1") if boundary else b"&"
        self.make_body_seekable()
        self.body_file_raw.seek(0)
        found, tail = 0, b""
        while chunk := self.body_file_raw.read(_CHUNK):
            found += (tail + chunk).count(mark)
            tail = chunk[len(chunk) - len(mark) + 1 :] if len(mark) > 1 else b""  # a mark across two chunks
            if found > MOST_FIELDS:
                raise TooManyFields(f"more than {MOST_FIELDS}")
        self.body_file_raw.seek(0)
