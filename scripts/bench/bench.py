"""Measures Digger from outside, as whole processes, and writes docs/benchmarks.md.

Every figure is the median of several runs; peers are measured in the same run, and ratios are quoted, because the speed
of a machine drifts. Only the standard library is used. Traffic goes to 127.0.0.1 only and is bounded.
"""

import http.client
import json
import os
import pathlib
import platform
import re
import resource
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGGER = pathlib.Path(sys.argv[1]).resolve()
WORK = ROOT / "target" / "bench"
SIZES = (100_000, 1_000_000, 5_000_000)
RUNS = 3
DEMO_PASSWORD = os.environ.get("DIGGER_DEMO_PASSWORD", "digger-demo")


def tell(text):
    print(f"    {text}", file=sys.stderr, flush=True)


def measure(command, **options):
    """Runs a command and returns wall seconds, processor seconds, peak memory in bytes and standard output."""
    before = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command[0]} failed:\n{errors.decode()[-2000:]}")
    scale = 1 if platform.system() == "Darwin" else 1024
    return time.monotonic() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale, output


def noise():
    """The machine's own spread: the same loop seven times, as (maximum - minimum) / median."""
    times = []
    for _ in range(7):
        before = time.monotonic()
        sum(i * i for i in range(2_000_000))
        times.append(time.monotonic() - before)
    return (max(times) - min(times)) / statistics.median(times)


def shop(orders):
    path = WORK / f"shop-{orders}.sqlite"
    if not path.exists():
        tell(f"making a shop with {orders:,} orders")
        measure([DIGGER, "demo", "--out", path, "--orders", str(orders)])
    return path


def plain_loop(path, rows):
    """The floor: the same statement stepped and dropped by a driver in C, without keeping anything."""
    code = (
        "import sqlite3,sys,collections;"
        "c=sqlite3.connect(f'file:{sys.argv[1]}?mode=ro',uri=True);"
        "q=c.execute('SELECT id,order_no,ordered_at,customer_id,region_code,channel_code,total_amount,"
        "discount_amount,is_gift,memo FROM orders WHERE id<=? ORDER BY id',(int(sys.argv[2]),));"
        "collections.deque(q,maxlen=0)"
    )
    return measure([sys.executable, "-c", code, path, str(rows)])[0]


def export(path, rows):
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        target = pathlib.Path(folder) / "orders.xlsx"
        wall, cpu, peak, output = measure(
            [DIGGER, "run", "orders", "--queries", ROOT / "scripts" / "bench" / "queries", "--source", f"shop=sqlite:{path}",
             "--param", f"last_id={rows}", "-o", target, "--json"],
            env={**os.environ, "TMPDIR": folder},
        )
        outcome = json.loads(output)
        size = target.stat().st_size
    steps = {step["step"]: step["millis"] / 1000 for step in outcome["steps"]}
    return {"wall": wall, "cpu": cpu, "peak": peak, "size": size, "steps": steps, "rows": outcome["file"]["rows"]}


def exports():
    lines = ["| rows | wall s | processor s | rows/s to the stage | cells/s to the workbook | peak memory | file |",
             "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    path = shop(max(SIZES))
    peaks, ratio = [], None
    for rows in SIZES:
        results = []
        for _ in range(RUNS if rows < 5_000_000 else 1):
            tell(f"exporting {rows:,} rows")
            results.append(export(path, rows))
        assert all(result["rows"] == rows for result in results), results
        wall = statistics.median(r["wall"] for r in results)
        cpu = statistics.median(r["cpu"] for r in results)
        reading = statistics.median(sum(r["steps"].get(s, 0) for s in ("connecting", "database_working", "fetching_rows")) for r in results)
        writing = statistics.median(r["steps"]["writing_workbook"] for r in results)
        peak = max(r["peak"] for r in results)
        peaks.append(peak)
        size = statistics.median(r["size"] for r in results)
        lines.append(f"| {rows:,} | {wall:.1f} | {cpu:.1f} | {rows / reading:,.0f} | {rows * 10 / writing:,.0f} | {peak / 2**20:.0f} MB | {size / 2**20:.1f} MB |")
        if rows == 1_000_000:
            floor = statistics.median(plain_loop(path, rows) for _ in range(RUNS))
            ratio = (reading / floor, wall / floor, floor)
    lines.append("")
    lines.append(f"A loop that steps the same statement over 1,000,000 rows and drops them (Python's sqlite3, in C): {ratio[2]:.2f} s. "
                 f"Reading into the stage takes {ratio[0]:.2f} × that, the whole job {ratio[1]:.2f} ×.")
    lines.append(f"Peak memory from {SIZES[0]:,} to {SIZES[-1]:,} rows: {peaks[-1] / peaks[0]:.2f} ×.")
    return lines


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def memory_of(pid):
    if platform.system() == "Linux":
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)])) * 1024


def server():
    port = free_port()
    data = WORK / "data"
    process = subprocess.Popen(
        [DIGGER, "serve", "--demo", "--listen", f"127.0.0.1:{port}", "--data-dir", data, "--queries", ROOT / "queries"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/livez")
                connection.getresponse().read()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise SystemExit("the server did not start")
                time.sleep(0.1)
        started_memory = memory_of(process.pid)
        login = os.environ.get("DIGGER_DEMO_LOGIN", "admin")
        connection.request("POST", "/signin", urllib.parse.urlencode({"login": login, "password": DEMO_PASSWORD}),
                           {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"})
        answer = connection.getresponse()
        answer.read()
        cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        assert answer.status in (302, 303) and cookie, f"sign-in answered {answer.status}"
        times = []
        for _ in range(300):
            before = time.monotonic()
            connection.request("GET", "/", headers={"Cookie": cookie})
            page = connection.getresponse()
            page.read()
            assert page.status == 200, page.status
            times.append(time.monotonic() - before)
        times.sort()
        idle = memory_of(process.pid)
        return [
            f"- Home page, server time over 300 requests: median {statistics.median(times) * 1000:.1f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.1f} ms.",
            f"- Memory of the server after start {started_memory / 2**20:.0f} MB, idle after those requests {idle / 2**20:.0f} MB.",
        ]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def sizes():
    pkg = ROOT / "target" / "site" / "pkg"
    compressed = {f.name: f.stat().st_size for f in pkg.glob("*.br")}
    client = sum(size for name, size in compressed.items() if ".wasm" in name or ".js" in name)
    return [
        f"- Client, brotli: {client / 1000:.0f} kB of WebAssembly and JavaScript ({', '.join(f'{n} {s / 1000:.0f} kB' for n, s in sorted(compressed.items()))}).",
        f"- Binary `digger` with the site embedded: {DIGGER.stat().st_size / 2**20:.0f} MB.",
    ]


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    spread = noise()
    parts = [
        "# Benchmarks", "",
        "Made by `make bench`. Absolute times drift with the machine; the ratios are the point.", "",
        f"Machine: {platform.system()} {platform.machine()}, {os.cpu_count()} cores; the same loop seven times spread by {spread:.0%}. "
        f"SQLite of the floor: {sqlite3.sqlite_version}.", "",
        "## From SQLite to a proven workbook, ten columns", "",
        "`digger run orders --param last_id=N -o FILE` (scripts/bench/queries/orders.sql) on a demo shop; median of three runs, one for the largest.", "",
        *exports(), "",
        "## Server and client", "",
        *server(), *sizes(), "",
    ]
    text = "\n".join(parts)
    (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)


main()
