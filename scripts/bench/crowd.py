"""Many people at once, with and without heavy runs beside them, and what open streams cost a server."""

import time

from load import LONG, PAST, ask, daily_sales, database, has_postgres, talk, times
from measure import mib, tell
from processes import peak_of, place, processor_of, share_of

PEOPLE = 100
SECONDS = 20
# Whoever wants the same values shares one run: these two do not.
HEAVY = {"park": "bench/heavy?rows=5000000", "lee": "bench/heavy?rows=5000001"}
STREAMS = 500
# An installation after some years.
REPORTS, PERSONS = 2_000, 500
# Passwords guessed a second, and for how long.
GUESSES, GUESSED_FOR = 500, 20
# Long enough for two looks of every stream.
LOOKED_AT = 5


def crowd(digger, bench):
    lines = ["| heavy runs beside | pages | p50 ms | p95 ms | longest ms | click p95 ms | runs succeeded | click to end p50 s | lost events | cut by the server | doubled | 5xx | unanswered |",
             "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    found = []
    for beside in ({}, HEAVY):
        tell(f"{PEOPLE} people, {len(beside)} heavy runs")
        with place(digger) as here:
            # The first start makes our own tables; on SQLite nobody else may write while it runs.
            process, _ = here.serve()
            here.end(process)
            ask(bench, "people", here.tables, PEOPLE, "park")
            ask(bench, "past", here.tables, PAST)
            process, base = here.serve()
            before = processor_of(process.pid)
            heavy = [word for login, report in beside.items() for word in ("--heavy-login", login, "--heavy", report)]
            told = ask(bench, "crowd", base, *daily_sales(PEOPLE), *heavy, PEOPLE, SECONDS)
            if before is not None:
                tell(f"the server itself took {processor_of(process.pid) - before:.1f} s of one processor")
        found.append(told)
        tell(f"by page: { {kind: figures and round(figures['p95_ms']) for kind, figures in told['kinds'].items()} } ms; "
             f"{told['seconds']:.0f} s, {told['heavy_finished']} heavy runs over; ends: {told['ends']}")
        for problem in told["problems"]:
            tell(f"problem: {problem}")
        pages = told["pages"]
        lines.append(f"| {len(beside)} | {pages['count']:,} | {times(pages, 1)} | {pages['most_ms']:.0f} | {told['clicks']['p95_ms']:.0f} "
                     f"| {told['ends'].get('succeeded', 0)} of {told['people']} | {told['waited']['p50_ms'] / 1000:.1f} "
                     f"| {told['lost']} | {told['broken']} | {told['doubled']} | {told['server_errors']} | {told['unanswered']} |")
    alone, beside = (told["pages"] for told in found)
    lines.append(f"| × | | {beside['p50_ms'] / alone['p50_ms']:.1f} | {beside['p95_ms'] / alone['p95_ms']:.1f} | {beside['most_ms'] / alone['most_ms']:.1f} | | | | | | | | |")
    late = " and ".join(f"{told['late']['p95_ms']:.1f} ms" for told in found)
    return [f"`serve` on SQLite with {PAST:,} past runs. Each of {PEOPLE} people opens a page every two seconds for {SECONDS} s (home, form, history, their run), and clicks twice at once on "
            f"`sales/daily_sales` of other days in the first half; they watch the run to its end, every other one with a broken connection. Beside them two people run `bench/heavy`, five million rows, again and again. "
            "An event is the whole state and carries the number of the newest stored one: lost are those stored after the last one that came, those that went back, and ends that never came. "
            f"The measuring process itself woke up late by {late} (p95).", "", *lines]


def pages(digger, bench):
    lines = ["| own tables | page | p50 ms | p95 ms | goal p95 ms |", "| --- | --- | ---: | ---: | ---: |"]
    for name in ("SQLite", "PostgreSQL"):
        if name == "PostgreSQL" and not has_postgres():
            continue
        with place(digger, None if name == "SQLite" else database(bench, "large")) as here:
            folder = here.queries / "many"
            folder.mkdir()
            small = (here.queries / "bench" / "small.sql").read_text()
            for number in range(REPORTS):
                (folder / f"r{number:04}.sql").write_text(small.replace("One row", f"One row, number {number}"))
            process, _ = here.serve()
            here.end(process)
            ask(bench, "people", here.tables, PERSONS, "park")
            ask(bench, "past", here.tables, PAST)
            process, base = here.serve()
            tell(f"pages with {REPORTS:,} reports, {PAST:,} runs and {PERSONS} people on {name}")
            paths = ("/", "/runs", "/reports/sales/daily_sales", f"/reports/many/r{REPORTS - 1:04}")
            told = ask(bench, "pages", base, *paths)
        words = ("home", "history", "form with choices", "form")
        lines += [f"| {name} | {word} | {times(told[path], 1)} | 10 |" for word, path in zip(words, paths)]
    return [f"An administrator, who sees everything, with {REPORTS:,} reports, {PAST:,} past runs and {PERSONS} people; 200 of each, one after the other.", "", *lines]


def streams(digger, bench):
    with place(digger) as here:
        process, base = here.serve()
        idle = share_of(process.pid)
        if idle is None:
            return ["This system does not tell the proportional memory of a process."]
        tell(f"{STREAMS} live streams")
        with talk(bench, "streams", base, *LONG, STREAMS) as talking:
            talking.hear()
            before, began = processor_of(process.pid), time.monotonic()
            time.sleep(LOOKED_AT)
            busy = (processor_of(process.pid) - before) / (time.monotonic() - began)
            full = share_of(process.pid)
            talking.go_on()
            told = talking.hear()
        after = share_of(process.pid)
    return [f"`serve` on SQLite, proportional set size: {mib(idle)} after its start, {mib(full)} with {STREAMS} live streams of a run that runs "
            f"({(full - idle) / STREAMS / 1024:.0f} kB each), {mib(after)} after the last one ended. With them open it took {busy:.0%} of one processor. "
            f"{told['events']:,} events, {told['lost']} lost, {told['broken']} streams broken."]


def guesses(digger, bench):
    with place(digger) as here:
        process, base = here.serve()
        idle = peak_of(process.pid)
        if idle is None:
            return ["This system does not tell the memory of a process."]
        tell(f"{GUESSES} guesses a second")
        told = ask(bench, "guesses", base, GUESSES, GUESSED_FOR)
        peak = peak_of(process.pid)
    alone, beside = told["alone"], told["beside"]
    return [f"`serve` on SQLite while somebody guesses {GUESSES} passwords a second for {GUESSED_FOR} s, each with another login from another network ({told['asked']:,} in all, answered with "
            f"{', '.join(f'{status}: {count:,}' for status, count in told['statuses'].items())}), and somebody else opens the home page again and again. "
            f"Most memory ever: {mib(idle)} before, {mib(peak)} after (goal: 200 MB more). "
            f"Pages: p95 {alone['p95_ms']:.0f} ms before, {beside['p95_ms']:.0f} ms meanwhile (goal: 50 ms), × {beside['p95_ms'] / alone['p95_ms']:.1f}."]
