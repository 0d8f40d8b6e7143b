"""The pages of any form whatever: what the static check calls fine can be drawn, filled and read by everybody who meets it, and
nothing else of it is drawn."""

from __future__ import annotations

from hypothesis import given
from lxml import html

from tests.property.generated import form_answers_facts
from tests.property.test_generated_forms import stored_of
from tests.support.effort import times
from tillid.forms.readers import READERS, may_see
from tillid.web.design_look import met_by, trial, view_of
from tillid.web.render import environment

MACROS = {
    one: environment(one).get_template("forms.html").make_module({"path": lambda *a, **k: "/"}) for one in ("da", "en")
}


@times(0.5)
@given(form_answers_facts())
def test_whatever_the_check_calls_fine_can_be_drawn_for_who_meets_it(drawn):
    form, raw, _known = drawn
    answers = stored_of(form, raw)
    for reader in READERS:
        for kept, variant, language in ((answers, "bh", "da"), ({}, "", "en")):
            at = trial(kept, variant)
            for field, fills in met_by(form, kept, reader, variant):
                assert may_see(field.visible_to, reader)
                view = view_of(form, at, field, editable=fills, error="Ret det." if kept else "", language=language)
                page = html.fromstring(str(MACROS[language].field(view, "/gem" if fills else "")))
                assert field.label in page.text_content()
