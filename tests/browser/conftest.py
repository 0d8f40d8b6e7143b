"""One real server, one real Chromium and one walk for the whole folder.

Run the folder as a whole: its files are one walk in the order of their names (1_write → 2_consent → 3_withdraw → …)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser.looking import Looker
from tests.browser.own_draft import SECTION, THEO
from tests.browser.people import WAITING_MS, People, press
from tests.browser.served import Served

# The same engine without the windows around it; where there is no Debian, Chromium itself.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Walk:
    """What one station leaves for the next."""

    done: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def after(self, station: str) -> None:
        """Go on only where the walk has got to ``station``."""
        if station not in self.done:
            pytest.fail(f"the walk did not get to »{station}«; run tests/browser as a whole")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("browser"))
    server.wait()
    yield server
    code = server.stop()
    assert code == 0, f"tillid start ended with {code}:\n{server.log}"


@pytest.fixture(scope="session")
def player() -> Iterator[Playwright]:
    expect.set_options(timeout=WAITING_MS)  # a busy machine is slow, not wrong
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(player: Playwright) -> Iterator[Browser]:
    chromium = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def looker(served: Served) -> Looker:
    return Looker(served.url)


@pytest.fixture(scope="session")
def people(browser: Browser, looker: Looker) -> People:
    return People(browser, looker)


@pytest.fixture(scope="session")
def walk() -> Walk:
    return Walk()


@pytest.fixture
def document(people: People) -> str:
    """The address of an overgangsbeskrivelse of the test's own, begun by Sofie."""
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name=THEO))
    page.get_by_text("Fra børnehave til skole og SFO").click()
    press(page, page.get_by_role("button", name="Begynd en overgangsbeskrivelse"))
    return urlsplit(page.url).path.split("/udfyld")[0]


@pytest.fixture
def sofie(people: People, document: str) -> Iterator[Page]:
    """Sofie in that document, on a phone, in a browser that may be broken."""
    page = people.stranger("telefon", like="sofie")
    page.goto(document + SECTION)
    yield page
    page.context.set_offline(False)
    page.context.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test shows what the server said."""
    outcome = yield
    report = outcome.get_result()
    served = item.funcargs.get("served") if hasattr(item, "funcargs") else None
    if report.failed and isinstance(served, Served):
        report.sections.append(("tillid start", served.log[-6000:]))
