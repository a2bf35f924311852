"""Holds the C interface against its baseline: what is exported, under which name of library, and how structures lie.

Arguments: the C compiler, the folder of the sources, the shared library. With --renew behind them the baseline is
written: for functions and options that were added, or together with a new STEMMA_ABI_VERSION for anything else.
"""
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

COMPILER, SOURCE, LIBRARY = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
HEADER = SOURCE / "include/stemma/c.h"
PROBE = SOURCE / "tests/c/abi_probe.c"
BASELINE = SOURCE / "tests/c/stemma-c.abi"
MACHINE = "x86_64"  # of the baseline


def build_probe(header_text, folder):
    """The library of abi_probe.c under a header of that text."""
    include = pathlib.Path(folder, "stemma")
    include.mkdir()
    (include / "c.h").write_text(header_text, encoding="utf-8")
    probe = pathlib.Path(folder, "probe.so")
    subprocess.run([COMPILER, "-std=c99", "-g", "-O0", "-fPIC", "-shared", "-I", folder, PROBE, "-o", probe],
                   check=True)
    return probe


def difference(header_text):
    """What abidiff has to say of a header of that text; empty where it finds no difference."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(["abidiff", BASELINE, build_probe(header_text, folder)], capture_output=True, text=True,
                             check=False)
    return "" if run.returncode == 0 else run.stdout + run.stderr + f"abidiff ended with {run.returncode}"


def declared(header_text):
    return sorted(re.findall(r"^STEMMA_API .*?\b(stemma_\w+)\(", header_text, re.MULTILINE))


class AbiTest(unittest.TestCase):
    header = HEADER.read_text(encoding="utf-8")

    def test_exports_the_functions_of_the_header_and_nothing_else(self):
        command = ["nm", "-D", "--defined-only", LIBRARY]
        symbols = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        exported = [line.split()[2].split("@")[0] for line in symbols.splitlines() if line.split()[1] != "A"]
        self.assertTrue(exported)
        self.assertEqual(declared(self.header), sorted(exported))

    def test_the_probe_shows_every_function(self):
        shown = re.findall(r"^SHOW\((\w+)\);", PROBE.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(declared(self.header), shown)

    def test_the_name_of_the_library_carries_the_version_of_the_header(self):
        version = re.search(r"^#define STEMMA_ABI_VERSION (\d+)$", self.header, re.MULTILINE).group(1)
        dynamic = subprocess.run(["readelf", "-d", LIBRARY], capture_output=True, text=True, check=True).stdout
        self.assertIn(f"[libstemma-c.so.{version}]", dynamic)

    def require_abidiff(self):
        if shutil.which("abidiff") is None:
            self.skipTest("abidiff is not installed")
        if platform.machine() != MACHINE:
            self.skipTest(f"the baseline is of {MACHINE}")

    def test_agrees_with_the_baseline(self):
        self.require_abidiff()
        self.assertEqual("", difference(self.header), "if that is meant: abi_test.py ... --renew")

    def test_a_change_would_be_seen(self):
        self.require_abidiff()
        for old, new in (("int64_t sample;", "int32_t sample;"), ("STEMMA_DATA_LOSS = 15", "STEMMA_DATA_LOSS = 14"),
                         ("const stemma_panel* panel, stemma_vocabulary**", "stemma_vocabulary**"),
                         ("int32_t reserved;", "int32_t reserved; int32_t more[2];")):
            self.assertIn(old, self.header)
            self.assertNotEqual("", difference(self.header.replace(old, new)), new)


def renew():
    with tempfile.TemporaryDirectory() as folder:
        probe = build_probe(AbiTest.header, folder)
        subprocess.run(["abidw", "--no-show-locs", "--no-corpus-path", "--no-comp-dir-path", "--short-locs",
                        "--no-elf-needed", "--type-id-style", "hash", "--out-file", BASELINE, probe], check=True)


if __name__ == "__main__":
    if sys.argv[4:] == ["--renew"]:
        renew()
    else:
        unittest.main(argv=sys.argv[:1])
