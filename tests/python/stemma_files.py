"""What stemma's files hold, read by their description: the sections, a vocabulary's words, a signature's rows.

And the hashes in them, made anew from text: tokens, n-grams, prompts.
"""

import functools
import json
import re
import struct
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import xxhash

MAGIC = b"\x89STM\r\n\x1a\n"
KINDS = {1: "vocabulary", 2: "signature", 3: "panel", 4: "embedder"}
HEADER, ENTRY = struct.Struct("<8sHHIII"), struct.Struct("<8sQQQ")
ROW, ANSWER = struct.Struct("<QQIIQQQ"), struct.Struct("<IQQ")
GRAM_BITS = 24
MIN_COPY_TOKENS = 50
MASK64 = (1 << 64) - 1
PROMPT_SEED = int.from_bytes(b"prompt 1", "big")
PROMPT_ID_SEED = int.from_bytes(b"promptid", "big")
# The Unicode property White_Space; str.split() would take U+001C to U+001F as well.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def sections(path: Path, kind: str) -> dict[str, bytes]:
    data = Path(path).read_bytes()
    magic, major, _, stated, count, _ = HEADER.unpack_from(data)
    assert (magic, major, KINDS[stated]) == (MAGIC, 1, kind)
    table = HEADER.size + count * ENTRY.size
    assert struct.unpack_from("<Q", data, table)[0] == hash64(data[:table])
    out = {}
    for k in range(count):
        name, offset, size, checksum = ENTRY.unpack_from(data, HEADER.size + k * ENTRY.size)
        content = data[offset : offset + size]
        assert offset % 8 == 0 and xxhash.xxh3_64_intdigest(content) == checksum
        out[name.rstrip(b"\0").decode()] = content
    return out


def write(path: Path, kind: str, parts: dict[str, bytes], major: int = 1, minor: int = 0):
    number = next(k for k, name in KINDS.items() if name == kind)
    head = HEADER.pack(MAGIC, major, minor, number, len(parts), 0)
    body, start = b"", HEADER.size + len(parts) * ENTRY.size + 8
    for name, content in parts.items():
        body += bytes(-(start + len(body)) % 8)
        head += ENTRY.pack(name.encode(), start + len(body), len(content), hash64(content))
        body += content
    Path(path).write_bytes(head + struct.pack("<Q", hash64(head)) + body)


def covered_bytes(data: bytes) -> list[int]:
    """The places in a file that a checksum covers: all but the gaps between sections, and the magic."""
    count = HEADER.unpack_from(data)[4]
    table = HEADER.size + count * ENTRY.size
    out = list(range(8, table + 8))
    for k in range(count):
        _, offset, size, _ = ENTRY.unpack_from(data, HEADER.size + k * ENTRY.size)
        out += range(offset, offset + size)
    return out


def vocabulary_words(path: Path) -> list[int]:
    content = sections(path, "vocabulary")["WORDS"]
    return list(struct.unpack(f"<{len(content) // 8}Q", content))


def vocabulary_style(path: Path) -> tuple[list[int], list[int]]:
    """Hashes of the words and of the openings that are features of style; features are numbered in this order."""
    parts = sections(path, "vocabulary")
    words, openings = (struct.unpack(f"<{len(parts[name]) // 8}Q", parts[name]) for name in ("STYLEWRD", "STYLEOPN"))
    assert sorted(words) == list(words) and sorted(openings) == list(openings)
    return list(words), list(openings)


@dataclass
class StyleSpace:
    """Linear maps, a row for each input: of each set of features, and behind them of all their outputs together."""

    sets: list[np.ndarray]
    last: np.ndarray


def style_space(path: Path) -> StyleSpace:
    data = sections(path, "vocabulary")["STYLESPC"]
    (count,), at, maps = struct.unpack_from("<I", data), 4, []
    for _ in range(count + 1):
        inputs, outputs = struct.unpack_from("<II", data, at)
        maps.append(np.frombuffer(data, "<f4", inputs * outputs, at + 8).reshape(inputs, outputs).astype(float))
        at += 8 + 4 * inputs * outputs
    assert at == len(data)
    return StyleSpace(maps[:-1], maps[-1])


@dataclass
class PanelStyle:
    """What a panel holds of its models' styles. `by_prompt` and `by_length`: square roots of expected shares."""

    by_prompt: np.ndarray
    by_length: np.ndarray
    means: tuple[np.ndarray, np.ndarray]  # of the projected models: paired, matched by length
    points: tuple[np.ndarray, np.ndarray]


def panel_style(path: Path) -> PanelStyle:
    parts = sections(path, "panel")
    data, models = parts["STYLE"], len(json.loads(parts["METADATA"])["models"])
    features, projected, size, bins = struct.unpack_from("<4I", data)
    at, means, points = 16, [], []
    for _ in range(2):
        means.append(np.frombuffer(data, "<f8", projected, at))
        at += 8 * projected
        points.append(np.frombuffer(data, "<f4", models * size, at).reshape(models, size).astype(float))
        at += 4 * models * size
    by_length = np.frombuffer(data, "<u2", bins * features, at).reshape(bins, features) / 65535
    at += 2 * bins * features
    by_prompt = np.frombuffer(data, "u1", -1, at).reshape(-1, features) / 255
    assert len(by_prompt) == len(parts["PROMPTS"]) // 16
    return PanelStyle(by_prompt, by_length, tuple(means), tuple(points))


def vocabulary_brands(path: Path) -> list[str]:
    return sections(path, "vocabulary")["BRANDS"].decode().splitlines()


def write_vocabulary(path: Path, brands: list[str], words: list[int]):
    write(
        path,
        "vocabulary",
        {
            "OPTIONS": struct.pack("<I", 1),
            "BRANDS": "".join(f"{b}\n" for b in brands).encode(),
            "WORDS": struct.pack(f"<{len(words)}Q", *words),
            "STYLEWRD": b"",
            "STYLEOPN": b"",
        },
    )


def sample_thresholds(path: Path) -> dict[str, int]:
    """Of a panel's prompts: the key below which n-grams are in the sample."""
    parts = sections(path, "panel")
    keys = [f"{high:016x}{low:016x}" for high, low in struct.iter_unpack("<QQ", parts["PROMPTS"])]
    thresholds = [threshold for _, threshold in struct.iter_unpack("<QQ", parts["INDEXTAB"])]
    return dict(zip(keys, thresholds[:-1], strict=True))


def gram_key(gram: int, prompt: str) -> int:
    """An n-gram's place in the prompt's own order."""
    low, top = int(prompt[16:], 16), (1 << GRAM_BITS) - 1
    key = ((gram ^ low) & top) * 0x9E3779B1 + (low >> 32) & top
    key = (key ^ key >> 13) * 0x85EBCA77 & top
    return key ^ key >> 12


@dataclass
class Row:
    """One prompt of a signature. `grams`: 24-bit n-gram -> answers that hold it; `style`: feature -> likewise."""

    samples: int
    tokens: int
    code_points: int
    text_hashes: list[int] = field(default_factory=list)
    token_hashes: list[int] = field(default_factory=list)
    grams: dict[int, int] = field(default_factory=dict)
    style: dict[int, int] = field(default_factory=dict)


def varints(data: bytes) -> list[int]:
    out, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            out.append(value)
            value = shift = 0
    return out


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at`, and the place behind it."""
    end = at
    while data[end] >= 0x80:
        end += 1
    return varints(data[at : end + 1])[0], end + 1


def unpack_counts(data: bytes, samples: int) -> dict[int, int]:
    """Gaps between ascending n-grams or features, each followed by its count where there are several samples."""
    numbers = varints(data)
    gaps, counts = (numbers, [1] * len(numbers)) if samples == 1 else (numbers[::2], numbers[1::2])
    return dict(zip(np.cumsum(gaps, dtype=np.int64).tolist(), counts, strict=True))


def read_signature(path: Path, grams: bool = True) -> dict[str, Row]:
    """Rows by prompt key, 32 hexadecimal digits. `grams`: whether n-grams are unpacked, which takes time."""
    parts = sections(path, "signature")
    rows, answer_at, gram_at, style_at = {}, 0, 0, 0
    for high, low, samples, _, tokens, code_points, size in ROW.iter_unpack(parts["PROMPTS"]):
        row = Row(samples, tokens, code_points)
        for _ in range(samples):
            _, text_hash, token_hash = ANSWER.unpack_from(parts["ANSWERS"], answer_at)
            row.text_hashes.append(text_hash)
            row.token_hashes.append(token_hash)
            answer_at += ANSWER.size
        row.grams = unpack_counts(parts["NGRAMS_B"][gram_at : gram_at + size], samples) if grams else {}
        gram_at += size
        size, style_at = varint(parts["STYLE_A"], style_at)
        row.style = unpack_counts(parts["STYLE_A"][style_at : style_at + size], samples)
        style_at += size
        rows[f"{high:016x}{low:016x}"] = row
    assert answer_at == len(parts["ANSWERS"]) and gram_at == len(parts["NGRAMS_B"])
    assert style_at == len(parts["STYLE_A"])
    return rows


@functools.lru_cache(1 << 18)
def hash64(data: bytes | str) -> int:
    return xxhash.xxh3_64_intdigest(data if isinstance(data, bytes) else data.encode())


def strip(text: str) -> str:
    """Without white space at both ends, as readers hand answers on."""
    return re.sub(f"^[{WHITE_SPACE}]+|[{WHITE_SPACE}]+\\Z", "", text)


def prompt_key(prompt: str) -> str:
    text = re.sub(f"[{WHITE_SPACE}]+", " ", strip(unicodedata.normalize("NFC", prompt)))
    return f"{xxhash.xxh3_128_intdigest(text.encode(), seed=PROMPT_SEED):032x}"


def prompt_id_key(prompt_id: str) -> str:
    return f"{xxhash.xxh3_128_intdigest(prompt_id.encode(), seed=PROMPT_ID_SEED):032x}"


def mix(value: np.ndarray) -> np.ndarray:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def extend(prefix: np.ndarray, symbol: np.ndarray) -> np.ndarray:
    """The hash of the n-gram that `prefix` becomes with one symbol more."""
    return mix(prefix * np.uint64(0x9E3779B97F4A7C15) + symbol)


def gram_hashes(symbols: list[str], orders=(2, 3, 4)) -> set[int]:
    """24-bit hashes of the n-grams of an answer whose borders count as symbols."""
    hashes = np.array([hash64(s) for s in ("<ANSWER>", *symbols, "</ANSWER>")], dtype=np.uint64)
    out, grams = set(), hashes
    for order in range(2, max(orders) + 1):
        grams = extend(grams[:-1], hashes[order - 1 :]) if len(grams) > 1 else grams[:0]
        if order in orders:
            out.update((grams >> np.uint64(64 - GRAM_BITS)).tolist())
    return out


def token_hash(tokens: list[str]) -> int:
    """Of a whole answer's tokens, before masking; 0 for short answers."""
    if len(tokens) < MIN_COPY_TOKENS:
        return 0
    value = len(tokens)
    for token in tokens:
        value = (value * 0x9E3779B97F4A7C15 + hash64(token)) & MASK64
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK64
        value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK64
        value ^= value >> 31
    return value
