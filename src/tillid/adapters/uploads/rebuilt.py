"""A looked-through PDF built anew from its pages, so that only what its pages show is stored (ISO 32000-1, 7.7.2, 12.5, 14.3).

What goes: actions, scripts, forms (what was filled in is drawn into the page), notes that are not on the page, names,
metadata and the title, what programs keep for themselves, parts no page draws, and what a photograph says of place and
camera. What stays beside the pages: how they are read aloud, layers, colours, bookmarks and links to pages and addresses.
A signature does not outlive it: who must prove one keeps the file it came in (ADR 0028).
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import pikepdf

from tillid.adapters.boxed.pdf_objects import ADDRESSES
from tillid.adapters.uploads.jpegs import pixels_alone

# 7.7.2: what the catalog may hold beside the pages, and 14.7.2 what the tree of the structure is made of.
CATALOG = ("/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties", "/OutputIntents", "/PageLabels")
TREE = {"/Type", "/K", "/IDTree", "/ParentTree", "/ParentTreeNextKey", "/RoleMap", "/ClassMap", "/Namespaces"}
PAGE = {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
        "/Contents", "/Annots", "/Group", "/StructParents", "/Tabs", "/UserUnit"}  # fmt: skip
LINK = {"/Type", "/Subtype", "/Rect", "/F", "/Border", "/C", "/BS", "/H", "/QuadPoints", "/Contents", "/StructParent"}
# 7.3.8.2, 8.8, 8.9.5, 8.10.4, 14.3.2, 14.5: what a stream need not say, or what would fetch another file.
STREAM = ("/Metadata", "/PieceInfo", "/AF", "/LastModified", "/OPI", "/Ref", "/Alternates", "/Measure", "/PtData",
          "/F", "/FFilter", "/FDecodeParms")  # fmt: skip
MOST_BOOKMARKS = 2_000


def rebuilt(document: pikepdf.Pdf) -> bytes:
    """The pages of ``document`` (which is changed) in a new file; the same for the same file. May raise what qpdf raises."""
    form = document.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and form.get("/NeedAppearances", False):
        document.generate_appearance_streams()
    document.flatten_annotations("screen")
    where = _Places(document)
    for page in document.pages:
        _links(page.obj, where)
        _keep(page.obj, PAGE)
    for one in document.objects:
        if isinstance(one, pikepdf.Stream):
            _stream(one)
        _metadata(one)
    document.remove_unreferenced_resources()
    with pikepdf.new() as made:
        made.pages.extend(document.pages)
        _catalog(document, made)
        if bookmarks := _bookmarks(document, where):
            with made.open_outline() as outline:
                outline.root.extend(bookmarks)
        out = io.BytesIO()
        made.save(
            out,
            min_version=document.pdf_version,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            deterministic_id=True,
        )
    return out.getvalue()


class _Places:
    """Where a link or a bookmark leads: to which page of this document, if to any."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._pages = {page.objgen: number for number, page in enumerate(document.pages)}
        self._named: dict[str, Any] = {}
        with suppress(Exception):  # 12.3.2.3, the old way and the new; a damaged tree names nothing
            self._named |= {str(name).lstrip("/"): place for name, place in document.Root["/Dests"].items()}
        with suppress(Exception):
            self._named |= dict(pikepdf.NameTree(document.Root["/Names"]["/Dests"]).items())

    def of(self, own: Any) -> tuple[int, pikepdf.Array] | None:
        """The page's number and the place on it that ``own`` (an annotation or a bookmark) leads to."""
        target, act = own.get("/Dest"), own.get("/A")
        if target is None and isinstance(act, pikepdf.Dictionary) and act.get("/S") == pikepdf.Name.GoTo:
            target = act.get("/D")
        if isinstance(target, pikepdf.String | pikepdf.Name):
            target = self._named.get(str(target).lstrip("/"))
        if isinstance(target, pikepdf.Dictionary):
            target = target.get("/D")
        if not isinstance(target, pikepdf.Array) or not len(target) or not isinstance(target[0], pikepdf.Dictionary):
            return None
        number = self._pages.get(target[0].objgen)
        plain = all(
            not isinstance(one, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream) for one in list(target)[1:]
        )
        return (number, target) if number is not None and plain else None


def _links(page: pikepdf.Object, where: _Places) -> None:
    """Of what is left on the page once the rest was drawn into it, the links alone. The others are emptied, not only left
    out: the tree of the structure may refer to them."""
    kept = []
    for own in page.get("/Annots", []):
        if not isinstance(own, pikepdf.Dictionary):
            continue
        act, place = own.get("/A"), where.of(own)
        address = str(act.get("/URI", "")) if isinstance(act, pikepdf.Dictionary) else ""
        link = own.get("/Subtype") == pikepdf.Name.Link
        _keep(own, LINK if link else set())
        if not link:
            continue
        if place is not None:
            own["/Dest"] = place[1]
        elif address.lower().startswith(ADDRESSES):
            own["/A"] = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(address))
        kept.append(own)
    if kept:
        page["/Annots"] = pikepdf.Array(kept)
    elif "/Annots" in page:
        del page["/Annots"]


def _bookmarks(document: pikepdf.Pdf, where: _Places) -> list[pikepdf.OutlineItem]:
    """Their words and pages, in one row each where they stood; what leads nowhere is a heading only."""
    left = MOST_BOOKMARKS

    def again(items: list[pikepdf.OutlineItem]) -> list[pikepdf.OutlineItem]:
        nonlocal left
        made = []
        for item in items:
            left -= 1
            if left < 0:
                break
            place = where.of(item.obj) if item.obj is not None else None
            anew = pikepdf.OutlineItem(item.title, place[0] if place else None)
            anew.children.extend(again(item.children))
            made.append(anew)
        return made

    try:
        with document.open_outline() as outline:
            return again(list(outline.root))
    except Exception:  # damaged bookmarks are none; the pages are what counts
        return []


def _stream(stream: pikepdf.Stream) -> None:
    for key in STREAM:
        if key in stream:
            del stream[key]
    if stream.get("/Filter") in (pikepdf.Name.DCTDecode, pikepdf.Array([pikepdf.Name.DCTDecode])):
        parms = stream.get("/DecodeParms")
        raw = stream.read_raw_bytes()
        alone = pixels_alone(raw)
        if alone != raw:
            stream.write(alone, filter=pikepdf.Name.DCTDecode, decode_parms=parms)


def _metadata(value: Any) -> None:
    """14.3.2: any dictionary may have some, told by what it is (a font or picture may be called so); what lies directly in
    ``value`` too. That it is not too deep was looked at before."""
    if isinstance(value, pikepdf.Array):
        parts = list(value)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        about = value.get("/Metadata")
        if isinstance(about, pikepdf.Stream) and about.get("/Type") == pikepdf.Name.Metadata:
            del value["/Metadata"]
        parts = [part for _, part in value.items()]
    else:
        return
    for part in parts:
        if isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect:
            _metadata(part)


def _catalog(document: pikepdf.Pdf, made: pikepdf.Pdf) -> None:
    tree = document.Root.get("/StructTreeRoot")
    if isinstance(tree, pikepdf.Dictionary):
        _keep(tree, TREE)
    for key in CATALOG:
        value = document.Root.get(key)
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array):
            made.Root[key] = made.copy_foreign(document.make_indirect(value))
        elif isinstance(value, pikepdf.String):
            made.Root[key] = pikepdf.String(str(value))


def _keep(own: pikepdf.Object, keys: set[str]) -> None:
    for key in set(own.keys()) - keys:
        del own[key]
