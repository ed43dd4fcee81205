"""The shapes that the peers are measured at, as in lib.rs and decrypt.rs, and how their time is taken."""

import statistics
import time

N_IDS = 28
STEPS = {  # d_embedding, d_hidden, time, batch
    "S": (20, 10, 32, 64),
    "M": (32, 128, 64, 128),
    "L": (64, 512, 64, 128),
}
DECRYPT = [(d_hidden, batch) for d_hidden in (10, 128) for batch in (1, 256)]


def median(run, seconds=2.0, least=15):
    """Returns the median time of a run. The first fifth of the runs is warm-up and does not count."""
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < seconds or len(times) < least:
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[len(times) // 5 :])
