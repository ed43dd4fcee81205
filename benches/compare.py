"""Measures our LSTM, Burn's own and PyTorch's on this machine and prints a table in Markdown.

    python3 benches/compare.py

PyTorch comes from PyPI into target/pytorch, some gigabytes, at the first call. Each side is given
1, 2, .. threads, at most as many as there are cores, and its best counts.
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
    command = ["cargo", "bench", "--package", "benches", "--profile", "dev", "--quiet"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=sys.stderr)
    medians = {}
    for file in (ROOT / "target/criterion").glob("**/new/estimates.json"):
        name = json.loads(file.with_name("benchmark.json").read_text())["full_id"]
        medians[name] = json.loads(file.read_text())["median"]["point_estimate"] / 1e9
    return medians


def best(runs, name):
    return min(run[name] for run in runs if name in run)


def milliseconds(seconds):
    value = seconds * 1e3
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


def row(label, mine, torch, stock=None):
    ratio = f"{torch / mine:.2f}"
    beside = f"{milliseconds(stock)} ({stock / mine:.1f})" if stock else "-"
    print(f"| {label} | {milliseconds(mine)} | {milliseconds(torch)} ({ratio}) | {beside} |")


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []:
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


if __name__ == "__main__":
    n_threads = os.cpu_count() or 1
    runs = [ours(n) for n in range(1, n_threads + 1)]
    theirs = pytorch(n_threads)
    torch_best = lambda name: min(theirs[name].values())
    print(f"{processor()}, {n_threads} cores; PyTorch {theirs['version']}; in brackets, how many times slower than ours\n")
    print("| | ours | PyTorch | Burn `nn::Lstm` |\n|---|---|---|---|")
    for shape in "SML":
        mine, stock = best(runs, f"ours/{shape}"), best(runs, f"stock/{shape}")
        row(f"training step, {shape}", mine, torch_best(f"step {shape}"), stock)
    for d_hidden in (10, 128):
        for batch in (1, 256):
            case = f"hidden {d_hidden}, batch {batch}"
            row(f"decrypt, {case}", best(runs, f"decrypt/{case}"), torch_best(f"decrypt, {case}"))
    growth = best(runs, "ours/time 512") / best(runs, "ours/time 64")
    print(f"\nA step at time 512 takes {growth:.2f} times one at 64 (hidden 128, batch 32).")
