"""A consent that renews an ended one says which, in the question, the answer, the sealed record and its page (R-21)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from tests.consent_examples import (
    CHILD,
    HOLDER,
    ITEMS,
    SYSTEM,
    all_yes,
    answer_event,
    renewing_request,
    request,
    uid,
    withdrawal_event,
)
from tillid.consents.model import ConsentRequest, Given, PaperEvidence, Renewed
from tillid.consents.record import build_record, read_record
from tillid.consents.renewal import renewed_by, renewed_question, renewed_request
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.signatures.rendering import render

BEFORE, AGAIN = request(), renewing_request()
GIVEN = answer_event(BEFORE, answers=all_yes())
RENEWS = Renewed(request_id=BEFORE.id, event=GIVEN.id, digest=GIVEN.digest)


@dataclass
class Ended:
    """What is asked of a verdict."""

    signed: bool = True
    effective: bool = False


def answered(**changes: Any) -> Any:
    return answer_event(AGAIN, answers=all_yes(), **{"renews": RENEWS, **changes})


@pytest.mark.req("R-21", "R-104")
@pytest.mark.parametrize("paper", [False, True])
def test_the_record_names_the_renewed_question_and_the_givers_own_yes_and_shows_both(paper) -> None:
    sheet = PaperEvidence(scan_sha256=sha256(b"s"), signed_on=AGAIN.valid_to, entered_by=uid(1), confirmed_by=uid(2))
    event = answered(**({"login": None, "paper": sheet} if paper else {}))
    made = build_record(event, AGAIN, role="parent", system=SYSTEM)
    assert read_record(made).renews == RENEWS == msgspec.convert(event.payload, Given).renews
    page = render(made).decode()
    assert f"<dt>Fornyer samtykket med nummer</dt>\n<dd>{BEFORE.id}</dd>" in page
    assert f"<dt>Nummer på det tidligere svar</dt>\n<dd>{GIVEN.id}</dd>" in page


@pytest.mark.req("R-21", "R-41")
def test_who_gave_no_earlier_yes_renews_the_consent_and_names_no_answer() -> None:
    young = msgspec.structs.replace(AGAIN, required_holders=(CHILD,), series={CHILD: uid(0x53)})
    event = answer_event(young, answers=all_yes(), holder_id=CHILD, holder_name=young.child_name,
                         renews=renewed_by(young, [GIVEN], CHILD))  # fmt: skip
    made = build_record(event, young, role="self", system=SYSTEM)
    assert read_record(made).renews == Renewed(request_id=BEFORE.id)
    assert "Nummer på det tidligere svar" not in render(made).decode() and "Den unge selv" in render(made).decode()


@pytest.mark.req("R-21", "R-12")
def test_a_no_renews_nothing_and_a_yes_only_what_its_question_says() -> None:
    no = answer_event(AGAIN, answers={item.id: False for item in ITEMS}, renews=RENEWS)
    other = answered(renews=Renewed(request_id=uid(0xE7)))
    first = answer_event(BEFORE, answers=all_yes(), renews=RENEWS)
    for event, asked in ((no, AGAIN), (other, AGAIN), (first, BEFORE)):
        with pytest.raises(TillidError, match=r"records\.contradiction"):
            build_record(event, asked, role="parent", system=SYSTEM)


@pytest.mark.req("R-21", "R-35")
def test_a_yes_is_tied_to_the_givers_own_earlier_yes_and_never_to_anothers() -> None:
    events = [GIVEN, withdrawal_event(BEFORE, GIVEN)]
    assert renewed_by(AGAIN, events, HOLDER) == RENEWS
    assert renewed_by(AGAIN, events, uid(0xA2)) == Renewed(request_id=BEFORE.id)
    assert renewed_by(BEFORE, events, HOLDER) is None, "the first question renews nothing"
    assert [renewed_request(one) for one in (answered(), GIVEN, events[1])] == [BEFORE.id, "", ""]


@pytest.mark.req("R-21")
def test_what_is_renewed_is_the_newest_consent_to_the_same_receiver_that_all_had_given_and_that_ended() -> None:
    def found(*earlier: tuple[ConsentRequest, Ended], to: str = BEFORE.to_unit.id, purpose: str = "overgang") -> str:
        return renewed_question(earlier, to, purpose)

    refused = (request(id=uid(0xE5)), Ended(signed=False))
    assert found((BEFORE, Ended())) == BEFORE.id == found(refused, (BEFORE, Ended())), "a no in between renews nothing"
    assert found((AGAIN, Ended()), (BEFORE, Ended())) == AGAIN.id
    assert found() == found(refused) == found((BEFORE, Ended(effective=True))) == ""
    assert found((BEFORE, Ended()), to=uid(7)) == found((BEFORE, Ended()), purpose="andet") == ""


@pytest.mark.req("R-21")
def test_a_question_of_before_renewals_is_read_as_one_that_renews_nothing() -> None:
    old = {name: value for name, value in msgspec.to_builtins(BEFORE).items() if name != "renews"}
    assert msgspec.convert(old, ConsentRequest) == BEFORE and "renews" not in GIVEN.payload
