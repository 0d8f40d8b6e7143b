"""What there is to be read again and in which order; forms and templates of the municipality's own (R-82)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Of

import pytest

from tillid.archive.fixity import Fixity
from tillid.kernel.canonical import json_digest
from tillid.usecases.check_fixity import due_now
from tillid.usecases.fixity_things import counted, look_at, named, things

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
FORM = {"id": "samtale", "fields": []}


def after(names):
    return lambda last: [name for name in sorted(names) if name > last]


def made(**changed):
    form = Of(form="samtale", version=2, data=FORM, digest=json_digest(FORM))
    addition = Of(name="ekstra/v1", data={"id": "ekstra"}, digest=json_digest({"id": "ekstra"}))
    template = Of(form="samtale", version=1, number=1, sha256="a" * 64)
    ours = Of(form="samtale", version=1, number=2, sha256="")  # the program's own again
    parts = {
        "blobs": Of(digests=after({"a" * 64}), holds=lambda digest: digest == "a" * 64),
        "documents": Of(ids=after({"d1", "d2"}), destroyed=list, unpacked=list),
        "designs": Of(published=lambda: [form], published_additions=lambda: [addition]),
        "templates": Of(publications=lambda: [template, ours]),
        "ledger": Of(children=after({"c1"})),
        "imported": None,
    }
    return Of(**parts | changed)


BESIDE = Of(names=lambda: ["audit"], destroyed=list, look_at=lambda name, pace: ("fixity.audit", 3))


def found(stored, thing):
    return dict(look_at(stored, thing, BESIDE, NOON, 0, lambda: None).damages)


@pytest.mark.req("R-82")
def test_everything_comes_once_wherever_the_reading_goes_on():
    every = list(things(made(), BESIDE, ""))
    assert every == sorted(every) and len(set(every)) == len(every) == counted(made(), BESIDE)[0]
    assert [one.split(":")[0] for one in every] == [
        "beside", "beside", "blob", "document", "document", "form", "form", "ledger", "template", "template",
    ]  # fmt: skip
    for at, one in enumerate(every):
        assert list(things(made(), BESIDE, one)) == every[at + 1 :], one


@pytest.mark.req("R-82")
def test_forms_and_templates_of_ones_own_against_what_was_published():
    assert not any(found(made(), one) for one in things(made(), BESIDE, "") if one.startswith(("form", "template")))
    form = Of(form="samtale", version=2, data=FORM | {"title": "Anden"}, digest=json_digest(FORM))
    addition = Of(name="ekstra/v1", data={"id": "andet"}, digest=json_digest({"id": "ekstra"}))
    other = made(designs=Of(published=lambda: [form], published_additions=lambda: [addition]))
    assert found(other, "form:samtale/v2") == {"form:samtale/v2": "fixity.form"}
    assert found(other, "form:overlays/ekstra/v1") == {"form:overlays/ekstra/v1": "fixity.form"}
    empty = made(blobs=Of(digests=after(()), holds=lambda digest: False))
    assert found(empty, "template:samtale/v1/1") == {"template:samtale/v1/1": "fixity.template"}
    assert found(empty, "template:samtale/v1/2") == {}


@pytest.mark.req("R-82")
def test_lost_days_are_made_up_for_and_not_all_at_once():
    def left(done, day):
        state = Fixity(began_at=NOON, ran_at=NOON, done=done)
        return due_now(state, 300, 30, NOON + timedelta(days=day))

    assert [left(0, 0), left(10, 1), left(150, 15), left(290, 29)] == [10] * 4
    assert left(0, 20) == 30 == left(0, 90) and left(100, 20) == 20 and left(299, 1) == 10


def test_what_cannot_be_read_is_a_finding_and_never_names_a_child():
    assert found(made(), "beside:audit") == {"beside:audit": "fixity.audit"}
    torn = made(ledger=None)
    assert set(found(torn, "ledger:c1").values()) == {"fixity.unreadable"}
    assert "c1" not in named("ledger:c1") and named("ledger:c1") != named("ledger:c2")
