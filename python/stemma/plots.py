"""Plots of results. Black and greys on white, told apart by line, mark and label: for print and for the colour-blind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stemma.auditing import AuditReport
    from stemma.comparing import SameResult
    from stemma.evaluation import Evaluation
    from stemma.mixing import MixtureReport
    from stemma.scoring import Scores

__all__ = ["cross_entropy", "effects", "family_tree", "innocents", "nearest", "shares", "tippett", "unlikeness"]

DARK, MIDDLE, LIGHT = "#000000", "#6b6b6b", "#bdbdbd"
CLASS_NAMES = {"weights": "shared weights", "distillation": "distillation"}


def _axes(ax: Axes | None, width: float = 6.4, height: float = 4.4) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def _class(result: Any, evidence_class: str) -> Any:
    for found in result.classes:
        if found["class"] == evidence_class:
            return found
    known = ", ".join(found["class"] for found in result.classes)
    raise ValueError(f"evidence_class must be one of {known}; got {evidence_class!r}")


def _curve(evaluation: Evaluation, evidence_class: str, name: str) -> Any:
    curves = _class(evaluation, evidence_class)["curves"]
    if curves is None:
        raise ValueError(f"there are no curves of {evidence_class}: no pair was judged")
    return curves[name]["columns"]


def _tidy(ax: Axes) -> None:
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(color="#e6e6e6", linewidth=0.6)
    ax.set_axisbelow(True)


def tippett(evaluation: Evaluation, evidence_class: str, ax: Axes | None = None) -> Axes:
    """Shares of pairs whose bounded LR is at least so large: derived pairs should stand right of 0, unrelated ones left."""
    ax = _axes(ax)
    curve = _curve(evaluation, evidence_class, "tippett_bounded")
    derived: dict[str, Any] = {"color": DARK, "linestyle": "-", "linewidth": 2.0, "label": "derived pairs"}
    unrelated: dict[str, Any] = {"color": MIDDLE, "linestyle": "--", "linewidth": 2.0, "label": "unrelated pairs"}
    ax.step(curve["llr_log10"], curve["h1_at_least"], where="pre", **derived)
    ax.step(curve["llr_log10"], curve["h2_at_least"], where="pre", **unrelated)
    ax.axvline(0, color=LIGHT, linewidth=1)
    ax.annotate("LR 1", (0, 0.2), xytext=(4, 0), textcoords="offset points", color=MIDDLE, fontsize=9)
    ax.set(
        xlabel="bounded LR, log10",
        ylabel="share of pairs with at least this LR",
        ylim=(-0.02, 1.02),
        title=f"Tippett plot, {CLASS_NAMES[evidence_class]}",
    )
    ax.legend(frameon=False, loc="center")
    _tidy(ax)
    return ax


def cross_entropy(evaluation: Evaluation, evidence_class: str, ax: Axes | None = None) -> Axes:
    """Empirical cross-entropy by prior odds: below the neutral line, the LRs inform; the best calibration is PAV's."""
    ax = _axes(ax)
    curve = _curve(evaluation, evidence_class, "ece")
    odds = curve["prior_odds_log10"]
    ax.plot(odds, curve["neutral"], color=MIDDLE, linestyle=":", linewidth=2.0, label="LR 1 always (neutral)")
    ax.plot(odds, curve["llrs"], color=DARK, linestyle="-", linewidth=2.0, label="the LRs")
    ax.plot(odds, curve["pav"], color=MIDDLE, linestyle="--", linewidth=1.6, label="after PAV (as if calibrated best)")
    ax.set(
        xlabel="prior odds of derivation, log10",
        ylabel="cross-entropy, bits",
        ylim=(0, 1.4 * max(max(curve[line]) for line in ("neutral", "llrs", "pav"))),  # room for the legend
        title=f"Empirical cross-entropy, {CLASS_NAMES[evidence_class]}",
    )
    ax.legend(frameon=False, loc="upper left")
    _tidy(ax)
    return ax


def innocents(report: AuditReport, evidence_class: str, ax: Axes | None = None) -> Axes:
    """The candidate's score on its nearest reference among the best scores of the groups that vote on it."""
    ax = _axes(ax, height=3.6)
    found = _class(report, evidence_class)
    subject = _subject(found)
    if subject is None:
        raise ValueError(f"no reference is judged for {evidence_class}: there is nothing to compare")
    votes = [vote["score"] for vote in found["votes"]]
    own = subject["score"]["value"]
    bars: dict[str, Any] = {"color": LIGHT, "edgecolor": "#ffffff", "label": f"best of each of {len(votes)} groups"}
    counts = ax.hist(votes, bins=_bins([*votes, own]), **bars)[0]
    ax.plot(votes, [-0.35] * len(votes), linestyle="", marker="|", color=MIDDLE, markersize=9)
    ax.vlines(own, -0.35, 1.15 * max(counts), color=DARK, linewidth=2.2)  # not into the legend
    ax.plot(
        [own], [-0.35], marker="v", color=DARK, markersize=8, linestyle="", label=f"{report.candidate.model}: {own:.2f}"
    )
    at_least = sum(vote >= own for vote in votes)
    ax.set(
        xlabel="score, standard deviations of unrelated pairs",
        ylabel="groups",
        ylim=(None, 1.5 * max(counts)),  # room for the legend
        title=f"{report.candidate.model} on {subject['reference']}, {CLASS_NAMES[evidence_class]}:\n"
        f"{at_least} of {len(votes)} groups score as high",
    )
    ax.legend(frameon=False, loc="upper center")
    _tidy(ax)
    return ax


def _subject(found: Any) -> Any:
    for family in found["families"]:
        for reference in family["references"]:
            if reference["reference"] == found["subject"]:
                return reference
    return None


def _bins(values: list[float]) -> list[float]:
    """Half a standard deviation wide, from below the lowest to above the highest."""
    first, last = int(min(values) * 2) - 1, int(max(values) * 2) + 2
    return [k / 2 for k in range(first, last + 1)]


def nearest(scores: Scores, by: Any, candidate: str | None, ax: Axes | None = None) -> Axes:
    """The ten references that a candidate scores highest on."""
    ax = _axes(ax, height=3.6)
    rows = scores.nearest(by, candidate, 10)
    if not rows:
        raise ValueError(f"no reference was scored by {by}")
    names, values = [row["reference"] for row in rows], [row[by] for row in rows]
    ax.hlines(range(len(rows)), 0, values, color=LIGHT, linewidth=2)
    ax.plot(values, range(len(rows)), linestyle="", marker="o", color=DARK)
    ax.axvline(0, color=MIDDLE, linewidth=0.8)
    ax.set_yticks(range(len(rows)), names)
    ax.invert_yaxis()
    ax.set(xlabel=f"{by}, standard deviations of unrelated pairs", title=rows[0]["candidate"])
    _tidy(ax)
    return ax


def _intervals(ax: Axes | None, labels: list[str], estimates: list[Any], scale: float = 1) -> Axes:
    """One estimate a row, the first on top, with its interval where it has one."""
    ax = _axes(ax, height=0.42 * len(labels) + 1.6)
    for row, estimate in enumerate(estimates):
        if estimate["lower"] is not None:
            limits = [scale * estimate["lower"], scale * estimate["upper"]]
            ax.plot(limits, [row, row], color=MIDDLE, linewidth=2.0, solid_capstyle="butt")
        if estimate["value"] is not None:
            ax.plot([scale * estimate["value"]], [row], marker="o", color=DARK, markersize=6, linestyle="")
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    _tidy(ax)
    return ax


def effects(result: SameResult, ax: Axes | None = None) -> Axes:
    """How far the answers of two sides differ, by statistic."""
    if result.mode == "stream":
        raise ValueError("a stream has no effects: it takes prompts one by one")
    statistics = result.statistics
    if not statistics:
        raise ValueError("no statistic changes with how answers are dealt: there is nothing to draw")
    labels = [f"{statistic.kernel}, {statistic.design}" for statistic in statistics]
    ax = _intervals(ax, labels, [statistic.effect for statistic in statistics])
    ax.axvline(0, color=LIGHT, linewidth=1)
    ax.set(xlabel="effect (0: no common difference)", title=f"{result.a.model} and {result.b.model}: {result.verdict}")
    return ax


def unlikeness(result: SameResult, ax: Axes | None = None) -> Axes:
    """By how much one side is less like the other than like itself: within the margin where the interval ends left of it."""
    if result.mode == "stream" or not result.equivalence.sides:
        raise ValueError("sameness was not tested: that takes several samples a prompt of A, and ten prompts")
    sides = result.equivalence.sides
    ax = _intervals(ax, [f"{side.kernel}, to {side.to.upper()}" for side in sides], [side.unlikeness for side in sides])
    for end in (-result.equivalence.margin, result.equivalence.margin):
        ax.axvline(end, color=MIDDLE, linewidth=1.2, linestyle="--")
    ax.set(
        xlabel="unlikeness (0: a rerun of itself, 1: answers to other prompts); dashed: the margin",
        title=f"{result.a.model} and {result.b.model}: {result.verdict}",
    )
    return ax


def shares(report: MixtureReport, ax: Axes | None = None) -> Axes:
    """Relayed shares, of prompts without copies."""
    labels = [*(component.maker for component in report.components), "other"]
    ax = _intervals(ax, labels, [*(component.relayed_share for component in report.components), report.other], scale=100)
    ax.set(xlim=(-2, 102), xlabel="share of the prompts, per cent", title=f"{report.candidate}: relayed shares")
    return ax


def family_tree(report: AuditReport, ax: Axes | None = None) -> Axes:
    """The stemma: likeness, no pedigree. Numbers are the share of draws of prompts that hold a join, in per cent."""
    tree = report.family_tree
    if tree is None:
        raise ValueError("the report has no family tree: too few prompts are shared with the panel")
    nodes = tree.nodes
    children: list[list[int]] = [[] for _ in nodes]
    for k, node in enumerate(nodes):
        if node.parent is not None:
            children[node.parent].append(k)
    x, y = _positions(nodes, children)
    leaves = [k for k in range(len(nodes)) if not children[k]]
    ax = _axes(ax, width=7.6, height=0.34 * len(leaves) + 1.2)
    for k, node in enumerate(nodes):
        if node.parent is not None:
            ax.plot([x[node.parent], x[node.parent], x[k]], [y[node.parent], y[k], y[k]], color=MIDDLE, linewidth=1.3)
        if node.support is not None:
            ax.annotate(
                f"{100 * node.support:.0f}",
                (x[k], y[k]),
                xytext=(-3, 3),
                textcoords="offset points",
                ha="right",
                fontsize=7,
            )
    for k in leaves:
        is_candidate = nodes[k].kind == "candidate"
        ax.plot(
            [x[k]], [y[k]], marker="D" if is_candidate else "o", color=DARK if is_candidate else MIDDLE, markersize=5
        )
        label = f"{report.candidate.model} (candidate)" if is_candidate else nodes[k].model
        weight = "bold" if is_candidate else "normal"
        ax.annotate(
            label, (x[k], y[k]), xytext=(7, 0), textcoords="offset points", va="center", fontsize=9, fontweight=weight
        )
    # Room for names to the right.
    ax.set_xlim(-0.02 * max(x), 1.55 * max(x))
    ax.set_ylim(len(leaves) - 0.4, -0.6)
    ax.set_yticks([])
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set(xlabel="branches: standard deviations of unrelated pairs", title="Likeness, no pedigree")
    return ax


def _positions(nodes: Any, children: list[list[int]]) -> tuple[list[float], list[float]]:
    """Of each node its way from the root, and its height: leaves in order, joins between their children."""
    x, y = [0.0] * len(nodes), [0.0] * len(nodes)
    root = next(k for k, node in enumerate(nodes) if node.parent is None)
    for k in range(len(nodes) - 1, -1, -1):  # each node stands before its parent
        if k != root:
            x[k] = x[nodes[k].parent] + max(0.0, nodes[k].branch_length)
    order: list[int] = []
    waiting = [root]
    while waiting:
        k = waiting.pop()
        order.append(k)
        waiting.extend(children[k])
    for row, k in enumerate(k for k in order if not children[k]):
        y[k] = float(row)
    for k in reversed(order):
        if children[k]:
            y[k] = sum(y[child] for child in children[k]) / len(children[k])
    return x, y
