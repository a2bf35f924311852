"""`mixture` says what the program says."""

import json
import pickle

import pytest

import stemma


@pytest.fixture(scope="module")
def report(demo):
    return stemma.mixture(demo, draws=40)


def test_the_mixture_is_the_programs(report, demo, cli):
    assert report.to_json().encode() == cli("mixture", demo, "--draws", 40, "--json", "-")
    assert str(report).encode() == cli("mixture", demo, "--draws", 40)


def test_options_are_the_programs(report, demo, cli):
    left_out = report.components[0].nearest[0].model if report.components else "gpt4"
    found = stemma.mixture(demo, leave_out=left_out, draws=41, seed=3, threads=1)
    expected = cli("mixture", demo, "--leave-out", left_out, "--draws", 41, "--seed", 3, "--json", "-")
    assert found.to_json().encode() == expected
    assert found.options.left_out == (left_out,)


def test_the_frame_holds_each_prompt(report):
    pandas = pytest.importorskip("pandas")
    frame = report.to_frame()
    assert isinstance(frame, pandas.DataFrame) and len(frame) == report.used_prompts
    assert list(frame.columns) == ["prompt", "component", "responsibility"]


def test_it_is_a_result(report):
    assert repr(report).startswith("<stemma.MixtureReport: minotaur-13b: ")
    assert report.to_dict() == json.loads(report.to_json())
    assert pickle.loads(pickle.dumps(report)) == report
    assert "no dose of distillation" in report._repr_html_()
    with pytest.raises(AttributeError, match="cannot be changed"):
        report.other = None


def test_what_cannot_be_fitted_is_said(demo, example):
    with pytest.raises(ValueError, match=r"draws must be in \[40, 100000\], got 39"):
        stemma.mixture(demo, draws=39)
    with pytest.raises(FileNotFoundError, match="no-such-model"):
        stemma.mixture(demo, leave_out="no-such-model", draws=40)
    with pytest.raises(stemma.IncompatibleError, match="100"):
        stemma.mixture(example, name="example")
