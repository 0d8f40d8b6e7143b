"""The definitions of forms as JSON, for employees' own tools: forms hold nothing about anybody (docs/forms_commands.md)."""

from __future__ import annotations

import json

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.json_schema import answers_schema
from tillid.kernel.errors import TillidError


def forms(request: Request) -> Response:
    """Every version with its status, digest and the address of its schema."""
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
    return _json({"forms": rows}, "application/json")


def schema(request: Request) -> Response:
    """The answers of one version as JSON Schema 2020-12."""
    try:
        found = request.house.definitions.get(request.matchdict["form"], int(request.matchdict["version"]))
    except TillidError:
        raise HTTPNotFound() from None
    return _json(answers_schema(found), "application/schema+json")


def _json(value: object, media_type: str) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, indent=1).encode(), content_type=media_type)
