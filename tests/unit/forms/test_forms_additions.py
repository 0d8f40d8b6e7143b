"""Files with additions beside the forms: read, combined, locked, and every fault with its file and line (O22)."""

from __future__ import annotations

import pytest

from tests.support.addition_files import FORM, UNIT, forms_folder, put
from tillid.forms.loading import load_definitions
from tillid.forms.lock import check_lock, write_lock
from tillid.forms.problems import DefinitionError

pytestmark = pytest.mark.req("O22")


@pytest.fixture
def root(tmp_path):
    return forms_folder(tmp_path)


def test_the_municipality_s_and_the_unit_s_own_are_both_there(root):
    put(root, "kommunens", field="egen_alle")
    put(root, "stedets", unit=UNIT)
    put(root, "stedets", version=2, unit=UNIT, field="egen_nye")
    known = load_definitions(root)
    base = known.get(FORM, 2)
    here = known.at_unit(base, UNIT, "kommune_og_enhed")
    assert [one.split(" ")[0] for one in here.overlays] == ["kommunens/v1", "stedets/v2"]
    assert {"egen_alle", "egen_nye"} <= set(here.fields_by_id) and "egen_vaner" not in here.fields_by_id
    elsewhere = known.at_unit(base, "another", "kommune_og_enhed")
    assert [one.split(" ")[0] for one in elsewhere.overlays] == ["kommunens/v1"]
    assert known.at_unit(base, UNIT, "kommune") == elsewhere
    assert known.at_unit(base, UNIT, "ingen") is base
    assert known.at_unit(known.get(FORM, 1), UNIT, "kommune_og_enhed") is known.get(FORM, 1)
    names = {one.name for one in known.additions}
    assert {"stedets/v1", "kommunens/v1+stedets/v1", "kommunens/v1+stedets/v2"} <= names  # old documents open for ever
    assert len({one.form.digest for one in known.additions}) == len(known.additions)


def test_two_additions_for_one_place_are_refused(root):
    put(root, "a_egne", unit=UNIT)
    put(root, "b_egne", unit=UNIT, field="egen_b")
    assert faults(root) == [("overlays/b_egne/v1.yaml", "forms.overlay-twice", 4)]


def test_the_same_field_twice_by_municipality_and_unit_is_refused(root):
    put(root, "a_egne")
    put(root, "b_egne", unit=UNIT)
    assert {(file, code) for file, code, _ in faults(root)} == {("overlays/b_egne/v1.yaml", "forms.duplicate-id")}


def test_names_and_bases_that_do_not_fit_are_refused(root):
    path = put(root, "a_egne")
    path.rename(path.with_name("v2.yaml"))
    assert faults(root)[0][:2] == ("overlays/a_egne/v2.yaml", "forms.wrong-file-name")
    path = put(root, "a_egne", version=2)
    path.write_text(path.read_text("utf-8").replace(f"{FORM}/v2", f"{FORM}/v9"), "utf-8")
    assert faults(root) == [("overlays/a_egne/v2.yaml", "forms.unknown-form", 4)]


def test_a_published_addition_never_changes(root):
    path = put(root, "a_egne")
    lock = root / "LOCK"
    write_lock(load_definitions(root), lock)
    assert "overlays/a_egne/v1 candidate " in lock.read_text("utf-8")
    lock.write_text(lock.read_text("utf-8").replace("a_egne/v1 candidate", "a_egne/v1 published"), "utf-8")
    assert check_lock(load_definitions(root), lock) == []
    path.write_text(path.read_text("utf-8").replace("label: Vaner", "label: Andet"), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        check_lock(load_definitions(root), lock)
    assert [p.code for p in caught.value.problems] == ["forms.published-changed"]


def faults(root) -> list[tuple[str, str, int]]:
    with pytest.raises(DefinitionError) as caught:
        load_definitions(root)
    return [(p.file, p.code, p.line) for p in caught.value.problems]
