#!/usr/bin/env python3
"""doxygen_comments.py FROM TO: copies headers, made ready for Doxygen and Sphinx, so that none of them needs markup.

A block of // lines belongs to the declaration right below it, and to none where an empty line follows; a comment behind
code belongs to that code; the block that opens the file is the file's own. Words in backticks are code, what Doxygen would
take for markup stands as it is, and headings such as "Units:" begin a paragraph. What is private is left out, and so are the one
namespace, the doubled names of C's structures, and field names of default values, which Sphinx does not read.
"""

import itertools
import re
import sys
from pathlib import Path

HEADING = re.compile(
    r"^(Shape|Units|Returns|Errors|Threads|Determinism|Complexity|Source|Precondition|Limits|Known limits|Columns|H0):(?= |$)"
)
C_COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
TYPEDEF = re.compile(r"typedef (struct|enum) (\w+) \{(.*?)\} \2;", re.DOTALL)
COLUMNS = re.compile(r"\S {3,}\S")


def escaped(text):
    """Code in backticks; everything else without a meaning to Doxygen."""
    parts = re.sub(r"([\\@<>&#%\"])", r"\\\1", text).split("`")
    if len(parts) % 2 == 0:  # a backtick alone
        return "`".join(parts)
    return "".join(f"<tt>{part}</tt>" if k % 2 else part for k, part in enumerate(parts))


def paragraphs(lines):
    """Lines of a comment's text, marked up. Indented lines that stand in columns stay as they are."""
    for indented, run in itertools.groupby(lines, lambda line: line.startswith("  ")):
        run = list(run)
        if indented and any(map(COLUMNS.search, run)):
            yield from ("\\verbatim", *run, "\\endverbatim")
        else:
            yield from (HEADING.sub(r"\n<b>\1.</b>", escaped(line)) for line in run)


def block(lines, indent="", opening=""):
    text = "\n".join(paragraphs(lines)).split("\n")
    return "\n".join([indent + "/**" + opening, *(f"{indent} * {line}".rstrip() for line in text), indent + " */"])


def cxx(source):
    """Each run of // lines, and each comment behind code."""
    source = re.sub(r"^(namespace stemma \{|\}  // namespace stemma)$", "", source, flags=re.MULTILINE)
    source = re.sub(r"^ private:$.*?(?=^\};$)", "", source, flags=re.MULTILINE | re.DOTALL)
    source = re.sub(r"\{\.\w+ = ", "{", source)
    lines, out, k = source.split("\n"), [], 0
    while k < len(lines):
        run = k
        while run < len(lines) and re.match(r"\s*//", lines[run]):
            run += 1
        if run > k:
            indent = re.match(r"\s*", lines[k]).group()
            text = [re.sub(r"^\s*// ?", "", line) for line in lines[k:run]]
            if k == 0:
                out.append(block(text, opening=" @file"))
            elif run < len(lines) and lines[run].strip():
                out.append(block(text, indent))
            k = run
        else:
            code, slashes, comment = lines[k].partition("  // ")
            belongs = slashes and code.rstrip().endswith((";", ",", "{")) or slashes and re.match(r"\s+k\w+( = .*)?$", code)
            out.append(f"{code}  /**< {escaped(comment)} */" if belongs else code)
            k += 1
    return "\n".join(out)


def c(source):
    """The same for the header for C, whose comments are in the style of C."""

    def mark(match):
        text = [re.sub(r"^\s*\* ?", "", line).strip() for line in match[1].split("\n")]
        start = source.rfind("\n", 0, match.start()) + 1
        before = source[start : match.start()]
        if match.start() == 0:
            return block(text, opening=" @file")
        if before.startswith("#") or before.startswith("}"):
            return ""
        return f"/**< {' '.join(map(escaped, text)).strip()} */" if before.strip() else block(text)

    return TYPEDEF.sub(r"\1 \2 {\3};", C_COMMENT.sub(mark, source))


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.mkdir(parents=True, exist_ok=True)
    for path in source.glob("*.h"):
        (target / path.name).write_text((c if path.name == "c.h" else cxx)(path.read_text(encoding="utf-8")), encoding="utf-8")
