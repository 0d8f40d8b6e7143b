"""A file that is not what it says: refused beside the field, nothing of it stored, what was there before still there."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from lxml import html
from PIL import Image
from webtest import Upload

from tests.support.installation import WorldInstallation, as_parent
from tests.support.world import SET
from tillid.web.uploads import MOST_PIXELS, safe_name

SECTION = "barnets_egen_del"


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, kind)
    return out.getvalue()


def pdf(change=lambda made: None) -> bytes:
    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page()
    change(made)
    made.save(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.html", "<script>alert(1)</script>")
    return out.getvalue()


def huge_png() -> bytes:
    """Some kilobytes that unpack to more pixels than anybody's memory holds."""
    side = int(MOST_PIXELS**0.5) * 2

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes(side // 8 + 1) * side, 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def starts_script(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


PROGRAM = b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00" + bytes(400)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "a program": ("tegning.png", PROGRAM),
    "a program behind the sign of a PNG": ("tegning.png", b"\x89PNG\r\n\x1a\n" + PROGRAM),
    "an SVG with a script": ("tegning.svg", SVG),
    "an SVG called PNG": ("tegning.png", SVG),
    "a page called JPEG": ("tegning.jpg", b"\xff\xd8\xff<html><script>alert(1)</script>"),
    "a picture that unpacks to hundreds of megabytes": ("tegning.png", huge_png()),
    "a PNG that is a zip too": ("tegning.png", picture("PNG") + archive()),
    "a PNG with a second end after the zip": ("tegning.png", picture("PNG") + archive() + picture("PNG")[-12:]),
    "a JPEG that is a zip too": ("tegning.jpg", picture("JPEG") + archive()),
    "a PDF that is a zip too": ("tegning.pdf", pdf() + archive()),
    "a PNG with a page behind it": ("tegning.png", picture("PNG") + b"<script>alert(1)</script>"),
    "half a PNG": ("tegning.png", picture("PNG")[:-30]),
    "half a PDF": ("tegning.pdf", pdf()[:200]),
    "a PDF with a password": ("tegning.pdf", locked_pdf()),
    "a PDF that starts a script": ("tegning.pdf", pdf(starts_script)),
    "a GIF": ("tegning.png", picture("GIF")),
    "nothing": ("tegning.png", b""),
}


@pytest.fixture(scope="module")
def family(stages):
    """A parent's browser on the child's part of a shared document."""
    world = stages.at("shared")
    installation = WorldInstallation(world)
    yield world, as_parent(installation, world.holders(SET.child_id)[0].person_id)
    installation.second.close()
    world.close()


def send(family, name: str, data: bytes):
    world, browser = family
    page = browser.get(f"/dokument/{world.made['document']}/udfyld/{SECTION}")
    form = next(form for form in page.forms.values() if "f.b_tegning" in form.fields)
    form["f.b_tegning"] = Upload(name, data, "image/png")
    return form.submit(expect_errors=True)


def stored(world) -> tuple[object, int]:
    """The answer to the field, and how many files the store holds."""
    with world.store.open() as (stores, _manager):
        draft = stores.documents.draft(world.made["document"])
        return draft.answers.get("b_tegning"), len(stores.blobs._contents)


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_what_it_says_is_refused_beside_the_field(family, what):
    world, _ = family
    before = stored(world)
    answer = send(family, *REFUSED[what])
    assert answer.status_int == 422, what
    page = html.fromstring(answer.body)
    (field,) = page.xpath("//input[@name='f.b_tegning']")
    about = " ".join(page.get_element_by_id(each).text_content() for each in field.get("aria-describedby").split())
    assert "Filen er ikke et billede" in about
    assert page.xpath("//*[contains(@class, 'alert')]//a[@href='#f-b_tegning']"), "and in the summary above"
    assert stored(world) == before


def test_too_large_is_told_as_such(family):
    world, _ = family
    before = stored(world)
    answer = send(family, "tegning.png", picture("PNG")[:8] + bytes(10_000_001))
    assert answer.status_int == 422 and "10 MB" in answer.text
    assert stored(world) == before


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("tegning.png", picture("PNG"), "image/png"),
        ("tegning.exe", picture("JPEG"), "image/jpeg"),
        ("fra-telefonen.jpg", picture("JPEG") + picture("JPEG"), "image/jpeg"),
        ("C:\\tegninger\\sol.pdf", pdf(), "application/pdf"),
    ],
)
def test_what_it_is_decides_not_the_name(family, name, data, kind):
    world, _ = family
    assert send(family, name, data).status_int == 303
    answer, _count = stored(world)
    assert (answer["media_type"], answer["size"]) == (kind, len(data))
    assert answer["name"].rsplit(".", 1)[1] in ("png", "jpg", "pdf") and "\\" not in answer["name"]
    with world.house() as house:
        assert house.blobs.get(answer["sha256"]) == data


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "passwd.png"), ("a\u202egnp.exe", "agnp.png"), ("", "fil.png"), (".png", "fil.png")],
)
def test_names_lose_what_could_deceive(name, safe):
    assert safe_name(name, ".png") == safe
