"""CPR numbers: length and date only (R-110), masked and kept out of texts (R-111)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillid.kernel.cpr import holds_cpr, masked_cpr, may_be_written, normal_cpr, without_cpr
from tillid.kernel.ids import new_id

WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def modulus_11_holds(cpr: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, cpr, strict=True)) % 11 == 0


@pytest.mark.req("R-110")
@pytest.mark.parametrize("serial", range(22))
def test_modulus_11_is_never_a_reason_to_refuse(serial):
    cpr = f"610521{serial:04}"
    assert normal_cpr(cpr) == cpr


def test_the_numbers_above_are_right_and_wrong_by_modulus_11():
    assert {modulus_11_holds(f"610521{serial:04}") for serial in range(22)} == {True, False}


@pytest.mark.req("R-110")
@pytest.mark.parametrize("day", [1, 9, 10, 28, 30, 31])
def test_a_replacement_number_carries_its_day_plus_60(day):
    assert normal_cpr(f"{day + 60}0521-1234") == f"{day + 60}05211234"
    assert normal_cpr(f"{day:02}0521-1234") == f"{day:02}05211234"


@pytest.mark.req("R-110")
@pytest.mark.parametrize("text", ["0105211234", "010521-1234", " 0105211234\n"])
def test_with_or_without_its_line_it_is_ten_digits(text):
    assert normal_cpr(text) == "0105211234"


@pytest.mark.req("R-110")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "010521123",  # nine digits
        "01052112345",  # eleven
        "010521 1234",
        "01-0521-1234",
        "0005211234",  # no such day
        "3205211234",
        "6005211234",  # 60 is day 0 of a replacement number
        "9205211234",  # 61 + 31
        "0100211234",  # no such month
        "0113211234",
        "ABCDEFGHIJ",
    ],
)
def test_what_has_no_date_or_not_ten_digits_is_no_number(text):
    assert normal_cpr(text) is None


@pytest.mark.req("R-111")
@pytest.mark.parametrize("cpr", ["0105211234", "6105211234"])
def test_masked_it_keeps_the_birthday_and_loses_the_rest(cpr):
    assert masked_cpr(cpr) == f"{cpr[:6]}-xxxx"
    assert "1234" not in masked_cpr(cpr)


@pytest.mark.req("R-111")
@pytest.mark.parametrize("written", ["0105211234", "010521-1234", "010521 1234", "610521-1234", "cpr:010521-1234."])
def test_in_a_text_it_is_found_and_taken_out(written):
    text = f"Barnet ({written}) begynder til august."
    assert holds_cpr(text)
    assert not holds_cpr(without_cpr(text)) and "1234" not in without_cpr(text)
    assert without_cpr(text).startswith("Barnet (") and without_cpr(text).endswith("august.")


@pytest.mark.parametrize(
    "text", ["kl. 12.30", "tlf. 44 12 34 56", "99152112345678", "9999999999", "0" * 64, "ab01052112" * 6 + "1234"]
)
def test_other_numbers_ids_and_digests_stay(text):
    assert not holds_cpr(text)
    assert without_cpr(text) == text


def test_an_id_is_never_taken_for_a_number():
    for _ in range(2000):
        assert not holds_cpr(new_id())
    assert not holds_cpr("0105211234" * 6 + "abcd")
    assert not holds_cpr("01052112-1234-4000-8000-010521123400")


def test_words_with_a_number_or_a_hidden_character_are_not_written():
    assert may_be_written("Retten har afgjort det.\nSag 26-1234") and may_be_written("")
    assert not may_be_written("Moderens nummer er 010190-1234")
    assert (
        not may_be_written("Afgjort\u202e i dag")
        and not may_be_written("Af\u200bgjort")
        and not may_be_written("a\x00")
    )


@given(st.text(alphabet="0123456789٣- .a", max_size=40))
def test_a_text_is_changed_just_where_it_holds_a_number(text):
    assert (without_cpr(text) != text) == holds_cpr(text)


def test_digits_of_other_scripts_are_digits():
    assert holds_cpr("٠١٠١٢٠-١٢٣٤") and without_cpr("٠١٠١٢٠-١٢٣٤") == "[cpr]"
