"""Installs the built project into an empty folder, moves it elsewhere, and looks at it as a user would.

Arguments: the cmake program, the build folder, the source folder.
"""
import filecmp
import pathlib
import subprocess
import sys
import unittest

import installation

CMAKE, BUILD, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installation = installation.Installation(CMAKE, BUILD)
        cls.prefix = cls.installation.prefix

    @classmethod
    def tearDownClass(cls):
        cls.installation.remove()

    def test_has_every_public_header_and_no_other(self):
        headers = files(SOURCE / "include")
        self.assertTrue(headers)
        self.assertEqual(headers, files(self.prefix / "include"))

    def test_has_the_data_unchanged(self):
        data = files(SOURCE / "data")
        self.assertTrue(data)
        self.assertEqual(data, files(self.prefix / "share/stemma"))
        _, different, unreadable = filecmp.cmpfiles(SOURCE / "data", self.prefix / "share/stemma", data, shallow=False)
        self.assertEqual(([], []), (different, unreadable))

    def test_the_program_runs_away_from_the_sources(self):
        run = subprocess.run([self.prefix / "bin/stemma", "--version"], capture_output=True, text=True, cwd="/",
                             env={}, check=False)
        self.assertEqual((0, ""), (run.returncode, run.stderr))
        self.assertRegex(run.stdout, r"\d+\.\d+\.\d+")

    def test_the_build_tree_has_the_shape_of_an_installation(self):
        self.assertTrue((BUILD / "bin/stemma").is_file())
        self.assertEqual(files(BUILD / "share/stemma"), files(self.prefix / "share/stemma"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
