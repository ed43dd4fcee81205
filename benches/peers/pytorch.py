"""Times the shapes of lib.rs with PyTorch and prints a JSON object: seconds by name and threads.

    python3 benches/peers/pytorch.py THREADS      on the CPU, with 1, 2, .. threads
    python3 benches/peers/pytorch.py cuda         on the first GPU, with cuDNN

TF32 is used where PyTorch's defaults allow it.
"""

import json
import sys

import torch
from shapes import DECRYPT, N_IDS, STEPS, median
from torch import nn

ON_GPU = {**STEPS, "XL": (128, 1024, 64, 512)}
GROUP = 10  # steps on a GPU that are timed together, so that synchronization costs little


class Model(nn.Module):
    def __init__(self, d_embedding, d_hidden):
        super().__init__()
        self.embedding = nn.Embedding(N_IDS, d_embedding)
        self.lstm = nn.LSTM(d_embedding, d_hidden, batch_first=True)
        self.linear = nn.Linear(d_hidden, N_IDS - 1)

    def forward(self, ids):
        return self.linear(self.lstm(self.embedding(ids))[0])


def step(d_embedding, d_hidden, n_steps, batch, device="cpu"):
    model = Model(d_embedding, d_hidden).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-9)  # as in step.rs
    loss = nn.CrossEntropyLoss(ignore_index=N_IDS - 1)
    ids = torch.randint(N_IDS - 1, (batch, n_steps), device=device)

    def run():
        optimizer.zero_grad()
        loss(model(ids).flatten(0, 1), ids.flatten()).backward()
        optimizer.step()

    def group():
        for _ in range(GROUP):
            run()
        torch.cuda.synchronize()

    return median(run) if device == "cpu" else median(group) / GROUP


def decrypt(d_hidden, batch):
    model = Model(20, d_hidden).eval()
    ids = torch.randint(N_IDS - 1, (batch, 32))
    with torch.inference_mode():
        return median(lambda: model(ids), seconds=1.0)


if __name__ == "__main__":
    results = {"version": torch.__version__}
    if sys.argv[1] == "cuda":
        results["card"] = torch.cuda.get_device_name()
        for name, shape in ON_GPU.items():
            results[f"step {name}"] = {"cuda": step(*shape, device="cuda")}
        print(json.dumps(results))
        sys.exit()
    for n_threads in range(1, int(sys.argv[1]) + 1):
        torch.set_num_threads(n_threads)
        for name, shape in STEPS.items():
            results.setdefault(f"step {name}", {})[n_threads] = step(*shape)
        for d_hidden, batch in DECRYPT:
            name = f"decrypt, hidden {d_hidden}, batch {batch}"
            results.setdefault(name, {})[n_threads] = decrypt(d_hidden, batch)
    print(json.dumps(results))
