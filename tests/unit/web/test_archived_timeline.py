"""Each renewal of a proof stands in the list of what happened to an archived document, not the last alone (R-85)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tillid.kernel.clock import parse_instant
from tillid.web.archived_timeline import RENEWED, _renewed

FIRST, SECOND, OTHER = "2035-01-01T00:00:00Z", "2045-01-01T00:00:00Z", "2046-01-01T00:00:00Z"


def shown(details: dict[str, str] | None) -> SimpleNamespace:
    return SimpleNamespace(evidence=None if details is None else SimpleNamespace(details=details))


@pytest.mark.req("R-85")
def test_every_renewal_is_a_line_and_one_of_many_records_is_one():
    never = {"proven_at": "2026-01-01T00:00:00Z", "renewed_at": "2026-01-01T00:00:00Z"}
    twice = {**never, "renewed_at": SECOND, "renewals": f"{FIRST} {SECOND}"}
    case = SimpleNamespace(records=[shown(None), shown(never), shown(twice), shown(twice), shown({**never, "renewals": OTHER})])  # fmt: skip
    lines = list(_renewed(case))
    assert [line.at for line in lines] == [parse_instant(one) for one in (FIRST, SECOND, OTHER)]
    assert {line.text for line in lines} == {RENEWED}
