"""Learns a homophonic cipher of code numbers and draws its learning curve.

    pip install chronofidelius==1.2.0
    python3 benches/homophones.py [--homophones 5] [--digits 3] [--out target/homophones] [--seeds 1]

The package ChronoFidelius makes the cipher: each letter has the given number of codes, all codes have as
many digits, and messages have 200 letters. The text is the English of this project's documents and
comments. `curve` then learns from some messages and measures on 100 others, and prints the share of letters
that it gets right and the share of codes that the messages showed at all: nobody can know the others.
"""

import argparse
import pathlib
import subprocess
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parent.parent
COUNTS = [1, 2, 5, 10, 50, 500]
N_OTHER = 100
LENGTH = 200


def english():
    """The letters of this project's documents and comments."""
    listed = subprocess.run(["git", "ls-files", "*.md", "*.rs"], cwd=ROOT, check=True, capture_output=True, text=True)
    texts = []
    for name in listed.stdout.splitlines():
        lines = (ROOT / name).read_text().splitlines()
        is_code = name.endswith(".rs")
        comments = (line.strip() for line in lines if not is_code or line.strip().startswith("//"))
        texts += [line.lstrip("/! ") for line in comments]
    return "".join(letter for letter in " ".join(texts) if letter.isascii() and letter.isalpha())


def messages(homophones, digits, n):
    """Pairs as lines: codes with spaces between, tab, letters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from chronofidelius import ChronoFidelius
    maker = ChronoFidelius(plaintext=english()[: n * LENGTH], set_seed=1, max_length=LENGTH)
    maker.encrypt_homophonic(key_type="even")
    codes = f"ciphertext_even_len_{digits}_{homophones}opt"
    made = [message for name, message in maker.pt_ct_dict.items() if not name.startswith("key")]
    if len(made) < n:
        raise SystemExit(f"the text has {len(made)} messages, not {n}")
    return "".join(f"{' '.join(message[codes])}\t{message['plaintext']}\n" for message in made[:n])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homophones", type=int, default=5)
    parser.add_argument("--digits", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "target/homophones")
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "-p", "cipher-train", "--quiet"], check=True, cwd=ROOT)
    with tempfile.TemporaryDirectory() as folder:
        pairs = pathlib.Path(folder) / "homophones.tsv"
        pairs.write_text(messages(arguments.homophones, arguments.digits, COUNTS[-1] + N_OTHER))
        counts = ",".join(map(str, COUNTS))
        command = [ROOT / "target/debug/cipher-train", "curve", pairs, "--pairs", counts, "--seeds",
                   str(arguments.seeds), "--out", arguments.out]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
