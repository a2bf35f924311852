#!/usr/bin/env python3
"""Holds what several builds of the program print against each other, byte for byte.

Usage: same_bytes.py PROGRAM PROGRAM...

The first is what the others are compared with. Each audits the shipped candidates (from responses and from signatures, with
and without a declared reference, on a few prompts and on all), signs, scores, evaluates the shipped panel and runs the
self-test. Compilers and levels of optimisation may not move a digit: a report that only its own build can reproduce is none.
"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "data/demo"
AUDIT = ("--json", "-", "--no-provenance")
COMMANDS = (
    ("selftest", "--all"),
    ("evaluate", "--json", "-"),
    ("sign", DEMO / "example.jsonl", "-o", "OUT"),
    ("score", DEMO / "claude2-alpaca-13b.stemma", DEMO / "minotaur-13b.stemma", "-o", "OUT"),
    ("audit", DEMO / "example.jsonl", *AUDIT),
    ("audit", DEMO / "claude2-alpaca-13b.stemma", *AUDIT),
    ("audit", DEMO / "claude2-alpaca-13b.stemma", "--reference", "claude-2", "--reference", "gpt4", "--prior", "0.01", *AUDIT),
    ("audit", DEMO / "Mistral-7B-ReMax-v0.1.stemma", "--html", "OUT", "--quiet"),
)


def printed(program, command, folder):
    """What a command writes to its file and to standard output; the program's own path is no part of it."""
    out = pathlib.Path(folder, "out")
    out.unlink(missing_ok=True)
    arguments = [str(out) if argument == "OUT" else str(argument) for argument in command]
    environment = {"STEMMA_DATA": str(ROOT / "data"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    run = subprocess.run([program, *arguments], capture_output=True, env=environment, check=False)
    if run.returncode != 0:
        sys.exit(f"{program} {' '.join(arguments)} ended with {run.returncode}: {run.stderr.decode(errors='replace')}")
    written = out.read_bytes() if out.exists() else b""
    return (run.stdout + written).replace(str(program).encode(), b"stemma")


def first_difference(ours, theirs):
    for number, (a, b) in enumerate(zip(ours.splitlines(), theirs.splitlines()), 1):
        if a != b:
            return f"line {number}:\n  {a[:300]!r}\n  {b[:300]!r}"
    return f"{len(ours)} and {len(theirs)} bytes"


def main(programs):
    if len(programs) < 2:
        sys.exit(__doc__)
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        for command in COMMANDS:
            expected = printed(programs[0], command, folder)
            name = " ".join(getattr(argument, "name", argument) for argument in command)
            print(f"{hashlib.sha256(expected).hexdigest()[:16]} {len(expected):>8}  {name}")
            for program in programs[1:]:
                found = printed(program, command, folder)
                if found != expected:
                    different += 1
                    print(f"  {program} prints otherwise, {first_difference(expected, found)}")
    sys.exit(different > 0)


if __name__ == "__main__":
    main(sys.argv[1:])
