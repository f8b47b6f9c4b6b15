"""From a database to a proven workbook, beside each database's floor and the peers."""

import importlib.util
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

from measure import ROOT, RUNS, WORK, measure, mib, tell

COLUMNS = 11
QUERIES = ROOT / "scripts" / "bench" / "queries"
MILLION = 1_000_000
# Most rows that are read from each.
LARGEST = {"SQLite": 5 * MILLION, "PostgreSQL": 10 * MILLION, "MariaDB": 10 * MILLION}

# Steps a run tells the time of, as the two halves of the work.
READING = ("connecting", "database_working", "fetching_rows")
WRITING = ("writing_workbook", "checking_counts", "storing")

SQLITE_LOOP = (
    "import sqlite3,sys,collections;"
    "c=sqlite3.connect(f'file:{sys.argv[1]}?mode=ro',uri=True);"
    "q=c.execute('SELECT id,ordered_at,customer,region,channel,product,quantity,amount,discount,is_gift,note "
    "FROM bench_orders ORDER BY id');"
    "collections.deque(q,maxlen=0)"
)

PANDAS = (
    "import sys,os,pandas,sqlalchemy;"
    "e=sqlalchemy.create_engine(os.environ['BENCH_URL'].replace('postgres://','postgresql+psycopg://'));"
    "d=pandas.read_sql('SELECT id,ordered_at,customer,region,channel,product,quantity,amount,discount,is_gift,note "
    "FROM bench_orders ORDER BY id',e);"
    "d.head(1048575).to_excel(sys.argv[1],index=False,engine='xlsxwriter')"
)


class Source:
    """A database with the table of the benchmarks."""

    def __init__(self, name, url, reader, floor):
        self.name, self.url, self.reader, self.floor = name, url, reader, floor
        self.rows = None


def sources(bench):
    """The databases there are: SQLite always, the servers where `testbed` started them."""
    path = WORK / "bench.sqlite"
    found = [Source("SQLite", f"sqlite:{path}", f"sqlite:{path}",
                    ("a step loop in C, rows dropped", [sys.executable, "-c", SQLITE_LOOP, path]))]
    for name, variable, floor in (
        ("PostgreSQL", "POSTGRES", ("the bare wire, bytes dropped", "wire")),
        ("MariaDB", "MARIADB", ("the driver's bare loop, rows dropped", "driver")),
    ):
        url, reader = (os.environ.get(f"TESTBED_{variable}_{login}") for login in ("WRITER", "READER"))
        if url and reader:
            found.append(Source(name, url, reader, (floor[0], [bench, floor[1], reader])))
    return found


def fill(bench, source, rows, kind=()):
    """The table with exactly so many rows of a kind, made unless it is there."""
    if source.rows == (rows, kind):
        return
    tell(f"{source.name}: making {rows:,} orders")
    measure([bench, "fill", source.url, rows, *kind])
    source.rows = (rows, kind)


def export(digger, source, rows, report="bench/orders", params=(), stage=None, pin=False):
    """One `digger run`: its times by step, peak memory and file."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        target = pathlib.Path(folder) / "orders.xlsx"
        params = params or (f"last_id={rows}",)
        command = [digger, "run", report, "--queries", QUERIES, "-o", target, "--json"]
        for param in params:
            command += ["--param", param]
        if stage:
            command += ["--stage", stage]
        if pin and shutil.which("taskset"):
            command = ["taskset", "-c", "0", *command]
        environment = {**os.environ, "TMPDIR": folder, "DIGGER_SOURCE_BENCH_URL": source.reader}
        measured = measure(command, env=environment, cwd=folder)
        outcome = json.loads(measured.output)
        measured.size = target.stat().st_size
    measured.steps = {step["step"]: step["millis"] / 1000 for step in outcome["steps"]}
    measured.read = sum(measured.steps.get(step, 0) for step in READING)
    measured.write = sum(measured.steps.get(step, 0) for step in WRITING)
    measured.rows = outcome["blocks"][0]["rows_staged"]
    return measured


def from_stage(digger, source, rows, pin=False):
    """A run whose rows are all kept: what is left is from the stage to the proven workbook."""
    with tempfile.TemporaryDirectory(dir=WORK) as stage:
        export(digger, source, rows, "bench/kept", stage=stage)
        return export(digger, source, rows, "bench/kept", stage=stage, pin=pin)


def median(values):
    return statistics.median(list(values))


def against_floors(digger, bench, found, walls):
    lines = ["| source | floor s | source → stage s | × floor | stage → proven .xlsx s | whole job s | × floor | peak memory |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for source in found:
        fill(bench, source, MILLION)
        floors, staged, written, runs = [], [], [], []
        for _ in range(RUNS):
            tell(f"{source.name}: the floor, then Digger, 1,000,000 rows")
            floors.append(measure(source.floor[1]).wall)
            staged.append(export(digger, source, MILLION, "bench/staged"))
            runs.append(export(digger, source, MILLION))
            written.append(from_stage(digger, source, MILLION))
        assert all(run.rows == MILLION for run in (*staged, *runs, *written))
        floor, read = median(floors), median(run.read for run in staged)
        write, wall = median(run.write for run in written), median(run.wall for run in runs)
        walls[source.name] = wall
        lines.append(f"| {source.name} | {floor:.2f} | {read:.2f} | {read / floor:.2f} | {write:.2f} | {wall:.2f} | {wall / floor:.2f} | {mib(max(run.peak for run in runs))} |")
    lines += ["", "Floors: " + "; ".join(f"{source.name}, {source.floor[0]}" for source in found) + "."]
    return lines


def of_shops(digger, bench, found):
    """The same measurements on rows that no cycle makes easy, beside what they shall be."""
    lines = ["| source | floor s | source → stage s | × floor (≤ 1.3) | whole job s | × floor (≤ 2) | peak memory, 1,000,000 rows (≤ 90 MB) | 100,000 rows |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for source in found:
        fill(bench, source, MILLION, ("--shop",))
        floors, staged, runs = [], [], []
        for _ in range(RUNS):
            tell(f"{source.name}: the floor, then Digger, 1,000,000 rows as shops have them")
            floors.append(measure(source.floor[1]).wall)
            staged.append(export(digger, source, MILLION, "bench/staged"))
            runs.append(export(digger, source, MILLION))
        few = export(digger, source, MILLION // 10)
        assert all(run.rows == MILLION for run in (*staged, *runs)) and few.rows == MILLION // 10
        floor, read = median(floors), median(run.read for run in staged)
        wall, peak = median(run.wall for run in runs), max(run.peak for run in runs)
        lines.append(f"| {source.name} | {floor:.2f} | {read:.2f} | {read / floor:.2f} | {wall:.2f} | {wall / floor:.2f} | {mib(peak)} | {mib(few.peak)} |")
    return lines


def against_peers(digger, bench, found, walls):
    """Beside the walls `against_floors` found, or walls of its own where that was not measured."""
    source = next((source for source in found if source.name == "PostgreSQL"), None)
    if source is None:
        return ["PostgreSQL was not there, so nothing was compared."]
    fill(bench, source, MILLION)
    if source.name not in walls:
        tell(f"{source.name}: Digger, 1,000,000 rows")
        walls[source.name] = median(export(digger, source, MILLION).wall for _ in range(RUNS))
    lines = ["| way | wall s | Digger is faster by | peak memory | file |", "| --- | ---: | ---: | ---: | ---: |"]
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        target = pathlib.Path(folder) / "peer.xlsx"
        environment = {**os.environ, "TMPDIR": folder, "BENCH_URL": source.reader}
        ways = [("sqlx + rust_xlsxwriter, constant memory", [bench, "sheet", source.reader, target])]
        if all(importlib.util.find_spec(name) for name in ("pandas", "xlsxwriter", "sqlalchemy", "psycopg")):
            ways.append(("pandas + XlsxWriter, as BI tools do it", [sys.executable, "-c", PANDAS, target]))
        for name, command in ways:
            tell(f"{name}, 1,000,000 rows")
            measured = measure(command, env=environment)
            lines.append(f"| {name} | {measured.wall:.1f} | {measured.wall / walls['PostgreSQL']:.1f} × | {mib(measured.peak)} | {mib(target.stat().st_size)} |")
    return lines


def sizes(digger, bench, found):
    """Memory that does not grow with the rows, and cells per second of one processor."""
    lines = ["| source | rows | wall s | processor s | rows/s | peak memory | file |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for source in found[:2]:
        counts = (100_000, MILLION, LARGEST[source.name])
        fill(bench, source, counts[-1])
        peaks = []
        for rows in counts:
            tell(f"{source.name}: {rows:,} rows")
            run = export(digger, source, rows)
            assert run.rows == rows
            peaks.append(run.peak)
            lines.append(f"| {source.name} | {rows:,} | {run.wall:.1f} | {run.cpu:.1f} | {rows / run.wall:,.0f} | {mib(run.peak)} | {mib(run.size)} |")
        lines.append(f"| {source.name} | {counts[-1] // counts[0]} × the rows | | | | {peaks[-1] / peaks[0]:.2f} × | |")
    tell("one processor only")
    alone = from_stage(digger, found[0], MILLION, pin=True)
    lines += ["", f"On one processor (1,000,000 rows from SQLite): {MILLION * COLUMNS / alone.write / 1e6:.1f} million cells/s from the stage to the proven workbook."]
    return lines


def months(digger, bench, found):
    """A report over 36 months whose closed months are kept, then the same report one month later."""
    source = found[1] if len(found) > 1 else found[0]
    fill(bench, source, LARGEST[source.name])
    lines = ["| kept of a closed month | first run, 35 months s | a month later s | × the first |", "| --- | ---: | ---: | ---: |"]
    for report, kept in (("bench/months_summed", "its sums by day, made by the database"), ("bench/months", "its rows, and what they add up to")):
        firsts, nexts = [], []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory(dir=WORK) as stage:
                tell(f"{report}: 35 months, then one more")
                firsts.append(export(digger, source, 0, report, ("period=2023-01-01 .. 2025-12-01",), stage).wall)
                nexts.append(export(digger, source, 0, report, ("period=2023-01-01 .. 2026-01-01",), stage).wall)
        first, second = median(firsts), median(nexts)
        lines.append(f"| {kept} | {first:.2f} | {second:.2f} | {second / first:.3f} |")
    return [f"{source.name}, {LARGEST[source.name]:,} orders.", "", *lines]
