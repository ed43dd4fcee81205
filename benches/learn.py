"""Learns each cipher of the table from a file of pairs and prints the results in Markdown.

    python3 benches/learn.py [ROW]... [--seeds 1 2 3]

The pairs are random messages under a fixed key, and `fit` is given only their file. Each seed has
its own messages and initial weights. Accuracy is measured on 1,000 other messages, which `fit` has
never seen. The time is that of the whole `fit` command.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
N_OTHER = 1000
# `generate` makes different messages from a different seed.
OTHER_SEED = 1_000_000

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# Base64's symbols in an order without a rule.
BASE64_KEY = "q3ZbX+0uYkLwJ7eVfR2gTtM9oHhWc5rS8iNdAyE1BxGjK6aPzQ4nIvUsCDm/OFpl"


def lengths(shortest, longest):
    return [f"messages.min_length={shortest}", f"messages.max_length={longest}"]


# Name: config, overrides, number of pairs, arguments of `fit`, target in percent, time limit in seconds.
ROWS = {
    "Caesar, length 32": ("caesar", [], 16, [], 100, 20),
    "substitution, 27 symbols, length 32": ("substitution", [], 16, [], 99.9, 20),
    "substitution, 64 symbols, lengths 5 to 60": (
        "substitution",
        [f"alphabet.symbols={BASE64}", f"cipher.key={BASE64_KEY}", *lengths(5, 60)],
        200, [], 99.9, 60,
    ),
    "Vigenère, period 3, length 32": ("vigenere", ["cipher.key=KEY"], 200, [], 99.5, 120),
    "Vigenère, period 6, length 32": ("vigenere", [], 1000, [], 99.5, 300),
    "Vigenère, period 10, lengths 20 to 60": (
        "vigenere", ["cipher.key=BLACKHORSE", *lengths(20, 60)], 5000, [], 99, 600,
    ),
    "autokey, key of 5, length 32": (
        "autokey", ["cipher.key=QUEEN", "cipher.feedback=plaintext"], 20_000, [], 99, 900,
    ),
    "Trithemius, length 32": ("trithemius", [], 2000, [], 99.5, 300),
    "rail fence of 3, length 16": (
        "rail-fence", [], 20_000, [], 99, 900,
    ),
    "Enigma I, one start, length 20": ("enigma", [], 20_000, [], 95, 900),
}


def run(*arguments, check=True, **options):
    command = [ROOT / "target/debug/cipher-train", *map(str, arguments)]
    return subprocess.run(command, check=check, stdout=subprocess.PIPE, text=True, **options).stdout


def generate(config, settings, seed, n, file):
    overrides = [part for setting in [f"seed={seed}", *settings] for part in ("--set", setting)]
    file.write_text(run("generate", ROOT / f"configs/{config}.toml", "-n", n, *overrides))


def learn(name, seed, folder):
    """Returns the accuracy on other messages in percent, and the training time in seconds."""
    config, settings, n, fit_arguments, _, _ = ROWS[name]
    pairs, other, trained = folder / "pairs.tsv", folder / "other.tsv", folder / f"run-{seed}"
    generate(config, settings, seed, n, pairs)
    generate(config, settings, OTHER_SEED + seed, N_OTHER, other)
    start = time.monotonic()
    # The exit status of `fit` is 1 where it has not learned the cipher; the table then shows by how much.
    report = run(
        "fit", pairs, "--run", trained, "--set", f"seed={seed}", *fit_arguments, check=False, stderr=subprocess.DEVNULL
    )
    seconds = time.monotonic() - start
    print(report, file=sys.stderr)
    score = json.loads(run("eval", "--run", trained, "--pairs", other, "--json"))
    return 100 * score["score"]["character_accuracy"], seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", help="prefixes of the names of rows; the default is all rows")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "-p", "cipher-train", "--quiet"], check=True, cwd=ROOT)
    print(f"{platform.machine()}, {os.cpu_count()} cores; seeds {', '.join(map(str, arguments.seeds))}\n")
    print("| cipher | pairs | accuracy on other messages, % | target, % | time, s | time limit, s |")
    print("|---|---|---|---|---|---|")
    for name, (_, _, n, _, target, time_limit) in ROWS.items():
        if arguments.rows and not name.startswith(tuple(arguments.rows)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            results = [learn(name, seed, pathlib.Path(folder)) for seed in arguments.seeds]
        accuracies = ", ".join(f"{accuracy:.4g}" for accuracy, _ in results)
        times = ", ".join(f"{seconds:.3g}" for _, seconds in results)
        print(f"| {name} | {n:,} | {accuracies} | {target} | {times} | {time_limit} |", flush=True)


main()
