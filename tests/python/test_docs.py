"""What the pages for readers quote is what the program prints."""

import os
import re
import subprocess

import pytest

from conftest import ROOT, SHIPPED

PAGES = ("first-report.md", "numbers.md", "build-a-panel.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def squeezed(text):
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES)
def test_quotes(page, stemma, tmp_path):
    """A block of `sh` is run; the blocks of `text` below it hold parts of its output, in order, with "…" between them."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    environment = {**os.environ, "PATH": f"{os.path.dirname(stemma.path)}:{os.environ['PATH']}", "STEMMA_DATA": str(SHIPPED)}
    output, quotes = "", 0
    for language, body in FENCE.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if language == "sh":
            done = subprocess.run(
                ["bash", "-euc", body], cwd=tmp_path, env=environment, timeout=300, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            output = squeezed(done.stdout.decode())
            assert done.returncode == 0, f"{body}\n{output}"
        elif language == "text":
            place = 0
            for part in map(squeezed, body.split("…")):
                found = output.find(part, place)
                assert found >= 0, f"not printed: {part}\nprinted: {output}"
                place, quotes = found + len(part), quotes + 1
    assert quotes >= 5
