"""A new root of a Debian-like system with only what is asked for, for the tests of what is installed in one.

Takes mmdebstrap, a mirror, and either the superuser or user namespaces.
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest

SOURCES = ("sources.list.d/debian.sources", "sources.list.d/ubuntu.sources", "sources.list")
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


def run_in_new_root(packages, files, commands):
    """What commands print in a root of the essential packages and `packages`, with `files` in its /root.

    Raises unittest.SkipTest where no root can be made, AssertionError where a command fails.
    """
    if shutil.which("mmdebstrap") is None:
        raise unittest.SkipTest("mmdebstrap is not installed")
    sources, suite = system_sources(), codename()
    if sources is None or suite is None:
        raise unittest.SkipTest("this system does not tell where its packages are")
    hooks = [f"echo {shlex.quote(MADE)}"]
    hooks += [f"copy-in {shlex.quote(str(file))} /root" for file in files]
    hooks += [f'chroot "$1" sh -c {shlex.quote(command)}' for command in commands]
    run = subprocess.run(
        # Nothing of this root must outlast a power cut.
        ["mmdebstrap", "--quiet", "--variant=essential", "--format=null", "--dpkgopt=force-unsafe-io",
         f"--include={','.join(packages)}", *[f"--customize-hook={hook}" for hook in hooks],
         suite, "/dev/null", sources],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"})
    if MADE not in run.stdout:
        raise unittest.SkipTest(f"no root could be made: {run.stdout.strip().splitlines()[-1:]}")
    if run.returncode != 0:
        raise AssertionError(f"a command failed in the new root:\n{run.stdout}")
    return run.stdout
