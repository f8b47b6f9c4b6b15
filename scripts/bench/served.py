"""The server and what browsers download."""

import signal
import subprocess
import time
import urllib.parse

from measure import ROOT, WORK, mib
from processes import free_port, memory_of, wait_until_alive

PASSWORD = "digger-demo"


def server(digger):
    port = free_port()
    process = subprocess.Popen(
        [digger, "serve", "--demo", "--listen", f"127.0.0.1:{port}", "--data-dir", WORK / "data", "--queries", ROOT / "queries"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = wait_until_alive(process, port)
        started = memory_of(process.pid)
        connection.request("POST", "/signin", urllib.parse.urlencode({"login": "admin", "password": PASSWORD}),
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
        return [
            f"- Home page of an administrator (39 reports), server time over 300 requests: median {times[150] * 1000:.1f} ms, p95 {times[285] * 1000:.1f} ms (goal 20 ms).",
            f"- Memory of the server after its start {mib(started)}, idle after those requests {mib(memory_of(process.pid))} (goal 80 MB).",
        ]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def sizes(digger):
    pkg = ROOT / "target" / "site" / "pkg"
    compressed = {f.name: f.stat().st_size for f in pkg.glob("*.br")}
    client = sum(compressed.values())
    parts = ", ".join(f"{name} {size / 1000:.0f} kB" for name, size in sorted(compressed.items()))
    return [
        f"- What a browser downloads once, brotli: {client / 1000:.0f} kB of WebAssembly, scripts and styles (goal 180 kB; {parts}). A page without islands loads no WebAssembly.",
        f"- Binary `digger` with the site embedded: {mib(digger.stat().st_size)}.",
    ]
