"""The recipe's component A once more, in plain Python and NumPy: features of style, their space, and scores.

Beside reference_score.py, and like it written from the description alone and sharing nothing with lib/. What files round
(maps to float32, expected square roots to 1/255 and 1/65535, points to float32) is rounded here alike.
"""

import collections
import math
from dataclasses import dataclass

import numpy as np

from reference_score import MIN_PROMPTS_BESIDE_COPIES, Model, Reference
from stemma_files import MASK64, StyleSpace, hash64

WORDS, OPENINGS = 625, 750
PROMPTS_OF_WORD, PROMPTS_OF_OPENING = 8, 6
BLOCKS = 23
SET_DIRECTIONS, DIRECTIONS = 50, 60
WITHIN_SHARE, PAIR_SHARE = 0.8, 0.2
LENGTH_BINS = 23
PRIOR = 0.002
FINE_TUNES = ("finetuned_from", "sampled_from", "same_model")


def chain(value: int, symbol: int) -> int:
    """The hash of a sequence with one symbol more."""
    value = (value * 0x9E3779B97F4A7C15 + symbol) & MASK64
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK64
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK64
    return value ^ value >> 31


def word_features(tokens: list[str]) -> set[int]:
    return {hash64(token) for token in set(tokens)}


def sentence_openings(tokens: list[str]) -> set[tuple[str, ...]]:
    """Up to three tokens from where a sentence opens, behind a word that says whether a line or an item opens there."""
    out = set()
    for k, token in enumerate(tokens):
        before = tokens[k - 1] if k else "<N>"
        line = before in ("<N>", "<P>") or before.startswith("<L")
        if token not in ("<N>", "<P>") and (line or before in (".", "!", "?", ":")):
            where = "<LINE OPENING>" if line else "<OPENING>"
            out.update((where, *tokens[k : k + n]) for n in (1, 2, 3))
    return out


def opening_features(tokens: list[str]) -> set[int]:
    out = set()
    for first, *rest in sentence_openings(tokens):
        value = hash64(first)
        for token in rest:
            value = chain(value, hash64(token))
        out.add(value)
    return out


def commonest(uses: list[tuple[str, set[int]]], most: int, min_prompts: int) -> list[int]:
    """Of (prompt, features of one answer): the features that most answers have, of those at enough prompts; sorted."""
    answers, prompts = collections.Counter(), collections.defaultdict(set)
    for prompt, features in uses:
        answers.update(features)
        for feature in features:
            prompts[feature].add(prompt)
    ranked = sorted((f for f in answers if len(prompts[f]) >= min_prompts), key=lambda f: (-answers[f], f))
    return sorted(ranked[:most])


def fit_features(answers: list[tuple[str, list[str]]]) -> tuple[list[int], list[int]]:
    """The words and the openings of (prompt, tokens of one answer), of models that are not degenerate."""
    words = commonest([(p, word_features(tokens)) for p, tokens in answers], WORDS, PROMPTS_OF_WORD)
    openings = commonest([(p, opening_features(tokens)) for p, tokens in answers], OPENINGS, PROMPTS_OF_OPENING)
    return words, openings


class Features:
    """Numbers of features: words stand before openings, each in the order of their hashes."""

    def __init__(self, words: list[int], openings: list[int]):
        self.sizes = [len(words), len(openings)]
        self.words = {word: k for k, word in enumerate(sorted(words))}
        self.openings = {opening: len(words) + k for k, opening in enumerate(sorted(openings))}

    def of(self, tokens: list[str]) -> set[int]:
        own = {self.words[w] for w in word_features(tokens) & self.words.keys()}
        return own | {self.openings[o] for o in opening_features(tokens) & self.openings.keys()}


@dataclass
class Style:
    """Of one model's answers to one prompt. `shares`: of its samples that have each feature."""

    shares: np.ndarray
    tokens: int
    samples: int

    @property
    def length_bin(self) -> int:
        """Half-octave of the mean number of tokens."""
        squared = self.tokens**2
        return max((b for b in range(LENGTH_BINS) if squared >= 2**b * self.samples**2), default=0)


def style_of(samples: list[list[str]], features: Features) -> Style:
    shares = np.zeros(sum(features.sizes))
    for tokens in samples:
        shares[list(features.of(tokens))] += 1
    return Style(shares / len(samples), sum(map(len, samples)), len(samples))


Styles = dict[str, dict[str, Style]]  # by model, by prompt key


def voices_weights(models: list[Model]) -> np.ndarray:
    """Each group one voice, degenerate models none."""
    members = collections.Counter(m.voice for m in models if not m.degenerate)
    return np.array([0 if m.degenerate else 1 / members[m.voice] for m in models])


def principal_directions(centred: np.ndarray, weights: np.ndarray, most: int) -> np.ndarray:
    _, values, directions = np.linalg.svd(np.sqrt(weights)[:, None] * centred, full_matrices=False)
    count = min(most, int(np.sum(values**2 > 1e-9 * values[0] ** 2)))
    return directions[:count].T


def whitening(covariance: np.ndarray) -> np.ndarray:
    """Symmetric, where lib/ has a triangular one: the space is the same up to a rotation."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors / np.sqrt(values) @ vectors.T


def within_model_covariance(blocks: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Of (model, block) vectors less the block's mean over models and the model's mean over blocks; NaN for none."""
    values = np.stack(blocks, axis=1)
    given = ~np.isnan(values).any(axis=2)
    filled = np.where(given[:, :, None], values, 0)
    block_weights = weights[:, None] * given
    totals = block_weights.sum(axis=0)
    means = np.einsum("mb,mbd->bd", block_weights, filled) / np.where(totals > 0, totals, 1)[:, None]
    filled = np.where(given[:, :, None], filled - means, 0)
    n = given.sum(axis=1)
    filled -= np.where(given[:, :, None], (filled.sum(axis=1) / np.maximum(n, 1)[:, None])[:, None, :], 0)
    return np.einsum("m,mbd,mbe->de", weights * (n >= 2) / np.maximum(n, 1), filled, filled)


def shrunk(covariance: np.ndarray, share: float) -> np.ndarray:
    return share * covariance + (1 - share) * np.trace(covariance) / len(covariance) * np.eye(len(covariance))


def fit_space(models: list[Model], parents: dict[str, list[tuple[str, str, str]]], styles: Styles, sizes: list[int]):
    """The maps of the sets of features and the last one. `parents`: by model, (relation, model, evidence)."""
    models = sorted((m for m in models if not m.degenerate), key=lambda m: m.name.encode())
    weights = voices_weights(models)
    weights /= weights.sum()
    given = [{p: s for p, s in styles[m.name].items() if s.tokens} for m in models]
    whole = np.array([np.mean([s.shares for s in mine.values()], axis=0) for mine in given])
    nowhere = np.full(sum(sizes), math.nan)
    blocks = []
    for b in range(BLOCKS):
        chosen = [[s.shares for p, s in mine.items() if int(p[16:], 16) % BLOCKS == b] for mine in given]
        blocks.append(np.array([np.mean(shares, axis=0) if shares else nowhere for shares in chosen]))
    maps, outputs, first = [], [], 0
    for size in sizes:
        take = slice(first, first + size)
        first += size
        roots = np.sqrt(whole[:, take])
        centred = roots - weights @ roots
        directions = principal_directions(centred, weights, SET_DIRECTIONS)
        within = within_model_covariance([np.sqrt(block[:, take]) @ directions for block in blocks], weights)
        space = directions @ whitening(shrunk(within, WITHIN_SHARE))
        space /= math.sqrt(weights @ np.sum((centred @ space) ** 2, axis=1))
        maps.append(space)
        outputs.append(centred @ space)
    projected = unit(np.hstack(outputs))
    centred = projected - weights @ projected
    last = principal_directions(centred, weights, DIRECTIONS)
    points = centred @ last
    variance = weights @ np.sum(points**2, axis=1)
    scatter = fine_tune_scatter(models, parents, points)
    if np.trace(scatter) > 0:
        mean = variance / points.shape[1] * np.eye(points.shape[1])
        last = last @ whitening((1 - PAIR_SHARE) * mean + PAIR_SHARE * scatter * variance / np.trace(scatter))
    return StyleSpace(maps, last)


def fine_tune_scatter(models: list[Model], parents, points: np.ndarray) -> np.ndarray:
    """Mean outer product of child minus parent, one mean a group and parent; nothing that was inferred from text."""
    index = {m.name: k for k, m in enumerate(models)}
    differences = collections.defaultdict(list)
    for k, model in enumerate(models):
        for relation, parent, evidence in parents.get(model.name, ()):
            if relation in FINE_TUNES and parent in index and "[measured]" not in evidence:
                differences[model.voice, parent].append(points[k] - points[index[parent]])
    means = [np.mean(of_group, axis=0) for of_group in differences.values()]
    size = points.shape[1]
    return sum((np.outer(m, m) for m in means), np.zeros((size, size))) / max(1, len(means))


def composite(space: StyleSpace) -> np.ndarray:
    """The bilinear form on features that a space comes to: the same for all rotations and signs of its directions."""
    rows = sum(len(m) for m in space.sets)
    whole = np.zeros((rows, len(space.last)))
    row = column = 0
    for m in space.sets:
        whole[row : row + m.shape[0], column : column + m.shape[1]] = m
        row += m.shape[0]
        column += m.shape[1]
    whole = whole @ space.last
    return whole @ whole.T


def unit(values: np.ndarray) -> np.ndarray:
    length = np.sqrt(np.sum(values**2, axis=-1, keepdims=True))
    return np.where(length > 0, values / np.where(length > 0, length, 1), 0)


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(unit(a) @ unit(b))


class StyledReference(Reference):
    """A panel whose models' styles are known, too."""

    def __init__(self, models, answers, styles: Styles, space: StyleSpace, prompt_keys: dict[str, str], levels=None):
        """`prompt_keys`: of each prompt, as `styles` calls it."""
        super().__init__(models, answers, levels)
        self.styles, self.space = styles, space
        self.prompt_keys = prompt_keys
        self.place = {key: k for k, key in enumerate(sorted(prompt_keys[p] for p in self.prompts))}
        self.weights = voices_weights(self.models)
        self.take_tables(self._by_prompt(), self._by_length())

    def _by_prompt(self) -> np.ndarray:
        """Square roots of the weighted mean shares at each of the panel's prompts; not yet rounded."""
        rows = []
        for prompt in self.place:
            shares, total = np.zeros(sum(len(m) for m in self.space.sets)), 0.0
            for model, weight in zip(self.models, self.weights):
                style = self.styles[model.name].get(prompt)
                if style and style.tokens and weight:
                    shares, total = shares + weight * style.shares, total + weight
            rows.append(np.sqrt(shares / total) if total else shares)
        return np.array(rows)

    def _by_length(self) -> np.ndarray:
        shares, totals = np.zeros((LENGTH_BINS, sum(len(m) for m in self.space.sets))), np.zeros(LENGTH_BINS)
        for model, weight in zip(self.models, self.weights):
            for prompt in self.place:
                style = self.styles[model.name].get(prompt)
                if style and style.tokens:
                    shares[style.length_bin] += weight * style.shares
                    totals[style.length_bin] += weight
        prior = shares.sum(axis=0) / totals.sum()
        lean = PRIOR * totals.sum()
        return np.sqrt((shares + lean * prior) / (totals + lean)[:, None])

    def take_tables(self, by_prompt: np.ndarray, by_length: np.ndarray):
        """Places the models by these expected square roots; those of a file in place of the own are rounded."""
        self.by_prompt, self.by_length = by_prompt, by_length
        self.means, self.points = [], []
        for project in (self._project_paired, self._project_by_length):
            projected = np.array([project(m.name, panel=True) for m in self.models])
            self.means.append(self.weights @ projected / self.weights.sum())
            self.points.append(np.array([self._embed(p, self.means[-1]) for p in projected]))

    def _project(self, shares: np.ndarray, expected: np.ndarray) -> np.ndarray:
        differences, out, first = np.sqrt(shares) - np.sqrt(expected), [], 0
        for space in self.space.sets:
            out.append(differences[first : first + len(space)] @ space)
            first += len(space)
        return unit(np.concatenate(out))

    def _embed(self, projected: np.ndarray, mean: np.ndarray) -> np.ndarray:
        return unit((projected - mean) @ self.space.last) if projected.any() else np.zeros(self.space.last.shape[1])

    def _project_paired(self, name: str, panel: bool = False, without: frozenset = frozenset()) -> np.ndarray:
        """Of the answers to the panel's prompts, against what its models do at the same."""
        own = {p: s for p, s in self.styles[name].items() if p in self.place and s.tokens and p not in without}
        if not own:
            return np.zeros(len(self.space.last))
        at = [self.place[p] for p in own]
        return self._project(np.mean([s.shares for s in own.values()], axis=0), np.mean(self.by_prompt[at] ** 2, axis=0))

    def _project_by_length(self, name: str, panel: bool = False, without: frozenset = frozenset()) -> np.ndarray:
        """Of all answers, for the panel's models those to its prompts; against what its models do at the same lengths."""
        own = [s for p, s in self.styles[name].items() if s.tokens and p not in without and (not panel or p in self.place)]
        if not own:
            return np.zeros(len(self.space.last))
        bins = [s.length_bin for s in own]
        return self._project(np.mean([s.shares for s in own], axis=0), np.mean(self.by_length[bins] ** 2, axis=0))

    def style_similarities(self, candidate: Model, kind: int) -> np.ndarray:
        """To the panel's models (0: paired, 1: by length), without copies where enough other answers are left."""
        project, mean, points = (self._project_paired, self._project_by_length)[kind], self.means[kind], self.points[kind]
        own = self.names.index(candidate.name)
        point = self._embed(project(candidate.name), mean)
        row = np.array([cosine(point, p) for p in points])
        for k in range(len(self.models)):
            both = ~np.isnan(self.cosines[:, own, k])
            copied = both & self.copies[:, own, k]
            if copied.any() and np.sum(both & ~copied) >= MIN_PROMPTS_BESIDE_COPIES:
                without = frozenset(self.prompt_keys[p] for p, c in zip(self.prompts, copied) if c)
                row[k] = cosine(self._embed(project(candidate.name, without=without), mean), points[k])
        return row

    def scores(self, candidate: Model, lam=(0.5, 0.25, 1.0)) -> dict[str, list[float]]:
        """weights, distillation, ranking, prompts, unpaired; by the panel's models."""
        grams, _, n_prompts = self.centred(candidate)
        matrices = [unit(points) @ unit(points).T for points in self.points]
        style, unpaired = (self.standardised(matrices[k], self.style_similarities(candidate, k), candidate)[0] for k in (0, 1))
        fused = (grams + style) / 2
        out = {}
        for k, model in enumerate(self.models):
            if model.name != candidate.name:
                weights = grams[k] - lam[0] * self.best_rival(grams, candidate, model, False)
                distillation = fused[k] - lam[1] * self.best_rival(fused, candidate, model, False)
                ranking = fused[k] - lam[2] * self.best_rival(fused, candidate, model, True)
                out[model.name] = [weights, distillation, ranking, n_prompts[k], unpaired[k]]
        return out
