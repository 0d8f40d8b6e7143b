"""The definitions of forms as JSON, for employees' own tools: forms hold nothing about anybody (docs/forms_commands.md)."""

from __future__ import annotations

import json

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.json_schema import answers_schema
from tillid.kernel.errors import TillidError
from tillid.web.views.printed import named_form


def forms(request: Request) -> Response:
    """Every version with its status, digest and the address of its schema; after them the versions with what a municipality
    or a unit adds (``units``: where it holds, empty = everywhere)."""
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "status": one.status,
            "digest": one.digest,
            "schema": request.route_path("form_schema", form=one.id, version=one.version),
        }
        for one in request.house.definitions.all()
    ]
    rows += [
        {
            "name": one.full_name,
            "title": " + ".join([one.form.title, *(part.title for part in one.parts)]),
            "status": one.form.status,
            "digest": one.form.digest,
            "units": [one.unit] if one.unit else [],
            "schema": request.route_path(
                "form_schema", form=one.form.id, version=one.form.version, _query={"tilfoejelse": one.name}
            ),
        }
        for one in request.house.definitions.additions
    ]
    return _json({"forms": rows}, "application/json")


def schema(request: Request) -> Response:
    """The answers of one version as JSON Schema 2020-12."""
    try:
        found = request.house.definitions.of(named_form(request))
    except TillidError:
        raise HTTPNotFound() from None
    return _json(answers_schema(found), "application/schema+json")


def _json(value: object, media_type: str) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, indent=1).encode(), content_type=media_type)
