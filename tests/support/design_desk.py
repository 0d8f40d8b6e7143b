"""An administrator at the designer's pages: presses its buttons and types, without a browser."""

from __future__ import annotations

from tests.support.installation import WorldInstallation, as_staff
from tillid.forms.yamldata import read_yaml

FORM = "overgangsbeskrivelse"


class Desk:
    """An administrator with a design open."""

    def __init__(self, installation: WorldInstallation, who: str = "camilla") -> None:
        self.installation, self.app = installation, as_staff(installation, who)

    def begin(self, form: str = FORM, version: int = 3) -> Desk:
        page = self.app.get("/drift/skemaer")
        wanted = [
            one for one in page.forms.values()
            if "version" in one.fields and one["do"].value == "start"
            and (one["form"].value, one["version"].value) == (form, str(version))
        ]  # fmt: skip
        self.address = wanted[0].submit().location.removeprefix("http://127.0.0.1:8080")
        return self

    @property
    def page(self):
        return self.app.get(self.address)

    def act(self, action: str, path: str = "", **values):
        """Press the button ``action`` on the page at ``path``, with ``values`` typed; everything else as it stands."""
        page = self.app.get(self.address + path)
        form = next(f for f in page.forms.values() if any(b._value == action for b in f.fields.get("do", [])))
        for name, value in values.items():
            set_all(form, name.replace("__", "."), value)
        return form.submit("do", value=action)

    def data(self) -> dict:
        return read_yaml(self.app.get(f"{self.address}/skema.yaml").body, "x").data

    def findings(self) -> str:
        return self.page.html.select_one(".design-checks").get_text(" ", strip=True)

    def field(self, name: str) -> dict:
        return next(f for s in self.data()["sections"] for f in s["fields"] if f["id"] == name)


def draw(desk: Desk, form, action: str):
    """What the script posts when an input brings other inputs, or while one types: no button stands for it."""
    posted = [(name, value) for name, value in form.submit_fields() if name != "do"]
    return desk.app.post(form.action, [*posted, ("do", action)])


def set_all(form, name, value) -> None:
    fields = form.fields[name]
    if isinstance(value, set):  # boxes to tick
        for one in fields:
            one.checked = one._value in value
    else:
        form[name] = value
