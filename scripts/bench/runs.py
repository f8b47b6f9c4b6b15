"""The life of a run on both of our own databases: claims, starts, and what happens when a worker dies."""

import signal
import tempfile
import threading
import time

from load import LONG, PAST, SMALL, ask, database, has_postgres, talk, times
from measure import WORK, tell
from processes import place

# Kills with a lease of a tenth; meanwhile one with the lease as it is.
SCALED_KILLS = 3
SCALED = {"DIGGER_LEASE_MS": "6000", "DIGGER_HEARTBEAT_MS": "500"}
STARTS = 20


def claims(bench):
    lines = ["| own tables | handles × tasks | claim + finish per s | bare commits per s | commits in the time of one run |",
             "| --- | --- | ---: | ---: | ---: |"]
    ways = [("SQLite", 1, 4)]
    if has_postgres():
        ways += [("PostgreSQL", 1, 4), ("PostgreSQL", 4, 4)]
    for name, handles, tasks in ways:
        tell(f"{name}: claims, {handles} × {tasks}")
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            tables = f"sqlite:{folder}" if name == "SQLite" else database(bench, f"claims_{'x' * handles}_{'x' * tasks}")
            found = ask(bench, "claims", tables, "--handles", handles, "--tasks", tasks, "--past", PAST)
        runs, commits = found["per_second"], found["commits_per_second"]
        lines.append(f"| {name} | {handles} × {tasks} | {runs:,.0f} | {commits:,.0f} | {commits / runs:.1f} |")
    return [f"The store's own statements, `server/tools/bench/src/claims.rs`, after {PAST:,} runs that are over; 40 runs of ten people wait at the beginning of each round. "
            "One run takes two transactions, a claim behind the gate and a finish; beside it as many tasks commit one row each, in turn with the store. "
            "The private PostgreSQL does not wait for its disk, SQLite does. Medians of three.", "", *lines]


def starts(digger, bench):
    lines = ["| own tables | processes | page answers p50 ms | p95 ms | a worker has it p50 ms | p95 ms | the live page says so p50 ms | p95 ms |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    ways = [("SQLite", False)]
    if has_postgres():
        ways += [("PostgreSQL", False), ("PostgreSQL", True)]
    for name, is_apart in ways:
        tell(f"{name}: starts, {'two processes' if is_apart else 'one process'}")
        tables = None if name == "SQLite" else database(bench, f"starts_{'apart' if is_apart else 'together'}")
        with place(digger, tables) as here:
            _, base = here.serve(*(["--no-work"] if is_apart else []))
            if is_apart:
                here.work()
            found = ask(bench, "starts", base, *SMALL, STARTS)
        processes = "`serve --no-work` + `work`" if is_apart else "`serve`"
        lines.append(f"| {name} | {processes} | {times(found['clicked'])} | {times(found['claimed'])} | {times(found['seen'])} |")
    return [f"`bench/small`, {2 * STARTS} runs one after the other, from the post of the form: until the answer; until `/api/run/live`, asked every 5 ms, "
            "says that a worker has the run; until the live stream says so, which gathers changes for 250 ms.", "", *lines]


def takeover(digger, bench):
    if not has_postgres():
        return ["PostgreSQL was not there, and on SQLite nobody can take over."]
    tell("killing workers, a minute and a half")
    taken = {}
    failed = []

    def kill(name, kills, environment):
        try:
            taken[name] = kill_workers(digger, bench, name, kills, environment)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=kill, args=words)
               for words in (("lease", 1, {}), ("tenth", SCALED_KILLS, SCALED))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    lines = ["| lease s | heartbeat s | from SIGKILL to the claim by another process, s | × lease |", "| ---: | ---: | --- | --- |"]
    for name, lease, heartbeat in (("lease", 60, 5), ("tenth", 6, 0.5)):
        lines.append(f"| {lease} | {heartbeat} | {', '.join(f'{seconds:.1f}' for seconds in taken[name])} "
                     f"| {', '.join(f'{seconds / lease:.2f}' for seconds in taken[name])} |")
    return ["`serve --no-work` and two workers on PostgreSQL; the one that has a run is killed. Promised are the lease and one sweep, a sixth of it.", "", *lines]


def kill_workers(digger, bench, name, kills, environment):
    """Seconds from each kill to the claim by the other worker."""
    tables = database(bench, f"takeover_{name}")
    seconds = []
    with place(digger, tables) as here:
        _, base = here.serve("--no-work", **environment)
        workers = [here.work(**environment) for _ in range(2)]
        for number in range(kills):
            if number > 0:
                workers.append(here.work(**environment))
            with talk(bench, "takeover", base, *LONG, tables) as talking:
                owner = talking.hear()["worker"]
                victim = next(worker for worker in workers if f"-{worker.pid}-" in owner)
                victim.send_signal(signal.SIGKILL)
                killed = time.monotonic()
                talking.hear()
                seconds.append(time.monotonic() - killed)
                told = talking.hear()
                assert told["crashes"] == 1 and told["end"] == "cancelled", told
            workers.remove(victim)
            here.end(victim)
    return seconds
