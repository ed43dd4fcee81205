"""Measures our LSTM, PyTorch's, Burn's own and candle's on this machine and prints a table in Markdown.

    python3 benches/compare.py

PyTorch comes from PyPI into target/pytorch, some gigabytes, at the first call. Each side is given
1, 2, .. threads, at most as many as there are cores, in turns and several times over, since other
work on the machine comes and goes; its best median counts.
"""

import json
import os
import pathlib
import platform
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
TORCH = "torch==2.15.0"
ROUNDS = 3


def pytorch(n_threads):
    folder = ROOT / "target" / "pytorch"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", TORCH, "numpy"], check=True)
    script = ROOT / "benches" / "pytorch.py"
    output = subprocess.run([python, script, str(n_threads)], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def ours(n_threads):
    """Runs criterion and reads the medians that it leaves, in seconds."""
    environment = {**os.environ, "RAYON_NUM_THREADS": str(n_threads), "CRITERION_HOME": str(ROOT / "target/criterion")}
    # The whole workspace, since another choice of packages would build Burn anew.
    command = ["cargo", "bench", "--workspace", "--profile", "dev", "--quiet", "--bench", "step", "--bench", "decrypt"]
    command += ["--", "--warm-up-time", "1", "--measurement-time", "2"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=sys.stderr)
    medians = {}
    for file in (ROOT / "target/criterion").glob("**/new/estimates.json"):
        name = json.loads(file.with_name("benchmark.json").read_text())["full_id"]
        medians[name] = json.loads(file.read_text())["median"]["point_estimate"] / 1e9
    return medians


def candle():
    folder = ROOT / "benches" / "candle"
    command = ["cargo", "run", "--release", "--quiet", "--target-dir", ROOT / "target/candle"]
    output = subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True)
    return json.loads(output.stdout)


def best(runs, name):
    return min(run[name] for run in runs if name in run)


def milliseconds(seconds):
    value = seconds * 1e3
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


def row(label, mine, *others):
    cells = [f"{milliseconds(other)} ({other / mine:.3g})" if other else "-" for other in others]
    print(f"| {label} | {milliseconds(mine)} | {' | '.join(cells)} |")


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []:
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


if __name__ == "__main__":
    n_threads = os.cpu_count() or 1
    runs, theirs = [], []
    for _ in range(ROUNDS):
        runs += [ours(n) for n in range(1, n_threads + 1)]
        theirs.append(pytorch(n_threads))
    torch = lambda name: min(min(run[name].values()) for run in theirs)
    other = candle()
    print(f"{processor()}, {n_threads} cores; PyTorch {theirs[0]['version']}; in brackets, how many times slower than ours\n")
    print("| | ours | PyTorch | Burn `nn::Lstm` | candle-nn |\n|---|---|---|---|---|")
    for shape in "SML":
        stock = best(runs, f"stock/{shape}")
        row(f"training step, {shape}", best(runs, f"ours/{shape}"), torch(f"step {shape}"), stock, other[f"step {shape}"])
    for d_hidden in (10, 128):
        for batch in (1, 256):
            case = f"decrypt, hidden {d_hidden}, batch {batch}"
            row(case, best(runs, case.replace(", ", "/", 1)), torch(case), None, None)
    growth = best(runs, "ours/time 512") / best(runs, "ours/time 64")
    print(f"\nA step at time 512 takes {growth:.2f} times one at 64 (hidden 128, batch 32).")
