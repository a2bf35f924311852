"""How near models are by embeddings of their answers, scored as `stemma score` scores n-grams. (NumPy)

A model's vector at a prompt is the mean of its answers' vectors. The panel's mean at that prompt, each group weighing the
same, is taken off; what is left of two models meets in a cosine, whose mean over shared prompts is their similarity. Prompts
at which one answer copies the other are left out. Similarities are double-centred and divided by the spread of unrelated
pairs; a share of the best rival's score may then be taken off. The candidate's group is left out of every mean, weight and
spread, so that it is scored as a stranger.
"""
import dataclasses

import numpy as np

MIN_PROMPTS_BESIDE_COPIES = 10


@dataclasses.dataclass
class Population:
    """The labelled models. `panel`, `references`, `known` and `counts` are masks: of those in the panel, that may be anyone's
    source, whose lineage is known, that speak for their group (none degenerate, all in the panel)."""
    models: list
    groups: np.ndarray
    organisations: np.ndarray
    panel: np.ndarray
    references: np.ndarray
    known: np.ndarray
    counts: np.ndarray

    def weights_without(self, group):
        """One voice a group, none for `group`."""
        voices = self.counts & (self.groups != group)
        members = {g: np.sum(voices & (self.groups == g)) for g in set(self.groups)}
        return np.array([1 / members[g] if voice else 0. for g, voice in zip(self.groups, voices)])


def population_of(lineage, panel_models):
    """`lineage` is the judge's. Lineage is known where something is documented, and nothing of an ancestor as undisclosed."""
    models = sorted(lineage.models)
    documented = {row["model"] for row in lineage.rows}
    panel = np.array([m in set(panel_models) for m in models])
    sound = np.array([m not in lineage.degenerate for m in models])
    references = panel & sound & np.array([m in set(lineage.refs) for m in models])
    return Population(
        models, np.array([lineage.group[m] for m in models]), np.array([lineage.dev[m] for m in models]), panel, references,
        references & np.array([m in documented and m in lineage.clean for m in models]), panel & sound)


@dataclasses.dataclass
class Answers:
    """Mean vectors and hashes of the models' answers: `vectors[model, prompt]`, 0 where there is none."""
    vectors: np.ndarray
    hashes: np.ndarray  # 0 where there is no answer

    @property
    def there(self):
        return self.hashes != 0


class Meeting:
    """Inner products of candidates' and panel models' vectors at each prompt; any panel mean can be taken off afterwards."""

    def __init__(self, candidates, panel):
        left, right = (a.vectors.transpose(1, 0, 2).astype(np.float64) for a in (candidates, panel))
        self.cross = left @ right.transpose(0, 2, 1)
        self.panel = self.cross if candidates is panel else right @ right.transpose(0, 2, 1)
        self.squares = np.einsum("pmd,pmd->pm", left, left), np.einsum("pmd,pmd->pm", right, right)
        self.there = candidates.there.T, panel.there.T
        copies = (candidates.hashes.T[:, :, None] == panel.hashes.T[:, None, :]) & self.there[0][:, :, None]
        shared = self.there[0].T.astype(int) @ self.there[1].astype(int)
        self.copies = np.nonzero(copies & (shared - copies.sum(0) >= MIN_PROMPTS_BESIDE_COPIES))

    def similarity(self, weights):
        """By candidate and panel model: the mean cosine; NaN where no prompt is shared."""
        w = self.there[1] * weights
        w = w / w.sum(1, keepdims=True)
        left_mean, right_mean = ((products @ w[:, :, None])[:, :, 0] for products in (self.cross, self.panel))
        mean_square = (right_mean * w).sum(1, keepdims=True)
        # A centred vector's length, as what a product must be multiplied by; 0 where there is none.
        a, b = (there * inverse_root(square - 2 * mean + mean_square)
                for there, square, mean in zip(self.there, self.squares, (left_mean, right_mean)))
        sums = (np.einsum("pc,pr,pcr->cr", a, b, self.cross) - (a * (left_mean - mean_square)).T @ b
                - a.T @ (b * right_mean))
        counts = (a > 0).T.astype(float) @ (b > 0)
        p, c, r = self.copies
        cosines = a[p, c] * b[p, r] * (self.cross[p, c, r] - left_mean[p, c] - right_mean[p, r] + mean_square[p, 0])
        np.subtract.at(sums, (c, r), cosines)
        np.subtract.at(counts, (c, r), (a[p, c] > 0) & (b[p, r] > 0))
        with np.errstate(invalid="ignore", divide="ignore"):
            return sums / counts


def inverse_root(squares):
    return np.where(squares > 1e-9, 1 / np.sqrt(np.maximum(squares, 1e-9)), 0)


def weighted_mean(values, weights):
    weights = np.where(np.isnan(values), 0, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.nan_to_num(values) * weights).sum(-1) / weights.sum(-1)


def standardised(rows, groups_of_rows, matrix, population, weights):
    """Rows of similarities, double-centred and in standard deviations of the panel's pairs of different groups."""
    differ = population.groups[:, None] != population.groups[None, :]
    typicality = weighted_mean(matrix, differ * weights)
    pair_weights = (differ * weights * weights[:, None])[np.triu_indices(len(matrix), 1)]
    pairs = matrix[np.triu_indices(len(matrix), 1)]
    overall = weighted_mean(pairs, pair_weights)
    centred = (matrix - typicality[:, None] - typicality[None, :] + overall)[np.triu_indices(len(matrix), 1)]
    mean = weighted_mean(centred, pair_weights)
    deviation = np.sqrt(weighted_mean(centred**2, pair_weights) - mean**2)
    own = weighted_mean(rows, (groups_of_rows[:, None] != population.groups[None, :]) * weights)
    return (rows - own[:, None] - typicality[None, :] + overall) / deviation


def scores_as_strangers(population, similarities, plain_similarities):
    """Similarities without each group, of candidates and of the panel's own models: `similarities[group][candidate, model]`.
    Returns standardised scores by candidate and model; NaN for a candidate with itself and outside the panel."""
    out = np.full((len(population.models),) * 2, np.nan)
    for group in sorted(set(population.groups)):
        rows = np.flatnonzero(population.groups == group)
        out[rows] = standardised(similarities[group][rows], population.groups[rows], plain_similarities[group], population,
                                 population.weights_without(group))
    out[:, ~population.panel] = np.nan
    np.fill_diagonal(out, np.nan)
    return out


def similarities_without_groups(meeting, population):
    return {group: meeting.similarity(population.weights_without(group)) for group in sorted(set(population.groups))}


def less_rivals(scores, population, share, known_only=False):
    """Less a share of each candidate's best score on references of other organisations than its own and the reference's."""
    eligible = population.known if known_only else population.references
    rivals = np.where(eligible, np.nan_to_num(scores, nan=-np.inf), -np.inf)
    out = np.empty_like(scores)
    for organisation in set(population.organisations):
        of_it = population.organisations == organisation
        others = np.where(of_it | (population.organisations[:, None] == population.organisations), -np.inf, rivals)
        best = others.max(1)
        out[:, of_it] = scores[:, of_it] - share * np.where(np.isfinite(best), best, 0)[:, None]
    return out
