"""Uses this project's weights in PyTorch, and trains weights in PyTorch for this project.

It needs the packages torch and safetensors.

    cargo run -p cipher-train -- export --to torch caesar.safetensors
    python3 examples/pytorch.py decrypt caesar.safetensors FUVEMVEMNMERPDRF
    python3 examples/pytorch.py decrypt keyed.safetensors LXFOPVEFRNHR LEMON

    python3 examples/pytorch.py train trained.safetensors
    cargo run -p cipher-train -- import --from torch trained.safetensors configs/caesar.toml
"""

import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

SYMBOLS = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ-")


class Model(nn.Module):
    """Its modules have the names that the weights have in the file."""

    def __init__(self, n_in, n_out, d_embedding=20, d_hidden=10, n_layers=1, bidirectional=False):
        super().__init__()
        self.embedding = nn.Embedding(n_in + 1, d_embedding)  # the last id is padding
        self.lstm = nn.LSTM(
            d_embedding, d_hidden, n_layers, batch_first=True, bidirectional=bidirectional
        )
        self.linear = nn.Linear(d_hidden * (2 if bidirectional else 1), n_out)

    def forward(self, ids):  # [batch, time]
        return self.linear(self.lstm(self.embedding(ids))[0])  # [batch, time, n_out]


def input_ids(alphabets, text, key):
    """What a model reads of a ciphertext, and how many ids come before those of the ciphertext."""
    ciphertext, keys = alphabets["ciphertext"], alphabets.get("key")
    ids = [ciphertext.index(symbol) for symbol in text]
    if keys is None:
        return ids, 0
    key = [keys.index(symbol) for symbol in key]
    if alphabets["key_input"] == "prefix":
        before = [len(ciphertext) + id for id in key] + [len(ciphertext) + len(keys)]
        return before + ids, len(before)
    key[0] += len(keys)  # where the key begins
    return [key[place % len(key)] * len(ciphertext) + id for place, id in enumerate(ids)], 0


def decrypt(path, text, key=""):
    with safe_open(path, "pt") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}
        alphabets = json.loads(file.metadata()["alphabets"])
    plaintext = alphabets["plaintext"]
    model = Model(
        weights["embedding.weight"].shape[0] - 1,
        len(plaintext),
        d_embedding=weights["embedding.weight"].shape[1],
        d_hidden=weights["lstm.weight_hh_l0"].shape[1],
        n_layers=sum("weight_hh" in name and "reverse" not in name for name in weights),
        bidirectional="lstm.weight_hh_l0_reverse" in weights,
    ).eval()
    model.load_state_dict(weights)
    ids, n_before = input_ids(alphabets, text, key)
    with torch.no_grad():
        print("".join(plaintext[place] for place in model(torch.tensor([ids])).argmax(2)[0][n_before:]))


def train(path, n_steps=300):
    torch.manual_seed(1)
    model = Model(len(SYMBOLS), len(SYMBOLS))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(n_steps):
        plaintext = torch.randint(len(SYMBOLS), (32, 32))
        ciphertext = (plaintext + 13) % len(SYMBOLS)
        loss = nn.functional.cross_entropy(model(ciphertext).flatten(0, 1), plaintext.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    save_file(model.state_dict(), path)
    print(f"loss {loss.item():.4f}, saved in {path}")


{"decrypt": decrypt, "train": train}[sys.argv[1]](*sys.argv[2:])
