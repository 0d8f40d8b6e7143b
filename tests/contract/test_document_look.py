"""The municipality's colours and logo: data beside the templates, refused where they could not be read."""

import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image

from tests.support.bad_files import huge_png
from tillid.adapters.docx import compile_template
from tillid.adapters.docx.look import Look, LookRefused, checked, contrast, read_look
from tillid.adapters.docx.package import read
from tillid.kernel.paths import DOCUMENT_TEMPLATES

TEMPLATE = (DOCUMENT_TEMPLATES / "samtykke_tilbagekaldelse" / "v1.docx").read_bytes()
CONTEXT = {
    "title": "t", "metadata_title": "t", "subtitle": "", "municipality": "k", "number": "n", "version": "1", "copy": "c",
    "facts": [], "footer_lines": [], "sections": [],
}  # fmt: skip


def png(size=(300, 100), colour="red", kind="PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def rendered(look: Look) -> dict[str, bytes]:
    return read(compile_template(TEMPLATE, look).render(CONTEXT))


def pictures(parts: dict[str, bytes]) -> list[bytes]:
    return [data for name, data in parts.items() if name.startswith("word/media/")]


def test_the_colours_are_the_municipalitys():
    styles = rendered(Look(accent="#7a0c2e", shade="#f7e9ee"))["word/styles.xml"]
    assert b"7A0C2E" in styles and b"F7E9EE" in styles
    assert b"1F4E5F" not in styles and b"EEF3F4" not in styles


def test_the_logo_is_the_municipalitys_with_its_text_and_shape():
    look = checked(Look(logo=png((60, 20)), logo_alt="Våben: en egetræsgren"))
    parts = rendered(look)
    header = etree.fromstring(parts["word/header1.xml"])
    about, extent = header.find(".//" + qn("wp:docPr")), header.find(".//" + qn("wp:extent"))
    assert about.get("descr") == "Våben: en egetræsgren"
    assert abs(int(extent.get("cx")) / int(extent.get("cy")) - 3) < 0.01, "three times as wide as high"
    assert pictures(parts) == [look.logo]


def test_a_logo_has_no_more_pixels_than_paper_shows():
    parts = rendered(checked(Look(logo=png((1500, 500)), logo_alt="Våben")))
    extent = etree.fromstring(parts["word/header1.xml"]).find(".//" + qn("wp:extent"))
    (made,) = pictures(parts)
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.getpixel((1, 1)) == (255, 0, 0)
        assert picture.height == int(extent.get("cy")) * 300 // 914_400
        assert abs(picture.width - 3 * picture.height) <= 3


def test_without_a_logo_only_the_name_is_printed():
    document = Document(io.BytesIO(compile_template(TEMPLATE, Look()).render(CONTEXT)))
    header = document.sections[0].header
    assert "k" in header.paragraphs[0].text and not header._element.findall(".//" + qn("w:drawing"))


def test_the_logo_is_written_anew_without_what_came_with_it():
    look = checked(Look(logo=png(kind="JPEG"), logo_alt="x"))
    assert look.logo.startswith(b"\x89PNG")
    assert checked(look) == look


def test_another_look_is_another_template_and_the_same_look_the_same():
    """What a signed record says of the template (``DocumentRef.template_digest``) tells all that gives the page its bytes."""
    looks = [Look(), Look(accent="#7a0c2e"), Look(shade="#f7e9ee")]
    looks += [
        Look(logo=png(colour=colour), logo_alt=text) for colour in ("red", "blue") for text in ("Våben", "Bymærke")
    ]
    digests = [compile_template(TEMPLATE, look).digest for look in looks]
    assert len(set(digests)) == len(looks)
    assert digests[0] == compile_template(TEMPLATE).digest, "none is the standard"
    other = (DOCUMENT_TEMPLATES / "samtykkeerklaering" / "v1.docx").read_bytes()
    assert compile_template(other).digest != digests[0]


@pytest.mark.req("R-120")
@pytest.mark.parametrize(
    ("look", "why"),
    [
        (Look(accent="#ffd400"), "mørkere"),
        (Look(accent="#1f4e5f", shade="#2f5e6f"), "mørkere"),
        (Look(accent="blue"), "ikke en farve"),
        (Look(logo=png()), "alternativ tekst"),
        (Look(logo=b"GIF89a", logo_alt="x"), "ikke et billede"),
        (Look(logo=png((3000, 3000)), logo_alt="x"), "for stort. Det må højst fylde 1 MB og have 4 millioner punkter"),
        (Look(logo=huge_png(9000), logo_alt="x"), "4 millioner punkter"),
        (Look(logo=huge_png(30_000), logo_alt="x"), "4 millioner punkter"),
        (Look(logo=png() + bytes(1 << 20), logo_alt="x"), "højst fylde 1 MB"),
    ],
)
def test_what_could_not_be_read_is_refused(look, why):
    with pytest.raises(LookRefused) as raised:
        checked(look)
    assert why in raised.value.message


@pytest.mark.parametrize("text", ["accent: [", "- a", "accent: 7", "logo: ../x.png", "logo: nej.png"])
def test_a_broken_file_is_told(tmp_path, text):
    (tmp_path / "look.yaml").write_text(text)
    with pytest.raises(LookRefused) as raised:
        read_look(tmp_path)
    assert "look.yaml" in raised.value.message


def test_ours_is_in_order_and_none_is_the_standard(tmp_path):
    assert read_look(DOCUMENT_TEMPLATES).logo
    assert read_look(tmp_path) == Look()
    assert contrast("#000000", "#ffffff") == 21
