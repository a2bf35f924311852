"""The installed package under test, and the program that it must agree with."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("STEMMA_DATA", ROOT / "data"))
DEMO = ROOT / "data" / "demo"


@pytest.fixture(scope="session")
def cli():
    """Calls the program; gives what it writes on standard output. `code`: how it must end; None: anyhow but in an error."""
    path = os.environ.get("STEMMA_CLI", str(ROOT / "build" / "release" / "bin" / "stemma"))
    if not Path(path).exists():
        pytest.skip(f"the program is not there: {path}")

    def call(*arguments, code=0) -> bytes:
        done = subprocess.run(
            [path, *map(str, arguments)], capture_output=True, timeout=300, env={**os.environ, "STEMMA_DATA": str(DATA)}
        )
        assert done.returncode in ((0, 1) if code is None else (code,)), done.stderr.decode()
        return done.stdout

    return call


@pytest.fixture(scope="session")
def demo() -> Path:
    """A signature that is no model's of the shipped panel."""
    return DEMO / "minotaur-13b.stemma"


@pytest.fixture(scope="session")
def example() -> Path:
    """A few responses as JSON Lines."""
    return DEMO / "example.jsonl"


# Umlauts, scripts of more than one byte, an emoji, an empty answer, tagged reasoning, long and short texts: Arrow keeps
# texts of up to 12 bytes and longer ones in different ways.
ANSWERS = [
    "Short.",
    "Größer als zwölf Bytes, ganz gewiss.",
    "答案是四十二。",
    "😀 " * 9,
    "",
    "<think>Let me see.</think>So be it.",
]


@pytest.fixture(scope="session")
def made_up() -> dict[str, list]:
    """Columns of made-up responses of two models, two samples a prompt."""
    rows: dict[str, list] = {"model": [], "prompt": [], "response": [], "sample": []}
    for model in ("owl", "wren"):
        for prompt in range(40):
            for sample in range(2):
                rows["model"].append(model)
                rows["prompt"].append(f"What of {prompt}, said the {'ß' * (prompt % 3)}?")
                rows["response"].append(
                    f"{ANSWERS[(prompt + sample) % len(ANSWERS)]} The {model} has {prompt * sample} of them."
                )
                rows["sample"].append(sample)
    rows["response"][5] = ""
    return rows


@pytest.fixture(scope="session")
def made_up_file(made_up, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("made_up") / "all.jsonl"
    lines = (dict(zip(made_up, row)) for row in zip(*made_up.values()))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
