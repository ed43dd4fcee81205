"""Measures our LSTM, PyTorch's, Burn's own and candle's on this machine and prints a table in Markdown.

    python3 benches/compare.py                         on the CPU
    python3 benches/compare.py --device cuda,wgpu      on a GPU, with the CPU beside it

PyTorch comes from PyPI into target/pytorch, some gigabytes, at the first call. Each side is given
1, 2, .. threads, at most as many as there are cores, in turns and several times over, since other
work on the machine comes and goes; its best median counts. On a GPU a group of steps
is timed until its last weights are there, and PyTorch is asked only if the machine has an NVIDIA card.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
TORCH = "torch==2.15.0"
ROUNDS = 3


def pytorch(on):
    """On so many threads, or on "cuda"."""
    folder = ROOT / "target" / "pytorch"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", TORCH, "numpy"], check=True)
    script = ROOT / "benches" / "pytorch.py"
    output = subprocess.run([python, script, str(on)], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


CPU_NAMES = "^(ours/([SML]$|time)|stock/[SML]$|decrypt)"


def ours(n_threads, device="ndarray", features=(), benches=("step", "decrypt"), names=CPU_NAMES):
    """Runs criterion and reads the medians that it leaves, in seconds, and the device's name."""
    home = ROOT / "target/criterion" / device
    shutil.rmtree(home, ignore_errors=True)  # what an earlier run left is not this one's
    environment = {**os.environ, "RAYON_NUM_THREADS": str(n_threads), "CRITERION_HOME": str(home), "DEVICE": device}
    # The whole workspace, since another choice of packages would build Burn anew.
    command = ["cargo", "bench", "--workspace", "--profile", "dev", "--quiet"]
    for feature in features:
        command += ["--features", f"benches/{feature}"]
    for bench in benches:
        command += ["--bench", bench]
    command += ["--", "--warm-up-time", "1", "--measurement-time", "2", names]
    output = subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True).stdout
    sys.stderr.write(output)
    medians = {"device": next(line for line in output.splitlines() if line.startswith("device: "))}
    for file in home.glob("**/new/estimates.json"):
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


def cpu_table():
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


def gpu_table(devices, shapes, n_rounds):
    """Steps on each device beside cuDNN's, if there is an NVIDIA card, and beside ndarray's."""
    n_threads = os.cpu_count() or 1
    has_nvidia = shutil.which("nvidia-smi") is not None
    names = lambda shapes: f"^ours/({'|'.join(shapes)})$"
    on_cpu = [shape for shape in shapes if shape != "XL"]  # takes seconds a step
    runs, theirs = {device: [] for device in (*devices, "ndarray")}, []
    for _ in range(n_rounds):
        for device in devices:
            runs[device].append(ours(n_threads, device, devices, ["step"], names(shapes)))
        if on_cpu:
            runs["ndarray"].append(ours(n_threads, "ndarray", devices, ["step"], names(on_cpu)))
        if has_nvidia:
            theirs.append(pytorch("cuda"))
    for device in devices:
        print(runs[device][0]["device"])
    print(f"ndarray: {processor()}, {n_threads} cores")
    print(f"PyTorch {theirs[0]['version']} on {theirs[0]['card']}" if theirs else "PyTorch: not asked, no NVIDIA card")
    print("\nIn brackets, how many times as long as PyTorch.\n")
    print(f"| training step | {' | '.join(devices)} | PyTorch, cuDNN | ndarray |")
    print("|---" * (len(devices) + 3) + "|")
    for shape in shapes:
        torch = min((run[f"step {shape}"]["cuda"] for run in theirs), default=None)
        cells = []
        for device in devices:
            mine = best(runs[device], f"ours/{shape}")
            cells.append(milliseconds(mine) + (f" ({mine / torch:.3g})" if torch else ""))
        cells.append(milliseconds(torch) if torch else "-")
        cells.append(milliseconds(best(runs["ndarray"], f"ours/{shape}")) if shape in on_cpu else "-")
        print(f"| {shape} | {' | '.join(cells)} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Training steps of our LSTM beside others', as a table.")
    parser.add_argument("--device", help="GPU backends, such as cuda,wgpu; without it the CPU is measured")
    parser.add_argument("--shapes", default="S,M,L,XL", help="on a GPU; see benches/lib.rs")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="on a GPU")
    options = parser.parse_args()
    if options.device:
        gpu_table(options.device.split(","), options.shapes.split(","), options.rounds)
    else:
        cpu_table()
