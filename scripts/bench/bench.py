"""Measures Digger beside its floors and peers and writes docs/benchmarks.md.

bench.py DIGGER PEERS: the release binaries. Only the standard library is needed; traffic goes to 127.0.0.1 only and is bounded.
"""

import os
import pathlib
import platform
import sqlite3
import sys

import served
import sources
from measure import ROOT, WORK, noise


def main():
    digger, peers = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    WORK.mkdir(parents=True, exist_ok=True)
    found = sources.sources(peers)
    spread = noise()
    floors, walls = sources.against_floors(digger, peers, found)
    parts = [
        "# Benchmarks", "",
        "Made by `make bench`. Absolute times drift with the machine; the ratios, each from one run of the benchmarks, are the point.", "",
        f"Machine: {platform.system()} {platform.machine()}, {os.cpu_count()} cores; before the measurements the same loop seven times spread by {spread:.0%}. "
        f"SQLite of the floor: {sqlite3.sqlite_version}.", "",
        "## From a database to a proven workbook", "",
        "1,000,000 orders × 11 columns (`server/peers/src/fill.rs`), `digger run bench/orders -o FILE` with `scripts/bench/queries`; medians of three, floor and Digger in turn.", "",
        *floors, "",
        "## Beside peers", "", "The same million rows from PostgreSQL.", "", *sources.against_peers(peers, found, walls), "",
        "## Memory and speed by size", "", *sources.sizes(digger, peers, found), "",
        "## A monthly report whose closed months are kept", "",
        "`digger run REPORT --stage FOLDER` with `bench/months_summed` and `bench/months`, first for 35 months, then for 36; medians of three.", "", *sources.months(digger, found), "",
        "## Server and client", "", *served.server(digger), *served.sizes(digger), "",
    ]
    text = "\n".join(parts)
    (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)


main()
