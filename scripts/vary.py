#!/usr/bin/env python3
"""Writes AlpacaEval files with every response changed in one way, to see what a score leans on.

usage: vary.py HOW SOURCE TARGET
HOW     markdown    without marks of layout: bullets, numbering, headings, bold, code fences; lines joined to paragraphs
        first128    the first 128 words of each response
        synonyms30  30 % of the content words replaced by synonyms of WordNet (needs Debian's wordnet-base)
        sentences   the sentences of each paragraph in a random order
        prompts105  105 of the prompts, chosen by a hash
        first-half, second-half  one of two disjoint halves of the prompts, chosen by a hash
SOURCE  folder with <model>.json.zst
TARGET  folder for <model>.json
"""
import functools
import hashlib
import json
import pathlib
import random
import re
import subprocess
import sys

import synonyms


def without_markdown(text):
    text = re.sub(r"^[ \t]*```.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^[ \t]*(?:[-*+]|\d{1,3}[.)]|#{1,6})[ \t]+", "", text, flags=re.MULTILINE)
    text = re.sub(r"\*\*|__|`", "", text)
    return re.sub(r"\s*\n\s*", " ", text).strip()


def first_words(text, count=128):
    found = list(re.finditer(r"\S+", text))
    return text if len(found) <= count else text[:found[count - 1].end()]


def chance(text):
    """Random numbers that hang on the text alone: equal answers are changed alike, whoever gave them."""
    return random.Random(hashlib.sha256(text.encode()).digest())


def with_synonyms(text, source, share=.3):
    words = [word for word in re.finditer(r"[A-Za-z]+", text) if synonyms.is_content(word[0].lower())]
    replaceable = [(word, source.of(word[0].lower())) for word in words]
    replaceable = [(word, others) for word, others in replaceable if others]
    draw = chance(text)
    chosen = draw.sample(replaceable, min(len(replaceable), round(share * len(words))))
    for word, others in sorted(chosen, key=lambda one: -one[0].start()):
        other = draw.choice(others)
        if word[0].isupper() and len(word[0]) > 1:
            other = other.upper()
        elif word[0][0].isupper():
            other = other.capitalize()
        text = text[:word.start()] + other + text[word.end():]
    return text


def in_another_order(text):
    """A line is a paragraph; its list mark stays where it is, and code is left alone."""
    draw = chance(text)
    in_code = False
    lines = []
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            in_code = not in_code
        elif not in_code:
            mark = re.match(r"\s*(?:(?:[-*+]|\d{1,3}[.)]|#{1,6})\s+)?", line)[0]
            sentences = re.split(r"(?<=[.!?])\s+", line[len(mark):])
            draw.shuffle(sentences)
            line = mark + " ".join(sentences)
        lines.append(line)
    return "\n".join(lines)


def rank(record):
    """Where the prompt stands in an order that has nothing to do with its content."""
    return hashlib.sha256(record["instruction"].encode()).hexdigest()

HOWS = ("markdown", "first128", "synonyms30", "sentences", "prompts105", "first-half", "second-half")


@functools.cache
def wordnet():
    return synonyms.Synonyms()


def vary(how, records):
    changes = {"markdown": without_markdown, "first128": first_words, "sentences": in_another_order,
               "synonyms30": lambda text: with_synonyms(text, wordnet())}
    if how in changes:
        return [{**record, "output": changes[how](record["output"])} for record in records]
    if how == "prompts105":  # 105 of 805 in the mean; the same ones for every model
        return [record for record in records if int(rank(record)[:8], 16) < 105 / 805 * 2**32]
    half = {"first-half": 0, "second-half": 1}[how]
    return [record for record in records if int(rank(record)[:8], 16) % 2 == half]


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in HOWS:
        sys.exit(__doc__)
    how, source, target = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.json.zst")):
        text = subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout
        records = vary(how, json.loads(text))
        (target / path.name.removesuffix(".zst")).write_text(json.dumps(records), encoding="utf-8")


if __name__ == "__main__":
    main()
