"""Write-once bytes by their SHA-256 (design 21)."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from persistent import Persistent
from ZODB.blob import Blob
from ZODB.POSException import POSKeyError

from tillid.archive.fixity import Fixity
from tillid.cms.store.records import Record, branch, decode, encode, keys_after, read_current
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError

_FIXITY = "fixity"  # made with the first reading


class Content(Persistent):
    """A blob with what is known of it."""

    def __init__(self, media_type: str, size: int) -> None:
        self.media_type = media_type
        self.size = size
        self.blob = Blob()


class ZodbBlobs:
    """The port ``Blobs``. That files are on disk before a commit is acknowledged is up to the storage (``durable``)."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._root = root
        self._contents = branch(root, "blobs")

    def put(self, data: bytes, media_type: str) -> str:
        digest = sha256(data)
        found = self._contents.get(digest)
        if found is not None:
            read_current(found)  # if it is removed meanwhile, this is done again and stores it
        else:
            content = Content(media_type, len(data))
            with content.blob.open("w") as file:
                file.write(data)
            self._contents[digest] = content
        return digest

    def remove(self, sha256_: str) -> None:
        """Its bytes leave the disk with the next pack; nothing happens if it is not there."""
        content = self._contents.pop(sha256_, None)
        if content is not None:
            content.size = 0  # changed: who counts on it in this moment conflicts

    def holds(self, sha256_: str) -> bool:
        """Whether it is kept; its bytes are not read."""
        return sha256_ in self._contents

    def digests(self, after: str = "") -> Iterable[str]:
        """All that follow ``after``, in order."""
        return keys_after(self._contents, after)

    def fixity(self) -> Fixity | None:
        found = self._root.get(_FIXITY)
        return None if found is None else decode(found.data, Fixity)

    def keep_fixity(self, state: Fixity) -> None:
        found = self._root.get(_FIXITY)
        if found is None:
            self._root[_FIXITY] = Record(encode(state))
        else:
            found.data = encode(state)

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
