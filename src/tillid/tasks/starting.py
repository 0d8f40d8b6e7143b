"""The worker of a running installation, as each process that has one starts it."""

from __future__ import annotations

from collections.abc import Callable

from tillid.tasks.worker import TaskWorker
from tillid.usecases.follow_up import STEPS
from tillid.usecases.retry_step import tell_given_up
from tillid.wiring.running import Installation


def start_worker(installation: Installation, upkeep: Callable[[], None] | None = None) -> TaskWorker:
    """Real Celery threads, woken by every commit of ``installation`` and giving way to its clicks; ``upkeep``: done with every
    sweep (as given: the installation's own). Stop it before the installation is closed."""
    worker = TaskWorker(
        installation.open_house,
        STEPS,
        installation.var / "run" / "marks",
        upkeep=upkeep or installation.upkeep,
        give_way=installation.clicks.give_way,
        given_up=tell_given_up,
    )
    installation.wake = worker.wake
    worker.start()
    return worker
