"""Results say what the program says, byte for byte, in every form, and cannot be changed."""

import copy
import csv
import io
import json
import pickle

import pytest

import stemma


@pytest.fixture(scope="module")
def panel():
    return stemma.Panel.open()


@pytest.fixture(scope="module")
def report(panel, demo):
    return stemma.audit(demo, panel=panel)


@pytest.fixture(scope="module")
def scores(panel, demo):
    return stemma.score(demo, panel=panel)


@pytest.fixture(scope="module")
def evaluation(panel):
    return stemma.evaluate(panel)


@pytest.mark.parametrize(
    ("python", "program"),
    [
        ({}, []),
        ({"embeddings": False}, ["--no-embeddings"]),
        ({"mixture": False}, ["--no-mixture"]),
        ({"reference": "gpt4"}, ["--reference", "gpt4"]),
        (
            {"reference": ["gpt4", "claude"], "prior": 0.2, "alpha": 0.1, "threads": 1},
            ["--reference", "gpt4", "--reference", "claude", "--prior", "0.2", "--alpha", "0.1"],
        ),
    ],
)
def test_the_audit_is_the_programs(python, program, panel, demo, cli):
    expected = cli("audit", demo, "--json", "-", "--no-provenance", *program)
    assert stemma.audit(demo, panel=panel, **python).to_json().encode() == expected


def test_embeddings_of_a_file_and_of_a_signature(panel, report, demo):
    """Those that stand beside a signature's file do so no more where the signature was read by itself."""
    nearest = report.embeddings.nearest
    assert nearest.reference == report.embeddings.references[0].reference
    assert nearest.agrees == (nearest.reference == nearest.nearest_by_ngrams)
    assert report.embeddings.enters == "no likelihood ratio and no verdict"
    alone = stemma.audit(stemma.Signature.read(demo), panel=panel)
    assert alone.embeddings is None and alone.classes == report.classes


def test_the_audit_of_a_table_is_that_of_its_file(panel, example, cli):
    """With what was counted while reading, which a signature does not hold."""
    pandas = pytest.importorskip("pandas")
    expected = cli("audit", example, "--name", "example", "--json", "-", "--no-provenance")
    frame = pandas.read_json(example, lines=True)
    assert stemma.audit(frame, panel=panel, name="example").to_json().encode() == expected
    responses = stemma.read_responses(frame, name="example")
    assert stemma.audit(responses, panel=panel).to_json().encode() == expected
    assert stemma.audit(example, panel=panel, name="example").to_json().encode() == expected


def test_the_text_and_markdown_are_the_programs(report, demo, cli):
    assert str(report).encode() == cli("audit", demo)
    assert report.to_markdown().encode() == cli("audit", demo, "--markdown", "-")


def test_scores_are_the_programs(scores, demo, cli):
    rows = list(csv.DictReader(io.StringIO(cli("score", demo).decode()), delimiter="\t"))
    assert len(rows) == len(scores.rows) > 100
    for theirs, ours in zip(rows, scores.rows):
        assert list(theirs) == list(ours)
        for name, value in ours.items():
            assert theirs[name] == (
                "NA" if value is None else f"{value:.9g}" if isinstance(value, float) else str(value)
            )


def test_the_shares_of_rivals_are_the_programs(panel, demo, cli):
    program = cli("score", demo, "--rival-weights", "0", "--rival-ranking", "0.3").decode().splitlines()[1].split("\t")
    ours = stemma.score(demo, panel=panel, rival_weights=0, rival_ranking=0.3).rows[0]
    assert [program[2], program[4]] == [f"{ours.score_weights:.9g}", f"{ours.score_ranking:.9g}"]


def test_the_evaluation_is_the_programs(evaluation, cli):
    assert evaluation.to_json().encode() == cli("evaluate", "--json", "-")
    assert str(evaluation).encode() == cli("evaluate")


def test_the_panel_is_told_as_in_a_report(panel, report):
    told = report.panel.to_dict()
    assert {key: value for key, value in panel.to_dict().items() if key != "calibrated"} == {
        key: value for key, value in told.items() if key != "calibration"
    }
    assert len(panel.list_models()) == panel.models


def test_fields_are_named_as_in_the_json(report, evaluation):
    document = json.loads(report.to_json())
    assert report.to_dict() == document
    for name, value in document["canonical"].items():
        assert copy.deepcopy(_plain(getattr(report, name))) == value
    assert report.digest == document["digest"]
    assert report.headline["class"] == report.headline.to_dict()["class"]
    assert evaluation.to_dict() == json.loads(evaluation.to_json())


def _plain(value):
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


@pytest.mark.parametrize("which", ["report", "scores", "evaluation", "panel", "signature", "responses"])
def test_every_result(which, request, demo, example):
    make = {
        "signature": lambda: stemma.Signature.read(demo),
        "responses": lambda: stemma.read_responses(example, name="example"),
    }
    result = make[which]() if which in make else request.getfixturevalue(which)
    assert "stemma." in repr(result) and len(repr(result)) < 300
    assert "<" in result._repr_html_()
    assert json.loads(result.to_json()) == result.to_dict()
    name = next(iter(result.to_dict()))
    for change in (lambda: setattr(result, name, 1), lambda: delattr(result, name), lambda: setattr(result, "new", 1)):
        with pytest.raises(AttributeError, match="cannot be changed"):
            change()
    result.to_dict().clear()
    assert result.to_dict()
    assert result == result and isinstance(hash(result), int)
    with pytest.raises(AttributeError):
        result.no_such_field
    if which != "responses":  # those stay where they are
        again = pickle.loads(pickle.dumps(result))
        assert again == result and again.to_json() == result.to_json()


@pytest.mark.parametrize("which", ["report", "scores", "evaluation", "panel"])
def test_frames(which, request):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    result = request.getfixturevalue(which)
    frame, other = result.to_frame(), result.to_frame("polars")
    assert isinstance(frame, pandas.DataFrame) and isinstance(other, polars.DataFrame)
    assert list(frame.columns) == other.columns and len(frame) == len(other) > 50
    with pytest.raises(ValueError, match="backend must be"):
        result.to_frame("spark")


def test_the_frame_of_an_audit_holds_each_reference_of_both_classes(report):
    frame = report.to_frame()
    for found in report.classes:
        mine = frame[frame["class"] == found["class"]]
        named = [reference.reference for family in found.families for reference in family.references]
        assert list(mine["reference"]) == named


def test_the_notebooks_page_is_the_reports(report):
    import html
    import re

    page = html.unescape(re.search(r'srcdoc="([^"]*)"', report._repr_html_()).group(1))
    assert page == report.to_html()
    assert 'sandbox=""' in report._repr_html_()


def test_nested_records_cannot_be_changed(report):
    with pytest.raises(AttributeError):
        report.candidate.model = "another"
    with pytest.raises(TypeError):
        report.candidate["model"] = "another"
    with pytest.raises(TypeError):
        report.classes[0] = None


def test_signatures_are_files_of_the_program(demo, tmp_path):
    signature = stemma.Signature.read(demo)
    assert signature.to_bytes() == demo.read_bytes()
    signature.write(tmp_path / "again.stemma")
    assert (tmp_path / "again.stemma").read_bytes() == demo.read_bytes()
