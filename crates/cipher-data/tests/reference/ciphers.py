"""Independent reference implementation of classical ciphers, standard library only."""

import json
import random

AZ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LATIN25 = AZ.replace("J", "")
TAP25 = AZ.replace("K", "")
AZ09 = AZ + "0123456789"
TRIFID27 = AZ + "+"

MORSE = dict(zip(AZ09, (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- "
    "...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
).split(), strict=False))


# ---------------------------------------------------------------- helpers

def dedupe(text):
    """Return the text with only the first occurrence of each character."""
    return "".join(dict.fromkeys(text))


def keyed_alphabet(keyword, fill="start", alphabet=AZ):
    """Return the alphabet mixed by a keyword with fill start, after or columns."""
    word = dedupe(keyword)
    if fill == "after" and word:
        turn = alphabet.index(word[-1]) + 1
        alphabet = alphabet[turn:] + alphabet[:turn]
    mixed = dedupe(word + alphabet)
    if fill != "columns" or not word:
        return mixed
    return "".join(mixed[i::len(word)] for i in sorted(range(len(word)), key=word.__getitem__))


def blocks(items, size):
    """Split a sequence into blocks of a size, the last may be shorter, size 0 is one block."""
    size = size or max(len(items), 1)
    return [items[i:i + size] for i in range(0, len(items), size)]


def substitute(text, source, target):
    """Replace each character of the source alphabet by its partner in the target."""
    return "".join(target[source.index(char)] for char in text)


def key_order(key):
    """Return the column numbers in alphabetical order of the key, ties left to right."""
    return sorted(range(len(key)), key=lambda i: key[i])


def pick(text, order):
    """Return the characters of a text in the given order of positions."""
    return "".join(text[i] for i in order)


# ---------------------------------------------------------------- simple substitution

def encrypt_keyword_substitution(plain, keyword, fill="start"):
    """Replace the straight alphabet by a keyed one."""
    return substitute(plain, AZ, keyed_alphabet(keyword, fill))


def encrypt_atbash(plain):
    """Replace each letter by its mirror image in the alphabet."""
    return substitute(plain, AZ, AZ[::-1])


def encrypt_a1z26(plain):
    """Write the letters as numbers 1 to 26 joined by hyphens."""
    return "-".join(str(AZ.index(char) + 1) for char in plain)


def encrypt_bacon(plain, letters=26):
    """Write the letters as groups of five A and B, with 26 or 24 different groups."""
    alphabet = AZ if letters == 26 else AZ.replace("J", "").replace("V", "")
    if letters == 24:
        plain = plain.replace("J", "I").replace("V", "U")
    groups = (format(alphabet.index(char), "05b") for char in plain)
    return "".join(groups).replace("0", "A").replace("1", "B")


def encrypt_morse(plain):
    """Write words of letters and digits in international Morse code."""
    return " / ".join(" ".join(MORSE[char] for char in word) for word in plain.split(" "))


# ---------------------------------------------------------------- periodic substitution

def shift_progressive(text, key, step, sign):
    """Add or subtract a key that moves on by a step after each repetition."""
    out = []
    for i, char in enumerate(text):
        rounds, place = divmod(i, len(key))
        out.append(AZ[(AZ.index(char) + sign * (AZ.index(key[place]) + step * rounds)) % 26])
    return "".join(out)


def encrypt_progressive_key(plain, key, step):
    """Encrypt by Vigenere with a key that moves on by a step after each repetition."""
    return shift_progressive(plain, key, step, 1)


def encrypt_quagmire(plain, plaintext_alphabet, ciphertext_alphabet, key, under="A"):
    """Encrypt by a Quagmire with any two alphabets and the key standing under a letter."""
    straight, mixed = plaintext_alphabet, ciphertext_alphabet
    out = []
    for i, char in enumerate(plain):
        shift = mixed.index(key[i % len(key)]) - straight.index(under)
        out.append(mixed[(straight.index(char) + shift) % len(mixed)])
    return "".join(out)


def gromark_digits(primer, length):
    """Return the key digits made from a primer by chain addition."""
    digits = [int(digit) for digit in primer]
    for j in range(length - len(primer)):
        digits.append((digits[j] + digits[j + 1]) % 10)
    return digits[:length]


def encrypt_gromark(plain, primer, alphabet):
    """Encrypt by shifting each letter by a running digit and reading a keyed alphabet."""
    digits = gromark_digits(primer, len(plain))
    return "".join(alphabet[(AZ.index(p) + d) % 26] for p, d in zip(plain, digits, strict=False))


def porta_letter(p, k, table):
    """Swap a letter with its partner in the half alphabet that the key letter chooses."""
    turn = k // 2 if table == 1 else -(k // 2)
    return 13 + (p + turn) % 13 if p < 13 else (p - 13 - turn) % 13


def encrypt_porta(plain, key, table=1):
    """Encrypt by Porta with the first or the second published table."""
    pairs = ((AZ.index(p), AZ.index(key[i % len(key)])) for i, p in enumerate(plain))
    return "".join(AZ[porta_letter(p, k, table)] for p, k in pairs)


def xor_bytes(data, key, offset):
    """Combine bytes with a repeating key by exclusive or."""
    return bytes(b ^ key[(i + offset) % len(key)] for i, b in enumerate(data))


def encrypt_xor(plain, key, offset=0):
    """Combine bytes with a repeating key by exclusive or and write them in hexadecimal."""
    return xor_bytes(plain, key, offset).hex()


def encrypt_add(plain, key, offset=0):
    """Add a repeating key to bytes modulo 256 and write them in hexadecimal."""
    return bytes((b + key[(i + offset) % len(key)]) % 256 for i, b in enumerate(plain)).hex()


# ---------------------------------------------------------------- squares to digits

def square_number(square, char):
    """Return the number of a letter, ten times its row and its column, both from 1."""
    row, column = divmod(square.index(char), 5)
    return 10 * (row + 1) + column + 1


def encrypt_polybius(plain, square):
    """Write each letter as its row and column digit."""
    return "".join(str(square_number(square, char)) for char in plain)


def encrypt_tap_code(plain):
    """Write letters in the tap code square, where C stands for K."""
    return encrypt_polybius(plain.replace("K", "C"), TAP25)


def encrypt_nihilist(plain, square, key):
    """Add the numbers of the plaintext and the repeating key, separated by spaces."""
    numbers = [square_number(square, char) for char in key]
    sums = (square_number(square, p) + numbers[i % len(key)] for i, p in enumerate(plain))
    return " ".join(map(str, sums))


# ---------------------------------------------------------------- digraph squares

def playfair_pairs(plain, pad="X"):
    """Split a plaintext into digraphs of different letters, with pads where needed."""
    pairs, i = [], 0
    while i < len(plain):
        first = plain[i]
        second = plain[i + 1] if i + 1 < len(plain) else None
        if second is None or second == first:
            pairs.append(first + (pad if first != pad else "Q"))
            i += 1
        else:
            pairs.append(first + second)
            i += 2
    return pairs


def playfair_pair(pair, square, step):
    """Replace one digraph by the Playfair rules, step is 1 or -1."""
    (r1, c1), (r2, c2) = (divmod(square.index(char), 5) for char in pair)
    if r1 == r2:
        places = ((r1, c1 + step), (r2, c2 + step))
    elif c1 == c2:
        places = ((r1 + step, c1), (r2 + step, c2))
    else:
        places = ((r1, c2), (r2, c1))
    return "".join(square[5 * (row % 5) + column % 5] for row, column in places)


def encrypt_playfair(plain, square, pad="X"):
    """Encrypt by Playfair."""
    return "".join(playfair_pair(pair, square, 1) for pair in playfair_pairs(plain, pad))


def pad_to(plain, size, pad="X"):
    """Pad a text to a multiple of a size."""
    return plain + pad * (-len(plain) % size)


def encrypt_two_square_vertical(plain, top, bottom):
    """Encrypt digraphs with a top and a bottom square, keeping rows and swapping columns."""
    out = []
    for p1, p2 in blocks(pad_to(plain, 2), 2):
        (r1, c1), (r2, c2) = divmod(top.index(p1), 5), divmod(bottom.index(p2), 5)
        out.append(top[5 * r1 + c2] + bottom[5 * r2 + c1])
    return "".join(out)


def encrypt_two_square_horizontal(plain, left, right):
    """Encrypt digraphs with a left and a right square, reading the right square first."""
    out = []
    for p1, p2 in blocks(pad_to(plain, 2), 2):
        (r1, c1), (r2, c2) = divmod(left.index(p1), 5), divmod(right.index(p2), 5)
        out.append(right[5 * r1 + c2] + left[5 * r2 + c1])
    return "".join(out)


def encrypt_four_square(plain, upper_right, lower_left):
    """Encrypt digraphs with two keyed and two straight squares."""
    out = []
    for p1, p2 in blocks(pad_to(plain, 2), 2):
        (r1, c1), (r2, c2) = divmod(LATIN25.index(p1), 5), divmod(LATIN25.index(p2), 5)
        out.append(upper_right[5 * r1 + c2] + lower_left[5 * r2 + c1])
    return "".join(out)


# ---------------------------------------------------------------- fractionating

def coordinates(alphabet, sides, char):
    """Return the coordinates of a letter in a box with the given sides, outermost first."""
    index, out = alphabet.index(char), []
    for side in reversed(sides):
        index, digit = divmod(index, side)
        out.append(digit)
    return out[::-1]


def from_coordinates(alphabet, sides, digits):
    """Return the letter at the coordinates."""
    index = 0
    for side, digit in zip(sides, digits, strict=False):
        index = index * side + digit
    return alphabet[index]


def fractionate(plain, alphabet, sides, period):
    """Write coordinates below the letters of each block and read them row by row."""
    out = []
    for block in blocks(plain, period):
        columns = [coordinates(alphabet, sides, char) for char in block]
        digits = [column[row] for row in range(len(sides)) for column in columns]
        groups = blocks(digits, len(sides))
        out.extend(from_coordinates(alphabet, sides, group) for group in groups)
    return "".join(out)


def encrypt_bifid(plain, square, period=0):
    """Encrypt by Bifid, period 0 takes the whole message as one block."""
    return fractionate(plain, square, (5, 5), period)


def encrypt_trifid(plain, alphabet, period=0):
    """Encrypt by Trifid over 27 symbols."""
    return fractionate(plain, alphabet, (3, 3, 3), period)


def encrypt_labels(plain, square, labels, key):
    """Write letters as two labels and transpose the labels by columns."""
    side = len(labels)
    pairs = (divmod(square.index(char), side) for char in plain)
    return encrypt_columnar("".join(labels[r] + labels[c] for r, c in pairs), key)


def encrypt_adfgx(plain, square, key):
    """Encrypt by ADFGX with a square of 25 letters."""
    return encrypt_labels(plain, square, "ADFGX", key)


def encrypt_adfgvx(plain, square, key):
    """Encrypt by ADFGVX with a square of 36 letters and digits."""
    return encrypt_labels(plain, square, "ADFGVX", key)


# ---------------------------------------------------------------- Hill

def matrix_times(matrix, text):
    """Multiply each block of a text, as a column, by a matrix modulo 26."""
    out = []
    for block in blocks([AZ.index(char) for char in text], len(matrix)):
        out.extend(AZ[sum(a * b for a, b in zip(row, block, strict=False)) % 26] for row in matrix)
    return "".join(out)


def minor(matrix, row, column):
    """Return a matrix without one row and one column."""
    return [r[:column] + r[column + 1:] for i, r in enumerate(matrix) if i != row]


def determinant(matrix):
    """Return the determinant of an integer matrix by expansion along the first row."""
    if not matrix:
        return 1
    return sum((-1) ** j * value * determinant(minor(matrix, 0, j))
               for j, value in enumerate(matrix[0]))


def encrypt_hill(plain, matrix):
    """Encrypt by Hill with column vectors, padding with X."""
    return matrix_times(matrix, pad_to(plain, len(matrix)))


# ---------------------------------------------------------------- transposition

def columnar_order(length, key):
    """Return the positions of a text in the order in which columns are read."""
    return [i for column in key_order(key) for i in range(column, length, len(key))]


def encrypt_columnar(plain, key):
    """Encrypt by columnar transposition with a short last row."""
    return pick(plain, columnar_order(len(plain), key))


def encrypt_double_columnar(plain, key1, key2):
    """Encrypt by two columnar transpositions in turn."""
    return encrypt_columnar(encrypt_columnar(plain, key1), key2)


def myszkowski_order(length, key):
    """Return the reading order where columns with equal key letters are read together."""
    return sorted(range(length), key=lambda i: (key[i % len(key)], i))


def encrypt_myszkowski(plain, key):
    """Encrypt by Myszkowski transposition."""
    return pick(plain, myszkowski_order(len(plain), key))


def rail_order(length, rails, offset):
    """Return the reading order of a zigzag that begins at an offset of its period."""
    period = max(2 * (rails - 1), 1)

    def rail(i):
        place = (i + offset) % period
        return min(place, period - place)

    return sorted(range(length), key=lambda i: (rail(i), i))


def encrypt_rail_fence(plain, rails, offset=0):
    """Encrypt by writing a zigzag and reading it rail by rail."""
    return pick(plain, rail_order(len(plain), rails, offset))


# ---------------------------------------------------------------- random cases

RNG = random.Random(1)


def word(alphabet=AZ, low=1, high=60):
    """Return a random text of the alphabet."""
    return "".join(RNG.choice(alphabet) for _ in range(RNG.randint(low, high)))


def shuffled(alphabet=AZ):
    """Return the alphabet in random order."""
    return "".join(RNG.sample(alphabet, len(alphabet)))


def random_matrix(size):
    """Return a random matrix that has an inverse modulo 26."""
    while True:
        matrix = [[RNG.randrange(26) for _ in range(size)] for _ in range(size)]
        if determinant(matrix) % 2 and determinant(matrix) % 13:
            return matrix


def key_word(low=2, high=9, alphabet=AZ):
    """Return a random keyword, in which letters may occur twice."""
    return word(alphabet, low, high)


def repeating_word():
    """Return a random keyword over few letters, so that some occur twice."""
    return word("ABCDE", 4, 9)


def random_rails():
    """Return random rails and an offset within the period."""
    rails = RNG.randint(2, 9)
    return {"rails": rails, "offset": RNG.randrange(2 * (rails - 1))}


def random_quagmire(kind):
    """Return random parameters of a Quagmire of the kind 1 to 4."""
    fill = RNG.choice(["start", "after", "columns"])
    first = keyed_alphabet(key_word(4, 10), fill)
    second = keyed_alphabet(key_word(4, 10), fill)
    plain = AZ if kind == 2 else first
    cipher = {1: AZ, 2: second, 3: first, 4: second}[kind]
    under = "A" if RNG.random() < 0.5 else RNG.choice(AZ)
    return {"plaintext_alphabet": plain, "ciphertext_alphabet": cipher,
            "key": key_word(), "under": under}


def square25(name="square"):
    """Return one random square of 25 letters as a parameter."""
    return {name: shuffled(LATIN25)}


def random_gromark():
    """Return a random primer and keyed alphabet."""
    keyword = key_word(5, 10)
    return {"primer": word("0123456789", 4, 6), "alphabet": keyed_alphabet(keyword, "columns")}


def random_bytes_key():
    """Return a random key of bytes and an offset."""
    key = bytes(RNG.randrange(256) for _ in range(RNG.randint(1, 8)))
    return {"key": key, "offset": RNG.randrange(len(key))}


def cipher_cases():
    """Return rows of name, function, plaintext alphabet and maker of random parameters."""
    rows = [("keyword_substitution", encrypt_keyword_substitution, AZ,
             lambda fill=fill: {"keyword": key_word(3, 12), "fill": fill})
            for fill in ("start", "after", "columns")]
    rows += [("atbash", encrypt_atbash, AZ, dict), ("a1z26", encrypt_a1z26, AZ, dict)]
    rows += [("bacon", encrypt_bacon, AZ if n == 26 else AZ.replace("J", "").replace("V", ""),
              lambda n=n: {"letters": n}) for n in (26, 24)]
    rows += [("morse", encrypt_morse, AZ09, dict)]
    rows += [("progressive_key", encrypt_progressive_key, AZ,
              lambda: {"key": key_word(), "step": RNG.randint(1, 25)})]
    rows += [(f"quagmire_{kind}", encrypt_quagmire, AZ, lambda kind=kind: random_quagmire(kind))
             for kind in (1, 2, 3, 4)]
    rows += [("gromark", encrypt_gromark, AZ, random_gromark)]
    rows += [("porta", encrypt_porta, AZ, lambda t=t: {"key": key_word(), "table": t})
             for t in (1, 2)]
    rows += [("xor", encrypt_xor, AZ, random_bytes_key), ("add", encrypt_add, AZ, random_bytes_key)]
    return rows + square_cases() + transposition_cases()


def square_cases():
    """Return the rows for the ciphers with squares and for Hill."""
    rows = [("polybius", encrypt_polybius, LATIN25, square25)]
    rows += [("tap_code", encrypt_tap_code, TAP25, dict)]
    rows += [("nihilist", encrypt_nihilist, LATIN25,
              lambda: square25() | {"key": key_word(alphabet=LATIN25)})]
    rows += [("playfair", encrypt_playfair, LATIN25, lambda: square25() | {"pad": "X"})]
    rows += [("two_square_vertical", encrypt_two_square_vertical, LATIN25,
              lambda: square25("top") | square25("bottom"))]
    rows += [("two_square_horizontal", encrypt_two_square_horizontal, LATIN25,
              lambda: square25("left") | square25("right"))]
    rows += [("four_square", encrypt_four_square, LATIN25,
              lambda: square25("upper_right") | square25("lower_left"))]
    rows += [("bifid", encrypt_bifid, LATIN25,
              lambda: square25() | {"period": RNG.choice([0, 1, 3, 5, 6, 7, 10])})]
    rows += [("trifid", encrypt_trifid, TRIFID27,
              lambda: {"alphabet": shuffled(TRIFID27), "period": RNG.choice([0, 4, 5, 7, 10])})]
    rows += [("adfgx", encrypt_adfgx, LATIN25, lambda: square25() | {"key": key_word()})]
    rows += [("adfgvx", encrypt_adfgvx, AZ09,
              lambda: {"square": shuffled(AZ09), "key": key_word()})]
    return rows + [(f"hill_{k}", encrypt_hill, AZ, lambda k=k: {"matrix": random_matrix(k)})
                   for k in (2, 3)]


def transposition_cases():
    """Return the rows for the transpositions."""
    return [("myszkowski", encrypt_myszkowski, AZ, lambda: {"key": repeating_word()}),
            ("columnar", encrypt_columnar, AZ, lambda: {"key": key_word()}),
            ("double_columnar", encrypt_double_columnar, AZ,
             lambda: {"key1": key_word(), "key2": key_word()}),
            ("rail_fence", encrypt_rail_fence, AZ, random_rails)]


def main():
    """Print four random cases for each cipher and variant as JSON."""
    out = []
    for name, function, alphabet, make in cipher_cases():
        for _ in range(4):
            key = make()
            plain = word(alphabet)
            data = plain.encode() if name in ("xor", "add") else plain
            cipher = function(data, **key)
            shown = {k: v.hex() if isinstance(v, bytes) else v for k, v in key.items()}
            out.append({"cipher": name, "key": shown, "plaintext": plain, "ciphertext": cipher})
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
