"""Runs a sweep over HyperQueue with two workers, kills one, and checks that the table is whole in the end.

    python .ci/sweep_on_hyperqueue.py PROGRAM

HyperQueue's Python package starts workers in the process that has the server. To have workers that can be
killed, each worker here is a process of its own, whose cluster is pointed at the server of the first process.
"""

import contextlib
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.cluster import WorkerConfig

SWEEP = """
[set]
training.epochs = 120
training.target_loss = 1e-9
training.save_every = 5
model.d_hidden = 64
[vary]
cipher.key = [5, 13]
seed = [1, 2, 3, 4]
"""
TIMEOUT = 300


def work(server, folder):
    """Is a worker, until it is killed."""
    cluster = LocalCluster(str(folder))
    access = [pathlib.Path(place) / "hq-current/access.json" for place in (server, folder)]
    access[1].unlink()
    shutil.copyfile(*access)
    cluster.start_worker(WorkerConfig(cores=1))
    print("ready", flush=True)
    while True:
        time.sleep(60)


class Worker:
    def __init__(self, server, folder):
        command = [sys.executable, __file__, "--work", server, folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        # Before it is ready, it tells of its own, idle server.
        assert "ready\n" in iter(self.process.stdout.readline, ""), "a worker did not start"

    def kill(self):
        """As a machine that is lost: the worker, and what it runs."""
        # While it is stopped, the worker starts nothing and reports nothing.
        os.kill(self.process.pid, signal.SIGSTOP)
        tasks = descendants(self.process.pid)
        for process in tasks:
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(process, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        return tasks


def descendants(process):
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    children = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, queue = [], [process]
    while queue:
        new = children.get(queue.pop(), [])
        found += new
        queue += new
    return found


def submit(client, jobs, logs):
    """What `hq submit --each-line` does: a task for each line."""
    job = Job(max_fails=None)
    for index, line in enumerate(jobs):
        log = str(logs / f"{index}.log")
        job.program(["bash", "-c", line], stdout=log, stderr=log)
    submitted = client.submit(job)
    done = threading.Thread(target=client.wait_for_jobs, args=([submitted],), kwargs={"raise_on_error": False})
    done.daemon = True
    done.start()
    return done


def summary(states):
    names = list(states.values())
    return ", ".join(f"{names.count(name)} {name}" for name in sorted(set(names)))


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        config = folder / "caesar.toml"
        config.write_text("")
        sweep = folder / "sweep.toml"
        sweep.write_text(f'file = "{config.name}"\n{SWEEP}')

        def run(*arguments):
            command = [program, "sweep", *map(str, arguments)]
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout

        def states():
            return {row["run"]: row["state"] for row in json.loads(run("table", sweep, "--format", "json"))}

        os.environ["RAYON_NUM_THREADS"] = "1"
        cluster = LocalCluster(str(folder / "server"))
        workers = [Worker(folder / "server", folder / name) for name in ("first", "second")]
        client = Client(folder / "server")
        jobs = run("jobs", sweep).splitlines()
        assert len(jobs) == 8, jobs
        done = submit(client, jobs, folder)
        deadline = time.monotonic() + TIMEOUT

        def wait_until(what):
            while not (found := what()):
                assert time.monotonic() < deadline, states()
                time.sleep(0.2)
            return found

        def midway():
            """A worker and its run that has recorded a training and a validation of 5 to 60 of its 120 epochs."""
            for worker in workers:
                lines = (pathlib.Path(f"/proc/{task}/cmdline") for task in descendants(worker.process.pid))
                words = [word for line in lines if line.exists() for word in line.read_text().split("\0")]
                for word, name in zip(words, words[1:], strict=False):
                    metrics = pathlib.Path(name) / "metrics.jsonl"
                    if word == "--run" and metrics.exists() and 10 <= metrics.read_text().count("\n") <= 120:
                        return worker, name
            return None

        wait_until(lambda: "finished" in states().values())
        # Either of the two: one may be given hardly any of the runs.
        lost, killed_run = wait_until(midway)
        killed = lost.kill()
        # The other worker may have resumed it by the time that its state could be asked for.
        assert not (pathlib.Path(killed_run) / "result.json").exists(), f"{killed_run} ended before it was killed"
        print(f"killed a worker and {len(killed)} of its processes; {summary(states())}")
        wait_until(lambda: not done.is_alive())
        print(f"after the first submission: {summary(states())}")
        again = run("jobs", sweep).splitlines()
        if again:
            done = submit(client, again, folder)
            wait_until(lambda: not done.is_alive())
            print(f"after the second submission of {len(again)}: {summary(states())}")
        assert set(states().values()) == {"finished"}, states()
        assert run("jobs", sweep) == ""

        # The run that was killed has the weights of one that was never stopped.
        words = next(words for words in map(shlex.split, jobs) if killed_run in words)
        alone = folder / f"alone-{pathlib.Path(killed_run).name}"
        words[words.index(killed_run)] = str(alone)
        # The exit status is 1, as the target cannot be reached.
        subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        weights = [pathlib.Path(run) / "bundle/weights.safetensors" for run in (killed_run, alone)]
        assert weights[0].read_bytes() == weights[1].read_bytes(), killed_run
        print(run("table", sweep))
        next(worker for worker in workers if worker is not lost).kill()
        cluster.stop()


if sys.argv[1] == "--work":
    work(sys.argv[2], sys.argv[3])
else:
    main(sys.argv[1])
