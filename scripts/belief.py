"""Is one score better than another on the development split, and does that hang on a few models? (NumPy)"""
import collections

import numpy as np

DRAWS = 2000


def rank1(judge, scores):
    """Share of pairs whose reference comes first of its rivals, each group of candidates weighing the same."""
    first = [all(scores(c, x) < scores(c, r) for x in judge.rivals[c, r]) for c, r in judge.pos]
    return float(np.average(first, weights=judge.wpos))


def members_of(judge, reference):
    """By group, how many unrelated candidates the reference has."""
    return collections.Counter(judge.lin.group[c] for c in judge.neg[reference])


class Belief:
    """Of one score: what each group of models adds to anchored AUC and Cllr, so that groups can be drawn and left out."""

    def __init__(self, evaluate, judge, scores):
        group = judge.lin.group
        self.groups = sorted({group[c] for c, _ in judge.pos} | {group[c] for cs in judge.neg.values() for c in cs})
        at = {g: k for k, g in enumerate(self.groups)}
        self.teachers = np.array([r for _, r in judge.pos])
        self.students = np.array([at[group[c]] for c, _ in judge.pos])
        self.weights = judge.wpos
        # By positive pair and group: weight of unrelated candidates on the same reference, and of those below the pair.
        self.unrelated = np.zeros((len(judge.pos), len(self.groups)))
        self.below = np.zeros_like(self.unrelated)
        for k, (candidate, reference) in enumerate(judge.pos):
            score, members = scores(candidate, reference), members_of(judge, reference)
            for c in judge.neg[reference]:
                g, other, share = at[group[c]], scores(c, reference), 1 / members[group[c]]
                self.unrelated[k, g] += share
                self.below[k, g] += share * ((score > other) + .5 * (score == other))
        self._calibrate(evaluate, judge, scores, at)

    def _calibrate(self, evaluate, judge, scores, at):
        """The judge's log LRs: by pairs of other groups on other references."""
        group = judge.lin.group
        pairs = judge.pos + [(c, r) for r, cs in sorted(judge.neg.items()) for c in cs]
        true = np.arange(len(pairs)) < len(judge.pos)
        x = np.array([scores(c, r) for c, r in pairs])
        groups = np.array([at[group[c]] for c, _ in pairs])
        references = np.array([r for _, r in pairs])
        members = {r: members_of(judge, r) for r in judge.neg}
        weights = np.concatenate([judge.wpos, [1 / members[r][group[c]] for c, r in pairs[len(judge.pos):]]])
        llr = np.zeros(len(pairs))
        for g, r in sorted(set(zip(groups, references))):
            test, train = (groups == g) & (references == r), (groups != g) & (references != r)
            if true[train].sum() < 3:
                train = groups != g
            w = weights[train].copy()
            for truth in (True, False):
                w[true[train] == truth] /= w[true[train] == truth].sum()
            slope, intercept = evaluate.fit_logistic(x[train], true[train] * 1., w * train.sum() / 2, l2=1.0)
            llr[test] = slope * x[test] + intercept
        self.true, self.pair_groups, self.pair_references, self.pair_weights = true, groups, references, weights
        self.cost = np.logaddexp(0, np.where(true, -llr, llr)) / np.log(2)

    def anchored(self, counts, teacher=None):
        """`counts[draw, group]`: how often each group was drawn."""
        with np.errstate(invalid="ignore"):
            shares = (counts @ self.below.T) / (counts @ self.unrelated.T)
        weights = self.weights * counts[:, self.students] * (self.teachers != teacher) * ~np.isnan(shares)
        return (np.nan_to_num(shares) * weights).sum(1) / weights.sum(1)

    def cllr(self, counts, teacher=None):
        weights = self.pair_weights * counts[:, self.pair_groups] * (self.pair_references != teacher)
        sides = [weights * side for side in (self.true, ~self.true)]
        return sum((side * self.cost).sum(1) / side.sum(1) for side in sides) / 2


def gains(before, after):
    """By figure: the difference, its 95 % interval, and of the cases with a teacher or a lab left out: how many change the
    sign, how many there are, the smallest and largest difference."""
    rng = np.random.default_rng(1)
    n = len(before.groups)
    once = np.ones((1, n))
    draws = np.array([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(DRAWS)], float)
    out = {}
    for figure, of in (("anchored AUC", Belief.anchored), ("Cllr", Belief.cllr)):
        def difference(counts, teacher=None):
            return of(after, counts, teacher) - of(before, counts, teacher)
        gain = difference(once)[0]
        low, high = np.nanpercentile(difference(draws), [2.5, 97.5])
        left_out = {"teacher": np.array([difference(once, t)[0] for t in sorted(set(before.teachers))]),
                    "lab": difference(np.ones((n, n)) - np.eye(n))}
        out[figure] = {"gain": gain, "low": low, "high": high}
        for what, values in left_out.items():
            out[figure][what] = int((np.sign(values) != np.sign(gain)).sum()), len(values), values.min(), values.max()
    return out


def is_believable(gain, better):
    """`better` is 1 where more is better, -1 where less is."""
    return ((gain["low"] > 0 if better > 0 else gain["high"] < 0)
            and all(gain[what][0] == 0 for what in ("teacher", "lab")))
