#!/usr/bin/env python3
"""Writes AlpacaEval files with every response changed in one way, to see what a score leans on.

usage: vary.py HOW SOURCE TARGET
HOW     markdown    without marks of layout: bullets, numbering, headings, bold, code fences; lines joined to paragraphs
        first128    the first 128 words of each response
        prompts105  105 of the prompts, chosen by a hash
        first-half, second-half  one of two disjoint halves of the prompts, chosen by a hash
SOURCE  folder with <model>.json.zst
TARGET  folder for <model>.json
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys


def without_markdown(text):
    text = re.sub(r"^[ \t]*```.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^[ \t]*(?:[-*+]|\d{1,3}[.)]|#{1,6})[ \t]+", "", text, flags=re.MULTILINE)
    text = re.sub(r"\*\*|__|`", "", text)
    return re.sub(r"\s*\n\s*", " ", text).strip()


def first_words(text, count=128):
    found = list(re.finditer(r"\S+", text))
    return text if len(found) <= count else text[:found[count - 1].end()]


def rank(record):
    """Where the prompt stands in an order that has nothing to do with its content."""
    return hashlib.sha256(record["instruction"].encode()).hexdigest()


def vary(how, records):
    if how in ("markdown", "first128"):
        change = without_markdown if how == "markdown" else first_words
        return [{**record, "output": change(record["output"])} for record in records]
    if how == "prompts105":  # 105 of 805 in the mean; the same ones for every model
        return [record for record in records if int(rank(record)[:8], 16) < 105 / 805 * 2**32]
    half = {"first-half": 0, "second-half": 1}[how]
    return [record for record in records if int(rank(record)[:8], 16) % 2 == half]


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("markdown", "first128", "prompts105", "first-half", "second-half"):
        sys.exit(__doc__)
    how, source, target = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.json.zst")):
        text = subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout
        records = vary(how, json.loads(text))
        (target / path.name.removesuffix(".zst")).write_text(json.dumps(records), encoding="utf-8")


if __name__ == "__main__":
    main()
