"""Digger's processes as a benchmark needs them: on 127.0.0.1, in a folder of their own, and gone when it is over."""

import contextlib
import http.client
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from measure import ROOT, WORK, measure, tell

PATIENCE = 120


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def memory_of(pid):
    """The resident memory of a process, bytes."""
    if platform.system() == "Linux":
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)])) * 1024


def share_of(pid):
    """The proportional set size, bytes: resident memory, with what processes share divided among them; `None` where
    the system does not tell."""
    try:
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    return int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1]) * 1024


def peak_of(pid):
    """The most resident memory a process ever had, bytes; `None` where the system does not tell."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return int(re.search(r"^VmHWM:\s+(\d+)", status, re.M)[1]) * 1024


def processor_of(pid):
    """Processor seconds of a process without its children; `None` where the system does not tell."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_alive(process, port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/livez")
            connection.getresponse().read()
            return connection
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


class Place:
    """A folder with every report and the demo shop, where processes of one installation run; all of them end with it."""

    def __init__(self, digger, folder, shop, database=None):
        self.digger, self.folder, self.database = digger, pathlib.Path(folder), database
        self.queries = self.folder / "queries"
        shutil.copytree(ROOT / "queries", self.queries)
        shutil.copytree(ROOT / "scripts" / "bench" / "queries", self.queries, dirs_exist_ok=True)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("DIGGER_")}
        self.environment |= {f"DIGGER_SOURCE_{name}_URL": f"sqlite:{shop}" for name in ("SHOP", "BENCH")}
        if database:
            self.environment["DIGGER_DATABASE_URL"] = database
        self.processes, self.started = [], 0

    @property
    def tables(self):
        """Where Digger's own tables are, as `bench` takes it."""
        return self.database or f"sqlite:{self.folder / 'data'}"

    def start(self, *words, **environment):
        """A process and the file with what it says."""
        self.started += 1
        log = self.folder / f"{self.started}.log"
        with log.open("w") as said:
            process = subprocess.Popen(
                [self.digger, *words, "--data-dir", self.folder / "data", "--queries", self.queries],
                cwd=self.folder, env={**self.environment, **environment}, stdout=said, stderr=said)
        self.processes.append(process)
        return process, log

    def serve(self, *words, **environment):
        """A server with the demo's people: its process and its address."""
        port = free_port()
        process, _ = self.start("serve", "--demo", "--listen", f"127.0.0.1:{port}", *words, **environment)
        wait_until_alive(process, port).close()
        return process, f"http://127.0.0.1:{port}"

    def work(self, **environment):
        """A process that only works."""
        process, log = self.start("work", **environment)
        deadline = time.monotonic() + PATIENCE
        while "Digger works for" not in log.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"a worker did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        return process

    def complaints(self):
        """Errors in what the processes have said."""
        lines = (line for log in self.folder.glob("*.log") for line in log.read_text(errors="replace").splitlines())
        return [line for line in lines if " ERROR " in line]

    def end(self, process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.processes = [other for other in self.processes if other is not process]

    def end_all(self):
        for process in list(self.processes):
            self.end(process)
        for line in self.complaints()[:5]:
            tell(f"the server said: {line}")


@contextlib.contextmanager
def place(digger, database=None):
    shop = WORK / "shop.sqlite"
    if not shop.exists():
        tell("making the demo shop")
        measure([digger, "demo", "--out", shop])
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        here = Place(digger, folder, shop, database)
        try:
            yield here
        finally:
            here.end_all()
