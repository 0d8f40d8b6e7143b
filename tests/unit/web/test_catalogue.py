"""Every text that people can meet has an English translation with the same placeholders."""

from __future__ import annotations

import importlib.util
import re
from functools import cache

import pytest

from tillid.kernel.paths import PROJECT
from tillid.web.i18n import translate

spec = importlib.util.spec_from_file_location("catalogue", PROJECT / "scripts" / "catalogue.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)
tool.collect = cache(tool.collect)  # seconds, and the same for each test


def placeholders(text):
    return sorted(re.findall(r"%\(\w+\)s|\{\w+\}", text))


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_the_catalogue_is_complete(language):
    assert tool.untranslated(language) == [], "run scripts/catalogue.py update and translate"


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_translations_keep_the_placeholders(language):
    for message in tool.catalogue(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings if message.id else ():
            assert placeholders(text) == placeholders(ids[0]), ids[0]


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_the_catalogue_can_be_compiled(language):
    """Else nothing can be installed: a percent sign before a letter is taken for a placeholder."""
    assert [(str(message.id), errors) for message, errors in tool.catalogue(language).check()] == []


def test_marked_texts_errors_and_templates_are_all_collected():
    ids = {m.id if isinstance(m.id, str) else m.id[0] for m in tool.collect()}
    assert {"Log af", "Kladde", "Siden findes ikke.", "Skriv højst {most} rækker."} <= ids
    assert list(tool.error_texts('class E:\n    text = "a"\nf(text="b", other="c")\ntext = "d"')) == ["a", "b"]
    assert list(tool.error_texts('said("a {x}", x="b")\nsaid(c)\nself.said("d")')) == ["a {x}"]
    assert list(tool.error_texts('Words("a")\nWords(b)\nOther("c")')) == ["a"]


def test_a_text_is_shown_in_the_readers_language():
    assert translate("Log af", "en") == "Log out" and translate("Log af", "da") == "Log af"
    assert translate("Log af", "xx") == "Log af"
