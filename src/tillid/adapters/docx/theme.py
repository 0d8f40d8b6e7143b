"""Fonts that Word names by the theme (``minorHAnsi``) written out, so that the theme itself need not be kept.

ECMA-376 part 1, 17.3.2.26: a theme attribute comes before the font's own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
THEME = re.compile(r"word/theme/theme\d*\.xml")
NAMED = re.compile(r"word/(document|styles|numbering|header\d*|footer\d*|footnotes)\.xml")


def with_theme_fonts(parts: dict[str, bytes], parse: Callable[[bytes, str], etree._Element]) -> dict[str, bytes]:
    """The parts with fonts by name alone; unchanged where there is no theme."""
    theme = next((name for name in sorted(parts) if THEME.fullmatch(name)), None)
    if theme is None:
        return parts
    root = parse(parts[theme], theme)
    latin = {kind: root.find(f".//{A}{kind}Font/{A}latin") for kind in ("major", "minor")}
    fonts = {kind: found.get("typeface", "") for kind, found in latin.items() if found is not None}
    made = dict(parts)
    for name in [n for n in parts if NAMED.fullmatch(n) and b"Theme=" in parts[n]]:
        text = parse(parts[name], name)
        for use in text.iter(f"{W}rFonts"):
            _named(use, fonts)
        made[name] = etree.tostring(text, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def _named(use: etree._Element, fonts: dict[str, str]) -> None:
    for kind in ("ascii", "hAnsi"):
        theme = use.attrib.pop(f"{W}{kind}Theme", "")
        font = fonts.get(theme[:5])
        if font:
            use.set(f"{W}{kind}", font)
