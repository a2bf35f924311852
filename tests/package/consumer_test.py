"""Builds the examples as outside projects against an installation, by CMake and by pkg-config, and runs them.

Protects: what an engineer does who has nothing but the installed tree. The examples are copied, so that no header of
the sources is near.
Arguments: the cmake program, the C++ compiler, the build folder, the source folder.
"""
import pathlib
import shlex
import shutil
import sys
import unittest

import installation

CMAKE, COMPILER, BUILD, SOURCE = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
CANDIDATE = "claude2-alpaca-13b.stemma"
# As README.md has it.
VERDICTS = "weights: consistent_with_shared_origin (claude-2)\ndistillation: insufficient_evidence (claude-2)\n"


class ConsumerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installed = installation.Installation(CMAKE, BUILD)
        cls.has_c = (cls.installed.library_folder / "libstemma-c.so").exists()

    @classmethod
    def tearDownClass(cls):
        cls.installed.remove()

    def copy_of(self, example):
        return shutil.copytree(SOURCE / "examples" / example, self.installed.work / self.id() / example)

    def build_with_cmake(self, example):
        project = self.copy_of(example)
        build = project / "build"
        self.installed.run(CMAKE, "-S", project, "-B", build, "-G", "Ninja",
                           f"-DCMAKE_PREFIX_PATH={self.installed.prefix}", f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DCMAKE_CXX_FLAGS=-O0", "--no-warn-unused-cli")
        self.installed.run(CMAKE, "--build", build)
        return build

    def build_with_pkg_config(self, package, compiler, source):
        program = self.copy_of(source.parent.name) / "program"
        flags = shlex.split(self.installed.run("pkg-config", "--cflags", "--libs", package))
        self.installed.run(*compiler, program.parent / source.name, *flags, "-o", program)
        return program

    def check_audit(self, program):
        self.assertEqual(VERDICTS, self.installed.run(program, self.installed.panel, self.installed.demo(CANDIDATE)))

    def check_c_audit(self, program):
        report = self.installed.run(program, self.installed.panel, self.installed.demo(CANDIDATE))
        expected = self.installed.run(self.installed.prefix / "bin/stemma", "audit", self.installed.demo(CANDIDATE),
                                      "--no-embeddings", "--json", "-", "--no-provenance")
        self.assertEqual(expected, report)

    def test_cmake_finds_the_cpp_library(self):
        build = self.build_with_cmake("cxx")
        self.check_audit(build / "audit")
        signature = build / "example.stemma"
        said = self.installed.run(build / "sign", self.installed.prefix / "share/stemma/vocabulary.stemma",
                                  self.installed.demo("example.jsonl"), signature)
        self.assertEqual("example: 11 responses to 10 prompts\n", said)
        self.assertTrue(signature.is_file())

    def test_pkg_config_finds_the_cpp_library(self):
        compiler = [COMPILER, "-std=c++20", "-O0"]
        self.check_audit(self.build_with_pkg_config("stemma", compiler, SOURCE / "examples/cxx/audit.cc"))

    def test_cmake_finds_the_library_for_c(self):
        if not self.has_c:
            self.skipTest("built without STEMMA_BUILD_C")
        self.check_c_audit(self.build_with_cmake("c") / "audit")

    def test_pkg_config_finds_the_library_for_c(self):
        if not self.has_c:
            self.skipTest("built without STEMMA_BUILD_C")
        compiler = ["cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]
        self.check_c_audit(self.build_with_pkg_config("stemma-c", compiler, SOURCE / "examples/c/audit.c"))

    def test_failures_reach_the_user_of_c(self):
        if not self.has_c:
            self.skipTest("built without STEMMA_BUILD_C")
        program = self.build_with_pkg_config("stemma-c", ["cc"], SOURCE / "examples/c/audit.c")
        with self.assertRaisesRegex(AssertionError, "NOT_FOUND: cannot open none"):
            self.installed.run(program, "none", "none")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
