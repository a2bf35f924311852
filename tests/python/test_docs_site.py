"""What scripts/docs relies on: the check of links, headers made ready for Doxygen, schemas as tables."""

import json
import subprocess
import sys

import pytest

from conftest import ROOT

SITE = ROOT / "docs" / "site"
sys.path.insert(0, str(SITE))

import doxygen_comments
import json_schema


def check(folder):
    return subprocess.run([sys.executable, SITE / "check_site.py", folder], capture_output=True, text=True)


@pytest.mark.parametrize(
    "body, complaint",
    [
        ('<a href="other.html#there">', ""),
        ('<a href="https://example.org/never-asked">', ""),
        ('<img src="data:image/png;base64,AA">', ""),
        ('<a href="none.html">', "no file for none.html"),
        ('<a href="other.html#nowhere">', "no place for other.html#nowhere"),
        ('<a href="#nowhere">', "no place for #nowhere"),
        ('<img src="none.png">', "no file for none.png"),
        ('<script src="https://example.org/x.js"></script>', "loads https://example.org/x.js from elsewhere"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "loads //example.org/x.css from elsewhere"),
    ],
)
def test_links(tmp_path, body, complaint):
    (tmp_path / "page.html").write_text(f"<html>{body}</html>")
    (tmp_path / "other.html").write_text('<p id="there">')
    done = check(tmp_path)
    assert done.returncode == bool(complaint)
    assert done.stdout.count("\n") == bool(complaint) and complaint in done.stdout


HEADER = """// What it is for.
//
// Units: shares, <n> of `them`.
#ifndef X
namespace stemma {

// Of no declaration.

// What S is:
//   1  one    first
//   2  two    second
struct S {
  int a = 0;  // behind code
};

class C {
 public:
  int b() const;  // as well
 private:
  int b_ = 0;  // nobody's business
};

}  // namespace stemma
"""


def test_comments_of_headers():
    made = doxygen_comments.cxx(HEADER)
    assert made.startswith("/** @file\n * What it is for.\n")
    assert "<b>Units.</b> shares, \\<n\\> of <tt>them</tt>." in made
    assert "int a = 0;  /**< behind code */" in made and "int b() const;  /**< as well */" in made
    assert " * \\verbatim\n *   1  one    first\n *   2  two    second\n * \\endverbatim" in made
    for left_out in ("namespace", "private", "b_", "Of no declaration"):
        assert left_out not in made


def test_comments_of_the_header_for_c():
    made = doxygen_comments.c("/* All of it. */\ntypedef struct s {\n  int a; /* one */\n} s;\n/* Of f. */\nint f(void);\n")
    assert made.startswith("/** @file\n * All of it.\n */")
    assert "struct s {\n  int a; /**< one */\n};" in made and "/**\n * Of f.\n */\nint f(void);" in made


@pytest.mark.parametrize("name", ["report.schema.json", "same.schema.json"])
def test_every_field_of_a_schema_is_told(name):
    told = json_schema.as_markdown(ROOT / "docs" / name)

    def fields(node):
        if isinstance(node, dict):
            yield from node.get("properties", {})
            for value in node.values():
                yield from fields(value)
        elif isinstance(node, list):
            for value in node:
                yield from fields(value)

    names = set(fields(json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))))
    assert len(names) > 40
    for field in names:
        assert f"{field}`" in told or f"{field}\n" in told or f"canonical.{field}" in told, field
