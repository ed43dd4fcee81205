"""Times decrypting with ONNX Runtime and prints a JSON object: seconds by name and threads.

    python3 benches/peers/onnx_runtime.py THREADS
"""

import json
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from shapes import DECRYPT, N_IDS, median

D_EMBEDDING = 20


def graph(d_hidden):
    """Embedding -> LSTM -> Linear, of ids `[time, batch]`."""
    generator = np.random.default_rng(1)
    bound = d_hidden**-0.5
    weights = {
        "embedding": (N_IDS, D_EMBEDDING),
        "input": (1, 4 * d_hidden, D_EMBEDDING),
        "hidden": (1, 4 * d_hidden, d_hidden),
        "bias": (1, 8 * d_hidden),
        "linear": (d_hidden, N_IDS - 1),
        "linear_bias": (N_IDS - 1,),
    }
    uniform = lambda shape: generator.uniform(-bound, bound, shape).astype(np.float32)
    constants = [numpy_helper.from_array(uniform(shape), name) for name, shape in weights.items()]
    constants.append(numpy_helper.from_array(np.array([1]), "directions"))
    nodes = [
        helper.make_node("Gather", ["embedding", "ids"], ["vectors"]),
        helper.make_node("LSTM", ["vectors", "input", "hidden", "bias"], ["output"], hidden_size=d_hidden),
        helper.make_node("Squeeze", ["output", "directions"], ["states"]),
        helper.make_node("MatMul", ["states", "linear"], ["products"]),
        helper.make_node("Add", ["products", "linear_bias"], ["logits"]),
    ]
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["time", "batch"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["time", "batch", N_IDS - 1])
    made = helper.make_graph(nodes, "cipher", [ids], [logits], constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def decrypt(d_hidden, batch, n_threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = n_threads
    session = onnxruntime.InferenceSession(graph(d_hidden).SerializeToString(), options)
    ids = np.random.default_rng(2).integers(0, N_IDS - 1, (32, batch))
    return median(lambda: session.run(None, {"ids": ids}), seconds=1.0)


if __name__ == "__main__":
    results = {"version": onnxruntime.__version__}
    for d_hidden, batch in DECRYPT:
        name = f"decrypt, hidden {d_hidden}, batch {batch}"
        results[name] = {n: decrypt(d_hidden, batch, n) for n in range(1, int(sys.argv[1]) + 1)}
    print(json.dumps(results))
