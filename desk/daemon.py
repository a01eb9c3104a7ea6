"""Commands of unattended running: run, schedule."""

from datetime import datetime

from desk import output
from desk.cli import AsJson, app, now, show
from desk.release import publish
from schedules.health import standing
from schedules.plan import read_plan
from schedules.run import Daemon
from schedules.supervisor import sources
from storage.clock import SystemClock, moment
from storage.store import Store


@app.command()
def run() -> None:
    """Read every source on its schedule, in the foreground, until it is told to stop."""
    store = now.writer()
    Daemon(store, now.config_file, _tell, after_good_run).run()


def after_good_run(store: Store) -> None:
    """After a whole read the release is made anew."""
    publish(store)


def _tell(line: str) -> None:
    stamp = moment(SystemClock().now())
    output.errors.print(f"{stamp}  {line}", markup=False)


@app.command()
def schedule(as_json: AsJson = False) -> None:
    """When every source is read next, and whether it is due now."""
    rows = [row for row in sources(now.config_file) if row["enabled"]]
    plans = [read_plan(row["source"], row["every"]) for row in rows]
    store = now.reader()
    known = {}
    if store is not None:
        with store.read() as connection:
            known = {d.source: d for d in standing(connection, plans, store.clock.now())}
    at = (store.clock if store else SystemClock()).now()
    lines = [
        {
            "source": plan.source,
            "every": plan.every,
            "next_at": moment(plan.next_after(at)),
            "last_whole_at": _moment(known[plan.source].last_whole) if known else None,
            "due": known[plan.source].due if known else True,
        }
        for plan in plans
    ]
    show(lines, as_json, ("source", "every", "next_at", "last_whole_at", "due"))


def _moment(at: datetime | None) -> str | None:
    return moment(at) if at else None
