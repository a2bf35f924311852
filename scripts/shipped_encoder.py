"""The built-in embedder as `scripts/fusion-table --encoder` wants it."""
import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np

CLI = os.environ.get("STEMMA_CLI", "build/release/bin/stemma")


def encode(texts):
    """[texts, dims] float32 unit rows; zeros where no token is known."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        records = ({"model": "m", "prompt": "p", "sample": k, "response": text} for k, text in enumerate(texts))
        (folder / "texts.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        subprocess.run([CLI, "embed", folder / "texts.jsonl", "-o", folder / "rows.npy", "--ids", folder / "rows.tsv"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rows = np.load(folder / "rows.npy")
        header, *lines = (folder / "rows.tsv").read_text(encoding="utf-8").splitlines()
    column = header.split("\t").index("sample")
    out = np.zeros((len(texts), rows.shape[1]), np.float32)
    out[[int(line.split("\t")[column]) for line in lines]] = rows
    return out
