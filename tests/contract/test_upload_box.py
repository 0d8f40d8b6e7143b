"""Bad files against the real parsers in the real process: each refused for its own reason; good ones come out clean."""

from __future__ import annotations

import io
import random

import pikepdf
import pytest
from PIL import Image

from tests.support import bad_files as bad
from tests.support.document_samples import sample_job
from tillid.adapters.uploads.box import Limits, cleaned
from tillid.usecases.refused_files import REASONS, PdfEmbedded, Refused, Sheet, TooHeavy

REFUSED = {
    "a program": (bad.PROGRAM, "upload.wrong-kind"),
    "a program behind the sign of a PNG": (b"\x89PNG\r\n\x1a\n" + bad.PROGRAM, "upload.wrong-kind"),
    "an SVG": (bad.SVG, "upload.wrong-kind"),
    "a page": (bad.PAGE, "upload.wrong-kind"),
    "a page behind the sign of a JPEG": (b"\xff\xd8\xff" + bad.PAGE, "upload.wrong-kind"),
    "a page before a PDF": (bad.PAGE + bad.pdf(), "upload.wrong-kind"),
    "a page behind a PDF": (bad.pdf() + bad.PAGE, "upload.wrong-kind"),
    "a page behind a PNG": (bad.picture("PNG") + bad.PAGE, "upload.wrong-kind"),
    "a zip": (bad.archive(), "upload.wrong-kind"),
    "a zip bomb": (bad.zip_bomb(), "upload.wrong-kind"),
    "a PNG that is a zip bomb too": (bad.picture("PNG") + bad.zip_bomb(), "upload.wrong-kind"),
    "a JPEG that is a zip too": (bad.picture("JPEG") + bad.archive(), "upload.wrong-kind"),
    "a PDF that is a zip too": (bad.pdf() + bad.archive(), "upload.wrong-kind"),
    "a PNG with a second end after the zip": (
        bad.picture("PNG") + bad.archive() + bad.picture("PNG")[-12:],
        "upload.wrong-kind",
    ),
    "a GIF": (bad.picture("GIF"), "upload.wrong-kind"),
    "a TIFF": (bad.picture("TIFF"), "upload.wrong-kind"),
    "half a PNG": (bad.picture("PNG")[:-30], "upload.wrong-kind"),
    "half a JPEG": (bad.picture("JPEG", (400, 300))[:400], "upload.wrong-kind"),
    "half a PDF": (bad.pdf()[:200], "upload.wrong-kind"),
    "nothing": (b"", "upload.wrong-kind"),
    "a PNG with a text bomb": (bad.png_text_bomb(), "upload.wrong-kind"),
    "a PNG of 30,000 times 30,000 pixels": (bad.huge_png(), "upload.too-many-pixels"),
    "a PDF that opens with a script": (bad.pdf(bad.open_script), "upload.pdf-script"),
    "a PDF with a script of the document": (bad.pdf(bad.named_script), "upload.pdf-script"),
    "a PDF with a script behind a link": (bad.pdf(bad.link_script), "upload.pdf-script"),
    "the same in packed objects": (
        bad.pdf(bad.link_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "upload.pdf-script",
    ),
    "a PDF with an XFA form": (bad.pdf(bad.xfa), "upload.pdf-script"),
    "a PDF that starts a program": (bad.pdf(bad.launches), "upload.pdf-starts"),
    "a PDF with an action of a page": (bad.pdf(bad.page_action), "upload.pdf-starts"),
    "a PDF with a file in it": (bad.pdf(bad.embeds), "upload.pdf-embedded"),
    "a trivselsskema printed anew": (
        bad.pdf(bad.saying("Trivselsskema version 2 · TD-4M8P2T · Medarbejdernes eksemplar")),
        "upload.sheet",
    ),
    "a trivselsskema as the third page of something else": (
        bad.pdf(bad.saying("Trivselsskema version 11 · TD-4M8P2T", page=2)),
        "upload.sheet",
    ),
    "a trivselsskema as the last page of 300": (
        bad.pdf(bad.saying("Trivselsskema version 2 · TD-4M8P2T", page=299)),
        "upload.sheet",
    ),
    "a trivselsskema whose last line is printed in two": (
        bad.pdf(bad.saying("Trivselsskema version 2\n· TD-4M8P2T · Medarbejdernes eksemplar")),
        "upload.sheet",
    ),
    "a PDF with the title of a trivselsskema": (bad.pdf(bad.called("Trivselsskema TD-4M8P2T")), "upload.sheet"),
    "a PDF with a password": (bad.locked_pdf(), "upload.pdf-locked"),
    "a PDF of 301 pages": (bad.pdf(bad.pages(301)), "upload.pdf-too-long"),
    "a PDF that unpacks to 600 megabytes": (bad.pdf(bad.stream_bomb), "upload.too-heavy"),
    "a PDF with a picture of 30,000 times 30,000": (bad.pdf(bad.huge_picture), "upload.too-heavy"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_each_is_refused_for_its_own_reason_and_the_message_can_be_read(what):
    data, code = REFUSED[what]
    assert len(data) < 2_000_000, "small enough to be sent"
    with pytest.raises(Refused) as refused:
        cleaned(data)
    assert refused.value.code == code
    assert "{" not in refused.value.text.format(**refused.value.params)


def test_every_reason_is_tried():
    assert {code for _data, code in REFUSED.values()} == {one.code for one in REASONS.values()}


@pytest.mark.req("T9", "R-11")
def test_our_own_trivselsskema_is_refused_and_the_assessment_printed_anew_is_taken(renderer):
    """As it is downloaded it holds its answers too, but the reason told is what it is."""
    with pytest.raises(Sheet):
        cleaned(renderer.render(sample_job("trivselsskema", 2)).pdf)
    with pytest.raises(PdfEmbedded):
        cleaned(renderer.render(sample_job("trivselsvurdering", 2)).pdf)
    for text in ("Trivselsvurdering version 2 · TD-9R5V3X · Forældrenes eksemplar", "Se også vores Trivselsskema"):
        assert cleaned(bad.pdf(bad.saying(text))).media_type == "application/pdf"


def test_the_message_says_the_limit():
    with pytest.raises(Refused) as refused:
        cleaned(REFUSED["a PNG of 30,000 times 30,000 pixels"][0])
    said = refused.value.text.format(**refused.value.params)
    assert "30000 x 30000" in said and "20 millioner" in said


def test_a_picture_comes_out_upright_and_tells_nothing_else():
    given = bad.told_too_much()
    assert b"Kamerafabrik" in given and b"Hemmelig" in given and Image.open(io.BytesIO(given)).getexif()
    clean = cleaned(given)
    kept = Image.open(io.BytesIO(clean.data))
    assert (clean.media_type, kept.format, kept.size) == ("image/jpeg", "JPEG", (30, 40))
    assert not kept.getexif() and not {"exif", "comment", "icc_profile", "xmp"} & set(kept.info)
    assert b"Kamerafabrik" not in clean.data and b"Hemmelig" not in clean.data


def test_texts_in_a_png_are_gone():
    given = bad.png_with_texts()
    clean = cleaned(given)
    assert b"Hemmelig" in given and b"Hemmelig" not in clean.data
    assert Image.open(io.BytesIO(clean.data)).getpixel((5, 5)) == (200, 120, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_looks_as_it_did(mode):
    out = io.BytesIO()
    Image.new("L", (6, 4), 255).convert(mode if mode != "I;16" else "I;16").save(out, "PNG")
    kept = Image.open(io.BytesIO(cleaned(out.getvalue()).data))
    assert kept.size == (6, 4) and kept.mode in ("1", "L", "RGB", "RGBA")


@pytest.mark.parametrize("mode", ["1", "P"])
def test_a_scan_in_black_and_white_keeps_its_points_and_its_size(mode):
    """More points than are kept of others, and as hard to pack as they come: grey it took several times the room."""
    noise = Image.frombytes("1", (4000, 3040), random.Random(7).randbytes(4000 * 3040 // 8))
    scan = noise
    if mode == "P":
        scan = noise.convert("L").point(lambda light: light // 255).convert("P")
        scan.putpalette(b"\0\0\0\xff\xff\xff")
    out = io.BytesIO()
    scan.save(out, "PNG", compress_level=1)
    kept = cleaned(out.getvalue())
    assert len(kept.data) < 1.01 * len(out.getvalue())
    assert Image.open(io.BytesIO(kept.data)).convert("1").tobytes() == noise.tobytes()


def test_what_hangs_on_to_a_phones_jpeg_is_dropped():
    one = bad.picture("JPEG")
    clean = cleaned(one + bad.picture("JPEG", (9, 9)) + bad.PAGE)
    assert bad.PAGE not in clean.data and Image.open(io.BytesIO(clean.data)).size == (40, 30)


def test_the_same_picture_gives_the_same_bytes():
    assert cleaned(bad.told_too_much()) == cleaned(bad.told_too_much())


def test_a_large_picture_is_drawn_smaller_and_as_it_lay():
    """The JPEG is unpacked smaller already: 48 million points are more than the process may hold otherwise."""
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = bad.picture("JPEG", (8000, 6000), exif=exif, quality=30)
    kept = Image.open(io.BytesIO(cleaned(wide).data))
    assert kept.size == (3000, 4000) and kept.getpixel((1500, 2000))[0] > kept.getpixel((1500, 2000))[2]
    assert cleaned(bad.picture("JPEG", (4000, 3000), quality=30)).data, (
        "no larger than is stored: as many points as it had"
    )


def test_a_grainy_scan_comes_out_no_larger_within_the_time_of_any_file():
    grain = Image.effect_noise((2000, 1500), 8).convert("RGB")
    out = io.BytesIO()
    grain.save(out, "PNG")
    kept = cleaned(out.getvalue()).data
    assert Image.open(io.BytesIO(kept)).convert("RGB").tobytes() == grain.tobytes() and len(kept) <= len(out.getvalue())


def test_limits_of_the_process_hold():
    """A picture of 19 million pixels where the process may hold little, and any file where it may not use the clock."""
    large = bad.picture("PNG", (5000, 3800))
    assert cleaned(large).media_type == "image/png"
    with pytest.raises(TooHeavy):
        cleaned(large, Limits(memory=160 << 20))
    with pytest.raises(TooHeavy):
        cleaned(large, Limits(wall=0))


def test_a_process_without_memory_refuses_the_file():
    with pytest.raises(TooHeavy):
        cleaned(bad.picture("PNG"), Limits(memory=1 << 20))
