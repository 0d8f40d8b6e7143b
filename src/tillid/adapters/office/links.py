"""Does a docx point outside itself? (Linked pictures, frames, templates; ordinary hyperlinks are only text.)"""

from __future__ import annotations

import io
import zipfile

from lxml import etree


def links_outside(docx: bytes) -> bool:
    """True if any part has an external relationship that is not a hyperlink, or if the file cannot be read as a zip."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            for name in package.namelist():
                if name.endswith(".rels"):
                    for relation in etree.fromstring(package.read(name), parser):
                        if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith(
                            "/hyperlink"
                        ):
                            return True
    except (zipfile.BadZipFile, etree.XMLSyntaxError):
        return True
    return False
