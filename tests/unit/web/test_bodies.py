"""A body of very many fields is refused before it is taken apart; an ordinary one comes through whole."""

from __future__ import annotations

import io

import pytest

from tillid.web.bodies import MOST_FIELDS, BoundedRequest, TooManyFields


def posted(body: bytes, kind: str) -> BoundedRequest:
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
    }
    return BoundedRequest(environ)


def parts(number: int, boundary: str = "xyz") -> bytes:
    one = f'--{boundary}\r\nContent-Disposition: form-data; name="f"\r\n\r\na\r\n'
    return (one * number + f"--{boundary}--\r\n").encode()


def test_both_kinds_of_forms_come_through():
    assert posted(b"a=1&a=2&b=%C3%A6", "application/x-www-form-urlencoded").POST.getall("a") == ["1", "2"]
    assert posted(parts(3), "multipart/form-data; boundary=xyz").POST.getall("f") == ["a"] * 3
    assert posted(parts(3), 'multipart/form-data; boundary="xyz"').POST.getall("f") == ["a"] * 3


def test_ten_thousand_rows_come_through_to_be_refused_by_their_own_limit():
    assert len(posted(b"f=a&" * 20_000, "application/x-www-form-urlencoded").POST.getall("f")) == 20_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"&" * (MOST_FIELDS + 1), "application/x-www-form-urlencoded"),
        (b"a=&" * (MOST_FIELDS + 1), "application/x-www-form-urlencoded"),
        (parts(MOST_FIELDS + 1), "multipart/form-data; boundary=xyz"),
    ],
)
def test_too_many_fields_are_refused(body, kind):
    with pytest.raises(TooManyFields):
        posted(body, kind).POST  # noqa: B018
