"""How well several processes train one model, and what a cluster would make of it.

    python3 benches/ranks.py

Needs an MPI library (Debian: openmpi-bin, libopenmpi-dev, libclang-dev) and two cores. A rank has one core. The
measured rows are the sizes M and L of `benches/lib.rs`, once with the batch of one rank shared by two (which leaves
each with half as many rows, and products of fewer rows are slower) and once with as many messages for each rank as for
one. Beside them, what two trainings that have nothing to do with each other lose by running at once: that is the
machine's part of the loss. All take turns, and the best of some rounds counts. The rows of larger numbers of ranks are
reckoned from the time of a step and the bytes that are sent, with as many messages for each rank as here for one.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/debug/cipher-train"

# Name: embedding, hidden units, batches in an epoch.
SHAPES = {"M": (32, 128, 20), "L": (64, 512, 3)}
TIME, BATCH, N_SYMBOLS, EPOCHS, ROUNDS = 64, 128, 27, 6, 3
# Seconds that a message of any length takes to arrive.
LATENCY = 20e-6
GIGABITS = [10, 100]
RANKS = [8, 64, 512]


def command(name, folder, batch=BATCH):
    d_embedding, d_hidden, n_batches = SHAPES[name]
    settings = {
        "model.d_embedding": d_embedding, "model.d_hidden": d_hidden,
        "messages.min_length": TIME, "messages.max_length": TIME,
        "messages.per_epoch": n_batches * batch, "messages.validation": 2, "messages.test": 2,
        "training.batch_size": batch, "training.epochs": EPOCHS, "training.target_loss": 1e-9,
        "training.learning_rate": 0.001,
    }
    overrides = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    return [str(PROGRAM), "train", "--device", "ndarray", "--overwrite", "--run", str(folder), *overrides]


def speed(folder):
    """Characters a second in training, of the fastest epoch."""
    records = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return max(record["characters_per_second"] for record in records if record["split"] == "training")


def train(commands):
    """Runs them all at once."""
    environment = {
        **os.environ, "RAYON_NUM_THREADS": "1",
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    }
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for process in [subprocess.Popen(command, **quiet) for command in commands]:
        # 1: the target, which nothing reaches, was not reached.
        if process.wait() not in (0, 1):
            raise SystemExit(f"{process.args} failed with {process.returncode}")


def measure(name, folder):
    """Characters a second, each the best of some rounds: of one rank; of two that share its batch; of two with as
    large a batch each; and of two trainings at once, their mean."""
    one, shared, own, apart = folder / "one", folder / "shared", folder / "own", [folder / "a", folder / "b"]
    mpirun = ["mpirun", "-n", "2", "--bind-to", "core"]
    best = [0.0] * 4
    for _ in range(ROUNDS):
        train([["taskset", "-c", "0", *command(name, one)]])
        train([[*mpirun, *command(name, shared)]])
        train([[*mpirun, *command(name, own, 2 * BATCH)]])
        train([["taskset", "-c", str(core), *command(name, path)] for core, path in enumerate(apart)])
        round = [speed(one), speed(shared), speed(own), statistics.mean(speed(path) for path in apart)]
        best = [max(pair) for pair in zip(best, round, strict=True)]
    return best


def n_parameters(name):
    d_embedding, d_hidden, _ = SHAPES[name]
    embedding = (N_SYMBOLS + 1) * d_embedding
    return embedding + 4 * d_hidden * (d_embedding + d_hidden + 2) + (d_hidden + 1) * N_SYMBOLS


def sent(name, n_ranks):
    """Bytes that a rank sends in a step: all gradients but its own part, and the sums of its part to the others."""
    return 2 * (n_ranks - 1) / n_ranks * 4 * n_parameters(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.parse_args()
    build = ["cargo", "build", "-p", "cipher-train", "--features", "mpi", "--quiet"]
    subprocess.run(build, check=True, cwd=ROOT)
    print(
        "| | 1 rank, characters/s | 2 ranks, its batch | efficiency | 2 ranks, a batch each | efficiency "
        "| two trainings apart | sent by a rank in a step |"
    )
    print("|---|---|---|---|---|---|---|---|")
    speeds = {}
    for name in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            one, shared, own, apart = measure(name, pathlib.Path(folder))
        speeds[name] = one
        print(
            f"| {name} | {one:,.0f} | {shared:,.0f} | {shared / one / 2:.2f} | {own:,.0f} | {own / one / 2:.2f} "
            f"| {apart / one:.2f} | {sent(name, 2) / 1e6:.2f} MB |",
            flush=True,
        )
    print("\nReckoned, not measured: the efficiency of more ranks, each with a batch of its own.\n")
    print("| | " + " | ".join(f"{n} ranks, {g} Gbit/s" for g in GIGABITS for n in RANKS) + " |")
    print("|---" * (1 + len(GIGABITS) * len(RANKS)) + "|")
    for name, one in speeds.items():
        step = BATCH * TIME / one
        cells = []
        for gigabits in GIGABITS:
            for n_ranks in RANKS:
                # Each rank sends to all others, one after the other, twice.
                exchange = 2 * (n_ranks - 1) * LATENCY + sent(name, n_ranks) / (gigabits * 1e9 / 8)
                cells.append(f"{step / (step + exchange):.2f}")
        print(f"| {name} | " + " | ".join(cells) + " |")


main()
