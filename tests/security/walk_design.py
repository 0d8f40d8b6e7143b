"""The administrators' part of the walk: a new version of a form, and a template of one's own."""

from __future__ import annotations

import webtest

from tests.security.clicking import form_with
from tests.security.walker import Walker
from tests.support.installation import ORIGIN
from tests.support.own_templates import changed


def designed(walker: Walker) -> None:
    """A new version of a form: begun, changed on each of its pages, sent, published by a second person, taken out."""
    with walker.at("people"):
        app = walker.as_("camilla")
        design = next(
            form.submit().location
            for form in app.get("/drift/skemaer").forms.values()
            if "version" in form.fields
            and (form["do"].value, form["form"].value, form["version"].value) == ("start", "overgangsbeskrivelse", "3")
        ).removeprefix(ORIGIN)
        app.get("/drift/skemaer/overgangsbeskrivelse/v3.yaml")
        app.get(f"{design}/skema.yaml")
        for path in (
            "/skemaet",
            "/regler",
            "/afsnit/fagpersonens_del",
            "/felt/u_greb",
            "/liste/overgangstype",
        ):
            form = form_with(app.get(design + path), "revision")
            form.submit(*(("do", "save") if "do" in form.fields else ()), expect_errors=True)
        form = form_with(app.get(f"{design}/svar/u_hverdag"), "how")
        form["how"] = "kept"
        form.submit("do", value="save")
        form_with(app.get(f"{design}/proev"), "laeser").submit()
        posted = [one for one in app.get(f"{design}/proev").forms.values() if one.method.lower() == "post"][-1]
        posted.submit("do", value="check")
        form_with(app.get(design), "usable_from").submit("do", value="submit")
        app.get(f"{design}/godkendelse")
        app = walker.as_("henriette")
        form_with(app.get(f"{design}/godkendelse"), "usable_from").submit("do", value="publish").follow()


def own_template(walker: Walker) -> None:
    """A template sent in and put aside, and what its pages offer."""
    with walker.at("people"):
        app, page = walker.as_("camilla"), "/drift/skabeloner/overgangsbeskrivelse/v3"
        app.get("/drift/skabeloner")
        form = form_with(app.get(page), "file")
        own = changed(app.get(f"{page}.docx").body, ("{{ title }}", "{{ title }} hos os"))
        form["file"] = webtest.Upload("vores.docx", own)
        proposal = form.submit("do", value="upload").location.removeprefix(ORIGIN)
        app.get(f"{proposal}/fremdrift")
        app.get(app.get(proposal).html.select_one(f"a[href^='{proposal}/fil/']")["href"])
        form_with(app.get(proposal), "seen").submit("do", value="discard").follow()
