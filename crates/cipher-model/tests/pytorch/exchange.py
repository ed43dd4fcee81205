"""Writes weights of a PyTorch model to exchange.safetensors and its answers to exchange.json.

    python3 crates/cipher-model/tests/pytorch/exchange.py        (needs torch and safetensors)

The test exchange.rs reads the weights, and must come to the same answers. `--check FILE` reads
weights that Bundle::to_torch wrote and prints the largest difference of the answers.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
N_CIPHERTEXT, N_PLAINTEXT, D_EMBEDDING, D_HIDDEN = 7, 5, 6, 4


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(N_CIPHERTEXT + 1, D_EMBEDDING)
        self.lstm = nn.LSTM(
            D_EMBEDDING, D_HIDDEN, num_layers=2, bidirectional=True, batch_first=True
        )
        self.linear = nn.Linear(2 * D_HIDDEN, N_PLAINTEXT)

    def forward(self, ids):
        return self.linear(self.lstm(self.embedding(ids))[0])


torch.manual_seed(1)
model = Model().eval()
ids = torch.randint(N_CIPHERTEXT, (3, 9))
with torch.no_grad():
    logits = model(ids)
    if sys.argv[1:2] == ["--check"]:
        other = Model().eval()
        other.load_state_dict(load_file(sys.argv[2]))
        print("largest difference", (other(ids) - logits).abs().max().item())
    else:
        save_file(model.state_dict(), HERE / "exchange.safetensors")
        answers = {"ids": ids.tolist(), "logits": logits.tolist()}
        (HERE / "exchange.json").write_text(json.dumps(answers) + "\n")
