"""Reads the #include lines of a source tree and reports those that point up or sideways.

A folder may include itself and the floors below it. Run as a program, it checks the tree given as its argument.
"""
import pathlib
import re
import sys

# From the ground up; folders of one floor do not know each other.
FLOORS = [
    ["base"],
    ["text", "evidence"],
    ["corpus"],
    ["signature"],
    ["panel"],
    ["score"],
    ["audit", "usage", "trace", "lab"],
    ["report"],
    ["tools", "python", "c"],
]

# Folders that may include less than their floor would allow.
ONLY = {"evidence": {"base"}}

# Public headers that no lib/<folder>/<header>.cc places: header to folder.
HEADERS = {
    "audit": "audit",
    "c": "c",
    "estimate": "evidence",
    "hash": "base",
    "labelled_sample": "evidence",
    "likelihood_ratio": "audit",
    "mask": "text",
    "metadata": "signature",
    "ngram": "text",
    "pair_sum": "panel",
    "panel": "panel",
    "progress": "base",
    "provenance": "report",
    "report": "report",
    "response": "corpus",
    "response_set": "corpus",
    "same_report": "report",
    "score": "score",
    "signature": "signature",
    "statements": "report",
    "tokenizer": "text",
    "vocabulary": "text",
}

# What a public header must not bring to those who include it.
FORBIDDEN_IN_PUBLIC = re.compile(r"lib/|Eigen/|unsupported/Eigen/|eigen3/|xxh|simdjson|iostream$")

# The header for C, and all that it may include.
C_HEADER = pathlib.PurePosixPath("include/stemma/c.h")
C_INCLUDES = {"stddef.h", "stdint.h"}

SOURCES = {".h", ".hpp", ".cc", ".cpp", ".inc"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)

LEVEL = {folder: level for level, floor in enumerate(FLOORS) for folder in floor}


def folder_of_header(root, name):
    """The lib/ folder that the public header stemma/<name>.h belongs to, or None."""
    if name in HEADERS:
        return HEADERS[name]
    for source in sorted(root.glob(f"lib/*/{name}.cc")):
        return source.parent.name
    return None


def folder_of(root, path):
    """The folder that a file belongs to, given its path from the root; None for files outside the floors."""
    parts = path.parts
    if parts[0] == "include":
        return folder_of_header(root, path.stem)
    if parts[0] == "lib":
        return parts[1] if len(parts) > 2 else None
    return parts[0] if parts[0] in LEVEL else None


def may_include(source, target):
    if source == target:
        return True
    if source in ONLY:
        return target in ONLY[source]
    return LEVEL[target] < LEVEL[source]


def target_of(root, include):
    """The folder that an #include "..." reads, or None where it reads nothing of this tree."""
    path = pathlib.PurePosixPath(include)
    if path.parts[0] == "stemma":
        return folder_of_header(root, path.stem)
    if path.parts[0] in {"lib", "tools", "python", "c"}:
        return folder_of(root, path)
    return None


def unplaced(root, path, folder):
    if folder is None and path.parts[0] == "include":
        return (f"{path}: no lib/<folder>/{path.stem}.cc tells the floor of this header; "
                "register it in HEADERS of tests/layering/layering.py")
    if folder not in LEVEL:
        return f"{path}: the folder {folder} has no floor; register it in FLOORS of tests/layering/layering.py"
    return None


def check_include(root, path, folder, line, quoted, angled):
    where = f"{path}:{line}"
    include = quoted or angled
    if path.parts[0] == "include" and FORBIDDEN_IN_PUBLIC.match(include):
        yield f"{where}: a public header includes {include}"
        return
    if path == C_HEADER and include not in C_INCLUDES:
        yield f"{where}: the header for C includes {include}"
        return
    if angled:
        if angled.startswith(("stemma/", "lib/")):
            yield f"{where}: write \"{angled}\", with quotes, for files of this project"
        return
    if ".." in pathlib.PurePosixPath(quoted).parts or not ("/" in quoted):
        yield f"{where}: {quoted} is no path from the root of the project"
        return
    target = target_of(root, quoted)
    if target is None:
        if quoted.startswith(("stemma/", "lib/", "tools/", "python/", "c/")):
            yield f"{where}: {quoted} belongs to no floor"
        elif quoted.startswith("tests/"):
            yield f"{where}: {quoted}: the library does not know its tests"
    elif target not in LEVEL:
        yield f"{where}: {quoted}: the folder {target} has no floor"
    elif not may_include(folder, target):
        way = "sideways" if LEVEL[folder] == LEVEL[target] else "up" if LEVEL[folder] < LEVEL[target] else "to more than it may"
        yield f"{where}: {folder} includes {quoted}, which points {way} to {target}"


def sources(root):
    for top in ("include", "lib", "tools", "python", "c"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SOURCES and path.is_file():
                yield pathlib.PurePosixPath(path.relative_to(root).as_posix())


def violations(root):
    """All violations in the tree, as messages."""
    root = pathlib.Path(root)
    for path in sources(root):
        folder = folder_of(root, path)
        message = unplaced(root, path, folder)
        if message:
            yield message
            continue
        text = (root / path).read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield from check_include(root, path, folder, line, *match.groups())


def main():
    root = pathlib.Path(sys.argv[1])
    count = sum(1 for _ in sources(root))
    found = list(violations(root))
    for message in found:
        print(message)
    if count == 0:
        print(f"no sources under {root}")
    print(f"{count} files, {len(found)} violations")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
