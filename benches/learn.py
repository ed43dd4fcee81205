"""Learns each cipher of `learn.toml` from random pairs and prints the results in Markdown.

    python3 benches/learn.py [ROW]...

`fit` is given random messages under a fixed key. Each seed has its own messages and initial weights.
Accuracy is the network's, measured on 1,000 other messages, which `fit` has never seen. The time is that
of the whole `fit` command. Runs stay in target/learn: those that are finished are not run again, and the
time of one that was not run from its start just now is that of its training alone.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SWEEP = ROOT / "benches/learn.toml"

# Name of the group: target in percent, time limit in seconds.
TARGETS = {
    "Caesar, length 32": (100, 20),
    "substitution, 27 symbols, length 32": (99.9, 20),
    "substitution, 64 symbols, lengths 5 to 60": (99.9, 60),
    "Vigenère, period 3, length 32": (99.5, 120),
    "Vigenère, period 6, length 32": (99.5, 300),
    "Vigenère, period 10, lengths 20 to 60": (99, 600),
    "autokey, key of 5, length 32": (99, 900),
    "Trithemius, length 32": (99.5, 300),
    "rail fence of 3, length 16": (99, 900),
    "Enigma I, one start, length 20": (95, 900),
}


def sweep(*arguments):
    command = [ROOT / "target/debug/cipher-train", "sweep", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def rows(group):
    return [row for row in json.loads(sweep("table", SWEEP, "--format", "json")) if row["group"] == group]


def run_missing(group, jobs):
    """Runs what is not finished. Returns the seconds of the runs that were started from nothing, by folder."""
    seconds = {}
    for row in rows(group):
        for job in jobs:
            if row["run"] not in job:
                continue
            start = time.monotonic()
            # The exit status is 1 where the cipher was not learned; the table then shows by how much.
            report = subprocess.run(job, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            print(report.stdout, file=sys.stderr)
            if row["state"] == "missing":
                seconds[row["run"]] = time.monotonic() - start
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", help="prefixes of the names of rows; the default is all rows")
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "-p", "cipher-train", "--quiet"], check=True, cwd=ROOT)
    print(f"{platform.machine()}, {os.cpu_count()} cores\n")
    print("| cipher | pairs | accuracy on other messages, % | target, % | time, s | time limit, s |")
    print("|---|---|---|---|---|---|")
    jobs = sweep("jobs", SWEEP).splitlines()
    for group, (target, time_limit) in TARGETS.items():
        if arguments.rows and not group.startswith(tuple(arguments.rows)):
            continue
        seconds = run_missing(group, jobs)
        finished = rows(group)
        accuracies = ", ".join(f"{100 * row['character_accuracy']:.4g}" for row in finished)
        times = ", ".join(f"{seconds.get(row['run'], row['seconds']):.3g}" for row in finished)
        print(f"| {group} | {finished[0]['pairs']:,} | {accuracies} | {target} | {times} | {time_limit} |", flush=True)


main()
