"""A run of packing that was killed goes on where it was; one that ended, or had another order, begins anew."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from tillid.archive.package_runs import Begun, Ended, Failed, Made, Order, newest, resumed

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
ORDER = Order(kind="child", value="c", controller="")
BEGUN = Begun(order=ORDER, at=AT, documents=3)
ENDED = Ended(at=AT, made=1, there=0, failed=0)


def made(document: str, package: str = "p", mets: str = "0") -> Made:
    return Made(
        document=document, version=1, last_event="", package=package, file=package, new=True, files=1, size=1, mets=mets
    )


def test_what_a_killed_run_made_counts_also_after_the_next_was_killed():
    failed = Failed(document="b", code="package.not-ready")
    lines = [BEGUN, made("x"), ENDED, BEGUN, made("a"), failed, BEGUN, made("c")]
    assert set(resumed(lines, ORDER)) == {"a", "c"}


def test_a_run_that_ended_or_had_another_order_counts_for_nothing():
    other = msgspec.structs.replace(ORDER, to="ab")
    assert resumed([BEGUN, made("a"), ENDED], ORDER) == {}
    assert resumed([BEGUN, made("a")], other) == {}
    assert resumed([BEGUN, made("a"), Begun(order=other, at=AT, documents=1), made("b")], ORDER) == {}
    assert resumed([], ORDER) == {}


def test_the_last_line_about_a_package_is_the_one_that_counts():
    assert newest([BEGUN, made("a", mets="1"), ENDED, made("a", mets="2"), made("b", "q")])["p"].mets == "2"


def test_each_kind_of_line_comes_back_as_it_was():
    lines = [BEGUN, made("a"), Failed(document="b", code="c"), ENDED]
    kind = Begun | Made | Failed | Ended
    assert [msgspec.json.decode(msgspec.json.encode(one), type=kind) for one in lines] == lines
