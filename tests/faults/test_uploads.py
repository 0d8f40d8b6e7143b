"""A file that is not what it says: refused beside the field, nothing of it stored, what was there before still there."""

from __future__ import annotations

import io

import pytest
from lxml import html
from PIL import Image
from webtest import Upload

from tests.support import bad_files as bad
from tests.support.installation import WorldInstallation, as_parent
from tests.support.world import SET
from tillid.adapters.uploads.box import cleaned
from tillid.adapters.uploads.intake import UploadIntake
from tillid.adapters.uploads.virus import Clamd
from tillid.forms.definition import Field
from tillid.usecases.ports_parts import CleanFile
from tillid.usecases.refused_files import Refused
from tillid.web.uploads import received, safe_name

SECTION = "barnets_egen_del"
KIND = "Filen er ikke et billede (JPG, PNG) eller en PDF"
# Every bad file against the parsers is in tests/contract/test_upload_box.py; here one of each answer, as a parent meets it.
REFUSED = {
    "a page called JPEG": ("tegning.jpg", bad.PAGE, KIND),
    "a page behind the sign of a JPEG": ("tegning.jpg", b"\xff\xd8\xff" + bad.PAGE, KIND),
    "an SVG called PNG": ("tegning.png", bad.SVG, KIND),
    "a zip bomb": ("tegning.zip", bad.zip_bomb(), KIND),
    "a PDF that is a zip too": ("tegning.pdf", bad.pdf() + bad.archive(), KIND),
    "nothing": ("tegning.png", b"", KIND),
    "30,000 times 30,000 pixels": ("tegning.png", bad.huge_png(), "højst have 20 millioner"),
    "a PDF with a script": ("tegning.pdf", bad.pdf(bad.open_script), "et program (JavaScript)"),
    "a PDF that starts something": ("tegning.pdf", bad.pdf(bad.launches), "starter noget af sig selv"),
    "a PDF with a file in it": ("tegning.pdf", bad.pdf(bad.embeds), "har andre filer i sig"),
    "a PDF with a password": ("tegning.pdf", bad.locked_pdf(), "låst med en adgangskode"),
    "a PDF of 301 pages": ("tegning.pdf", bad.pdf(bad.pages(301)), "højst have 300"),
    "a PDF that unpacks to 600 megabytes": ("tegning.pdf", bad.pdf(bad.stream_bomb), "fylde 400 MB"),
    "more than the field takes": ("tegning.png", bad.picture("PNG")[:8] + bytes(10_000_001), "mere end 10 MB"),
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
    name, data, said = REFUSED[what]
    answer = send(family, name, data)
    assert answer.status_int == 422, what
    page = html.fromstring(answer.body)
    (field,) = page.xpath("//input[@name='f.b_tegning']")
    about = " ".join(page.get_element_by_id(each).text_content() for each in field.get("aria-describedby").split())
    assert said in about
    (summary,) = page.xpath("//*[contains(@class, 'alert')]//a[@href='#f-b_tegning']")
    (label,) = page.xpath("//label[@for='f-b_tegning']")
    assert said in summary.text_content(), "and in the summary above"
    assert summary.text_content().startswith(label.text_content().split(" (")[0].strip()), "which names the field"
    assert stored(world) == before


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("tegning.png", bad.picture("PNG"), "image/png"),
        ("tegning.exe", bad.told_too_much(), "image/jpeg"),
        ("fra-telefonen.jpg", bad.picture("JPEG") + bad.picture("JPEG"), "image/jpeg"),
        ("C:\\tegninger\\sol.pdf", bad.pdf(), "application/pdf"),
    ],
)
def test_what_it_is_decides_not_the_name(family, name, data, kind):
    world, _ = family
    assert send(family, name, data).status_int == 303
    answer, _count = stored(world)
    assert answer["media_type"] == kind
    assert answer["name"].rsplit(".", 1)[1] in ("png", "jpg", "pdf") and "\\" not in answer["name"]
    with world.house() as house:
        kept = house.blobs.get(answer["sha256"])
    assert len(kept) == answer["size"]
    if kind == "application/pdf":
        assert kept == cleaned(data).data
    else:
        opened = Image.open(io.BytesIO(kept))
        assert not opened.getexif() and b"Hemmelig" not in kept, "drawn anew: no place, no camera, no comment"


@pytest.mark.parametrize(
    ("settings", "data", "code"),
    [
        ({"media_types": ["image/png"], "max_bytes": 10_000_000}, bad.pdf(), "upload.not-here"),
        ({"media_types": ["image/png"], "max_bytes": 10_000_000}, bad.picture("JPEG"), "upload.not-here"),
        ({"media_types": ["image/png"], "max_bytes": 200}, bad.picture("PNG"), "upload.too-large"),
    ],
)
def test_a_field_that_takes_less_keeps_nothing_of_the_rest(family, monkeypatch, settings, data, code):
    """Also where what came was small enough and what would be kept is not."""
    world, _ = family
    one, before, looked = Field(id="f", label="F", type="file", settings=settings), stored(world), []
    if code == "upload.too-large":
        monkeypatch.setattr(world.parts, "uploads", Larger())
    with world.house() as house, pytest.raises(Refused) as refused:
        received(house, FileOf(data), one, looked.append)
    assert refused.value.code == code and not looked and stored(world) == before
    assert "{" not in refused.value.message


class FileOf:
    """What a browser has sent."""

    filename = "tegning.png"

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)


class Larger:
    """Draws a picture anew that was packed harder than we pack it."""

    def cleaned(self, data: bytes) -> CleanFile:
        return CleanFile(media_type="image/png", data=data + bytes(201))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("a\u202egnp.exe", "agnp.png"),
        ("sol\u3164 ☀\ufe0f.png", "sol ☀.png"),
        ("", "fil.png"),
        (".png", "fil.png"),
    ],
)
def test_names_lose_what_could_deceive(name, safe):
    assert safe_name(name, ".png") == safe


def test_a_scanner_that_does_not_answer_stops_the_file_and_nothing_else(family, tmp_path, monkeypatch):
    world, _ = family
    monkeypatch.setattr(world.parts, "uploads", UploadIntake(Clamd(str(tmp_path / "nobody.sock"))))
    before = stored(world)
    page = send(family, "tegning.png", bad.picture("PNG"))
    assert "kunne ikke efterses for virus" in page.text
    assert stored(world) == before
