"""The browser, and pages of the shipped candidates: one with references that fit and one of few responses."""

import os
import subprocess
from pathlib import Path

import pytest

import browser as chromium

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo"
CANDIDATES = ("claude2-alpaca-13b.stemma", "example.jsonl")


def stemma(*arguments) -> None:
    program = os.environ.get("STEMMA_CLI", str(ROOT / "build" / "release" / "bin" / "stemma"))
    subprocess.run([program, *arguments], check=True, capture_output=True, timeout=120)


def write_page(source: Path, page: Path, *options) -> Path:
    stemma("audit", source, *options, "--html", page)
    return page


@pytest.fixture(scope="session")
def browser():
    if chromium.chromium() is None:
        pytest.skip("there is no Chromium")
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="session", params=CANDIDATES)
def page_file(request, tmp_path_factory) -> Path:
    return write_page(DEMO / request.param, tmp_path_factory.mktemp("page") / "report.html")
