"""What is asked: each section, sensitive field and attachment apart, attachments by name, all bound by digest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.definitions import our_definitions
from tillid.consents.model import ConsentItem
from tillid.consents.statement import MOST_NAMED, consent_items
from tillid.kernel.cpr import holds_cpr

FORM = our_definitions().get("overgangsbeskrivelse", 3)


def file(name: str, mark: str = "a") -> dict[str, Any]:
    return {"sha256": mark * 64, "title": name, "media_type": "application/pdf"}


def attached(*files: dict[str, Any]) -> ConsentItem:
    items = consent_items(FORM, {"p_glad": "At lege.", "u_bilag": list(files)})
    return next(one for one in items if one.kind == "attachment")


@pytest.mark.req("R-11", "O21", "O26")
def test_each_attachment_is_named_in_the_consent_and_bound_by_its_digest() -> None:
    """A portfolio, and the TRAS form of a language assessment."""
    one = attached(file("Portfolio.pdf"), file("TRAS marts 2026.pdf", "b"))
    assert one.title == "Bilag: Portfolio.pdf, TRAS marts 2026.pdf"
    assert one.field_ids == ("u_bilag",), "a yes of its own: no section carries it"
    other = attached(file("Portfolio.pdf"), file("TRAS marts 2026.pdf", "c"))
    assert other.title == one.title and other.digest != one.digest, "another file under the same name is another item"


@pytest.mark.req("R-11")
def test_a_single_file_is_named_too() -> None:
    drawing = {"sha256": "d" * 64, "name": "tegning.png", "media_type": "image/png", "size": 9}
    (one,) = consent_items(FORM, {"b_tegning": drawing})
    assert one.title == "Tegning eller billede: tegning.png"


@pytest.mark.req("R-102")
def test_no_cpr_number_comes_into_the_record_with_a_files_name() -> None:
    one = attached(file("TRAS 610190-1234.pdf"))
    assert not holds_cpr(one.title) and "TRAS" in one.title


def test_many_long_names_still_fit_a_line_of_the_record() -> None:
    one = attached(*(file("n" * 79 + ".pdf") for _ in range(30)))
    assert len(one.title) <= MOST_NAMED + 40 and one.title.endswith("og 26 mere")
    huge = attached(file("n" * 500))
    assert huge.title == "Bilag: og 1 mere"


@pytest.mark.req("R-14", "R-12")
def test_what_is_sensitive_is_asked_apart_and_no_section_carries_it() -> None:
    sensitive = [
        field
        for field in FORM.fields
        if field.sensitive and "receiver" in field.visible_to and field.type == "long_text"
    ]
    assert sensitive
    one = sensitive[0]
    section = next(part for part in FORM.sections if one in part.fields)
    plain = next(
        field
        for field in section.fields
        if not field.sensitive and "receiver" in field.visible_to and field.type == one.type
    )
    ordinary, apart = consent_items(FORM, {one.id: "Allergi.", plain.id: "Almindeligt."})
    assert (ordinary.kind, ordinary.field_ids, ordinary.sensitive) == ("section", (plain.id,), False)
    assert (apart.kind, apart.field_ids, apart.sensitive) == ("sensitive", (one.id,), True)
