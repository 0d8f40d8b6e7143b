"""How the municipality's documents look: its colours and logo, put into a template when it is compiled.

``look.yaml`` beside the templates holds the settings. A template that uses our standard colours and has our placeholder
picture (its name in Word's selection pane is ``logo``) follows them; a template with colours and a logo of its own keeps them.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import msgspec
import yaml
from lxml import etree
from PIL import Image

from tillid.adapters.docx import media, package
from tillid.adapters.docx.sandbox import TemplateError

STANDARD = {"accent": "1F4E5F", "shade": "EEF3F4"}  # the colours that stand in our templates
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
MAX_LOGO, MAX_PIXELS = 1 << 20, 4_000_000
TOO_LARGE = "logoet er for stort. Det må højst fylde 1 MB og have 4 millioner punkter, fx 2.000 gange 2.000."
LOGO_WIDTH = 1_800_000  # at most, in EMU: 5.0 cm
PLACEHOLDER = (
    "a27d262a65386e29865fc8d4c1ad8acc44ba9a1794fe80dbf2b17ab48cbc8170"  # SHA-256 of the picture in our templates
)
DPI, EMU = 300, 914_400  # pixels on paper, as the box allows; EMU in an inch
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TEXTS = re.compile(r"word/(document|styles|numbering|header\d*|footer\d*|footnotes)\.xml")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """``accent``: titles and headings, ``shade``: behind them, as ``#rrggbb``; ``logo``: a PNG, empty for none."""

    accent: str = "#1f4e5f"
    shade: str = "#eef3f4"
    logo: bytes = b""
    logo_alt: str = ""


class LookRefused(TemplateError):
    """The settings of the look cannot be used."""

    code = "documents.look"
    text = "Indstillingerne for dokumenternes udseende (look.yaml) kan ikke bruges: {why}"


def read_look(folder: Path) -> Look:
    """The look in ``folder/look.yaml``; the standard one without a file. Raises ``LookRefused``."""
    path = folder / "look.yaml"
    if not path.is_file():
        return Look()
    try:
        given = yaml.safe_load(path.read_text("utf-8")) or {}
        name = str(given.pop("logo", "") or "")
        look = msgspec.convert({**given, "logo": b""}, Look)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, TypeError, msgspec.ValidationError) as problem:
        raise _refused("filen kan ikke læses.") from problem
    if name and (Path(name).name != name or not (folder / name).is_file()):
        raise _refused("logoet findes ikke ved siden af filen.")
    return checked(msgspec.structs.replace(look, logo=(folder / name).read_bytes() if name else b""))


def checked(look: Look) -> Look:
    """``look`` with its logo as a plain PNG. Raises ``LookRefused``: colours that are none or cannot be read on each other
    and on white (WCAG 1.4.3), a logo that is no picture, too large or without alternative text (PDF/UA-1 7.3)."""
    for value in (look.accent, look.shade):
        if not _COLOUR.match(value):
            raise _refused(f"{value[:20]} er ikke en farve. Skriv den som #1f4e5f.")
    for behind in ("#ffffff", look.shade):
        if contrast(look.accent, behind) < LEAST_CONTRAST:
            raise _refused(f"{look.accent} kan ikke læses på {behind}. Vælg en mørkere farve.")
    if look.logo and not look.logo_alt.strip():
        raise _refused("logoet skal have en alternativ tekst (logo_alt).")
    return msgspec.structs.replace(look, logo=_plain_png(look.logo)) if look.logo else look


def with_look(parts: dict[str, bytes], look: Look) -> dict[str, bytes]:
    """The template's parts with the municipality's colours and logo."""
    made = dict(parts)
    for name in [n for n in parts if TEXTS.fullmatch(n)]:
        root = package.parse(parts[name], name)
        boxes = logo_boxes(root)
        if _coloured(root, look) | _with_logo(boxes, look):
            made[name] = package.serialise(root)
        if look.logo and boxes and (rels := media.relations_of(name)) in parts:
            shown = set().union(*pictures_of(boxes, rels, package.parse(parts[rels], rels)))
            made.update(dict.fromkeys(shown & parts.keys(), _as_printed(look.logo, boxes)))
    return made


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2): from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _coloured(root: etree._Element, look: Look) -> bool:
    wanted = {STANDARD["accent"]: look.accent[1:].upper(), STANDARD["shade"]: look.shade[1:].upper()}
    found = [
        (element, key)
        for element in root.iter(f"{W}color", f"{W}shd")
        for key in (f"{W}val", f"{W}fill")
        if element.get(key, "").upper() in wanted
    ]
    for element, key in found:
        element.set(key, wanted[element.get(key).upper()])
    return bool(found)


def logo_boxes(root: etree._Element) -> list[etree._Element]:
    """The places of a part where the municipality's logo is put; what stands in no text is none."""
    boxes = [
        box for box in root.iter(f"{WP}inline", f"{WP}anchor") if next(box.iterancestors(f"{W}r"), None) is not None
    ]
    return [box for box in boxes if (about := box.find(f"{WP}docPr")) is not None and about.get("name") == "logo"]


def pictures_of(boxes: list[etree._Element], rels: str, root: etree._Element) -> list[set[str]]:
    """The parts that each of the boxes shows; ``root``: the relationships of their part, which lie in ``rels``."""
    targets = dict(media.shown(rels, root))
    keys = [{blip.get(f"{R}embed") for blip in box.iter(f"{A}blip")} for box in boxes]
    return [{targets[key] for key in of & targets.keys()} for of in keys]


def _with_logo(boxes: list[etree._Element], look: Look) -> bool:
    """Set the alternative text of the placeholders and their width (the template says how high), or take them away where there is no logo."""
    for box in boxes:
        if not look.logo:
            run = box.getparent().getparent()
            run.getparent().remove(run)
            continue
        box.find(f"{WP}docPr").set("descr", look.logo_alt)
        with Image.open(io.BytesIO(look.logo)) as picture:
            wide, high = picture.size
        height = min(int(box.find(f"{WP}extent").get("cy")), LOGO_WIDTH * high // wide)
        size = {"cx": str(height * wide // high), "cy": str(height)}
        for extent in (*box.iter(f"{WP}extent"), *box.iter(f"{A}ext")):
            for key in size.keys() & extent.keys():
                extent.set(key, size[key])
    return bool(boxes)


def _as_printed(logo: bytes, boxes: list[etree._Element]) -> bytes:
    """``logo`` with no more pixels than the largest of ``boxes`` shows: LibreOffice would scale it down in every document."""
    most = max(int(box.find(f"{WP}extent").get("cy")) * DPI // EMU for box in boxes)
    with Image.open(io.BytesIO(logo)) as picture:
        if picture.height <= most:
            return logo
        out = io.BytesIO()
        small = picture.resize((max(1, picture.width * most // picture.height), most), Image.Resampling.LANCZOS)
        small.save(out, "PNG", optimize=True)
        return out.getvalue()


def _plain_png(data: bytes) -> bytes:
    """The logo written anew on white: no transparency, no metadata, the same bytes for the same picture."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if len(data) > MAX_LOGO or picture.width * picture.height > MAX_PIXELS:
                raise _refused(TOO_LARGE)
            layer = picture.convert("RGBA")
            flat = Image.new("RGBA", layer.size, "white")
            flat.alpha_composite(layer)
            out = io.BytesIO()
            flat.convert("RGB").save(out, "PNG", optimize=True)
            return out.getvalue()
    except Image.DecompressionBombError as problem:
        raise _refused(TOO_LARGE) from problem
    except (OSError, ValueError) as problem:
        raise _refused("logoet er ikke et billede (PNG eller JPEG).") from problem


def _refused(why: str) -> LookRefused:
    return LookRefused(why, why=why)
