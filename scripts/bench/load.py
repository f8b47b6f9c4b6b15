"""What `bench` measures and who works at a server, as Python sees them; and databases for Digger's own tables."""

import contextlib
import datetime
import json
import os
import subprocess

from measure import measure

LONG = ("--report", "bench/long?steps=100000000000")
# Runs that are over before anything is measured: some years of an office.
PAST = 50_000
SMALL = ("--report", "bench/small")


def ask(bench, *words):
    """The figures one command of `bench` prints."""
    return json.loads(measure([bench, *words]).output)


def has_postgres():
    return "TESTBED_POSTGRES_ADMINISTRATOR" in os.environ


def database(bench, name):
    """The URL of a new, empty database."""
    return ask(bench, "database", os.environ["TESTBED_POSTGRES_ADMINISTRATOR"], name)["url"]


def daily_sales(people):
    """The report people run most, for most of the last month the demo shop has; up to a hundred of them want other days."""
    last = datetime.date.today().replace(day=1)
    first = (last - datetime.timedelta(days=1)).replace(day=1)
    day = datetime.timedelta(days=1)
    periods = (f"{first + number // 10 * day}+..+{last - number % 10 * day}" for number in range(people))
    return [word for period in periods for word in ("--report", f"sales/daily_sales?period={period}")]


class Talk:
    """A command of `bench` that says several things, one line each, and may be told to go on."""

    def __init__(self, process):
        self.process = process

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} {self.process.args[1]} has failed")
        return json.loads(line)

    def go_on(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()


@contextlib.contextmanager
def talk(bench, *words):
    process = subprocess.Popen([str(word) for word in (bench, *words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Talk(process)
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def times(figures, digits=0):
    """Two columns: p50 and p95 in milliseconds."""
    return f"{figures['p50_ms']:.{digits}f} | {figures['p95_ms']:.{digits}f}"
