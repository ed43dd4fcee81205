"""Learns a progressive key and a Gromark cipher from a file with keys, and prints the results in Markdown.

    python3 benches/progressive.py gromark_progkey_ciphers.txt [ROW]... [--epochs 160] [--runs target/progressive]

The file is in docs/ciphers/classifier-samples/10000-gromark-and-progressive-key-ciphers of the repository
doranchak/zodiac-killer-ciphers, as a zip archive: 10,000 English texts of 120 to 150 letters, each under a Gromark
cipher and under a progressive key of 2 to 19 letters, whose step is another number from 0 to 25 in each line. Networks
learn from the first 9,000 lines and are measured on the last 1,000.

The keyword alone does not tell the step, so the network of the progressive key is told both at once: its key has a
sign of its own for each letter and step.
"""

import argparse
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/debug/cipher-train"
N_KNOWN = 9000
# The fields of a line: the plaintext, the keyword, the primer and ciphertext of Gromark, the step and ciphertext of
# the progressive key.
FIELDS = "plaintext", "keyword", "primer", "gromark", "step", "progressive"
# The first of the signs for letters and steps: an ideograph, of which there are many in a row.
FIRST_SIGN = 0x4E00

# The network learns one repetition of the key after the other, so each message is read to its end. Few random prefixes
# have the last repetitions: with training.random_prefixes, 93 % of the letters were right after 200 epochs.
CONFIG = """
seed = 1

[pairs]
file = {file}

[messages]
per_epoch = 2400
validation = 300
test = 300

[model]
key_input = "aligned"
d_embedding = 64
d_hidden = 256

[training]
epochs = {epochs}
batch_size = 16
learning_rate = 0.003
warmup_steps = 200
weight_decay = 0.1
target_accuracy = 0.9999
target_loss = 1e-6
"""


def keyword(line):
    return line["keyword"].upper()


def keyword_and_step(line):
    step = int(line["step"])
    return "".join(chr(FIRST_SIGN + 26 * (ord(letter) - ord("a")) + step) for letter in line["keyword"])


ROWS = {
    "progressive key, told the keyword and the step": ("progressive", keyword_and_step),
    "Gromark, told the keyword": ("gromark", keyword),
}


def write(file, lines, cipher, key):
    rows = [(line[cipher], line["plaintext"].upper(), key(line)) for line in lines]
    file.write_text("ciphertext\tplaintext\tkey\n" + "".join("\t".join(row) + "\n" for row in rows))


def train(run, known, epochs):
    """Trains a run, or resumes one that was stopped. One that is done stays as it is."""
    if (run / "run.json").exists():
        subprocess.run([PROGRAM, "train", "--resume", "--run", run], check=False)
        return
    config = known.with_suffix(".toml")
    config.write_text(CONFIG.format(file=json.dumps(str(known.resolve())), epochs=epochs))
    # The exit status is 1 below the target.
    subprocess.run([PROGRAM, "train", config, "--run", run], check=False)


def accuracy(run, others):
    command = [PROGRAM, "eval", "--run", run, "--json", "--pairs", others]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    score = json.loads(done.stdout)["score"]
    return 100 * score["character_accuracy"], 100 * score["message_accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("rows", nargs="*", help="prefixes of the names of rows; the default is all rows")
    parser.add_argument("--epochs", type=int, default=160)
    parser.add_argument("--runs", type=pathlib.Path, default=ROOT / "target/progressive")
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "-p", "cipher-train", "--quiet"], check=True, cwd=ROOT)
    lines = arguments.file.read_text().splitlines()
    lines = [dict(zip(FIELDS, line.split(","), strict=True)) for line in lines]
    arguments.runs.mkdir(parents=True, exist_ok=True)
    print("| network | lines | letters right, % | lines right, % |")
    print("|---|---|---|---|")
    for name, (cipher, key) in ROWS.items():
        if arguments.rows and not name.startswith(tuple(arguments.rows)):
            continue
        place = arguments.runs / name.replace(" ", "-").replace(",", "")
        known, others = place.with_suffix(".known.tsv"), place.with_suffix(".others.tsv")
        # A network refuses a key with a sign that it never met.
        signs = set().union(*(key(line) for line in lines[:N_KNOWN]))
        measured = [line for line in lines[N_KNOWN:] if signs.issuperset(key(line))]
        write(known, lines[:N_KNOWN], cipher, key)
        write(others, measured, cipher, key)
        train(place, known, arguments.epochs)
        letters, whole = accuracy(place, others)
        print(f"| {name} | {len(measured)} | {letters:.2f} | {whole:.1f} |", flush=True)


main()
