"""Celery as the hands: worker threads in this process that call one function with one key (design 6, 19).

Nothing is remembered here: ``memory://`` as broker, no result back end, no retries of Celery's own. What a crash loses
is only a wake-up; the outbox has the work and the sweep wakes again.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Sequence

from celery import Celery
from celery.worker import WorkController, state
from kombu import Exchange, Queue

log = logging.getLogger(__name__)

TASK = "tillid.tasks.run"
_STARTING = 20.0  # seconds a worker may take to listen


class CeleryHands:
    """One solo worker thread per queue, so that what is urgent never waits behind a render.

    ``run(installation, key)`` is called in the worker's thread and must not raise. Celery keeps the wish to stop in one
    place per process, so keep one running instance per process.
    """

    def __init__(self, run: Callable[[str, str], None], *, installation: str, queues: Sequence[str]) -> None:
        self._installation = installation
        # The memory broker is shared by the whole process: names of our own keep instances apart.
        prefix = f"tillid-{uuid.uuid4().hex[:8]}"
        self._workers = {name: _Worker(f"{prefix}-{name}", run) for name in queues}

    def start(self) -> None:
        """Start every worker thread that does not run; returns when all listen."""
        for worker in self._workers.values():
            worker.start()

    def send(self, queue: str, key: str) -> bool:
        """Put ``key`` into ``queue``; ``False`` (and a log line) if that failed: the sweep will come by."""
        return self._workers[queue].send(self._installation, key)

    @property
    def alive(self) -> bool:
        return all(worker.alive for worker in self._workers.values())

    def stop(self, timeout: float = 30.0) -> bool:
        """Let the running tasks end and stop; ``False`` if one did not end in time (its entry stays in the outbox,
        its thread does not keep the process alive)."""
        state.should_stop = 0
        for worker in self._workers.values():
            # The loop looks up every two seconds, and once more after it was told: an empty message each time is quicker.
            for _ in range(2 * worker.alive):
                worker.send("", "")
        done = [worker.join(timeout) for worker in self._workers.values()]
        if all(done):
            state.should_stop = None
        else:
            log.warning("a task was still running when the worker was stopped")
        return all(done)


class _Worker:
    """A Celery application with one queue and its solo worker; an application knows which queues it consumes, so two
    workers cannot share one."""

    def __init__(self, queue: str, run: Callable[[str, str], None]) -> None:
        self._queue = queue
        self._thread: threading.Thread | None = None
        self._app = _app(queue)

        # shared=False: or the first application's function would answer for every later one in this process.
        @self._app.task(name=TASK, ignore_result=True, max_retries=0, shared=False)
        def hand(installation: str, key: str) -> None:
            if key:
                run(installation, key)

        self._task = hand

    def start(self) -> None:
        if self.alive:
            return
        ready = threading.Event()
        controller = WorkController(
            app=self._app,
            pool_cls="solo",
            concurrency=1,
            hostname=f"{self._queue}@tillid",
            queues=[self._queue],
            ready_callback=lambda consumer: ready.set(),
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )

        def work() -> None:
            self._app.set_current()  # of this thread: the solo pool looks its task up in the current application
            controller.start()

        self._thread = threading.Thread(target=work, name=self._queue, daemon=True)
        self._thread.start()
        if not ready.wait(_STARTING):
            log.error("worker %s does not listen", self._queue)

    def send(self, installation: str, key: str) -> bool:
        try:
            self._task.apply_async(args=(installation, key), queue=self._queue)
        except Exception as error:  # a wake-up must never break what was committed
            log.warning("worker could not be woken: %s", type(error).__name__)
            return False
        return True

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def join(self, timeout: float) -> bool:
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.alive


def _app(queue: str) -> Celery:
    app = Celery(queue, broker="memory://localhost/", backend=None, set_as_current=False)
    app.conf.update(
        task_queues=[Queue(queue, Exchange(queue), routing_key=queue)],
        task_default_queue=queue,
        task_default_exchange=queue,
        task_default_routing_key=queue,
        task_ignore_result=True,
        task_send_sent_event=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_prefetch_multiplier=1,
        broker_transport_options={"polling_interval": 0.1},
        broker_connection_retry_on_startup=True,
        enable_utc=True,
    )
    return app
