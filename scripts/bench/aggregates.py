"""Statements over the same Parquet in aggregation blocks and in DuckDB, when Python has that.

aggregates.py SPEED [NAME…]: the binary of `cargo build --release -p aggregate --example speed`. Every statement runs in
a process of its own, the engines in turn, two threads each; medians of three. Prints lines of a table.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

RUNS = 3
THREADS = 2
MILLION = 1_000_000

GROUPS = "SELECT {key}, SUM(v) AS s, SUM(d) AS a, COUNT(*) AS n, AVG(v) AS m, MIN(v) AS l, MAX(v) AS g FROM {table} GROUP BY {key}"
STATEMENTS = {
    "10 groups": GROUPS.format(key="k10", table="p"),
    "1,000 groups": GROUPS.format(key="k1000", table="p"),
    "1,000,000 groups": GROUPS.format(key="k1m", table="p"),
    "join 10 M × 1 M": "SELECT r.g, SUM(p.v) AS s, SUM(p.d) AS a, COUNT(*) AS n FROM p JOIN r ON r.k = p.k1m GROUP BY r.g",
    "COUNT(DISTINCT)": "SELECT k10, COUNT(DISTINCT k1m) AS n FROM p GROUP BY k10",
    "running sum": "SELECT k1000, t, SUM(v) OVER (PARTITION BY k1000 ORDER BY t) AS s FROM p",
    "rank": "SELECT k1000, t, RANK() OVER (PARTITION BY k1000 ORDER BY t) AS n FROM p",
    "sum of a partition": "SELECT k1000, t, SUM(v) OVER (PARTITION BY k1000) AS s FROM p",
    "share": "SELECT k1000, SUM(d) / SUM(SUM(d)) OVER () AS s FROM p GROUP BY k1000",
    "50 M rows, 1,000 groups": GROUPS.format(key="k1000", table="q"),
    "50 M rows, 1,000,000 groups": GROUPS.format(key="k1m", table="q"),
}

DUCKDB = """
import json, resource, sys, time, duckdb
connection = duckdb.connect()
connection.execute("SET threads = " + sys.argv[1])
connection.execute("SET enable_progress_bar = false")
for file in sys.argv[3:]:
    name, path = file.split("=", 1)
    connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{path}'")
before = time.monotonic()
rows = connection.execute("CREATE TEMP TABLE answer AS " + sys.argv[2]).fetchone()[0]
print(json.dumps({"seconds": time.monotonic() - before, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "rows": rows}))
"""


def measured(command):
    environment = {**os.environ, "POLARS_MAX_THREADS": str(THREADS)}
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def has_duckdb():
    return subprocess.run([sys.executable, "-c", "import duckdb"], stderr=subprocess.DEVNULL).returncode == 0


def table(speed, folder, names=()):
    """Lines of the table; the Parquet goes to the folder and stays there."""
    folder, is_compared = pathlib.Path(folder), has_duckdb()
    files = []
    wanted = {name: sql for name, sql in STATEMENTS.items() if not names or name in names}
    for name, kind, rows in (("p", "rows", 10 * MILLION), ("r", "right", MILLION), ("q", "rows", 50 * MILLION)):
        path = folder / f"{name}.parquet"
        if name == "q" and not any("50 M" in one for one in wanted):
            continue
        if not path.exists():
            subprocess.run([speed, kind, path, str(rows)], check=True)
        files.append(f"{name}={path}")
    lines = ["| statement | s | DuckDB s | × | memory MB | DuckDB MB | × |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name, sql in wanted.items():
        own, other = [], []
        for _ in range(RUNS):
            own.append(measured([speed, "run", sql, *files]))
            if is_compared:
                other.append(measured([sys.executable, "-c", DUCKDB, str(THREADS), sql, *files]))
        middle = lambda runs, what: statistics.median(run[what] for run in runs)
        seconds, peak = middle(own, "seconds"), middle(own, "peak")
        if not other:
            lines.append(f"| {name} | {seconds:.2f} | | | {peak / 2**20:.0f} | | |")
        else:
            assert own[0]["rows"] == other[0]["rows"], name
            theirs, most = middle(other, "seconds"), middle(other, "peak")
            lines.append(f"| {name} | {seconds:.2f} | {theirs:.2f} | {seconds / theirs:.2f} | {peak / 2**20:.0f} | {most / 2**20:.0f} | {peak / most:.2f} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print("\n".join(table(pathlib.Path(sys.argv[1]).resolve(), os.environ.get("SPEED_FOLDER", temporary), sys.argv[2:])))
