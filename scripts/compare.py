#!/usr/bin/env python3
"""Is one table of scores better than another, and does the gain last? (NumPy; needs the judge of ../shared)

usage: compare.py BEFORE.tsv[:COLUMN] AFTER.tsv[:COLUMN] [CLASS [SHARED]]
CLASS   api (distillation; default) or weights
SHARED  folder with tools/evaluate.py and data/labels (default: ../shared)

Prints, for anchored and interaction AUC on the development split: both figures; their difference with the 95 % interval of a
paired bootstrap over groups of models (positives and negatives together, 1,000 draws); the smallest and largest difference
when each teacher (reference) and each lab (group of students) is left out in turn; and how many of those change sign.
"""
import collections
import importlib.util
import pathlib
import sys

import numpy as np


def load_judge(shared):
    spec = importlib.util.spec_from_file_location("evaluate", shared / "tools/evaluate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_scores(argument, default):
    path, _, column = argument.partition(":")
    with open(path, encoding="utf-8") as lines:
        header = next(lines).rstrip("\n").split("\t")
        at = header.index(column or default)
        return {(row[0], row[1]): float(row[at]) for row in (line.rstrip("\n").split("\t") for line in lines)}


def anchored(evaluate, lineage, judge, scores, weight_of_group):
    """By positive pair: the share of unrelated candidates below it on the same reference; NaN where none is left."""
    out = np.full(len(judge.pos), np.nan)
    for reference, negatives in judge.neg.items():
        members = collections.Counter(lineage.group[c] for c in negatives)
        weights = np.array([weight_of_group[lineage.group[c]] / members[lineage.group[c]] for c in negatives], float)
        if weights.sum() == 0:
            continue
        values = np.array([scores[c, reference] for c in negatives])
        for k, (candidate, r) in enumerate(judge.pos):
            if r == reference:
                out[k] = evaluate.wauc(np.array([scores[candidate, r]]), np.ones(1), values, weights)[1][0]
    return out


def interaction(lineage, judge, scores, weight_of_group):
    out = np.full(len(judge.pos), np.nan)
    for k, (candidate, reference) in enumerate(judge.pos):
        rivals, negatives = judge.rivals[candidate, reference], judge.neg[reference]
        labs = collections.Counter(lineage.dev[r] for r in rivals)
        members = collections.Counter(lineage.group[c] for c in negatives)
        unrelated = judge._unrel(candidate, reference)
        theirs = np.array([[scores[c, reference] - scores[c, r] if unrelated[i, j] else 0. for j, r in enumerate(rivals)]
                           for i, c in enumerate(negatives)])
        own = np.array([scores[candidate, reference] - scores[candidate, r] for r in rivals])
        weights = (np.array([weight_of_group[lineage.group[c]] / members[lineage.group[c]] for c in negatives])[:, None]
                   * np.array([1 / labs[lineage.dev[r]] for r in rivals])[None, :] * unrelated)
        if weights.sum() > 0:
            out[k] = (weights * ((own > theirs) + .5 * (own == theirs))).sum() / weights.sum()
    return out


def mean(values, weights):
    there = ~np.isnan(values) & (weights > 0)
    return float((values[there] * weights[there]).sum() / weights[there].sum()) if there.any() else np.nan


def main():
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    kind = sys.argv[3] if len(sys.argv) > 3 else "api"
    shared = pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else "../shared")
    evaluate = load_judge(shared)
    labels = shared / "data/labels"
    lineage = evaluate.Lineage(*(str(labels / f"{name}.tsv") for name in ("lineage", "families", "split")))
    judge = evaluate.Judge(lineage, kind, "dev")
    default = "score_distillation" if kind == "api" else "score_weights"
    before, after = (read_scores(argument, default) for argument in sys.argv[1:3])
    students = np.array([lineage.group[c] for c, _ in judge.pos])
    teachers = np.array([r for _, r in judge.pos])
    groups = sorted(set(students) | {lineage.group[c] for negatives in judge.neg.values() for c in negatives})
    alike = dict.fromkeys(groups, 1)
    for name, measure in (("anchored", lambda s, w: anchored(evaluate, lineage, judge, s, w)),
                          ("interaction", lambda s, w: interaction(lineage, judge, s, w))):
        old, new = measure(before, alike), measure(after, alike)
        gain = new - old
        rng = np.random.default_rng(1)
        draws = []
        for _ in range(1000 if name == "anchored" else 200):
            counts = dict(zip(groups, np.bincount(rng.integers(0, len(groups), len(groups)), minlength=len(groups))))
            weights = judge.wpos * np.array([counts[g] for g in students])
            draws.append(mean(measure(after, counts) - measure(before, counts), weights))
        low, high = np.nanpercentile(draws, [2.5, 97.5])
        print(f"{name:12s} {mean(old, judge.wpos):.4f} -> {mean(new, judge.wpos):.4f}  {mean(gain, judge.wpos):+.4f} [{low:+.4f}, {high:+.4f}]")
        for what, values in (("teacher", teachers), ("lab", students)):
            left = [mean(gain[values != v], judge.wpos[values != v]) for v in sorted(set(values))]
            against = sum(np.sign(g) == -np.sign(mean(gain, judge.wpos)) for g in left)
            print(f"  each {what:8s} left out: {min(left):+.4f} to {max(left):+.4f}; {against} of {len(left)} change sign")


if __name__ == "__main__":
    main()
