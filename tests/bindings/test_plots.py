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


@pytest.fixture(scope="module")
def comparison():
    """Of made-up answers, several to a prompt on either side."""
    sides = []
    for model in ("owl", "wren"):
        rows = [(prompt, sample) for prompt in range(12) for sample in range(3)]
        text = [f"The {model if sample else 'bird'} of {prompt} says {(7 * prompt + sample) % 5} and {sample}." for prompt, sample in rows]
        prompts, samples = zip(*rows)
        sides.append({"model": [model] * 36, "prompt": [f"What of {p}?" for p in prompts], "sample": list(samples), "response": text})
    return stemma.same(*sides, draws=99)


@pytest.fixture(scope="module")
def mixture(demo):
    return stemma.mixture(demo, draws=40)


PLOTS = {
    "innocents": lambda request, ax: request("report").plot(ax),
    "innocents of a class": lambda request, ax: request("report").plot(ax, evidence_class="weights"),
    "tree": lambda request, ax: request("report").plot(ax, kind="tree"),
    "tippett": lambda request, ax: request("evaluation").plot(ax),
    "ece": lambda request, ax: request("evaluation").plot(ax, kind="ece", evidence_class="distillation"),
    "nearest": lambda request, ax: request("scores").plot(ax),
    "effects": lambda request, ax: request("comparison").plot(ax),
    "unlikeness": lambda request, ax: request("comparison").plot(ax, kind="unlikeness"),
    "shares": lambda request, ax: request("mixture").plot(ax),
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


def test_intervals_are_those_of_the_results(comparison, mixture):
    drawn = [(line.get_xdata(), line.get_ydata()) for line in comparison.plot().lines if len(line.get_xdata()) == 2]
    effects = [statistic.effect for statistic in comparison.statistics]
    assert [(list(x), list(y)) for x, y in drawn if y[0] == y[1]] == [
        ([effect.lower, effect.upper], [row, row]) for row, effect in enumerate(effects) if effect.lower is not None
    ]
    labels = [text.get_text() for text in mixture.plot().get_yticklabels()]
    assert labels == [*(component.maker for component in mixture.components), "other"]


def test_kinds_and_classes_that_are_not_there(report, evaluation, comparison):
    for wrong in (
        lambda: comparison.plot(kind="pie"),
        lambda: report.plot(kind="pie"),
        lambda: report.plot(evidence_class="luck"),
        lambda: evaluation.plot(kind="pie"),
        lambda: evaluation.plot(evidence_class="luck"),
    ):
        with pytest.raises(ValueError):
            wrong()
