"""A Chromium of its own with a profile on the disk, which can be killed like a tablet whose battery is pulled."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tests.browser.served import free_port


class Mortal:
    """``page``: its only page; ``profile``: what it keeps on the disk."""

    def __init__(self, player: Playwright, command: list[str], profile: Path, url: str) -> None:
        self.profile, port = profile, free_port()
        self._process = subprocess.Popen(
            [
                *command,
                f"--user-data-dir={profile}",
                f"--remote-debugging-port={port}",
                "--headless=new",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._browser = self._connected(player, port)
        self.page: Page = self._browser.contexts[0].pages[0]
        self.url = url

    def _connected(self, player: Playwright, port: int) -> Browser:
        for attempt in range(60):
            try:
                return player.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Exception:
                if attempt == 59:
                    raise
                time.sleep(0.5)
        raise RuntimeError("no browser")

    def kill(self) -> None:
        """SIGKILL to all its processes at once: nothing is said goodbye to, nothing is flushed."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def left_behind(self, words: str) -> list[str]:
        """Files of the profile in which ``words`` can be found, however a browser writes text."""
        signs = [words.encode(code) for code in ("utf-8", "utf-16-le")]
        files = (file for file in self.profile.rglob("*") if file.is_file() and not file.is_symlink())
        return [str(file) for file in files if any(sign in file.read_bytes() for sign in signs)]


@contextmanager
def mortal(player: Playwright, command: list[str], profile: Path, url: str) -> Iterator[Mortal]:
    """Killed at the end, if not before."""
    made = Mortal(player, command, profile, url)
    try:
        yield made
    finally:
        made.kill()
