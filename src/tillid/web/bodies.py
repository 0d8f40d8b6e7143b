"""Posted forms: how many fields are taken apart. (How many bytes may come is the server's limit, ``server.MOST_BYTES``.)

Every field becomes objects many times its size, so a body within the limit of bytes could still fill the memory.
"""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from tillid.kernel.errors import TillidError

# The largest table a definition can have, 500 rows of 12, comes to 6,000.
MOST_FIELDS = 100_000
_CHUNK = 1 << 20


class TooManyFields(TillidError):
    code = "web.too-many-fields"
    text = "Formularen har for mange felter. Siden er ikke gemt. Åbn den igen, og gem lidt ad gangen."


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
        """As webob's; raises ``TooManyFields``."""
        if "webob._parsed_post_vars" not in self.environ and self.method == "POST":
            self._count()
        return super().POST

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
