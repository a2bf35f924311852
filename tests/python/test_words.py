"""No page and no output accuses: the lint of words finds what it must, and nothing in this project."""

import json
import re

import pytest

from conftest import ROOT, SHIPPED
from words import FORBIDDEN, Allowed, accusations, files, find, lint, plain

# Where a word is named as one that is forbidden, or means something else.
ALLOWED: tuple[Allowed, ...] = ()


def found(text: str, file: str = "docs/page.md") -> list[tuple[int, str]]:
    """Line and word of each finding in a text that is written with ~ within words."""
    return [(finding.line, finding.word) for finding in find(file, plain(text))]


def one(word: str, line: int = 1) -> list[tuple[int, str]]:
    return [(line, plain(word))]


class TestWords:
    @pytest.mark.parametrize("word", FORBIDDEN)
    def test_each_is_found_as_it_is_called(self, word):
        assert [finding.word for finding in find("docs/page.md", f"It says {word}.")] == [word]

    @pytest.mark.parametrize(
        ("text", "word"),
        (
            ("This pro~ves it", "pro~ves"),
            ("no pro~of of descent", "pro~of of"),
            ("sto~len_weights", "sto~len"),
            ("two the~fts", "the~ft"),
            ("not guil~ty", "guil~ty"),
            ("plag~iarism", "plag~iar"),
            ("PLAG~IARISED", "plag~iar"),
            ("85 % dist~illed", "% dist~illed"),
            ("85% dist~illed", "% dist~illed"),
            ("85 %dist~illed", "% dist~illed"),
            ("85 percent dist~illed", "% dist~illed"),
            ("85 per cent dist~illed", "% dist~illed"),
            ("the probability that it was cop~ied", "probability that … cop~ied"),
            ("a probability that it, of version 3.5, was COP~IED", "probability that … cop~ied"),
            ("it mat~ches gpt4", "mat~ch"),
            ("Best mat~ch: gpt4", "mat~ch"),
            ('"best_mat~ch": "gpt4"', "mat~ch"),
        ),
    )
    def test_finds_uses_of(self, text, word):
        assert found(text) == one(word)
        assert found(text.upper()) == one(word)
        assert found(f"first line\n\n  {text}") == one(word, 3)

    @pytest.mark.parametrize(
        "text",
        (
            "improves, disapproves, and prove nothing",
            "proof-reading; a waterproof offer; proofs of this kind",
            "the fts, thefty",
            "50 % of the distilled models",
            "distilled: 5 %",
            "The probability that a score is higher is .05. It was cop~ied.",
            "the probability that\n\nis a paragraph of its own, cop~ied",
            "copied answers have a probability that is small",
            "matched AUC, matching, unmatched, mismatch, rematch",
        ),
    )
    def test_leaves(self, text):
        assert found(text) == []

    @pytest.mark.parametrize(
        ("text", "word"),
        (
            ("no pro~of\nof descent", "pro~of of"),
            ("no pro~of \r\n   of descent", "pro~of of"),
            ("> no pro~of\n> of descent", "pro~of of"),
            ("# no pro~of\n# of descent", "pro~of of"),
            ("85 %\ndist~illed", "% dist~illed"),
            ("the probability\nthat it was\ncop~ied", "probability that … cop~ied"),
            ("no **pro~of** of", "pro~of of"),
            ("no `pro~of` of", "pro~of of"),
            ("no <b class='x'>pro~of</b> <i>of</i>", "pro~of of"),
            ("it *pro~*ves*", "pro~ves"),
            ("<td title='it pro~ves'>", "pro~ves"),
        ),
    )
    def test_reads_as_a_reader_does(self, text, word):
        assert found(text) == one(word)

    def test_tells_each_place(self):
        assert found("pro~ves\npro~ves and the~ft\n") == [(1, plain("pro~ves")), (2, plain("pro~ves")), (2, plain("the~ft"))]
        finding = str(find("docs/page.md", plain("no\nno Proof\n~of it"))[0])
        assert finding.startswith("docs/page.md:2: ") and plain("pro~of of") in finding


class TestSources:
    @pytest.mark.parametrize("file", ("lib/report/text.cc", "tools/stemma/main.cc", "lib/report/words.h"))
    @pytest.mark.parametrize(
        ("text", "line", "word"),
        (
            ('int x;\nPrint("it pro~ves");', 2, "pro~ves"),
            ('Print("no pro~of "\n      "of it");', 1, "pro~of of"),
            ('Print("it pro"  // why\n "ves");', 1, "pro~ves"),
            ('Print("fine, "\n      "it pro~ves");', 2, "pro~ves"),
            ('Print("a\\nmat~ch");', 1, "mat~ch"),
            ('Print("no pro~of\\nof");', 1, "pro~of of"),
            ('Print("no pro\\\nof; it pro~ves");', 2, "pro~ves"),
            ('Print("it \\x70ro~ves");', 1, "pro~ves"),
            ('Print("%d %% dist~illed");', 1, "% dist~illed"),
            ('Print("said: \\"guil~ty\\"");', 1, "guil~ty"),
            ('x = \'"\'; Print("guil~ty");', 1, "guil~ty"),
            ('x = 10\'000; Print("guil~ty", 10\'000);', 1, "guil~ty"),
            ('Print(R"(\n"the~ft")");', 2, "the~ft"),
            ('Print(R"x(\n)"the~ft)x");', 2, "the~ft"),
        ),
    )
    def test_finds_in_literals_of_cpp(self, file, text, line, word):
        assert found(text, file) == one(word, line)

    @pytest.mark.parametrize(
        "text",
        (
            "// a mat~ch of the pattern\n/* \"guil~ty\" */",
            "std::regex_mat~ch(text, mat~ch); mat~ch.length();",
            '#include "lib/text/mat~ch.h"',
            'Print("pro"); Print("ves");',
            'Print("pro", "ves");',
            'Print("pro\\"ves");',
        ),
    )
    def test_leaves_in_cpp(self, text):
        assert found(text, "lib/text/mask.cc") == []

    def test_reads_public_headers_whole(self):
        assert found("// no pro~of\n// of it\n", "include/stemma/x.h") == one("pro~of of")

    @pytest.mark.parametrize(
        ("text", "line", "word"),
        (
            ("x = 1\n# no pro~of\n# of it\n", 2, "pro~of of"),
            ('"""Pro~ves\nit."""', 1, "pro~ves"),
            ('def f():\n    """It\n    pro~ves it."""', 3, "pro~ves"),
            ("print('it pro' 'ves')", 1, "pro~ves"),
            ("print(f'{x} % dist~illed')", 1, "% dist~illed"),
            ("print(f'the probability that {x} was cop~ied')", 1, "probability that … cop~ied"),
            ("print(r'\\mat~ch')", 1, "mat~ch"),
            ("print('a\\nmat~ch')", 1, "mat~ch"),
        ),
    )
    def test_finds_in_python(self, text, line, word):
        assert found(text, "scripts/compare.py") == one(word, line)

    @pytest.mark.parametrize(
        "text", ("mat~ch = re.mat~ch(x, y)", "mat~ch x:\n    case 'a': pass", "'pro' + 'ves'", "'mat' # ch")
    )
    def test_leaves_in_python(self, text):
        assert found(text, "scripts/compare.py") == []

    def test_reads_scripts_whole(self):
        assert found("# why\necho 'it mat~ches'", "scripts/demo") == one("mat~ch", 2)


class TestTree:
    @pytest.fixture
    def tree(self, tmp_path):
        def plant(**texts: str):
            for name, text in texts.items():
                path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(plain(text), encoding="utf-8")
            return tmp_path

        return plant

    def test_reads_what_people_read_and_nothing_else(self, tree):
        word = "it pro~ves"
        read = ("README_dot_md", "docs__deep__x_dot_md", "data__README_dot_md", "include__stemma__x_dot_h", "scripts__demo",
                "lib__report__page_dot_html", "lib__report__page_dot_tmpl", "python__stemma__README_dot_md")
        unread = ("build__x_dot_md", "tests__x_dot_md", "lib__x__CMakeLists_dot_txt")
        root = tree(**dict.fromkeys((*read, *unread), word))
        (root / "docs" / "picture.png").write_bytes(b"\x89PNG\xff\0" + plain(word).encode())
        names = {name.replace("__", "/").replace("_dot_", ".") for name in read}
        assert {line.split(":")[0] for line in lint(root)} == names and len(lint(root)) == len(names)

    def test_allows_a_phrase_in_a_file_and_no_other_use(self, tree):
        phrase = plain("the word\n*pro~ves* is never printed")
        root = tree(docs__a_dot_md=phrase, docs__b_dot_md=phrase)
        at = [f"docs/{name}.md:2: {plain('pro~ves')!r} ({plain('pro~ves')})" for name in "ab"]
        assert lint(root) == at
        use = Allowed("docs/a.md", plain("word *pro~ves* is never"), "named as forbidden")
        assert lint(root, (use,)) == at[1:]
        tree(docs__a_dot_md=f"{phrase}, for it pro~ves nothing")
        assert lint(root, (use,)) == at

    def test_wants_what_is_allowed_to_be_there(self, tree):
        use = Allowed("docs/a.md", plain("the word pro~ves"), "named as forbidden")
        root = tree(docs__a_dot_md="nothing")
        assert len(lint(root, (use,))) == 1 and "docs/a.md" in lint(root, (use,))[0]


class TestProject:
    def test_no_page_accuses(self):
        assert lint(ROOT, ALLOWED) == []

    def test_the_pages_are_there(self):
        read = {file for file, _ in files(ROOT)}
        assert {"README.md", "ARCHITECTURE.md", "docs/method.md", "data/README.md", "scripts/demo", "scripts/compare.py",
                "include/stemma/verdict.h", "lib/audit/verdict.cc", "lib/report/text.cc", "tools/stemma/main.cc",
                "tests/python/words.py", "tests/python/test_words.py"} <= read

    def test_each_allowed_use_has_a_reason(self):
        assert all(use.reason for use in ALLOWED)


class TestProgram:
    def test_no_help_accuses(self, stemma):
        commands, asked = [()], set()
        while commands:
            command = commands.pop()
            asked.add(" ".join(command))
            shown = stemma(*command, "--help").out
            assert accusations(shown) == []
            below = re.search(r"^Subcommands:\n((?:  .*\n)+)", shown, re.MULTILINE)
            if below:
                commands += [(*command, name) for name in re.findall(r"^  (\S+)", below.group(1), re.MULTILINE)]
        assert {"", "audit", "panel", "panel info", "vocabulary fit-style"} <= asked

    @pytest.mark.parametrize("options", ((), ("--reference", "claude-2", "--reference", "gpt4")))
    def test_no_audit_accuses(self, stemma, tmp_path, options):
        path = tmp_path / "report.json"
        shown = stemma("audit", SHIPPED / "demo" / "claude2-alpaca-13b.stemma", *options, "--json", path)
        assert accusations(shown.out) == [] and accusations(path.read_text(encoding="utf-8")) == []

    def test_no_evaluation_accuses(self, stemma, tmp_path):
        path = tmp_path / "evaluation.json"
        shown = stemma("evaluate", "--json", path, code=None)
        if shown.code == 0:
            assert accusations(shown.out) == [] and accusations(path.read_text(encoding="utf-8")) == []
        else:
            assert "not calibrated" in shown.err and accusations(shown.err) == []

    def test_no_reason_of_a_verdict_accuses(self, stemma, tmp_path):
        cases = json.loads((ROOT / "tests" / "vectors" / "verdicts.json").read_text(encoding="utf-8"))
        path = tmp_path / "cases.json"
        path.write_text(json.dumps([{"id": case["id"], **case["inputs"]} for case in cases]), encoding="utf-8")
        assert accusations(stemma("verdict", path).out) == []

    @pytest.mark.parametrize("command", ("info", "check"))
    def test_nothing_said_of_a_panel_accuses(self, stemma, command):
        assert accusations(stemma("panel", command).out) == []
