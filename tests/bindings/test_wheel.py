"""The repaired wheel: what is in it, and that it runs in a root that has nothing to build with."""

import json
import re
import subprocess
import sys
import unittest
import zipfile

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests" / "package"))
import debian_root  # noqa: E402

PROGRAM = "import stemma; report = stemma.audit('/root/{demo}'); print(stemma.__version__, report.headline.verdict, report.digest)"


@pytest.fixture(scope="module")
def wheel():
    tag = "cp311-cp311" if sys.version_info < (3, 12) else "cp312-abi3"
    found = sorted((ROOT / "dist").glob(f"stemma_provenance-*-{tag}-*.whl"))
    if not found:
        pytest.skip(f"scripts/wheel has made none for {tag}")
    return found[-1]


def test_it_is_tagged_for_other_systems(wheel):
    assert re.search(r"-manylinux_\d+_\d+_\w+\.whl$", wheel.name)


def test_it_holds_the_package_the_data_and_the_terms(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        for data in ("README.md", "embedder.stemma", "embeddings.stemma", "panel.stemma", "vocabulary.stemma"):
            assert archive.read(f"stemma/data/{data}") == (ROOT / "data" / data).read_bytes()
        for source in (ROOT / "python" / "stemma").glob("*.py"):
            assert archive.read(f"stemma/{source.name}") == source.read_bytes()
    assert {"stemma/py.typed", "stemma/_core.pyi"} <= set(names)
    assert any(name.startswith("stemma_provenance.libs/libabsl_") for name in names), "Abseil is not in it"
    terms = [name.partition("/licenses/")[2] for name in names if ".dist-info/licenses/" in name]
    assert {"LICENSE", "NOTICE"} <= set(terms) and any(name.startswith("libabsl") for name in terms)


def test_it_audits_in_a_root_without_what_it_was_built_with(wheel, demo, cli, tmp_path):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", tmp_path, wheel]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no package index gives what the wheel needs: {done.stderr.strip().splitlines()[-1:]}")
    install = "/venv/bin/python -m pip install --quiet --no-index --find-links=/root stemma-provenance"
    run = f'cd / && /venv/bin/python -I -c "{PROGRAM.format(demo=demo.name)}"'
    files = [*tmp_path.glob("*.whl"), demo, demo.with_suffix(".embeddings")]
    try:
        # The C++ run-time library is one of those that every system of a manylinux wheel has.
        said = debian_root.run_in_new_root(
            ["libstdc++6", "python3-venv"], files, ["python3 -m venv /venv", install, run]
        )
    except unittest.SkipTest as reason:
        pytest.skip(str(reason))
    expected = json.loads(cli("audit", demo, "--json", "-", "--no-provenance"))
    verdict = expected["canonical"]["headline"]["verdict"]
    assert re.search(rf"(?m)^\d+\.\d+\.\d+ {verdict} {expected['digest']}$", said)
