"""An accepted PDF is built anew from its pages: what they do not show is in none of the bytes that are stored."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from tests.support import bad_files as bad
from tillid.adapters.uploads.box import cleaned
from tillid.adapters.uploads.jpegs import pixels_alone
from tillid.adapters.uploads.pdfs import clean_pdf

SECRET = "HEMMELIG"
LIMITS = {"pages": 300, "pixels": 50_000_000, "unpacked": 400_000_000}


def stored(given: bytes) -> bytes:
    head, kept = clean_pdf(given, LIMITS)
    assert set(head) == {"words", "unread"}, "refused for nothing"
    return kept


def all_of(data: bytes) -> bytes:
    """Every object and stream of the file, unpacked."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        made.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return out.getvalue()


def annotation(made: pikepdf.Pdf, kind: Name, **more) -> Dictionary:
    own = made.make_indirect(Dictionary(Type=Name.Annot, Subtype=kind, Rect=[10, 10, 90, 40], **more))
    made.pages[0].Annots = Array([*made.pages[0].get("/Annots", []), own])
    return own


def _xmp(made):
    told = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Keywords="{SECRET}"/></rdf:RDF></x:xmpmeta>"""
    return made.make_stream(told.encode(), Type=Name.Metadata, Subtype=Name.XML)


def catalog_metadata(made):
    made.Root.Metadata = _xmp(made)


def page_metadata(made):
    made.pages[0].Metadata = _xmp(made)


def font_metadata(made):
    bad.saying("Hej")(made)
    made.pages[0].Resources.Font.F1.Metadata = _xmp(made)


def picture_metadata(made):
    picture_on_page(made).Metadata = _xmp(made)


def author(made):
    made.docinfo["/Author"] = made.docinfo["/Title"] = SECRET


def programs_own(made):
    made.pages[0].PieceInfo = Dictionary(Editor=Dictionary(Private=SECRET))


def thumbnail(made):
    made.pages[0].Thumb = made.make_stream(SECRET.encode(), Width=1, Height=1, ColorSpace=Name.DeviceGray)


def names(made):
    made.Root.Names = Dictionary(Pages=Dictionary(Names=Array([SECRET, made.pages[0].obj])))


def opens_somewhere(made):
    made.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]), Told=SECRET)


def next_action(made):
    following = Dictionary(S=Name.Hide, T=SECRET)
    annotation(made, Name.Link, A=Dictionary(S=Name.URI, URI="https://example.org", Next=following))


def odd_address(made):
    annotation(made, Name.Link, A=Dictionary(S=Name.URI, URI=f"file:///{SECRET}"))


def other_action(made):
    annotation(made, Name.Link, A=Dictionary(S=Name.Named, N=Name("/" + SECRET)))


def hidden_field(made):
    field = annotation(made, Name.Widget, FT=Name.Tx, T="felt", V=SECRET, F=2)
    made.Root.AcroForm = Dictionary(Fields=Array([field]))


def note(made):
    annotation(made, Name.Text, Contents=SECRET, T=SECRET)


def note_of_the_structure(made):
    """The tree of what is read aloud refers to the note, so leaving it out of the page is not enough."""
    own = annotation(made, Name.Text, Contents=SECRET)
    element = Dictionary(Type=Name.StructElem, S=Name.Annot, K=Dictionary(Type=Name.OBJR, Obj=own))
    made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=made.make_indirect(element))


def page_taken_out(made):
    """It is in no list of pages, only where a link leads."""
    made.add_blank_page()
    made.pages[1].Contents = made.make_stream(f"% {SECRET}".encode())
    annotation(made, Name.Link, Dest=Array([made.pages[1].obj, Name.Fit]))
    del made.pages[1]


def picture_of_no_page(made):
    picture = made.make_stream(SECRET.encode(), Type=Name.XObject, Subtype=Name.Image, Width=8, Height=1,
                               ColorSpace=Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=picture))
    made.pages[0].Contents = made.make_stream(b"q Q")


def catalogs_own(made):
    made.Root.Perms = Dictionary(Told=SECRET)
    made.Root.URI = Dictionary(Base=f"https://{SECRET}.example.org")
    made.Root.Collection = Dictionary(D=SECRET)
    made.Root.Legal = Dictionary(Attestation=SECRET)


def other_file(made):
    stream = picture_on_page(made)
    stream.F = f"//server/{SECRET}.jpg"
    stream.OPI = Dictionary(Told=SECRET)


def camera(made):
    exif = camera_said()
    picture_on_page(made, bad.picture("JPEG", exif=exif, comment=SECRET.encode()))


def camera_said() -> bytes:
    told = Image.Exif()
    told[0x010F] = SECRET
    return told.tobytes()


def picture_on_page(made, data: bytes | None = None):
    picture = pikepdf.Stream(made, data or bad.picture("JPEG"), Type=Name.XObject, Subtype=Name.Image, Width=40,
                             Height=30, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)  # fmt: skip
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=made.make_indirect(picture)))
    made.pages[0].Contents = made.make_stream(b"q 200 0 0 150 50 50 cm /Im0 Do Q")
    return made.pages[0].Resources.XObject.Im0


GONE: tuple[Callable[[pikepdf.Pdf], object], ...] = (
    catalog_metadata, page_metadata, font_metadata, picture_metadata, author, programs_own, thumbnail, names, opens_somewhere,
    next_action, odd_address, other_action, hidden_field, note, note_of_the_structure, page_taken_out, picture_of_no_page,
    catalogs_own, other_file, camera,
)  # fmt: skip


@pytest.mark.parametrize("change", GONE, ids=lambda change: change.__name__)
def test_what_the_pages_do_not_show_is_gone(change):
    given = bad.pdf(change)
    assert SECRET.encode() in all_of(given), "it was there"
    kept = stored(given)
    assert SECRET.encode() not in all_of(kept)
    assert drawn(kept) == drawn(given)


def test_what_was_filled_in_is_drawn_into_the_page_and_the_form_is_gone():
    def filled(made):
        look = made.make_stream(b"BT /Helv 12 Tf 2 5 Td (Alma kan cykle) Tj ET", Type=Name.XObject, Subtype=Name.Form,
                                BBox=[0, 0, 200, 30], Resources=Dictionary(Font=Dictionary(Helv=font)))  # fmt: skip
        field = annotation(made, Name.Widget, FT=Name.Tx, T="felt", V="Alma kan cykle", F=4, AP=Dictionary(N=look))
        made.Root.AcroForm = Dictionary(Fields=Array([field]))

    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    kept = stored(bad.pdf(filled))
    with pypdfium2.PdfDocument(kept) as made:
        assert "Alma kan cykle" in made[0].get_textpage().get_text_bounded()
    with pikepdf.open(io.BytesIO(kept)) as made:
        assert "/AcroForm" not in made.Root and "/Annots" not in made.pages[0]


def test_links_bookmarks_language_and_what_is_read_aloud_stay():
    def rich(made):
        made.add_blank_page()
        made.Root.Lang, made.Root.MarkInfo = pikepdf.String("da-DK"), Dictionary(Marked=True)
        element = Dictionary(Type=Name.StructElem, S=Name.P, Pg=made.pages[1].obj, Alt="En sol", K=0)
        made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=made.make_indirect(element))
        annotation(made, Name.Link, A=Dictionary(S=Name.URI, URI="https://example.org"))
        annotation(made, Name.Link, Dest="to")
        made.Root.Names = Dictionary(Dests=Dictionary(Names=Array(["to", Array([made.pages[1].obj, Name.Fit])])))
        with made.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Sprogvurdering", 1))

    with pikepdf.open(io.BytesIO(stored(bad.pdf(rich)))) as made:
        address, inside = made.pages[0].Annots
        assert str(address.A.URI) == "https://example.org"
        assert inside.Dest[0].objgen == made.pages[1].objgen and "/Names" not in made.Root
        assert (str(made.Root.Lang), bool(made.Root.MarkInfo.Marked)) == ("da-DK", True)
        element = made.Root.StructTreeRoot.K
        assert str(element.Alt) == "En sol" and element.Pg.objgen == made.pages[1].objgen
        with made.open_outline() as outline:
            (mark,) = outline.root
        assert mark.title == "Sprogvurdering" and mark.destination[0].objgen == made.pages[1].objgen


def test_the_same_file_gives_the_same_bytes_and_a_damaged_table_is_sound_afterwards():
    given = bad.pdf(bad.saying("Hej"))
    assert stored(given) == stored(given)
    damaged = given.replace(b"startxref\n", b"startxref\n9")
    with pikepdf.open(io.BytesIO(stored(damaged)), attempt_recovery=False) as made:
        assert len(made.pages) == 1


def test_through_the_process_too():
    clean = cleaned(bad.pdf(author))
    assert clean.media_type == "application/pdf" and SECRET.encode() not in all_of(clean.data)


def test_a_jpegs_pixels_are_not_touched():
    data = bad.picture("JPEG", progressive=True, exif=camera_said())
    alone = pixels_alone(data + b"behind")
    assert alone == pixels_alone(alone) and data.endswith(alone[-200:]) and SECRET.encode() not in alone
    assert pixels_alone(data[:30]) == data[:30], "what is damaged is left to the readers"


def drawn(data: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(data) as made:
        return [page.render(scale=0.5, may_draw_forms=False, draw_annots=False).to_pil().tobytes() for page in made]
