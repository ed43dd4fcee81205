"""Writes parity.json: the model's forward pass, loss and every gradient, as PyTorch has them.

    pip install torch==2.15.0 && python parity.py

The tests read the file that is checked in; this script is only needed to make it again.
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

N_CIPHERTEXT, N_PLAINTEXT, D_EMBEDDING, D_HIDDEN = 6, 5, 3, 4
LENGTHS = [5, 1, 7, 3]


class CipherModel(nn.Module):
    def __init__(self, n_layers, bidirectional):
        super().__init__()
        self.embedding = nn.Embedding(N_CIPHERTEXT + 1, D_EMBEDDING)
        self.lstm = nn.LSTM(D_EMBEDDING, D_HIDDEN, n_layers, batch_first=True, bidirectional=bidirectional)
        self.linear = nn.Linear(D_HIDDEN * (2 if bidirectional else 1), N_PLAINTEXT)

    def forward(self, ciphertext, lengths):
        packed = pack_padded_sequence(self.embedding(ciphertext), lengths, batch_first=True, enforce_sorted=False)
        output, (hidden, cell) = self.lstm(packed)
        output, _ = pad_packed_sequence(output, batch_first=True)
        return self.linear(output), hidden, cell


def case(n_layers, bidirectional, lengths):
    torch.manual_seed(10 * n_layers + bidirectional)
    model = CipherModel(n_layers, bidirectional)
    time = max(lengths)
    real = torch.arange(time) < torch.tensor(lengths)[:, None]
    ciphertext = torch.randint(N_CIPHERTEXT, (len(lengths), time)).masked_fill(~real, N_CIPHERTEXT)
    plaintext = torch.randint(N_PLAINTEXT, (len(lengths), time)).masked_fill(~real, N_PLAINTEXT)

    logits, hidden, cell = model(ciphertext, lengths)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), plaintext.flatten(), ignore_index=N_PLAINTEXT)
    loss.backward()
    named = lambda tensors: {name: tensor.tolist() for name, tensor in tensors}
    return {
        "n_layers": n_layers,
        "bidirectional": bidirectional,
        "lengths": lengths,
        "ciphertext": ciphertext.tolist(),
        "plaintext": plaintext.tolist(),
        "weights": named((n, p.detach()) for n, p in model.named_parameters()),
        "logits": logits.tolist(),
        "hidden": hidden.tolist(),
        "cell": cell.tolist(),
        "loss": loss.item(),
        "gradients": named((n, p.grad) for n, p in model.named_parameters()),
    }


if __name__ == "__main__":
    cases = [case(n, b, lengths) for n in (1, 2) for b in (False, True) for lengths in (LENGTHS, [6, 6])]
    text = json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":"))
    pathlib.Path(__file__).with_name("parity.json").write_text(text.replace('{"n_layers"', '\n{"n_layers"') + "\n")
