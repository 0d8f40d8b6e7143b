"""Work after the click: the outbox remembers it, Celery's threads do it, a sweep picks up what a crash left (design 6)."""

from tillid.tasks.worker import TaskWorker

__all__ = ["TaskWorker"]
