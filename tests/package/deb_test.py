"""Makes the Debian packages, installs them in a new root of nothing but the essential system, and runs an audit there.

Protects: the dependencies that the packages state, and that the program finds its data where a package puts them.
Skips, and says why, where cpack or mmdebstrap is missing or no root can be made.
Arguments: the cpack program, the build folder.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import debian_root

CPACK, BUILD = sys.argv[1], pathlib.Path(sys.argv[2])
AUDIT = "stemma audit /usr/share/stemma/demo/claude2-alpaca-13b.stemma"


def dependencies(package):
    command = ["dpkg-deb", "--field", package, "Depends"]
    stated = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [entry.split()[0] for entry in stated.split(",")]


class DebTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        for tool in (CPACK, "dpkg-shlibdeps"):
            if shutil.which(tool) is None:
                raise unittest.SkipTest(f"{tool} is not installed")
        subprocess.run([CPACK, "-G", "DEB", "-B", cls.folder.name], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
        cls.packages = {file.name.split("_")[0]: file for file in pathlib.Path(cls.folder.name).glob("*.deb")}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_library_to_build_with_needs_what_it_was_built_from(self):
        needed = dependencies(self.packages["libstemma-dev"])
        for package in ("libabsl-dev", "libsimdjson-dev", "libutf8proc-dev", "libzstd-dev", "zlib1g-dev"):
            self.assertIn(package, needed)

    def test_installs_and_runs_in_a_new_root(self):
        installed = [file for name, file in sorted(self.packages.items()) if name != "libstemma-dev"]
        needed = sorted({name for file in installed for name in dependencies(file)})
        said = debian_root.run_in_new_root(needed, installed, ["dpkg --install /root/*.deb", "stemma --version", AUDIT,
                                                               "ldconfig -p | grep libstemma-c"])
        self.assertRegex(said, r"(?m)^stemma \d+\.\d+\.\d+$")
        self.assertIn("consistent_with_shared_origin (shared weights)", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
