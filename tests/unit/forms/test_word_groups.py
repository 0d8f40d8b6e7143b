"""Words that are searched as one, as an administrator writes them."""

from __future__ import annotations

import pytest

from tillid.forms.settings import SettingError, checked, load_settings
from tillid.forms.word_groups import Group, fault_in, groups_in


def test_a_line_is_a_group():
    text = "logopæd,  talepædagog \n\n# fra 2025\nbedsteforælder > mormor, farmor # den ene vej\n"
    assert groups_in(text) == (
        Group(names=("logopæd", "talepædagog")),
        Group(names=("bedsteforælder", "mormor", "farmor"), one_way=True),
    )
    assert fault_in(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alene", "Linje 1: skriv 2 til 12 ord"),
        ("a, b\n\nalene", "Linje 3: skriv 2 til 12 ord"),
        ("a, ", "Linje 1: et af ordene er tomt."),
        ("a > ", "Linje 1: et af ordene er tomt."),
        ("a, !!", "Linje 1: et af ordene er tomt."),
        ("a, A", "Linje 1: det samme ord står to gange."),
        ("a, " + "b" * 61, "Linje 1: et ord er længere end 60 tegn."),
        (", ".join("abcdefghijklm"), "Linje 1: skriv 2 til 12 ord"),
        ("a, b\n" * 501, "Skriv højst 500 linjer."),
    ],
)
def test_what_cannot_be_used_is_told_by_its_line(text, said):
    assert fault_in(text).startswith(said)
    with pytest.raises(SettingError) as refused:
        checked(load_settings()["soegeord"], text)
    assert said in refused.value.message
    assert len(groups_in(text)) <= 500


def test_the_delivered_list_is_allowed_and_an_empty_one_too():
    setting = load_settings()["soegeord"]
    assert checked(setting, setting.default)
    assert checked(setting, "") == ""
    with pytest.raises(SettingError):
        checked(setting, "a, b\x00")
