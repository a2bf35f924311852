"""Plots draw what the results say, onto the axes that they are given, and in greys."""

import matplotlib
import pytest

import stemma

matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(scope="module")
def report(demo):
    return stemma.audit(demo)


@pytest.fixture(scope="module")
def evaluation():
    return stemma.evaluate()


@pytest.fixture(scope="module")
def scores(demo):
    return stemma.score(demo)


PLOTS = {
    "innocents": lambda request, ax: request("report").plot(ax),
    "innocents of a class": lambda request, ax: request("report").plot(ax, evidence_class="weights"),
    "tree": lambda request, ax: request("report").plot(ax, kind="tree"),
    "tippett": lambda request, ax: request("evaluation").plot(ax),
    "ece": lambda request, ax: request("evaluation").plot(ax, kind="ece", evidence_class="distillation"),
    "nearest": lambda request, ax: request("scores").plot(ax),
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize("which", PLOTS)
def test_every_plot(which, request, tmp_path):
    figure, ax = plt.subplots()
    assert PLOTS[which](request.getfixturevalue, ax) is ax
    figure.savefig(tmp_path / "plot.png")
    assert PLOTS[which](request.getfixturevalue, None) is not ax
    assert ax.get_title() and ax.get_xlabel()
    for artist in (*ax.lines, *ax.patches, *ax.texts):
        colours = [artist.get_facecolor() if hasattr(artist, "get_facecolor") else artist.get_color()]
        for red, green, blue, _ in map(matplotlib.colors.to_rgba, colours):
            assert red == green == blue, artist


def test_the_tippett_plot_is_the_curve(evaluation):
    ax = evaluation.plot()
    columns = evaluation.classes[0].curves.tippett_bounded.columns
    assert tuple(ax.lines[0].get_ydata()) == columns.h1_at_least
    assert tuple(ax.lines[1].get_xdata()) == columns.llr_log10


def test_the_tree_names_each_leaf_once(report):
    texts = [text.get_text() for text in report.plot(kind="tree").texts]
    for node in report.family_tree.nodes:
        if node.kind not in ("join", "candidate"):
            assert texts.count(node.model) == 1
    assert f"{report.candidate.model} (candidate)" in texts


def test_kinds_and_classes_that_are_not_there(report, evaluation):
    for wrong in (
        lambda: report.plot(kind="pie"),
        lambda: report.plot(evidence_class="luck"),
        lambda: evaluation.plot(kind="pie"),
        lambda: evaluation.plot(evidence_class="luck"),
    ):
        with pytest.raises(ValueError):
            wrong()
