"""A parent's own signature over their sealed record: the way to the provider, and the file when it is there (R-103)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import NotFound
from tillid.usecases.own_consent import own_receipt
from tillid.usecases.ports import House
from tillid.usecases.seal_record import PERSONAL
from tillid.usecases.sign_personally import begin_personal
from tillid.web.reading import file_response
from tillid.web.render import page
from tillid.web.views.receipts import own_ids, reading_own


def begin(request: Request) -> Response:
    """ "Skriv selv under": a page with the link to the provider. No redirect: a form of ours sends nobody elsewhere."""
    request_id, event_id = own_ids(request)
    back = request.route_url("receipt", request_id=request_id, event_id=event_id)
    go_to = begin_personal(request.house, request.person, request_id, event_id, f"{back}#underskrift")
    return page(request, "sign_personally.html", go_to=go_to, back=back, provider=request.house.personal.name)


def signature(request: Request) -> Response:
    """The own signature as XML."""
    request_id, event_id = own_ids(request)

    def build(house: House) -> Response:
        own_receipt(house, request.person, request_id, event_id, "fetch_receipt")
        data = house.ledger.attachments(event_id).get(PERSONAL)
        if data is None:
            raise NotFound("not signed")
        return file_response(data, "application/xml", f"{event_id}-underskrift.xml")

    return reading_own(request, build)
