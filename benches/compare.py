"""Times our LSTM, PyTorch's, Burn's own and candle's on this machine and prints a table in Markdown.

    python3 benches/compare.py                         on the CPU
    python3 benches/compare.py --device cuda,wgpu      on a GPU, with the CPU for comparison

The first run installs PyTorch (some gigabytes) from PyPI into target/pytorch. Every implementation
runs several times with each number of threads from 1 to the number of cores. The implementations
take turns, because the load on the machine varies, and the best median of each is reported. On a
GPU a group of steps is timed until its last weights are computed. PyTorch runs on a GPU only if the
machine has an NVIDIA card.
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
    """PyTorch's times. `on` is the largest number of threads, or "cuda"."""
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
    """Runs Criterion. Returns the medians that it writes, in seconds, and the device's name."""
    home = ROOT / "target/criterion" / device
    shutil.rmtree(home, ignore_errors=True)  # results of an earlier run
    environment = {**os.environ, "RAYON_NUM_THREADS": str(n_threads), "CRITERION_HOME": str(home), "DEVICE": device}
    # The whole workspace: another choice of packages would rebuild Burn.
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
    print(f"{processor()}, {n_threads} cores; PyTorch {theirs[0]['version']}")
    print("In brackets: how many times slower than ours.\n")
    print("| | ours | PyTorch | Burn `nn::Lstm` | candle-nn |\n|---|---|---|---|---|")
    for shape in "SML":
        stock = best(runs, f"stock/{shape}")
        step = f"step {shape}"
        row(f"training step, {shape}", best(runs, f"ours/{shape}"), torch(step), stock, other[step])
    for d_hidden in (10, 128):
        for batch in (1, 256):
            case = f"decrypt, hidden {d_hidden}, batch {batch}"
            row(case, best(runs, case.replace(", ", "/", 1)), torch(case), None, None)
    growth = best(runs, "ours/time 512") / best(runs, "ours/time 64")
    print(f"\nA step at time 512 takes {growth:.2f} times as long as one at time 64 (hidden 128, batch 32).")


def gpu_table(devices, shapes, n_rounds):
    """Compares steps on each device with ndarray's and, if there is an NVIDIA card, with cuDNN's."""
    n_threads = os.cpu_count() or 1
    has_nvidia = shutil.which("nvidia-smi") is not None
    names = lambda shapes: f"^ours/({'|'.join(shapes)})$"
    on_cpu = [shape for shape in shapes if shape != "XL"]  # a step takes seconds
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
    print(f"PyTorch {theirs[0]['version']} on {theirs[0]['card']}" if theirs else "PyTorch: no NVIDIA card")
    print("\nIn brackets: the time divided by PyTorch's.\n")
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
    parser = argparse.ArgumentParser(description="Compare training steps of our LSTM with others', as a table.")
    parser.add_argument("--device", help="GPU backends, such as cuda,wgpu; the default is the CPU")
    parser.add_argument("--shapes", default="S,M,L,XL", help="shapes to measure on a GPU, from benches/lib.rs")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often to measure on a GPU")
    options = parser.parse_args()
    if options.device:
        gpu_table(options.device.split(","), options.shapes.split(","), options.rounds)
    else:
        cpu_table()
