"""`stemma reproduce` and `stemma diff`: a report comes out byte for byte, or what differs first is named."""

import json

import pytest


def audit(stemma, styled, path, *more):
    """With what a report must carry by itself: a name, what is documented, a declared reference."""
    stemma("audit", styled.file("heron"), *styled.metadata, "--name", "renamed", "--panel", styled.panel,
           "--reference", "amber-70b", "--json", path, *more)
    return path


@pytest.fixture(scope="module")
def report(stemma, styled, tmp_path_factory):
    return audit(stemma, styled, tmp_path_factory.mktemp("reproduce") / "report.json")


def edit(report, path, *keys, value):
    changed = json.loads(report.read_text(encoding="utf-8"))
    parent = changed
    for key in keys[:-1]:
        parent = parent[key]
    parent[keys[-1]] = value
    path.write_text(json.dumps(changed, indent=2), encoding="utf-8")
    return path


class TestReproduce:
    def test_from_what_the_report_names(self, stemma, report):
        for threads in (1, 3):
            assert "reproduced byte for byte" in stemma("reproduce", report, "--threads", threads).out

    def test_from_other_files_of_the_same_responses(self, stemma, styled, report, tmp_path):
        rows = styled.file("heron").read_text(encoding="utf-8").strip("\n").split("\n")
        (tmp_path / "other.jsonl").write_text("\n".join(rows[::-1]), encoding="utf-8")
        panel = tmp_path / "panel"
        panel.write_bytes(styled.panel.read_bytes())
        assert "byte for byte" in stemma("reproduce", report, tmp_path / "other.jsonl", "--panel", panel).out

    def test_from_a_signature(self, stemma, styled, tmp_path):
        path = tmp_path / "report.json"
        stemma("audit", styled.signature("heron"), "--panel", styled.panel, "--json", path)
        assert "byte for byte" in stemma("reproduce", path).out

    def test_bad_records_are_left_out_again(self, stemma, styled, tmp_path):
        rows = styled.file("heron").read_text(encoding="utf-8")
        (tmp_path / "in.jsonl").write_text(rows + "{\n", encoding="utf-8")
        stemma("audit", tmp_path / "in.jsonl", "--skip-bad", "--panel", styled.panel, "--json", tmp_path / "r.json")
        assert "byte for byte" in stemma("reproduce", tmp_path / "r.json").out

    def test_filled_in_statements_change_nothing(self, stemma, report, tmp_path):
        filled = edit(report, tmp_path / "r.json", "canonical", "statements", "reviewer", value="somebody")
        assert "byte for byte" in stemma("reproduce", filled).out

    def test_other_responses(self, stemma, styled, report):
        shown = stemma("reproduce", report, styled.file("indigo"), code=1).out
        assert "the input digest /candidate/digest" in shown

    def test_another_panel(self, stemma, corpus, report):
        assert "vocabulary digest" in stemma("reproduce", report, "--panel", corpus.panel, code=1).out

    def test_an_edited_figure(self, stemma, report, tmp_path):
        keys = ("canonical", "classes", 0, "families", 1, "references", 0, "score", "value")
        shown = stemma("reproduce", edit(report, tmp_path / "r.json", *keys, value=9.5), code=1).out
        assert "edited after it was written" in shown
        assert "/classes/0/families/1/references/0/score/value: 9.5 in the report" in shown

    def test_an_edit_that_hides_itself(self, stemma, report, tmp_path):
        """With a digest that agrees: deriving it anew finds it all the same."""
        changed = edit(report, tmp_path / "r.json", "canonical", "headline", "verdict", value="supports_derivation")
        stated = stemma("reproduce", changed, code=1).out.split("canonical part is ")[1].split(",")[0]
        changed = edit(changed, tmp_path / "s.json", "digest", value=stated)
        shown = stemma("reproduce", changed, code=1).out
        assert "edited" not in shown and '/headline/verdict: "supports_derivation" in the report' in shown

    def test_without_provenance_inputs_must_be_named(self, stemma, styled, tmp_path):
        path = tmp_path / "r.json"
        stemma("audit", styled.file("heron"), "--panel", styled.panel, "--no-provenance", "--json", path)
        assert "name its inputs" in stemma("reproduce", path, "--panel", styled.panel, code=2).err
        assert "byte for byte" in stemma("reproduce", path, styled.file("heron"), "--panel", styled.panel).out

    def test_a_report_from_standard_input(self, stemma, styled, tmp_path):
        path = tmp_path / "r.json"
        stemma("audit", "-", "--panel", styled.panel, "--json", path, stdin=styled.file("heron").read_bytes())
        assert "standard input" in stemma("reproduce", path, code=2).err
        assert "byte for byte" in stemma("reproduce", path, styled.file("heron")).out


class TestDiff:
    def test_nothing_changed(self, stemma, styled, report, tmp_path):
        again = audit(stemma, styled, tmp_path / "again.json", "--threads", 1)
        assert stemma("diff", report, again).out.startswith("nothing changed")

    def test_another_candidate_comes_first(self, stemma, styled, report, tmp_path):
        other = tmp_path / "other.json"
        stemma("audit", styled.file("indigo"), *styled.metadata, "--panel", styled.panel, "--json", other)
        lines = stemma("diff", report, other, code=1).out.splitlines()
        assert lines[0] == "another candidate: renamed, then indigo [candidate]"
        assert lines[1].startswith("other responses (digest): ")
        assert any(line.startswith("references: ") and line.endswith("[parameters]") for line in lines)

    def test_an_edit_is_told(self, stemma, report, tmp_path):
        changed = edit(report, tmp_path / "r.json", "canonical", "classes", 0, "verdict", value="no_support")
        shown = stemma("diff", report, changed, code=1).out
        assert f"{changed}: edited after it was written" in shown
        assert "weights: verdict: insufficient_evidence, then no_support [verdict]" in shown


@pytest.mark.parametrize("command", ("reproduce {bad}", "diff {bad} {report}", "diff {report} {bad}"))
@pytest.mark.parametrize(
    ("content", "message"),
    (
        ("", "the file is empty"),
        ('{"canonical": {', "malformed JSON at byte 16"),
        ("[]", "/canonical is not an object"),
        ('{"canonical": {"schema_version": 1}}', "/digest is not a text"),
    ),
)
def test_no_report(stemma, report, tmp_path, command, content, message):
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    shown = stemma(*(part.format(bad=bad, report=report) for part in command.split()), code=2)
    assert shown.err.startswith(f"stemma: {bad}: ") and message in shown.err
    assert shown.err.count("\n") == 1 and not shown.out


def test_a_report_of_another_schema(stemma, report, tmp_path):
    other = edit(report, tmp_path / "r.json", "canonical", "schema_version", value=2)
    assert "schema_version is 2; this program knows 1" in stemma("diff", other, report, code=3).err


def test_no_file(stemma, tmp_path):
    assert "none.json" in stemma("reproduce", tmp_path / "none.json", code=3).err
