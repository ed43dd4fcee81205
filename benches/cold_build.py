"""Builds and trains as the README's first command does, with no target folder, and prints what it took.

    python3 benches/cold_build.py                       the README's command
    python3 benches/cold_build.py -- build --release    another cargo command

Prints the time, the CPU-seconds, and the crates that cost the most CPU-seconds. The packages must have
been downloaded before (`cargo fetch`). Nothing else should run on the machine meanwhile.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = ["run", "-p", "cipher-train", "--features", "ndarray"]
SHOWN = 10
LOG = "COLD_BUILD_LOG"


def cpu_seconds():
    """Of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def compile_one(command):
    """Stands between cargo and rustc, and logs what a crate took."""
    # Descriptors stay open: rustc takes its share of cargo's jobs through them.
    status = subprocess.run(command, close_fds=False).returncode
    crate = command[command.index("--crate-name") + 1] if "--crate-name" in command else None
    if crate not in (None, "___"):
        with open(os.environ[LOG], "a") as log:
            log.write(json.dumps([crate, cpu_seconds()]) + "\n")
    return status


def measure(command):
    wrapper = f'#!/bin/sh\nexec "{sys.executable}" "{pathlib.Path(__file__).resolve()}" --rustc "$@"\n'
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        script, log = folder / "rustc", folder / "log"
        script.write_text(wrapper)
        script.chmod(0o755)
        log.touch()
        environment = os.environ | {
            "CARGO_TARGET_DIR": str(folder / "target"),
            "RUSTC_WRAPPER": str(script),
            LOG: str(log),
        }
        arguments = command if command[0] != "run" else [*command, "--", "train", "--run", str(folder / "run")]
        start = time.monotonic()
        subprocess.run(["cargo", *arguments], cwd=ROOT, env=environment, check=True)
        seconds = time.monotonic() - start
        crates = {}
        for line in log.read_text().splitlines():
            crate, took = json.loads(line)
            crates[crate] = crates.get(crate, 0) + took
    return seconds, cpu_seconds(), crates


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--rustc"]:
        return compile_one(arguments[1:])
    command = arguments[1:] if arguments[:1] == ["--"] else COMMAND
    seconds, cpu, crates = measure(command)
    print(f"\ncargo {' '.join(command)}, from nothing, on {os.cpu_count()} cores")
    print(f"{seconds:.0f} s, {cpu:.0f} CPU-seconds, {len(crates)} crates; the most expensive, in CPU-seconds:")
    for crate, took in sorted(crates.items(), key=lambda entry: -entry[1])[:SHOWN]:
        print(f"{took:7.1f}  {crate}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
