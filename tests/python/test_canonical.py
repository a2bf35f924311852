"""A report is the same bytes whatever the number of threads and the language of the machine.

The order of records is test_cli_invariance's; compilers and levels of optimisation are held against each other by
tests/determinism.
"""

import os
import shutil
import subprocess

import pytest

from conftest import SHIPPED

AUDIT = ("--json", "-", "--no-provenance")


def test_threads(stemma):
    candidate = SHIPPED / "demo" / "claude2-alpaca-13b.stemma"
    printed = {threads: stemma("--threads", threads, "audit", candidate, *AUDIT).out for threads in (1, 2, 7)}
    assert printed[1] == printed[2] == printed[7]
    assert '"family_tree": {' in printed[1]


@pytest.fixture(scope="module")
def turkish(tmp_path_factory):
    """A locale in which "i" is no lower case of "I" and 1.5 is written 1,5, made here: few machines have it."""
    if shutil.which("localedef") is None or not os.path.exists("/usr/share/i18n/locales/tr_TR"):
        pytest.skip("the sources of locales are not installed")
    folder = tmp_path_factory.mktemp("locales")
    subprocess.run(["localedef", "-i", "tr_TR", "-f", "UTF-8", folder / "tr_TR.UTF-8"], check=False, capture_output=True)
    environment = {"LOCPATH": str(folder), "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}
    probe = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(1.5))"
    shown = subprocess.run(["/usr/bin/python3", "-c", probe], env={**os.environ, **environment}, capture_output=True, text=True,
                           check=False)
    assert shown.stdout.strip() == "1,5", shown.stderr  # the locale is in force
    return environment


@pytest.mark.parametrize("format", ("--json", "--html", "--markdown"))
def test_turkish_locale(stemma, turkish, monkeypatch, format):
    candidate = SHIPPED / "demo" / "minotaur-13b.stemma"
    arguments = ("audit", candidate, "--prior", "0.01", format, "-", "--no-provenance")
    expected = stemma(*arguments).out
    for name, value in turkish.items():
        monkeypatch.setenv(name, value)
    assert stemma(*arguments).out == expected
