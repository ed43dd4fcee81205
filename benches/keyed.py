"""Trains networks that are told the key of each message, or find it, and prints the results in Markdown.

    python3 benches/keyed.py [ROW]... [--seeds 1 2 3] [--runs target/keyed]

A row is a config with other settings, and accuracy on 2,000 messages whose keys (where there are a thousand or
more) and texts no training message had. The runs are kept in a folder, and the command resumes the ones that it
finds there: three rotors take two hours for each seed, and all other rows about four. The figures of Greydanus are
from "Learning the Enigma with recurrent neural networks" (2017, arXiv 1708.07576).
"""

import argparse
import json
import math
import os
import pathlib
import platform
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def length(n):
    return [f"messages.min_length={n}", f"messages.max_length={n}"]


LENGTHS = {f"{n} symbols": length(n) for n in (14, 50, 100, 200)}
# A network that needs no memory is measured on short and long messages only.
SHORT_AND_LONG = {what: LENGTHS[what] for what in ("14 symbols", "200 symbols")}
LONGER_KEYS = {"50 symbols, keys of 7 to 12": [*length(50), "cipher.key.length=[7,12]"]}


def cipher(name, *fields):
    return [f'cipher={{name="{name}", key={{length=[1,6]}}{"".join(f", {field}" for field in fields)}}}']


ROTORS = ["model.key_input=prefix", "model.d_hidden=512", "training.batch_size=64", "training.warmup_steps=400"]

# Name: config, settings, what is measured (and the settings for it), his figures in percent, targets in percent,
# minutes at most.
ROWS = {
    "Vigenère, prefix": (
        "keyed-vigenere", [], LENGTHS | LONGER_KEYS, "99.8 96.7 78.2 50.8 -", "99.9 99.9 99.5 99 -", 15,
    ),
    "autokey, prefix": ("keyed-autokey", [], LENGTHS, "100 99.9 99.4 92.4", "99.9 99.9 99.5 99", 15),
    "Vigenère, aligned": ("keyed-aligned", [], SHORT_AND_LONG | LONGER_KEYS, "- - -", "- - 99.9", 15),
    "Beaufort, aligned": ("keyed-aligned", cipher("beaufort"), SHORT_AND_LONG, "- -", "99.9 -", 15),
    "Porta, aligned": ("keyed-aligned", cipher("porta"), SHORT_AND_LONG, "- -", "99.9 -", 15),
    "Gronsfeld, aligned": ("keyed-aligned", cipher("gronsfeld"), SHORT_AND_LONG, "- -", "99.9 -", 15),
    "progressive key, aligned": (
        # The network has to count the repetitions of the key, which it learns from short messages first.
        "keyed-autokey", [*cipher("progressive-key", "step=1"), "model.key_input=aligned"],
        LENGTHS, "- - - -", "99.9 - - -", 15,
    ),
    "Caesar of 27, aligned": (
        "keyed-aligned",
        ["alphabet.symbols=ABCDEFGHIJKLMNOPQRSTUVWXYZ-", 'cipher={name="caesar", key={length=1}}'],
        SHORT_AND_LONG, "- -", "99.9 -", 15,
    ),
    "Enigma, one moving rotor, aligned": ("keyed-enigma", [], {"14 symbols": length(14)}, "-", "99.9", 60),
    # Two rotors have 676 alphabets: with 256 units, 77 % of the characters after 80 epochs; with 512, all after 99.
    "Enigma, two moving rotors, prefix": (
        "keyed-enigma", ["cipher.key.length=2", "training.epochs=150", *ROTORS],
        {"14 symbols": length(14)}, "-", "99", 120,
    ),
    # With keys of three letters alone, nothing was learned in the first ten epochs.
    "Enigma, three moving rotors, prefix": (
        "keyed-enigma", ["cipher.key.length=[1,3]", "training.epochs=500", *ROTORS],
        {f"told {n} of three letters": [*length(14), f"cipher.key.length={n}"] for n in (1, 2, 3)},
        "- - 97.5", "- - -", 120,
    ),
    "the key from 14 known pairs": ("recover-key", [], {"whole keys": length(14)}, "-", "99.9", 30),
}


def cipher_train(*arguments, check=True):
    command = [ROOT / "target/debug/cipher-train", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if check:
        done.check_returncode()
    return done.stdout


def train(config, settings, seed, run):
    """Trains a run, or resumes one that was stopped. One that is done stays as it is."""
    if (run / "run.json").exists():
        cipher_train("train", "--resume", "--run", run, check=False)
        return
    overrides = [part for setting in [f"seed={seed}", *settings] for part in ("--set", setting)]
    # The exit status is 1 below the target; the table then shows by how much.
    cipher_train("train", ROOT / "configs" / f"{config}.toml", "--run", run, *overrides, check=False)


def minutes(run):
    records = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return records[-1]["seconds"] / 60


def accuracy(run, settings):
    overrides = [part for setting in settings for part in ("--set", setting)]
    score = json.loads(cipher_train("eval", "--run", run, "--json", *overrides))["score"]
    # A key is right as a whole or not at all.
    return 100 * score["message_accuracy" if score["measure"] == "key_symbols" else "character_accuracy"]


def rounded_down(percent):
    """In hundredths: 100 means all."""
    return math.floor(100 * percent + 1e-7) / 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", help="prefixes of the names of rows; the default is all rows")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--runs", type=pathlib.Path, default=ROOT / "target/keyed")
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "-p", "cipher-train", "--quiet"], check=True, cwd=ROOT)
    print(f"{platform.machine()}, {os.cpu_count()} cores; seeds {', '.join(map(str, arguments.seeds))}\n")
    print("| network | measured on | his, % | ours, % | target, % | minutes | at most |")
    print("|---|---|---|---|---|---|---|")
    for name, (config, settings, measured, his, targets, at_most) in ROWS.items():
        if arguments.rows and not name.startswith(tuple(arguments.rows)):
            continue
        runs = []
        for seed in arguments.seeds:
            runs.append(arguments.runs / f"{name.replace(' ', '-').replace(',', '')}-{seed}")
            train(config, settings, seed, runs[-1])
        times = ", ".join(f"{minutes(run):.3g}" for run in runs)
        for (what, other), figure, target in zip(measured.items(), his.split(), targets.split(), strict=True):
            found = ", ".join(f"{rounded_down(accuracy(run, other)):g}" for run in runs)
            print(f"| {name} | {what} | {figure} | {found} | {target} | {times} | {at_most} |", flush=True)


main()
