"""Builds the examples in Go and Rust against an installation, offline and without any package, and runs them.

Arguments: the cmake program, the build folder, the source folder.
"""
import pathlib
import shutil
import sys
import unittest

import installation

CMAKE, BUILD, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
CANDIDATE = "claude2-alpaca-13b.stemma"
VERDICT = "claude2-alpaca-13b: consistent_with_shared_origin (weights)\n"


class LanguagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installed = installation.Installation(CMAKE, BUILD)

    @classmethod
    def tearDownClass(cls):
        cls.installed.remove()

    def check(self, program):
        self.assertEqual(VERDICT, self.installed.run(program, self.installed.panel, self.installed.demo(CANDIDATE)))
        with self.assertRaisesRegex(AssertionError, "NOT_FOUND: cannot open none"):
            self.installed.run(program, "none", "none")

    def test_go(self):
        if shutil.which("go") is None:
            self.skipTest("go is not installed")
        program = self.installed.work / "audit-go"
        # Go compiles its own packages at the first use: kept in the build folder, that takes its half minute once.
        source = shutil.copy(SOURCE / "examples/go/audit.go", self.installed.work)
        self.installed.run("env", f"GOCACHE={BUILD / 'go-cache'}", "GOPROXY=off", "GOFLAGS=", "CGO_ENABLED=1",
                           "go", "build", "-o", program, source)
        self.check(program)

    def test_rust(self):
        if shutil.which("rustc") is None:
            self.skipTest("rustc is not installed")
        program = self.installed.work / "audit-rust"
        self.installed.run("rustc", "--edition=2021", "-D", "warnings", "-L", self.installed.library_folder,
                           SOURCE / "examples/rust/audit.rs", "-o", program)
        self.check(program)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
