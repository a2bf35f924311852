"""The recipe's word list, component B and its scores once more, in plain Python and NumPy.

Beside reference.py, and like it written from the description alone. Answers come as {model: {prompt: [Answer]}}.
"""

import collections
import math
from dataclasses import dataclass, field

import numpy as np

from reference import is_alphabetic, mask, tokens
from stemma_files import gram_hashes, hash64, token_hash

LIST_SIZE = 400
MIN_MODELS = 3
MIN_PROMPTS_BESIDE_COPIES = 10


@dataclass
class Answer:
    tokens: list[str]
    grams: set[int]
    copy_hash: int  # of its tokens; 0 for answers too short to be anybody's copy


@dataclass
class Model:
    """What is documented about a model."""

    name: str
    group: str = ""
    organisation: str = ""
    reference: bool = True
    degenerate: bool = False
    relations: list[str] = field(default_factory=list)

    @property
    def voice(self) -> str:
        return self.group or self.organisation or self.name

    @property
    def maker(self) -> str:
        return self.organisation or self.name

    @property
    def lineage_known(self) -> bool:
        return bool(self.relations) and "unknown" not in self.relations


def fit_words(answers: dict[str, dict[str, list[list[str]]]]) -> list[int]:
    """The words that the most prompts see used by three models, by their hashes, which also break ties.

    `answers`: {model: {prompt: [tokens]}}, without degenerate models.
    """
    users = collections.defaultdict(set)
    for model, prompts in answers.items():
        for prompt, samples in prompts.items():
            for word in {t for sample in samples for t in sample if is_alphabetic(t)}:
                users[prompt, word].add(model)
    prompts_of = collections.Counter(hash64(word) for (_, word), models in users.items() if len(models) >= MIN_MODELS)
    ranked = sorted(prompts_of, key=lambda word: (-prompts_of[word], word))
    assert len(ranked) >= LIST_SIZE
    return ranked[:LIST_SIZE]


class Kept:
    """A word list that is known by its words' hashes only."""

    def __init__(self, words: list[int]):
        self.words = set(words[:LIST_SIZE])

    def __contains__(self, token: str) -> bool:
        return token[0].isalpha() and hash64(token) in self.words


def analyse(text: str, brands: dict, kept) -> Answer:
    own = tokens(text, brands)
    return Answer(own, gram_hashes(mask(own, kept)), token_hash(own))


def squared_weights(groups: int, levels: int | None) -> np.ndarray:
    """By document frequency: ln((G + 1) / max(1, df)) as a share of the largest weight, squared.

    `levels`: the squares are rounded to so many steps, as a panel's file holds them; None for none.
    """
    df = np.maximum(1, np.arange(groups + 1))
    values = (np.log((groups + 1) / df) / math.log(groups + 1)) ** 2
    return values if levels is None else np.floor(values * levels + 0.5)


class Reference:
    """A panel, and what it makes of candidates."""

    def __init__(
        self,
        models: list[Model],
        answers: dict[str, dict[str, list[Answer]]],
        levels: int | None = None,
    ):
        """`answers`: of the panel's models and of candidates."""
        self.models = sorted(models, key=lambda m: m.name.encode())
        self.voices = np.array([m.voice for m in self.models])
        self.levels = levels
        self.names = [m.name for m in self.models] + sorted(answers.keys() - {m.name for m in self.models})
        seen = collections.Counter(p for m in self.models for p in answers[m.name])
        self.prompts = sorted(p for p, n in seen.items() if n >= 2)
        self.cosines = np.array([self._cosines([answers[n].get(p, []) for n in self.names]) for p in self.prompts])
        self.copies = np.array([self._copies([answers[n].get(p, []) for n in self.names]) for p in self.prompts])

    def _cosines(self, samples: list[list[Answer]]) -> np.ndarray:
        """Of all models at one prompt; NaN where one of the two has no answer."""
        column = {}
        for gram in (g for answers in samples for a in answers for g in a.grams):
            column.setdefault(gram, len(column))
        counts = np.zeros((len(samples), len(column)))
        for row, answers in zip(counts, samples):
            for a in answers:
                row[[column[g] for g in a.grams]] += 1
        used = counts[: len(self.models)] > 0
        counted = np.array([not m.degenerate for m in self.models])
        voices = sorted(set(self.voices[counted]))
        df = sum(np.any(used[counted & (self.voices == v)], axis=0).astype(int) for v in voices)
        values = squared_weights(len(voices), self.levels)[df]
        # What one answer of each has in common in the mean, over what one answer is long in the mean.
        norms = np.sqrt(np.array([len(answers) for answers in samples]) * (counts @ values))
        inner = (counts * values) @ counts.T
        with np.errstate(invalid="ignore", divide="ignore"):
            cosines = np.where(inner == 0, 0, np.minimum(1, inner / norms[:, None] / norms[None, :]))
        given = np.array([bool(answers) for answers in samples])
        return np.where(given[:, None] & given[None, :], cosines, math.nan)

    @staticmethod
    def _copies(samples: list[list[Answer]]) -> np.ndarray:
        hashes = [{a.copy_hash for a in answers} - {0} for answers in samples]
        return np.array([[bool(x & y) for y in hashes] for x in hashes])

    def similarity(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean cosines over the prompts `at`, and the number of prompts behind each."""
        given = ~np.isnan(self.cosines[at])
        without = given & ~self.copies[at]
        # Copies tell nothing of habits; but a similarity of very few prompts would tell less.
        used = np.where(without.sum(axis=0) >= MIN_PROMPTS_BESIDE_COPIES, without, given)
        used = np.where((given & self.copies[at]).any(axis=0), used, given)
        n = used.sum(axis=0)
        with np.errstate(invalid="ignore"):
            return np.where(used, self.cosines[at], 0).sum(axis=0) / n, n

    def centred(self, candidate: Model):
        """Standardised scores by panel model (NaN for none), the standard deviation, and the numbers of prompts."""
        own, size = self.names.index(candidate.name), len(self.models)
        every, n_prompts = self.similarity(~np.isnan(self.cosines[:, own, own]))
        scores, deviation = self.standardised(every[:size, :size], every[own, :size], candidate)
        return scores, deviation, n_prompts[own, :size]

    def standardised(self, similarity: np.ndarray, own_similarity: np.ndarray, candidate: Model):
        """Scores from a candidate's similarities to the panel's models and theirs to each other."""
        own, size, voices = self.names.index(candidate.name), len(self.models), self.voices
        counts = np.array([not m.degenerate and k != own for k, m in enumerate(self.models)])
        weights = np.array([1 / np.sum(counts & (voices == v)) if c else 0 for v, c in zip(voices, counts)])

        def typicality(values, voice):
            take = (weights > 0) & (voices != voice) & ~np.isnan(values)
            return np.sum(weights[take] * values[take]) / np.sum(weights[take])

        typical = np.array([typicality(similarity[k], voices[k]) for k in range(size)])
        pair_weights = weights[:, None] * weights[None, :] * (voices[:, None] != voices[None, :])
        take = (pair_weights > 0) & ~np.isnan(similarity)
        overall = np.average(similarity[take], weights=pair_weights[take])
        spread = (similarity - typical[:, None] - typical[None, :] + overall)[take]
        mean = np.average(spread, weights=pair_weights[take])
        deviation = math.sqrt(np.average((spread - mean) ** 2, weights=pair_weights[take]))
        scores = (own_similarity - typicality(own_similarity, candidate.voice) - typical + overall) / deviation
        if own < size:
            scores[own] = math.nan
        return scores, deviation

    def best_rival(self, scores, candidate: Model, reference: Model, known: bool) -> float:
        """The highest score on a reference of another organisation; 0 where there is none."""
        rivals = [
            s
            for s, m in zip(scores, self.models)
            if m.reference
            and not m.degenerate
            and not math.isnan(s)
            and m.maker not in (candidate.maker, reference.maker)
            and (m.lineage_known or not known)
        ]
        return max(rivals, default=0.0)
