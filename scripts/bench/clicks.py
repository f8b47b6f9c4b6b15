"""From the click to the painted page, in a real browser."""

import json
import shutil

from measure import ROOT, measure
from processes import place


def quantile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def clicks(digger):
    if not shutil.which("node") or not (ROOT / "end2end" / "node_modules").exists():
        return ["Node or the packages of end2end are missing (`scripts/test-tools.sh`)."]
    with place(digger) as here:
        _, base = here.serve(DIGGER_SITE=str(ROOT / "target" / "site"))
        told = json.loads(measure(["node", ROOT / "end2end" / "bench" / "clicks.mjs", base]).output)
    lines = ["| to the page | p50 ms | p95 ms | goal p95 ms |", "| --- | ---: | ---: | ---: |"]
    names = {"/": "home (39 reports)", "/runs": "history", "/reports/sales/daily_sales": "form"}
    lines += [f"| {names[page]} | {quantile(times, .5):.0f} | {quantile(times, .95):.0f} | 100 |" for page, times in told.items()]
    return ["An administrator moves between pages by their links; the server is on the same machine, the processor of the page is slowed four times. "
            "From the click to the first painted content of the next page, both told by the browser.", "", *lines]
