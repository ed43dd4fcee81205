"""A second, independent implementation of the aligner of pairs of sequences.

It was written from the specification of the aligner alone, without a look at the Rust code, in the most obvious way:
no band, no scaling, plain floats and `math.fsum`. Its output is stored next to it, and a test compares the results
of the Rust aligner with it.

A pair is (ciphertext, plaintext), both sequences of small integers. A step takes a code (1 to `max_code` ciphertext
symbols) and a chunk (0 to `max_chunk` plaintext symbols), and an alignment is a sequence of steps that uses up both.

To write the expected results (a few seconds, standard library only):

    python3 crates/cipher-data/src/alignment/align.py > crates/cipher-data/src/alignment/align.json

To compare the sums over alignments with lists of all alignments of tiny pairs, and to look for alignments of the
data sets that are not the only best one (a comparison of those would depend on the order of the search):

    python3 crates/cipher-data/src/alignment/align.py --check
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass

ROUNDS = 6
FIRST_SPELLED = 0.05
LEAST_SPELLED = 1e-6
LEAST_COUNT = 1e-3
LONGER_CODE = 0.5  # the factor for each symbol of a code after the first
OTHER_CHUNK = 0.5  # the factor for each symbol that the length of a chunk is away from one
MOST_OCCURRENCES = 200


def factor(code, chunk):
    """What lengths of codes and chunks cost."""
    return LONGER_CODE ** (len(code) - 1) * OTHER_CHUNK ** abs(len(chunk) - 1)


@dataclass
class Model:
    """The probabilities of steps. Codes and chunks are tuples of integers."""

    max_code: int
    max_chunk: int
    code_share: dict  # f: code -> its share of all code occurrences
    length_share: list  # g: [length of the code][length of the chunk] -> probability of that length of the chunk
    letter_share: list  # q: plaintext symbol -> its smoothed share
    table: dict  # T: (code, chunk) -> probability
    spelled: float  # s: the share of steps that are spelled, not taken from the table

    def table_part(self, code, chunk):
        """The part of the step's probability that comes from the table."""
        return factor(code, chunk) * (1 - self.spelled) * self.table.get((code, chunk), 0.0)

    def spelled_part(self, code, chunk):
        """The part of the step's probability that comes from spelling the chunk letter by letter."""
        letters = math.prod(self.letter_share[x] for x in chunk)
        share = self.code_share[code] * self.length_share[len(code)][len(chunk)] * letters
        return factor(code, chunk) * self.spelled * share

    def step(self, code, chunk):
        """The probability of the step."""
        return self.table_part(code, chunk) + self.spelled_part(code, chunk)


# The start of the model


def code_places(pairs, max_code):
    """For each code, the list of (number of the pair, place in its ciphertext) where it occurs, in order."""
    places = defaultdict(list)
    for number, (cipher, _) in enumerate(pairs):
        for i in range(len(cipher)):
            for length in range(1, max_code + 1):
                if i + length <= len(cipher):
                    places[tuple(cipher[i : i + length])].append((number, i))
    return places


def letter_shares(pairs):
    """For each plaintext id from 0 to the largest, its share, as if each and one unknown id occurred once more."""
    counts = Counter(x for _, plain in pairs for x in plain)
    ids = range(max(counts, default=-1) + 1)
    total = sum(1 + counts[x] for x in ids) + 1
    return [(1 + counts[x]) / total for x in ids]


def length_shares(pairs, max_code, max_chunk):
    """For each length of a code, the probabilities of the lengths of its chunk. (Row 0 is not used.)"""
    ratio = sum(len(plain) for _, plain in pairs) / sum(len(cipher) for cipher, _ in pairs)
    rows = []
    for a in range(max_code + 1):
        weights = [math.exp(-abs(b - ratio * a)) for b in range(max_chunk + 1)]
        rows.append([w / math.fsum(weights) for w in weights])
    return rows


def chunks_near(pair, i, max_chunk):
    """Yields (chunk, closeness) for each chunk of the plaintext that is near the place `i` of the ciphertext."""
    cipher, plain = pair
    n, m = len(cipher), len(plain)
    middle = i * m // n
    half = 12 + 3 * math.isqrt(m)
    for j in range(max(0, middle - half), min(m, middle + half) + 1):
        d = 4 * (j - middle) / half
        for b in range(max_chunk + 1):
            if j + b <= m:
                yield tuple(plain[j : j + b]), math.exp(-0.5 * d * d)


def first_weights(pairs, code, places, lengths):
    """The weights of the chunks of one code: a chunk of two or more symbols has to be near 30 % of its places."""
    looked_at = places[:MOST_OCCURRENCES]
    weights = defaultdict(list)
    near = Counter()
    for number, i in looked_at:
        seen = set()
        for chunk, closeness in chunks_near(pairs[number], i, len(lengths[0]) - 1):
            weights[chunk].append(closeness * lengths[len(code)][len(chunk)])
            seen.add(chunk)
        near.update(seen)
    kept = [chunk for chunk in weights if len(chunk) <= 1 or 10 * near[chunk] >= 3 * len(looked_at)]
    return {chunk: math.fsum(weights[chunk]) for chunk in kept}


def normalised(weights):
    """The same entries, scaled so that their sum is 1."""
    total = math.fsum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


def first_model(pairs, max_code, max_chunk):
    """The model before the first round."""
    places = code_places(pairs, max_code)
    occurrences = sum(len(list_) for list_ in places.values())
    code_share = {code: len(list_) / occurrences for code, list_ in places.items()}
    lengths = length_shares(pairs, max_code, max_chunk)
    table = {}
    for code, list_ in places.items():
        for chunk, share in normalised(first_weights(pairs, code, list_, lengths)).items():
            table[code, chunk] = share * code_share[code]
    letters = letter_shares(pairs)
    return Model(max_code, max_chunk, code_share, lengths, letters, normalised(table), FIRST_SPELLED)


# Sums over all alignments of a pair


def steps_from(model, pair, i, j):
    """All (code, chunk) that a step from (i, j) can take, shorter ones first."""
    cipher, plain = pair
    for a in range(1, min(model.max_code, len(cipher) - i) + 1):
        for b in range(min(model.max_chunk, len(plain) - j) + 1):
            yield tuple(cipher[i : i + a]), tuple(plain[j : j + b])


def all_steps(model, pair):
    """All (i, j, code, chunk) of a pair, in an order in which every step comes after those that can lead to it."""
    for i in range(len(pair[0])):
        for j in range(len(pair[1]) + 1):
            for code, chunk in steps_from(model, pair, i, j):
                yield i, j, code, chunk


def sums_before(model, pair):
    """For each (i, j), the sum over the ways from the start to it of the product of their steps."""
    parts = defaultdict(list)
    parts[0, 0].append(1.0)
    sums = {}
    for i in range(len(pair[0]) + 1):
        for j in range(len(pair[1]) + 1):
            sums[i, j] = math.fsum(parts[i, j])
            for code, chunk in steps_from(model, pair, i, j):
                parts[i + len(code), j + len(chunk)].append(sums[i, j] * model.step(code, chunk))
    return sums


def sums_after(model, pair):
    """For each (i, j), the sum over the ways from it to the end of the product of their steps."""
    n, m = len(pair[0]), len(pair[1])
    sums = {}
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            ways = [
                model.step(code, chunk) * sums[i + len(code), j + len(chunk)]
                for code, chunk in steps_from(model, pair, i, j)
            ]
            sums[i, j] = 1.0 if (i, j) == (n, m) else math.fsum(ways)
    return sums


def posteriors(model, pair):
    """The sum over all alignments, and for each (i, j, code, chunk) the posteriors (by the table, spelled)."""
    before, after = sums_before(model, pair), sums_after(model, pair)
    total = after[0, 0]
    assert total > 1e-250, "too small for floats, or a pair without an alignment"
    result = {}
    for i, j, code, chunk in all_steps(model, pair):
        rest = before[i, j] * after[i + len(code), j + len(chunk)] / total
        result[i, j, code, chunk] = (model.table_part(code, chunk) * rest, model.spelled_part(code, chunk) * rest)
    return total, result


# A round, and the best alignment


def improve(model, pairs):
    """One round of expectation-maximization: changes the model, returns the log-likelihood before the change."""
    by_table, spelled, logs = defaultdict(list), [], []
    for pair in pairs:
        total, steps = posteriors(model, pair)
        logs.append(math.log(total))
        for (_, _, code, chunk), (table_part, spelled_part) in steps.items():
            by_table[code, chunk].append(table_part)
            spelled.append(spelled_part)
    counts = {key: math.fsum(parts) for key, parts in by_table.items()}
    expected_table, expected_spelled = math.fsum(counts.values()), math.fsum(spelled)
    model.table = normalised({key: count for key, count in counts.items() if count > LEAST_COUNT})
    model.spelled = max(LEAST_SPELLED, expected_spelled / (expected_spelled + expected_table))
    return math.fsum(logs)


def best_alignment(model, pair):
    """The product and the steps (i, j, code, chunk) of the most likely alignment; of equal ones, the first found."""
    best = {(0, 0): (1.0, None)}
    for i, j, code, chunk in all_steps(model, pair):
        if (i, j) in best:
            end = i + len(code), j + len(chunk)
            product = best[i, j][0] * model.step(code, chunk)
            if end not in best or product > best[end][0]:
                best[end] = product, (i, j, code, chunk)
    end = len(pair[0]), len(pair[1])
    product, step = best[end]
    steps = []
    while step is not None:
        steps.append(step)
        step = best[step[0], step[1]][1]
    return product, steps[::-1]


def described(model, pair):
    """The best alignment of a pair as [length of the code, length of the chunk, certainty] for each step."""
    _, steps = best_alignment(model, pair)
    _, certain = posteriors(model, pair)
    return [[len(step[2]), len(step[3]), certain[step][0]] for step in steps]


def solve(max_code, max_chunk, pairs):
    """The case as it is written to the JSON, and its last model."""
    model = first_model(pairs, max_code, max_chunk)
    logs, spelled = [], []
    for _ in range(ROUNDS):
        logs.append(improve(model, pairs))
        spelled.append(model.spelled)
    case = {
        "max_code": max_code,
        "max_chunk": max_chunk,
        "pairs": pairs,
        "log_likelihoods": logs,
        "spelled": spelled,
        "alignments": [described(model, pair) for pair in pairs],
    }
    return case, model


# The data sets


def code_book_pairs(seed, replaced_percent):
    """30 pairs of 10 to 14 symbols of a book of 12: seven letters, two pairs and two triples of letters, a null."""
    rng = random.Random(seed)
    book = [[0], [1], [2], [3], [4], [5], [6], [0, 1], [2, 4], [3, 5, 0], [1, 6, 2], []]
    pairs = []
    while len(pairs) < 30:
        cipher = [rng.randrange(12) for _ in range(10 + rng.randrange(5))]
        plain = [x for symbol in cipher for x in book[symbol]]
        for i in range(len(cipher)):
            if rng.randrange(100) < replaced_percent:
                cipher[i] = rng.randrange(12)
        if len(plain) <= 20:
            pairs.append([cipher, plain])
    return pairs


def digit_pairs(seed):
    """30 pairs of 13 to 17 letters of an alphabet of 8, each written as one or two digits without separators."""
    rng = random.Random(seed)
    codes = [[1], [5], [8], [0, 3], [2, 2], [4, 7], [6, 1], [9, 5]]
    pairs = []
    for _ in range(30):
        plain = [rng.randrange(8) for _ in range(13 + rng.randrange(5))]
        pairs.append([[digit for x in plain for digit in codes[x]], plain])
    return pairs


def data_sets():
    """All (max_code, max_chunk, pairs). The seeds are such that the best alignment of each pair is the only one."""
    return [(1, 3, code_book_pairs(1, 0)), (2, 2, digit_pairs(4)), (1, 3, code_book_pairs(22, 10))]


# The comparison with lists of all alignments


def all_alignments(model, pair, i=0, j=0):
    """Yields every alignment of the rest of the pair from (i, j), as a list of (i, j, code, chunk)."""
    if (i, j) == (len(pair[0]), len(pair[1])):
        yield []
    for code, chunk in steps_from(model, pair, i, j):
        for rest in all_alignments(model, pair, i + len(code), j + len(chunk)):
            yield [(i, j, code, chunk)] + rest


def close(x, y):
    """Whether two numbers are the same but for rounding."""
    return math.isclose(x, y, rel_tol=1e-11, abs_tol=1e-300)


def check_pair(model, pair):
    """Asserts that the sums and the best alignment of a pair agree with the list of its alignments; counts them."""
    listed = [(math.prod(model.step(*step[2:]) for step in steps), steps) for steps in all_alignments(model, pair)]
    total, steps = posteriors(model, pair)
    assert close(total, math.fsum(product for product, _ in listed))
    assert close(total, sums_before(model, pair)[len(pair[0]), len(pair[1])])
    for step, (by_table, spelled) in steps.items():
        share = math.fsum(product for product, steps_ in listed if step in steps_) / total
        code, chunk = step[2:]
        assert close(by_table, share * model.table_part(code, chunk) / model.step(code, chunk))
        assert close(spelled, share * model.spelled_part(code, chunk) / model.step(code, chunk))
    product, best = best_alignment(model, pair)
    assert close(product, max(listed)[0]) and close(product, math.prod(model.step(*step[2:]) for step in best))
    assert best in [steps_ for product_, steps_ in listed if close(product_, product)]
    return len(listed)


def check_tiny(seed):
    """Compares random tiny pairs with all their alignments, at the start and after each of three rounds."""
    rng = random.Random(seed)
    max_code, max_chunk = 1 + rng.randrange(3), 1 + rng.randrange(3)
    pairs = []
    while len(pairs) < 5:
        cipher, plain = ([rng.randrange(3) for _ in range(1 + rng.randrange(4))] for _ in range(2))
        if len(plain) <= max_chunk * len(cipher):
            pairs.append([cipher, plain])
    model = first_model(pairs, max_code, max_chunk)
    assert close(1, math.fsum(model.table.values())) and close(1, math.fsum(model.code_share.values()))
    count = 0
    for _ in range(3):
        count += sum(check_pair(model, pair) for pair in pairs)
        improve(model, pairs)
        assert close(1, math.fsum(model.table.values()))
    return count + sum(check_pair(model, pair) for pair in pairs)


def margin(model, pair):
    """How many times likelier the best alignment is than any other one."""
    best = defaultdict(list)
    best[0, 0] = [1.0]
    for i, j, code, chunk in all_steps(model, pair):
        products = [product * model.step(code, chunk) for product in best[i, j]]
        end = i + len(code), j + len(chunk)
        best[end] = sorted(best[end] + products, reverse=True)[:2]
    products = best[len(pair[0]), len(pair[1])]
    return products[0] / products[1] if len(products) == 2 else math.inf


def check():
    """Runs all checks; prints what it found."""
    print("alignments listed:", sum(check_tiny(seed) for seed in range(60)))
    for max_code, max_chunk, pairs in data_sets():
        case, model = solve(max_code, max_chunk, pairs)
        logs = case["log_likelihoods"]
        assert logs == sorted(logs), "went down"
        smallest = min(margin(model, pair) for pair in pairs)
        print("log-likelihoods:", case["log_likelihoods"], "spelled:", case["spelled"])
        print("the best alignment is likelier than any other by a factor of at least", smallest)
        assert smallest > 1.000001, "a best alignment is not the only one"


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        check()
    else:
        print(json.dumps([solve(*data)[0] for data in data_sets()], separators=(",", ":")))
