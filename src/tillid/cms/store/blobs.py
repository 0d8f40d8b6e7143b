"""Write-once bytes by their SHA-256 (design 21)."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from persistent import Persistent
from ZODB.blob import Blob
from ZODB.POSException import POSKeyError

from tillid.cms.store.records import branch
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError


class Content(Persistent):
    """A blob with what is known of it."""

    def __init__(self, media_type: str, size: int) -> None:
        self.media_type = media_type
        self.size = size
        self.blob = Blob()


class ZodbBlobs:
    """The port ``Blobs``. That files are on disk before a commit is acknowledged is up to the storage (``durable``)."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._contents = branch(root, "blobs")

    def put(self, data: bytes, media_type: str) -> str:
        digest = sha256(data)
        if digest not in self._contents:
            content = Content(media_type, len(data))
            with content.blob.open("w") as file:
                file.write(data)
            self._contents[digest] = content
        return digest

    def get(self, sha256_: str) -> bytes | None:
        """Raises ``TillidError`` (``blobs.damaged``) if the bytes are gone or are not those that were stored."""
        content = self._contents.get(sha256_)
        if content is None:
            return None
        try:
            with content.blob.open("r") as file:
                data = file.read()
        except (OSError, POSKeyError) as error:
            raise _damaged(sha256_, "missing") from error
        if sha256(data) != sha256_:
            raise _damaged(sha256_, "changed")
        return data


def _damaged(digest: str, how: str) -> TillidError:
    return TillidError(
        f"blob {digest} is {how}",
        code="blobs.damaged",
        text="Filen er beskadiget og vises derfor ikke. Kontakt jeres administrator.",
    )
