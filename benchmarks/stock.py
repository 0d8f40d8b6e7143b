"""The peer: the same document as a stock Dexterity type on the same Plone site, published by the stock publisher.

Behaviours, versioning, workflow, catalog, theme and view are those that Plone gives a Page; only the fields are the form's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import transaction

from benchmarks.client import HOST, Browser
from tillid.cms.starting import SITE_ID, database, plone_screens_app
from tillid.forms.definition import FormDefinition

TYPE = "stock_document"
# Those of plone.app.contenttypes' Page, without the rich text field that a form has no use for.
BEHAVIOURS = (
    "plone.namefromtitle",
    "plone.excludefromnavigation",
    "plone.shortname",
    "plone.dublincore",
    "plone.relateditems",
    "plone.versioning",
    "plone.locking",
)
KINDS = {"text": "zope.schema.Text", "boolean": "zope.schema.Bool", "line": "zope.schema.TextLine"}


@contextmanager
def site(commit: bool = True) -> Iterator[Any]:
    """The Plone site with a request and all rights, as a stock script has it; commits at a clean end."""
    from AccessControl.SecurityManagement import newSecurityManager, noSecurityManager
    from AccessControl.users import system
    from Testing.makerequest import makerequest
    from zope.component.hooks import setSite
    from zope.globalrequest import clearRequest, setRequest

    transaction.begin()
    connection = database().open()
    try:
        root = makerequest(connection.root()["Application"])
        setRequest(root.REQUEST)
        newSecurityManager(None, system)
        setSite(root[SITE_ID])
        yield root[SITE_ID]
        if commit:
            transaction.commit()
    finally:
        transaction.abort()
        noSecurityManager()
        setSite(None)
        clearRequest()
        connection.close()


def add_type(definition: FormDefinition, field_ids: list[str]) -> None:
    """A Dexterity type with those fields of the form, versioned like a Page."""
    from plone.dexterity.fti import DexterityFTI

    fields = [(f.id, f.label, _kind(f.type)) for f in definition.fields if f.id in field_ids]
    with site() as plone:
        types = plone.portal_types
        types._setObject(TYPE, DexterityFTI(TYPE, title="Stock document", global_allow=True))
        types[TYPE].manage_changeProperties(
            klass="plone.dexterity.content.Item",
            model_source=_model(fields),
            behaviors=BEHAVIOURS,
            default_view="view",
            view_methods=("view",),
        )
        repository = plone.portal_repository
        repository.setVersionableContentTypes([*repository.getVersionableContentTypes(), TYPE])
        for policy in ("at_edit_autoversion", "version_on_revert"):
            repository.addPolicyForContentType(TYPE, policy)


def _kind(type_: str) -> str:
    return {"long_text": "text", "yes_no": "boolean"}.get(type_, "line")


def _model(fields: list[tuple[str, str, str]]) -> str:
    lines = [
        f"<field name={quoteattr(name)} type={quoteattr(KINDS[kind])}><title>{escape(label)}</title>"
        f"<required>False</required></field>"
        for name, label, kind in fields
    ]
    head = '<model xmlns="http://namespaces.plone.org/supermodel/schema"><schema>'
    return f"{head}{''.join(lines)}</schema></model>"


def values_of(definition: FormDefinition, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as the stock type's fields hold them: texts as they are, references and choices as a line."""
    kinds = {field.id: _kind(field.type) for field in definition.fields}
    return {name: _value(kinds[name], value) for name, value in answers.items()}


def _value(kind: str, value: Any) -> Any:
    if kind == "boolean":
        return bool(value)
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return ", ".join(_value(kind, one) for one in value)
    text = str(value)
    return text if kind == "text" else " ".join(text.split())


def create(plone: Any, title: str, values: dict[str, Any]) -> Any:
    """One object made the stock way: events, catalog, workflow, first version."""
    from plone.dexterity.utils import createContentInContainer

    return createContentInContainer(plone, TYPE, checkConstraints=False, title=title, **values)


def add_object(title: str, values: dict[str, Any], roles: dict[str, tuple[str, ...]]) -> str:
    """One object on which each account has its ``roles``; returns its path."""
    with site() as plone:
        made = create(plone, title, values)
        for account, own in roles.items():
            made.manage_setLocalRoles(account, list(own))
        made.reindexObjectSecurity()
        return "/".join(made.getPhysicalPath())


def logged_in(username: str, password: str, host: str = HOST, app: Callable[..., Any] | None = None) -> Browser:
    """A browser that has logged in through Plone's own form: its cookie is Plone's session ticket."""
    browser = Browser(app or plone_screens_app(), host)
    form = browser.get(f"/{SITE_ID}/login")
    fields = {"__ac_name": username, "__ac_password": password, "buttons.login": "Log in"}
    try:
        fields["_authenticator"] = form.hidden("_authenticator")
    except LookupError:
        pass
    browser.post(f"/{SITE_ID}/login", fields)
    if "__ac" not in browser.cookies:
        raise RuntimeError("Plone's login form gave no ticket")
    return browser
