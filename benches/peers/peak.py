"""Prints how many operations a second this machine does in a large matrix product, as a JSON object.

    python3 benches/peers/peak.py THREADS
"""

import json
import sys

import torch
from shapes import median

N = 2048

torch.set_num_threads(int(sys.argv[1]))
left, right = torch.rand(N, N), torch.rand(N, N)
print(json.dumps({"flops": 2 * N**3 / median(lambda: left @ right)}))
