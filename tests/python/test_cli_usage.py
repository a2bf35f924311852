"""Command lines, right and wrong: help, version, exit codes, and what a message must name."""

import json
import re

import pytest

from made_up_corpus import PROMPTS
from stemma_files import read_signature
from words import accusations

COMMANDS = (
    "audit",
    "reproduce",
    "diff",
    "score",
    "sign",
    "merge",
    "info",
    "self-identification",
    "panel",
    "panel build",
    "panel info",
    "panel check",
    "panel coverage",
    "vocabulary",
    "vocabulary fit",
    "vocabulary fit-style",
    "vocabulary info",
)


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n")


@pytest.mark.parametrize("command", ("", *COMMANDS))
def test_help(stemma, command):
    shown = stemma(*command.split(), "--help")
    assert "Usage: stemma" in shown.out and not shown.err
    assert not accusations(shown.out)


@pytest.mark.parametrize("command", ("", *(c for c in COMMANDS if c not in ("panel", "vocabulary"))))
def test_help_shows_an_example_of_the_command(stemma, command):
    examples = stemma(*command.split(), "--help").out.split("Example", 1)[1]
    assert f"stemma {command}".rstrip() in examples


def test_version(stemma):
    shown = stemma("--version")
    assert re.fullmatch(r"stemma \d+\.\d+\.\d+\n", shown.out) and not shown.err


@pytest.mark.parametrize(
    "arguments",
    (
        "",
        "panel",
        "vocabulary",
        "nonsense",
        "--nonsense",
        "sign",
        "sign x.jsonl",
        "sign --nonsense x.jsonl -o y",
        "info",
        "score",
        "audit",
        "reproduce",
        "diff",
        "diff x",
        "panel build",
        "panel build x",
        "panel nonsense",
        "panel info a b",
        "vocabulary fit",
        "vocabulary fit x",
        "self-identification",
        "self-identification x.jsonl -o",
        "vocabulary info",
        "vocabulary fit-style",
        "vocabulary fit-style x",
        "vocabulary fit-style x -o y",
        "merge",
        "merge x",
        "merge -o y",
        "sign x.jsonl -o y --name a --name-by-file",
        "sign x.jsonl -o",
        "score x --threads -1",
        "score x --threads many",
        "score x --threads 1.5",
        "score x --threads 4097",
        "score x --rival-weights 1.5",
        "score x --rival-weights -0.1",
        "score x --rival-ranking much",
        "panel build x -o y --index-bytes -1",
        "panel build x -o y --index-bytes few",
    ),
)
def test_wrong_command_lines(stemma, arguments, tmp_path):
    wrong = stemma(*arguments.split(), code=2, cwd=tmp_path)
    assert wrong.err and not wrong.out and "--help" in wrong.err
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    (
        "score FILE --panel PANEL --rival-weights nan",
        "panel build FILE -o OUT --vocabulary VOCABULARY --index-bytes nan",
    ),
)
def test_nan_is_no_number_to_work_with(stemma, corpus, tmp_path, arguments):
    values = {
        "FILE": corpus.signature("heron"),
        "PANEL": corpus.panel,
        "OUT": tmp_path / "out",
        "VOCABULARY": corpus.vocabulary,
    }
    assert "nan" in stemma(*(values.get(a, a) for a in arguments.split()), code=2).err


def test_global_options_stand_before_or_behind_the_command(stemma, corpus):
    arguments = ["score", corpus.signature("heron"), "--panel", corpus.panel]
    assert stemma("--threads", 2, "-q", *arguments).out == stemma(*arguments, "--quiet", "--threads", "2").out


class TestAudit:
    def test_takes_one_candidate(self, stemma, corpus):
        wrong = stemma("audit", corpus.signature("heron"), corpus.signature("indigo"), "--panel", corpus.panel, code=2)
        assert "heron" in wrong.err and "indigo" in wrong.err and one_line(wrong.err) and not wrong.out

    def test_unknown_reference(self, stemma, corpus):
        wrong = stemma("audit", corpus.signature("heron"), "--panel", corpus.panel, "--reference", "nobody", code=3)
        assert "nobody" in wrong.err and one_line(wrong.err) and not wrong.out

    def test_text(self, stemma, corpus):
        shown = stemma("audit", corpus.signature("heron"), "--panel", corpus.panel, "--reference", "amber-70b")
        assert "heron" in shown.out and "amber-70b" in shown.out
        assert not accusations(shown.out)
        assert max(map(len, shown.out.splitlines())) <= 110

    def test_json_on_standard_output_stands_alone(self, stemma, corpus):
        shown = stemma("audit", corpus.signature("heron"), "--panel", corpus.panel, "--json", "-")
        report = json.loads(shown.out)
        assert "heron" in json.dumps(report) and not accusations(shown.out)

    def test_two_reports_on_standard_output_are_refused(self, stemma, corpus):
        wrong = stemma("audit", corpus.signature("heron"), "--panel", corpus.panel, "--json", "-", "--html", "-", code=2)
        assert "--html" in wrong.err and one_line(wrong.err) and not wrong.out

    def test_json_in_a_file_stands_beside_the_text(self, stemma, corpus, tmp_path):
        path = tmp_path / "report.json"
        arguments = ("audit", corpus.signature("heron"), "--panel", corpus.panel, "--no-provenance")
        shown = stemma(*arguments, "--json", path)
        assert shown.out == stemma(*arguments).out
        assert path.read_text(encoding="utf-8") == stemma(*arguments, "--json", "-").out

    def test_a_member_of_the_panel_is_told_that_it_is_one(self, stemma, corpus):
        report = stemma("audit", corpus.signature("cobalt"), "--panel", corpus.panel).out
        assert "cobalt" in report and "panel" in report


class TestInfo:
    def test_several_files(self, stemma, corpus):
        shown = stemma("info", corpus.signature("heron"), corpus.signature("cobalt")).out
        assert "heron" in shown and "cobalt" in shown

    def test_style(self, stemma, corpus):
        features = sum(len(row.style) for row in read_signature(corpus.signature("heron")).values())
        shown = stemma("info", corpus.signature("heron")).out
        assert features > 0 and re.search(f"^style +{features} features of answers$", shown, re.MULTILINE)

    def test_metadata(self, stemma, corpus):
        shown = stemma("info", corpus.signature("amber-7b")).out
        assert "Amber Works" in shown and "base_weights" in shown

    def test_panel(self, stemma, corpus):
        shown = stemma("panel", "info", corpus.panel).out
        assert "9 in 8 groups" in shown and "ember/mini" in shown

    def test_panel_check(self, stemma, corpus):
        shown = stemma("panel", "check", corpus.panel, "--reference", "cobalt").out
        assert "cobalt" in shown and not accusations(shown)
        assert "nobody" in stemma("panel", "check", corpus.panel, "--reference", "nobody", code=3).err

    def test_panel_coverage(self, stemma, corpus):
        shown = stemma(
            "panel", "coverage", corpus.file("heron"), corpus.signature("indigo"), "--panel", corpus.panel
        ).out
        rows = {
            line.split()[0]: line.split()[1:] for line in shown.splitlines() if line.startswith(("heron ", "indigo "))
        }
        answered = {model: len(corpus.answers[model]) for model in rows}
        assert rows == {model: [str(n), str(n), str(PROMPTS - n)] for model, n in answered.items()} and len(rows) == 2

    def test_vocabulary(self, stemma, corpus):
        shown = stemma("vocabulary", "info", corpus.vocabulary).out
        assert "400" in shown and re.search(r"\b[0-9a-f]{32}\b", shown)

    def test_no_words_of_answers_in_any_output(self, stemma, corpus):
        """Made-up words are in no dictionary, so that finding one means that it came from an answer."""
        words = {w for text in corpus.answers["heron"].values() for w in re.findall(r"\b[a-z]{7,}\b", text[0])}
        outputs = (
            stemma("info", corpus.signature("heron")).out
            + stemma("audit", corpus.signature("heron"), "--panel", corpus.panel).out
            + corpus.signature("heron").read_bytes().decode("latin-1")
            + corpus.panel.read_bytes().decode("latin-1")
        )
        assert {w for w in words if w in outputs} <= {"question"}
