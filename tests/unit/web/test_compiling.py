"""Our way of compiling templates writes the very same bytes as Jinja's own; our days are those of the CLDR."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date, format_datetime
from jinja2 import DictLoader
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

from tillid.kernel.clock import COPENHAGEN
from tillid.web.compiling import PageEnvironment, written
from tillid.web.render import TEMPLATES, day_text, environment, moment_text

HOSTILE = "<b title=\"x\" id='y'>Mette & Søn</b>"
SAID = {"plain": "Fra", "marked": "A & <em>B</em>", "named": "til %(name)s", "sign": "100 %%"}
PIECES = (
    '{{ _("plain") }}{{ _("marked") }}{{ _("sign") }}',
    '{{ _("named", name=hostile) }}',
    '<p title="{{ _("marked") }}">{{ hostile }}{{ number }}{{ flag }}{{ nothing }}{{ shown }}{{ markup }}</p>',
    '{{ _("marked") ~ hostile ~ ": " ~ _("plain") }}{{ _("marked") ~ "<" }}',
    '{% for name in [_("marked"), hostile, _("plain")] %}{{ name }},{% endfor %}',
    '{{ [_("marked"), "<i>"] | join("<br>") }}{{ _("marked") | replace("A", "<") }}',
    '{{ _("marked") if number > 3 else _("plain") }}{{ _(key) }}',
    '{% set said %}{{ hostile }}{{ _("marked") }}{% endset %}{{ said }}',
    '{% macro one(text, level=2) %}<h{{ level }}>{{ text }}</h{{ level + 1 }}>{% endmacro %}{{ one(hostile) }}{{ one(_("marked")) }}',
    '{% macro other(_) %}{{ _("plain") }}{% endmacro %}{{ other(shout) }}{{ _("plain") }}',
)


class Shown:
    """Something that knows how it is shown."""

    def __html__(self) -> str:
        return "<i>shown</i>"


def _say(text: str, **values: object) -> Markup:
    return Markup(SAID[text]) % values


def _page(generator: type[CodeGenerator], source: str) -> str:
    made = type("Environment", (PageEnvironment,), {"code_generator_class": generator})
    env = made(loader=DictLoader({"page": source}), autoescape=True)
    env.fixed = {"_": _say}
    env.globals["_"] = _say
    return env.get_template("page").render(
        hostile=HOSTILE, number=7, flag=True, nothing=None, shown=Shown(), markup=Markup("<b>&amp;</b>"), key="marked",
        shout=lambda text: text.upper() + "<",
    )  # fmt: skip


@pytest.mark.parametrize("source", PIECES)
def test_a_page_is_the_same_as_jinja_makes_it(source: str) -> None:
    assert _page(PageEnvironment.code_generator_class, source) == _page(CodeGenerator, source)


@pytest.mark.parametrize(
    "value", [HOSTILE, "", 0, 7, True, None, 1.5, Markup("<b>"), Shown(), ["<"], type("S", (str,), {})("<")]
)
def test_what_is_written_is_what_escape_gives(value: object) -> None:
    assert str(written(value)) == str(escape(value))


def test_texts_without_values_are_there_when_the_template_is_compiled() -> None:
    env = environment("en")
    source = (TEMPLATES / "base.html").read_text("utf-8")
    code = env.compile(source, "base.html", raw=True)
    assert "Lås og skift person" in source and "Lås og skift person" not in code
    assert "call((undefined(name='_')" not in code


@pytest.mark.parametrize(("language", "locale"), [("da", "da_DK"), ("en", "en_GB")])
def test_days_and_moments_are_written_as_the_locale_does(language: str, locale: str) -> None:
    pattern = "d. MMMM y 'kl.' HH.mm" if language == "da" else "d MMMM y, HH:mm"
    for number in range(0, 366, 5):
        moment = datetime(2026, 1, 1, 0, 7, tzinfo=UTC) + timedelta(days=number, hours=number % 24)
        day: date = moment.date()
        assert day_text(day, language) == day_text(day.isoformat(), language) == format_date(day, "long", locale)
        assert moment_text(moment, language) == format_datetime(moment.astimezone(COPENHAGEN), pattern, locale=locale)
