"""Times our LSTM, its peers and the whole program on this machine and prints tables in Markdown.

    python3 benches/compare.py                         on the CPU
    python3 benches/compare.py --before ../older       also beside a checkout of an older commit
    python3 benches/compare.py --device cuda,wgpu      on a GPU, with the CPU for comparison

The peers are PyTorch, ONNX Runtime, JAX, Burn's own LSTM and candle's. The first run installs the
first three (some gigabytes) from PyPI into target/peers. Every implementation that takes a number of
threads runs with each from 1 to the number of cores. The implementations take turns, because the
load on the machine varies, and the best median of each is reported. On a GPU a group of steps is
timed until its last weights are computed. PyTorch runs on a GPU only if the machine has an NVIDIA
card.

Peers get ids and give logits; our decryption is from text to text with confidences.
"""

import argparse
import json
import os
import pathlib
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
import venv

from peers.shapes import DECRYPT, STEPS

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ["torch==2.15.0", "onnxruntime==1.32.0", "onnx==1.23.2", "jax==0.10.2", "numpy"]
ROUNDS = 3


def peer(script, *arguments):
    """The times of a peer: seconds by name, and by number of threads where it takes one."""
    folder = ROOT / "target" / "peers"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    command = [python, ROOT / "benches" / "peers" / script, *map(str, arguments)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(output.stdout)


CPU_NAMES = "^(ours/([SML]$|time)|decrypt)"


def ours(
    n_threads, device="ndarray", features=(), benches=("step", "decrypt"), names=CPU_NAMES, root=ROOT, profile="dev"
):
    """Runs Criterion. Returns the medians that it writes, in seconds, and the device's name."""
    home = root / "target/criterion" / device
    shutil.rmtree(home, ignore_errors=True)  # results of an earlier run
    environment = {**os.environ, "RAYON_NUM_THREADS": str(n_threads), "CRITERION_HOME": str(home), "DEVICE": device}
    # The whole workspace: another choice of packages would rebuild Burn.
    command = ["cargo", "bench", "--workspace", "--profile", profile, "--quiet"]
    for feature in features:
        command += ["--features", f"benches/{feature}"]
    for bench in benches:
        command += ["--bench", bench]
    command += ["--", "--warm-up-time", "1", "--measurement-time", "2", names]
    output = subprocess.run(command, check=True, cwd=root, env=environment, stdout=subprocess.PIPE, text=True).stdout
    sys.stderr.write(output)
    medians = {"device": next(line for line in output.splitlines() if line.startswith("device: "))}
    for file in home.glob("**/new/estimates.json"):
        name = json.loads(file.with_name("benchmark.json").read_text())["full_id"]
        medians[name] = json.loads(file.read_text())["median"]["point_estimate"] / 1e9
    return medians


def candle():
    folder = ROOT / "benches" / "peers" / "candle"
    command = ["cargo", "run", "--release", "--quiet", "--target-dir", ROOT / "target/candle"]
    output = subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True)
    return json.loads(output.stdout)


def best(runs, name):
    """The best time of a name; None if no run has it."""
    times = [run[name] for run in runs if name in run]
    flat = [time for each in times for time in (each.values() if isinstance(each, dict) else [each])]
    return min(flat, default=None)


def milliseconds(seconds):
    value = seconds * 1e3
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


def row(label, mine, peers):
    """One line: our time, the peers' with how many times slower they are, and the best one's ratio."""
    cells = [f"{milliseconds(peer)} ({peer / mine:.3g})" if peer else "-" for peer in peers]
    ratio = min(peer for peer in peers if peer) / mine
    print(f"| {label} | {milliseconds(mine)} | {' | '.join(cells)} | {ratio:.3g} |")


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []:
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def cpu_table(n_rounds, before):
    n_threads = os.cpu_count() or 1
    runs, older, peers = [], [], {"PyTorch": [], "ONNX Runtime": [], "JAX": []}
    for _ in range(n_rounds):
        runs += [ours(n) for n in range(1, n_threads + 1)] + [program(ROOT)]
        if before:
            older += [ours(n, root=before) for n in range(1, n_threads + 1)] + [program(before)]
        peers["PyTorch"].append(peer("pytorch.py", n_threads))
        peers["ONNX Runtime"].append(peer("onnx_runtime.py", n_threads))
        peers["JAX"].append(peer("jax_xla.py"))
    peers["candle-nn"] = [candle()]
    # Takes minutes: once. The plain build does not optimise the crates that it needs.
    stock = [ours(n_threads, benches=["step"], names="^stock/[SML]$", profile="optimized")]
    versions = [f"{name} {of_peer[0]['version']}" for name, of_peer in peers.items() if "version" in of_peer[0]]
    print(f"{processor()}, {n_threads} cores; {', '.join(versions)}")
    print("In brackets: how many times slower than ours. At the end: that of the best peer.\n")
    names = " | ".join(["ours", *peers, "Burn `nn::Lstm`", "best peer"])
    print(f"| | {names} |\n{'|---' * (len(peers) + 4)}|")
    for shape in STEPS:
        times = [best(of_peer, f"step {shape}") for of_peer in peers.values()]
        row(f"training step, {shape}", best(runs, f"ours/{shape}"), [*times, best(stock, f"stock/{shape}")])
    for d_hidden, batch in DECRYPT:
        case = f"decrypt, hidden {d_hidden}, batch {batch}"
        times = [best(of_peer, case) for of_peer in peers.values()]
        row(case, best(runs, case.replace(", ", "/", 1)), [*times, None])
    growth = best(runs, "ours/time 512") / best(runs, "ours/time 64")
    print(f"\nA step at time 512 takes {growth:.2f} times as long as one at time 64 (hidden 128, batch 32).")
    limits(runs)
    program_table(runs)
    if before:
        before_table(older, runs)


def before_table(older, runs):
    print("\n| | before | now | times as fast |\n|---|---|---|---|")
    for name in sorted(runs[0] | runs[-1]):
        if name != "device" and (old := best(older, name)):
            new = best(runs, name)
            label = name.replace("ours/", "training step, ").replace("decrypt/", "decrypt, ")
            print(f"| {label} | {milliseconds(old)} | {milliseconds(new)} | {old / new:.3g} |")


def limits(runs):
    """How near a step comes to the arithmetic that this machine can do, measured as PyTorch's products."""
    peak = peer("peak.py", os.cpu_count() or 1)["flops"]
    print(f"\nMatrix products alone run at {peak / 1e9:.0f} GFLOP/s here.\n")
    print("| | products of the recurrence | share of our time |\n|---|---|---|")
    for shape, (_, d_hidden, n_steps, batch) in STEPS.items():
        # Forward, and for the gradients of states and of weights.
        seconds = 3 * 2 * 4 * d_hidden**2 * n_steps * batch / peak
        print(f"| training step, {shape} | {milliseconds(seconds)} | {seconds / best(runs, f'ours/{shape}'):.0%} |")
    for d_hidden in (10, 128):
        seconds = 2 * 4 * d_hidden**2 * 32 * 256 / peak
        case = f"decrypt/hidden {d_hidden}, batch 256"
        print(f"| {case} | {milliseconds(seconds)} | {seconds / best(runs, case):.0%} |")


def cipher_train(root, *arguments, **options):
    command = [root / "target/debug/cipher-train", *map(str, arguments)]
    status = subprocess.run(command, cwd=root, stderr=subprocess.DEVNULL, **options).returncode
    if status not in (0, 1):  # 1: a training that ended below its target
        raise subprocess.CalledProcessError(status, command)


def settings(shape, batches_per_epoch):
    d_embedding, d_hidden, n_steps, batch = STEPS[shape]
    values = {
        "model.d_embedding": d_embedding,
        "model.d_hidden": d_hidden,
        "messages.min_length": n_steps,
        "messages.max_length": n_steps,
        "messages.per_epoch": batches_per_epoch * batch,
        "training.batch_size": batch,
        "training.epochs": 12,  # the fastest counts, as the best median does of the bare steps
        "training.learning_rate": 1e-9,  # as in step.rs
    }
    return [part for name, value in values.items() for part in ("--set", f"{name}={value}")]


LEARNER = "step {} of `train` with Burn's Learner, batches and clipping"
DECRYPT_OPTIONS = ([], ["--min-confidence", "0.5"], ["--json"])
N_LINES = 300_000  # 10 MB


def decrypt_lines(options):
    return f"`{' '.join(['decrypt', *options])}` of 10 MB in lines of 32, whole process"


def program(root):
    """The command line of a checkout: seconds of a step of `train`, and of `decrypt`."""
    # As for the benches: another choice of packages would rebuild Burn.
    build = ["cargo", "build", "--workspace", "--bin", "cipher-train", "--quiet"]
    subprocess.run(build, check=True, cwd=root)
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for shape, n_batches in (("S", 1000), ("M", 40)):
            run = folder / shape
            caesar = root / "configs/caesar.toml"
            cipher_train(root, "train", caesar, "--run", run, *settings(shape, n_batches), stdout=subprocess.DEVNULL)
            records = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
            speeds = [record["characters_per_second"] for record in records if record["split"] == "training"]
            _, _, n_steps, batch = STEPS[shape]
            times[LEARNER.format(shape)] = n_steps * batch / max(speeds)
        cipher_train(root, "train", "--run", folder / "caesar", stdout=subprocess.DEVNULL)
        letters = random.Random(1).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ-", k=32 * N_LINES)
        lines = folder / "lines.txt"
        lines.write_text("".join("".join(letters[32 * i : 32 * i + 32]) + "\n" for i in range(N_LINES)))
        for options in DECRYPT_OPTIONS:
            begin = time.perf_counter()
            with lines.open() as stdin, (folder / "out").open("w") as stdout:
                cipher_train(root, "decrypt", "--run", folder / "caesar", *options, stdin=stdin, stdout=stdout)
            times[decrypt_lines(options)] = time.perf_counter() - begin
    return times


def program_table(runs):
    """A step of `train` beside the bare step, and `decrypt` beside the model."""
    print("\n| | the program | without it | ratio |\n|---|---|---|---|")
    for shape in ("S", "M"):
        name = LEARNER.format(shape)
        mine = best(runs, f"ours/{shape}")
        whole = best(runs, name)
        print(f"| {name} | {milliseconds(whole)} | {milliseconds(mine)} | {mine / whole:.2f} |")
    alone = 256 * 32 / best(runs, "decrypt/hidden 10, batch 256")
    for options in DECRYPT_OPTIONS:
        name = decrypt_lines(options)
        speed = 32 * N_LINES / best(runs, name)
        cells = f"{speed / 1e6:.1f} million characters/s | {alone / 1e6:.1f} | {speed / alone:.2f}"
        print(f"| {name} | {cells} |")


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
            theirs.append(peer("pytorch.py", "cuda"))
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
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured")
    parser.add_argument("--before", type=pathlib.Path, help="a checkout to measure as well, on the CPU")
    options = parser.parse_args()
    if options.device:
        gpu_table(options.device.split(","), options.shapes.split(","), options.rounds)
    else:
        cpu_table(options.rounds, options.before and options.before.resolve())
