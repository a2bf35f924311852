"""mypy --strict finds nothing to say of the installed package, nor of a user's program that is right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import stemma

pytest.importorskip("mypy")
EXAMPLE = Path(__file__).with_name("user_example.py")


def mypy(*arguments, cwd) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cwd / "cache"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env={**os.environ, "MYPYPATH": ""})


def test_the_package(tmp_path):
    package = Path(stemma.__file__).parent
    assert (package / "py.typed").exists() and (package / "_core.pyi").exists()
    (tmp_path / "mypy.ini").write_text("[mypy]\n[mypy-sklearn.*,pandas.*,tqdm.*]\nignore_missing_imports = True\n")
    done = mypy("-p", "stemma", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_a_users_program(tmp_path):
    done = mypy(EXAMPLE, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_a_users_mistakes_are_seen(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import stemma\nstemma.audit('a', alpha='small')\nstemma.sign('a').write('b')\n")
    done = mypy(wrong, cwd=tmp_path)
    assert "arg-type" in done.stdout and "attr-defined" in done.stdout


def test_the_program_runs(demo):
    done = subprocess.run([sys.executable, str(EXAMPLE), str(demo)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
