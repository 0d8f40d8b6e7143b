"""Only the styles a template uses: LibreOffice reads every style of every document again."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
USES = tuple(f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle"))
LINKS = tuple(f"{W}{name}" for name in ("basedOn", "next", "link"))


def drop_unused_styles(styles: etree._Element, texts: Iterable[etree._Element]) -> bytes:
    """``styles.xml`` with the defaults, the styles the ``texts`` name and all these rest on; latent styles go too."""
    by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    wanted = {use.get(f"{W}val") for text in texts for use in text.iter(*USES)}
    wanted |= {name for name, style in by_id.items() if style.get(f"{W}default") == "1"}
    open_names = list(wanted)
    while open_names:
        style = by_id.get(open_names.pop())
        if style is not None:
            new = {link.get(f"{W}val") for link in style.iter(*LINKS)} - wanted
            wanted |= new
            open_names += new
    for name, style in by_id.items():
        if name not in wanted:
            styles.remove(style)
    for latent in styles.findall(f"{W}latentStyles"):
        styles.remove(latent)
    return etree.tostring(styles, xml_declaration=True, encoding="UTF-8", standalone=True)
