"""Templates to pages: one Jinja environment per language, everything escaped, an unknown name is an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import get_month_names
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pyramid.csrf import get_csrf_token
from pyramid.request import Request
from pyramid.response import Response

from tillid.consents.letters import mixed_parts
from tillid.kernel.clock import COPENHAGEN
from tillid.web import words
from tillid.web.assets import url_of
from tillid.web.compiling import PageEnvironment
from tillid.web.i18n import LANGUAGES, SOURCE, translate, translations
from tillid.web.menu import Entry, menu_of
from tillid.web.session import IDLE_MINUTES

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "sprog"
_LOCALES = {"da": "da_DK", "en": "en_GB"}


def language_of(request: Request) -> str:
    """The reader's choice, else Danish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else SOURCE


@cache
def environment(language: str) -> PageEnvironment:
    """The environment whose texts are in ``language``."""
    env = PageEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        auto_reload=False,  # templates change with the program only
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.fixed = {"_": _saying(language), "asset": url_of, "icon": icon}
    env.globals |= {**env.fixed, "language": language, "words": words}
    env.filters |= {
        "day": lambda value: day_text(value, language),
        "moment": lambda value: moment_text(value, language),
        "month": lambda value: month_text(value, language),
        "lines": lines,
        "mixed_parts": mixed_parts,
        # for texts that are data (errors, choices marked with ``_``), not literals of the template
        "translated": lambda text: translate(text, language),
    }
    return env


def _saying(language: str) -> Callable[..., Markup]:
    """``_`` for templates: what Jinja's own does, but a text without values is made once (a tenth of a page's time)."""
    catalogue = translations(language)

    @cache
    def plain(text: str) -> Markup:
        return Markup(catalogue.gettext(text)) % {}

    def said(text: str, **values: Any) -> Markup:
        return Markup(catalogue.gettext(text)) % values if values else plain(text)

    return said


@cache
def icon(name: str, label: str = "") -> Markup:
    """An icon of the design system; ``label`` only where no text stands beside it."""
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon-svg" focusable="false" {}><use href="{}#{}"></use></svg>').format(
        said, url_of("dkfds/icons.svg"), name
    )


def day_text(value: date | datetime | str, language: str = SOURCE) -> str:
    """``25. november 2026``, in Copenhagen."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(COPENHAGEN).date()
    dot = "." if language == SOURCE else ""
    return f"{value.day}{dot} {_months(language)[value.month]} {value.year}"


def month_text(month: str, language: str = SOURCE) -> str:
    """``januar 2027`` of ``2027-01``."""
    return f"{_months(language)[int(month[5:])]} {month[:4]}"


@cache
def _months(language: str) -> Mapping[int, str]:
    # Only the names are asked for: putting a pattern together takes babel as long as several questions to the ledger.
    return dict(get_month_names("wide", locale=_LOCALES[language]))


def moment_text(value: datetime, language: str = SOURCE) -> str:
    """``25. november 2026 kl. 20.05``, Copenhagen time."""
    local = value.astimezone(COPENHAGEN)
    hour, minute = f"{local.hour:02}", f"{local.minute:02}"
    clock = f" kl. {hour}.{minute}" if language == SOURCE else f", {hour}:{minute}"
    return day_text(local.date(), language) + clock


def lines(text: str) -> Markup:
    """Escaped text with its line ends kept."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def file_address(request: Request, route: str, **parts: Any) -> Callable[[str, int], str]:
    """Where the file of a field and place is opened; for the templates that show answers."""
    return lambda field, place: request.route_path(route, **parts, field=field, place=place)


def shell(
    request: Request, *, person: Any, menu: tuple[Entry, ...], here: str, token: Callable[[], str]
) -> dict[str, Any]:
    """What every page is given besides its own values. ``token``: the form token, asked for only where one is shown."""
    return {
        "request": request,
        "person": person,
        "settings": request.registry.installation.settings,
        "web": request.registry.web,
        "menu": menu,
        "path": lambda name, **parts: request.route_path(name, **parts) if parts else _plain_path(request, name),
        "here": here,
        "csrf": token,
        "csrf_field": lambda: Markup('<input type="hidden" name="csrf_token" value="{}">').format(token()),
        "idle_minutes": IDLE_MINUTES,
        "problems": (),
        "crumbs": (),
        "notice": "",
    }


def _plain_path(request: Request, name: str) -> str:
    """The path of a route without parts; made once an application, for a page names a dozen of them."""
    known = request.registry.plain_paths
    if name not in known:
        known[name] = request.route_path(name)
    return known[name]


def made_with(language: str, template: str, values: dict[str, Any]) -> str:
    """``template`` in ``language`` with exactly these values."""
    return environment(language).get_template(template).render(values)


def render(request: Request, template: str, **values: Any) -> str:
    """The template with what every page needs. An error page opens nothing: its person is the one already loaded."""
    person = request.person if getattr(request, "exception", None) is None else request.__dict__.get("person")
    around = shell(
        request, person=person, menu=menu_of(person), here=request.path, token=lambda: get_csrf_token(request)
    )
    return made_with(language_of(request), template, around | values)


def page(request: Request, template: str, **values: Any) -> Response:
    """A whole page, or a fragment for htmx when the template is one."""
    return Response(render(request, template, **values), content_type="text/html", charset="UTF-8")
