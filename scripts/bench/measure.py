"""How everything is measured: whole processes from outside, medians, and the machine's own noise."""

import os
import pathlib
import platform
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "bench"
RUNS = 3


def tell(text):
    print(f"    {text}", file=sys.stderr, flush=True)


class Measured:
    """One finished process: wall and processor seconds, peak memory of its largest process in bytes, its output."""

    def __init__(self, wall, cpu, peak, output):
        self.wall, self.cpu, self.peak, self.output = wall, cpu, peak, output


def measure(command, **options):
    before = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    said = []
    reader = threading.Thread(target=lambda: said.append(process.stderr.read()))
    reader.start()
    output = process.stdout.read()
    reader.join()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command[0]} failed:\n{said[0].decode()[-2000:]}")
    scale = 1 if platform.system() == "Darwin" else 1024
    return Measured(time.monotonic() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale, output)


def noise():
    """The machine's own spread: the same loop seven times, as (maximum - minimum) / median."""
    times = []
    for _ in range(7):
        before = time.monotonic()
        sum(i * i for i in range(2_000_000))
        times.append(time.monotonic() - before)
    return (max(times) - min(times)) / statistics.median(times)


def mib(size):
    return f"{size / 2**20:.0f} MB"
