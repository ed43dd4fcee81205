"""Times the shapes of lib.rs with JAX, compiled by XLA, and prints a JSON object: seconds by name.

    python3 benches/peers/jax_xla.py
"""

import json

import jax
import jax.numpy as jnp
import numpy as np
from shapes import DECRYPT, N_IDS, STEPS, median

RATE = 1e-9  # as in step.rs


def init(d_embedding, d_hidden):
    generator = np.random.default_rng(1)
    bound = d_hidden**-0.5
    uniform = lambda *shape: jnp.asarray(generator.uniform(-bound, bound, shape), jnp.float32)
    return {
        "embedding": jnp.asarray(generator.normal(size=(N_IDS, d_embedding)), jnp.float32),
        "input": uniform(d_embedding, 4 * d_hidden),
        "hidden": uniform(d_hidden, 4 * d_hidden),
        "bias": uniform(4 * d_hidden),
        "linear": uniform(d_hidden, N_IDS - 1),
        "linear_bias": uniform(N_IDS - 1),
    }


def logits(weights, ids):
    """Logits `[time, batch, n_symbols]` of ids `[batch, time]`."""
    # One row of gate inputs for each id, as our own model has: the fastest way here as well.
    table = weights["embedding"] @ weights["input"] + weights["bias"]  # [n_ids, 4 * d_hidden]

    def cell(state, gates):
        hidden, cell = state
        i, f, g, o = jnp.split(gates + hidden @ weights["hidden"], 4, axis=1)
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
        hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
        return (hidden, cell), hidden

    zeros = jnp.zeros((ids.shape[0], weights["hidden"].shape[0]))
    _, hidden = jax.lax.scan(cell, (zeros, zeros), table[ids.T])
    return hidden @ weights["linear"] + weights["linear_bias"]


def loss(weights, ids):
    log_probabilities = jax.nn.log_softmax(logits(weights, ids))
    return -jnp.take_along_axis(log_probabilities, ids.T[..., None], 2).mean()


def adam(state, ids):
    """A training step. Kingma and Ba, *Adam* (2015)."""
    weights, mean, square, count = state
    grads = jax.grad(loss)(weights, ids)
    each = jax.tree_util.tree_map
    count += 1
    mean = each(lambda m, g: 0.9 * m + 0.1 * g, mean, grads)
    square = each(lambda s, g: 0.999 * s + 0.001 * g * g, square, grads)
    change = lambda w, m, s: w - RATE * m / (1 - 0.9**count) / (jnp.sqrt(s / (1 - 0.999**count)) + 1e-8)
    return each(change, weights, mean, square), mean, square, count


def random_ids(batch, time):
    return jnp.asarray(np.random.default_rng(2).integers(0, N_IDS - 1, (batch, time)), jnp.int32)


def step(d_embedding, d_hidden, time, batch):
    weights = init(d_embedding, d_hidden)
    zeros = lambda: jax.tree_util.tree_map(jnp.zeros_like, weights)
    state, ids = [(weights, zeros(), zeros(), 0)], random_ids(batch, time)
    run = jax.jit(adam, donate_argnums=0)

    def one():
        state[0] = run(state[0], ids)
        jax.block_until_ready(state[0])

    return median(one)


def decrypt(d_hidden, batch):
    weights, ids = init(20, d_hidden), random_ids(batch, 32)
    run = jax.jit(logits)
    return median(lambda: run(weights, ids).block_until_ready(), seconds=1.0)


if __name__ == "__main__":
    results = {"version": jax.__version__}
    results |= {f"step {name}": step(*shape) for name, shape in STEPS.items()}
    results |= {f"decrypt, hidden {d_hidden}, batch {batch}": decrypt(d_hidden, batch) for d_hidden, batch in DECRYPT}
    print(json.dumps(results))
