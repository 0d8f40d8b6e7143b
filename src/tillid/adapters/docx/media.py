"""The pictures of a template: LibreOffice leaves out without a word what it cannot read or has no room for, so that is refused first.

Wherever in the file they lie: what counts is that a relationship calls them an image.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping

from lxml import etree
from PIL import Image, UnidentifiedImageError

from tillid.adapters.docx import metafiles
from tillid.signatures.xml import other

MAX_PIXELS = 25_000_000  # of one picture: LibreOffice unpacks it, four bytes each
# Of all together: in its box it had room for 60 million with see-through, and left out the rest.
MAX_ALL_PIXELS = 50_000_000
KINDS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
SVG = "{http://www.w3.org/2000/svg}svg"
SMALL = (600, 600)  # a JPEG is read to its end all the same


def large_pictures(parts: Mapping[str, bytes]) -> list[str]:
    """The names of pictures with more than ``MAX_PIXELS``, by what they say of themselves: nothing is unpacked."""
    return [name for name, points in _points(parts) if points > MAX_PIXELS]


def too_many_pixels(parts: Mapping[str, bytes]) -> bool:
    """Whether the pictures together have more than ``MAX_ALL_PIXELS``."""
    return sum(points for _name, points in _points(parts)) > MAX_ALL_PIXELS


def _points(parts: Mapping[str, bytes]) -> Iterator[tuple[str, int]]:
    for name in [n for n in parts if not n.endswith((".xml", ".rels"))]:
        try:
            width, height = _opened(parts[name]).size
        except Image.DecompressionBombError:
            yield name, MAX_ALL_PIXELS
        except Exception:  # no picture, or one without points: ``readable`` tells which
            continue
        else:
            yield name, width * height


def shown(rels: str, root: etree._Element) -> Iterator[tuple[str, str]]:
    """The id and the part of every picture that the relationships ``root`` of the part ``rels`` name within the file."""
    folder = rels.rsplit("_rels/", 1)[0]
    for relation in root:
        if relation.get("Type", "").endswith("/image") and relation.get("TargetMode") != "External":
            yield relation.get("Id", ""), joined(folder, relation.get("Target", ""))


def readable(data: bytes, *, whole: bool = False) -> bool:
    """Whether ``data`` begins as a picture that LibreOffice draws; ``whole``: and does not end too early, which takes reading it."""
    if metafiles.is_metafile(data):
        return not whole or metafiles.is_whole(data)
    try:
        picture = _opened(data)
        if whole and picture.format == "PNG":
            picture.verify()  # every piece and its checksum, and none of it unpacked
        elif whole:
            picture.draft(None, SMALL)
            picture.load()
    except MemoryError:
        raise
    except UnidentifiedImageError:
        return _is_svg(data)
    except Exception:  # whatever the readers of six kinds raise
        return False
    return True


def relations_of(part: str) -> str:
    """The name of the part with the relationships of ``part``."""
    folder, file = part.rsplit("/", 1)
    return f"{folder}/_rels/{file}.rels"


def joined(folder: str, target: str) -> str:
    """The name of the part that ``target`` means in a relationship of a part in ``folder``."""
    if target.startswith("/"):
        return target.lstrip("/")
    steps: list[str] = []
    for step in (folder + target).split("/"):
        if step == "..":
            steps[-1:] = []
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
        return Image.open(io.BytesIO(data), formats=KINDS)


def _is_svg(data: bytes) -> bool:
    try:
        return other(data).tag == SVG
    except etree.XMLSyntaxError:
        return False
