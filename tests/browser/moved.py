"""``tillid`` on a clock that a test moves: ``python -m tests.browser.moved FILE start …``, FILE holding a number of days.

What is kept for years and thought over for weeks cannot be waited for. Nothing in Tillid itself can move its clock: whoever
runs an installation could take fourteen days of a destruction away.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from tillid.kernel import clock

MOVED, ARGUMENTS = Path(sys.argv[1]), sys.argv[2:]


class MovedClock(clock.SystemClock):
    """The machine's clock, as many days ahead as the file says now."""

    def now(self) -> datetime:
        return super().now() + timedelta(days=int(MOVED.read_text()))


if __name__ == "__main__":
    clock.SystemClock = MovedClock  # before anything else imports it
    from tillid.tasks import worker

    worker.TaskWorker = partial(worker.TaskWorker, sweep_seconds=1.0)  # nobody waits half a minute for what is due
    from tillid.cli import main

    sys.exit(main(ARGUMENTS))
