"""Makes the Debian packages, installs them in a new root of nothing but the essential system, and runs an audit there.

Protects: the dependencies that the packages state, and that the program finds its data where a package puts them.
Skips, and says why, where cpack or mmdebstrap is missing or no root can be made: that takes a mirror, and either the
superuser or user namespaces.
Arguments: the cpack program, the build folder.
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

CPACK, BUILD = sys.argv[1], pathlib.Path(sys.argv[2])
SOURCES = ("sources.list.d/debian.sources", "sources.list.d/ubuntu.sources", "sources.list")
AUDIT = "stemma audit /usr/share/stemma/demo/claude2-alpaca-13b.stemma"
MADE = "the root is made"


def system_sources():
    """The file of this system that tells where its packages are; None where there is none."""
    files = (pathlib.Path("/etc/apt", name) for name in SOURCES)
    return next((file for file in files if file.is_file() and file.stat().st_size > 0), None)


def codename():
    release = pathlib.Path("/etc/os-release")
    if not release.exists():
        return None
    found = re.search(r"^VERSION_CODENAME=(\w+)$", release.read_text(encoding="utf-8"), re.MULTILINE)
    return found and found.group(1)


def dependencies(package):
    command = ["dpkg-deb", "--field", package, "Depends"]
    stated = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [entry.split()[0] for entry in stated.split(",")]


class DebTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        for tool in (CPACK, "dpkg-shlibdeps", "mmdebstrap"):
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
        sources, suite = system_sources(), codename()
        if sources is None or suite is None:
            self.skipTest("this system does not tell where its packages are")
        installed = [file for name, file in sorted(self.packages.items()) if name != "libstemma-dev"]
        needed = sorted({name for file in installed for name in dependencies(file)})
        hooks = [f"echo {shlex.quote(MADE)}"]
        hooks += [f"copy-in {shlex.quote(str(file))} /root" for file in installed]
        hooks += ['chroot "$1" sh -c "dpkg --install /root/*.deb"', 'chroot "$1" stemma --version',
                  f'chroot "$1" {AUDIT}', 'chroot "$1" sh -c "ldconfig -p | grep libstemma-c"']
        run = subprocess.run(
            # Nothing of this root must outlast a power cut.
            ["mmdebstrap", "--quiet", "--variant=essential", "--format=null", "--dpkgopt=force-unsafe-io",
             f"--include={','.join(needed)}", *[f"--customize-hook={hook}" for hook in hooks],
             suite, "/dev/null", sources],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"})
        if MADE not in run.stdout:
            self.skipTest(f"no root could be made: {run.stdout.strip().splitlines()[-1:]}")
        self.assertEqual(0, run.returncode, run.stdout)
        self.assertRegex(run.stdout, r"(?m)^stemma \d+\.\d+\.\d+$")
        self.assertIn("consistent_with_shared_origin (shared weights)", run.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
