"""Measures Digger beside its floors and peers and writes docs/benchmarks.md.

bench.py DIGGER BENCH [SECTION…]: the binaries. With sections only these are measured and replaced; debug binaries are
measured and shown, but nothing is written. Only the standard library is needed; traffic goes to 127.0.0.1 only and is
bounded.
"""

import os
import pathlib
import platform
import re
import sqlite3
import sys

import aggregates
import clicks
import crowd
import runs
import served
import sources
from measure import ROOT, WORK, noise, tell

DOCUMENT = ROOT / "docs" / "benchmarks.md"
INTRODUCTION = "Made by `make bench`. Absolute times drift with the machine; the ratios, each from one run of the benchmarks, are the point."


def sections(digger, bench):
    """Everything that is measured, in the order of the document: name, heading, and what makes its lines."""
    found, walls = sources.sources(bench), {}
    return {
        "floors": ("From a database to a proven workbook", lambda: [
            "1,000,000 orders × 11 columns (`server/tools/bench/src/fill.rs`), `digger run bench/orders -o FILE` with `scripts/bench/queries`; medians of three, floor and Digger in turn.", "",
            *sources.against_floors(digger, bench, found, walls)]),
        "shops": ("Rows as shops have them", lambda: [
            "1,000,000 orders of 1,000 products and 100,000 customers drawn unevenly, random amounts and times, a note in three of ten (`server/tools/bench/src/shop.rs`); medians of three.", "",
            *sources.of_shops(digger, bench, found)]),
        "peers": ("Beside peers", lambda: [
            "The same million rows from PostgreSQL.", "", *sources.against_peers(digger, bench, found, walls)]),
        "sizes": ("Memory and speed by size", lambda: sources.sizes(digger, bench, found)),
        "aggregates": ("Aggregation blocks beside DuckDB", lambda: [
            "The same statements over the same Parquet, 10,000,000 rows where nothing else is said, two threads, each in a process of its own; medians of three (`scripts/bench/aggregates.py`).", "",
            *aggregates.table(digger.parent / "examples" / "speed", WORK)]),
        "months": ("A monthly report whose closed months are kept", lambda: [
            "`digger run REPORT --stage FOLDER` with `bench/months_summed` and `bench/months`, first for 35 months, then for 36; medians of three.", "",
            *sources.months(digger, bench, found)]),
        "pages": ("Server and client", lambda: [*served.server(digger), *served.sizes(digger)]),
        "clicks": ("From the click to the painted page", lambda: clicks.clicks(digger)),
        "claims": ("The queue", lambda: runs.claims(bench)),
        "starts": ("From the click to the start, on an idle server", lambda: runs.starts(digger, bench)),
        "crowd": ("A hundred people at once", lambda: crowd.crowd(digger, bench)),
        "large": ("Pages of a large installation", lambda: crowd.pages(digger, bench)),
        "streams": ("Memory with open live streams", lambda: crowd.streams(digger, bench)),
        "guesses": ("Five hundred guessed passwords a second", lambda: crowd.guesses(digger, bench)),
        "takeover": ("A worker is killed", lambda: runs.takeover(digger, bench)),
    }


def machine(spread):
    return (f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; "
            f"before the measurements the same loop seven times spread by {spread:.0%}.")


def written():
    """The document as it is: what stands above the first heading, and the sections by their headings."""
    above, *rest = re.split(r"^## (.*)\n", DOCUMENT.read_text() if DOCUMENT.exists() else "", flags=re.M)
    return above.strip(), {heading: body.strip() for heading, body in zip(rest[::2], rest[1::2])}


def main():
    digger, bench = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    WORK.mkdir(parents=True, exist_ok=True)
    every = sections(digger, bench)
    wanted = sys.argv[3:] or list(every)
    if unknown := set(wanted) - set(every):
        raise SystemExit(f"no section is called {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    is_whole = set(wanted) == set(every)
    spread = noise()
    above, bodies = written()
    if is_whole:
        above = f"# Benchmarks\n\n{INTRODUCTION}\n\nMachine: {machine(spread)} SQLite of the floor: {sqlite3.sqlite_version}."
    is_written = "debug" not in digger.parts
    # Each as soon as it is known: what fails later costs nothing that was measured.
    for name, (heading, measure) in every.items():
        if name not in wanted:
            continue
        lines = measure() if is_whole else [*measure(), "", f"Measured by itself: {machine(spread)}"]
        bodies[heading] = "\n".join(lines)
        print(f"## {heading}\n\n{bodies[heading]}\n", flush=True)
        if is_written:
            kept = [f"## {heading}\n\n{bodies[heading]}" for heading, _ in every.values() if heading in bodies]
            DOCUMENT.write_text("\n\n".join([above, *kept]) + "\n")
    if not is_written:
        tell("these are debug binaries: nothing is written")


main()
