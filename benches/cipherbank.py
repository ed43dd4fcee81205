"""Learns each cipher of the benchmark CipherBank from its own pairs and prints the results in Markdown.

    python3 benches/cipherbank.py test.jsonl

The file is data/test.jsonl of the repository Goodman-liyu/CipherBank: an English text a line, with its
ciphertexts under nine ciphers. `fit` learns each cipher from nine tenths of the lines, and `decrypt` is
measured on the others. Exact is the share of texts that are right to the last character. Some of the ciphers
lose the case of letters; the last column does not ask for it.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/debug/cipher-train"
EVERY = 10
OTHER_FIELDS = {"domain", "sub_domain", "plaintext"}


def accuracy(answers, right):
    """The share of characters that are right, in percent; all are wrong where a length differs."""
    places = sum(len(text) for text in right)
    pairs = [pair for pair in zip(answers, right, strict=False) if len(pair[0]) == len(pair[1])]
    return 100 * sum(a == b for answer, text in pairs for a, b in zip(answer, text, strict=True)) / places


def learn(cipher, known, others, folder):
    pairs, trained = folder / "pairs.jsonl", folder / cipher
    pairs.write_text("".join(known))
    columns = f"ciphertext={cipher},plaintext=plaintext"
    start = time.monotonic()
    fitted = subprocess.run([PROGRAM, "fit", pairs, "--columns", columns, "--run", trained],
                            capture_output=True, text=True)
    seconds = time.monotonic() - start
    if not trained.exists():
        return f"| {cipher} | {fitted.stderr.splitlines()[0]} | | | |"
    others = [json.loads(line) for line in others]
    ciphertexts = "".join(text[cipher] + "\n" for text in others)
    command = [PROGRAM, "decrypt", "--run", trained]
    decrypted = subprocess.run(command, input=ciphertexts, capture_output=True, text=True)
    answers = decrypted.stdout.splitlines()
    right = [text["plaintext"] for text in others]
    exact = 100 * sum(a == b for a, b in zip(answers, right, strict=False)) / len(right)
    folded = accuracy([a.lower() for a in answers], [b.lower() for b in right])
    return f"| {cipher} | {exact:.1f} | {accuracy(answers, right):.2f} | {folded:.2f} | {seconds:.0f} |"


def main():
    lines = pathlib.Path(sys.argv[1]).read_text().splitlines(keepends=True)
    others = lines[EVERY - 1 :: EVERY]
    known = [line for place, line in enumerate(lines) if place % EVERY != EVERY - 1]
    subprocess.run(["cargo", "build", "-p", "cipher-train", "--quiet"], check=True, cwd=ROOT)
    ciphers = [name for name in json.loads(lines[0]) if name not in OTHER_FIELDS]
    print(f"{len(known)} texts to learn from, {len(others)} others\n")
    print("| cipher | exact, % | characters, % | characters in any case, % | time of `fit`, s |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for cipher in ciphers:
            print(learn(cipher, known, others, pathlib.Path(folder)), flush=True)


if __name__ == "__main__":
    main()
