"""`unsilenced run`: decides when sources are read and watches the children that read them."""

import signal
import threading
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from schedules.health import standing
from schedules.lease import Lease
from schedules.plan import Plan, read_plan
from schedules.supervisor import collect, sources, stop_children
from storage.interrupted import sweep
from storage.store import Store

STAGGER = timedelta(seconds=20)  # a week of outage is caught up one source after the other
STOP_MARGIN_S = 30.0  # a child ends itself by its limit; past this it is stopped
CHILDREN = 2
Afterwards = Callable[[Store], None]


class Daemon:
    """The scheduler of one home, in the foreground until it is told to stop."""

    def __init__(
        self, store: Store, config: Path | None, tell: Callable[[str], None], after: Afterwards
    ) -> None:
        self.store = store
        self.config = config
        self.tell = tell
        self.after = after
        self.lease = Lease(store.home)
        self.rows = {row["source"]: row for row in sources(config) if row["enabled"]}
        self.plans = [read_plan(name, row["every"]) for name, row in self.rows.items()]
        # Memory store only: the schedule is configuration, the run table is the state.
        self.scheduler = BlockingScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(CHILDREN)}
        )

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises Refused where another scheduler runs."""
        self.lease.take()
        swept = sweep(self.store)
        if swept:
            self.tell(f"{len(swept)} runs of a process that died are marked interrupted")
        self._catch_up()
        for plan in self.plans:
            self._schedule(plan)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.scheduler.start()

    def _schedule(self, plan: Plan) -> None:
        # Late is better than never: without a grace time the library drops a job 1 s late.
        self.scheduler.add_job(
            self.read, plan.trigger, args=[plan.source], id=plan.source,
            misfire_grace_time=None, coalesce=True, max_instances=1,
        )  # fmt: skip

    def _catch_up(self) -> None:
        """Each source that missed a slot is read once, staggered."""
        now = self.store.clock.now()
        with self.store.read() as connection:
            due = [d.source for d in standing(connection, self.plans, now) if d.due]
        for place, source in enumerate(due):
            self.scheduler.add_job(
                self.read, "date", run_date=now + place * STAGGER, args=[source],
                id=f"{source}/catch-up", misfire_grace_time=None, max_instances=1,
            )  # fmt: skip
        self.tell(f"{len(self.plans)} sources scheduled, {len(due)} due now")

    def read(self, source: str) -> list[dict[str, Any]]:
        """One source in a child of its own; a child that hangs is stopped, then killed."""
        limit = self.rows[source]["time_limit_s"] + STOP_MARGIN_S
        outcome = collect(["crawl", source], config=self.config, time_limit_s=limit)
        for run in outcome.runs:
            self.tell(f"run {run['run']} {source}: {run['verdict']} {' '.join(run['reasons'])}")
        if not outcome.runs:
            self.tell(f"{source}: the collector died (exit {outcome.code}); see the lines above")
            sweep(self.store)
        if any(run["verdict"] in ("complete", "unchanged") for run in outcome.runs):
            self.after(self.store)
        return outcome.runs

    def at(self, name: str, every: str, work: Callable[[], None]) -> None:
        """Do something of the installation's own on a schedule, such as writing the week up."""
        trigger = read_plan(name, every).trigger
        self.scheduler.add_job(
            work, trigger, id=name, misfire_grace_time=None, coalesce=True, max_instances=1
        )

    def _stop(self, _number: int, _frame: object) -> None:
        # From a thread: the library must not be stopped inside a signal handler.
        threading.Thread(target=self._end).start()

    def _end(self) -> None:
        self.tell("stopping: children are asked to end, their runs become `interrupted`")
        self.scheduler.remove_all_jobs()
        stop_children()
        self.scheduler.shutdown(wait=True)
