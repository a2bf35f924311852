"""Puts into a wheel the terms of the shared libraries that auditwheel will put there, as their Debian packages have them.

Argument: the wheel, which auditwheel is to repair afterwards: that lists the new files in its RECORD.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

# Every system has those: auditwheel leaves them out.
SYSTEM = {"libc6", "libgcc-s1", "libstdc++6"}


def needed(library):
    listed = subprocess.run(["ldd", library], capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(path).resolve() for path in re.findall(r"=> (/\S+)", listed)]


def packages_of(libraries):
    # By name first: where /lib is a link to /usr/lib, packages may have either.
    command = ["dpkg-query", "-S", *(f"*/{library.name}" for library in libraries)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    places = (line.partition(": ") for line in found.splitlines())
    return {package.partition(":")[0] for package, _, path in places if pathlib.Path(path).resolve() in libraries}


def main(path):
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as wheel:
        info = next(name.partition("/")[0] for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        extension = next(name for name in wheel.namelist() if name.startswith("stemma/_core.") and name.endswith(".so"))
        for package in sorted(packages_of(needed(wheel.extract(extension, folder))) - SYSTEM):
            wheel.write(f"/usr/share/doc/{package}/copyright", f"{info}/licenses/{package}/copyright")


if __name__ == "__main__":
    main(sys.argv[1])
