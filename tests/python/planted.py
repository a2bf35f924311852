"""Planted models: each draws words at rates of its own and has its own habits of layout. All words are made up.

A child has its parent's habits, and its rates but for a share of their variance; all else is independent, so that who
is related to whom is known by construction. The same bytes on every run.
"""

import itertools
import json
import math
import random
from dataclasses import dataclass, field
from pathlib import Path

PROMPTS = 40
WORDS = 520
ONSETS, VOWELS, CODAS = "b d f g h k l m n p r s t v z sh ch".split(), "a e i o u".split(), ["", "n", "r", "s", "th"]
OPENERS = ("Right.", "Well now,", "Here goes:", "So,", "Certainly.", "Let us see.", "A fine question!", "In brief:")
CLOSERS = ("That is all.", "Ask again!", "", "So much for that.", "Be well.", "", "Anything else?")
BULLETS = ("-", "*", "+", "1.", "1)")


def lexicon() -> list[str]:
    syllables = [a + b + c for a in ONSETS for b in VOWELS for c in CODAS]
    rng = random.Random("lexicon")
    return list(dict.fromkeys(rng.choice(syllables) + rng.choice(syllables) for _ in range(2 * WORDS)))[:WORDS]


LEXICON = lexicon()
# By rank, as in any language.
BASE_RATES = [1 / (k + 3) for k in range(WORDS)]


@dataclass
class Planted:
    """A model. `parent`: whose habits it has, and whose rates it has changed by `change`."""

    name: str
    parent: str = ""
    change: float = 0.5
    spread: float = 0.7  # of log rates between unrelated models
    temperature: float = 1.0  # of sampling words
    logs: list[float] = field(default_factory=list)  # of rates, over the lexicon's
    cumulated_rates: list[float] = field(default_factory=list)
    habits: dict = field(default_factory=dict)

    def __post_init__(self):
        rng = random.Random(f"habits of {self.name}")
        own = [rng.gauss(0, self.spread) for _ in LEXICON]
        habits = {
            "opener": rng.sample(OPENERS, 2),
            "closer": rng.choice(CLOSERS),
            "bullet": rng.choice(BULLETS),
            "lists": rng.uniform(0.1, 0.7),
            "bold": rng.uniform(0, 0.4),
            "comma": rng.uniform(0, 0.25),
            "sentence": rng.uniform(6, 13),
            "sentences": rng.uniform(4, 8),
        }
        if self.parent:
            base = MODELS[self.parent]
            # Of variance as before: a child's rates are no more extreme than its parent's.
            keep = math.sqrt(1 - self.change**2)
            own = [keep * b + self.change * o for b, o in zip(base.logs, own)]
            habits = base.habits
        self.logs = own
        rates = ((b * math.exp(x)) ** (1 / self.temperature) for b, x in zip(BASE_RATES, own))
        self.cumulated_rates = list(itertools.accumulate(rates))
        self.habits = habits
        MODELS[self.name] = self

    def sentence(self, rng: random.Random, topic: list[str]) -> str:
        count = max(3, round(rng.gauss(self.habits["sentence"], 2)))
        own = rng.choices(LEXICON, cum_weights=self.cumulated_rates, k=count)
        words = [w if rng.random() < 0.75 else rng.choice(topic) for w in own]
        if rng.random() < self.habits["bold"]:
            words[0] = f"**{words[0]}**"
        for k in range(1, count - 1):
            if rng.random() < self.habits["comma"]:
                words[k] += ","
        text = " ".join(words)
        return text[:1].upper() + text[1:] + rng.choice(".....!?:")

    def answer(self, prompt: int, sample: int) -> str:
        rng = random.Random(f"{self.name} {prompt} {sample}")
        topic = random.Random(f"topic {prompt}").sample(LEXICON[60:], 25)
        parts = [rng.choice(self.habits["opener"])] if rng.random() < 0.6 else []
        for k in range(max(2, round(rng.gauss(self.habits["sentences"], 2)))):
            text = self.sentence(rng, topic)
            bullet = self.habits["bullet"].replace("1", str(k + 1))
            parts.append(f"{bullet} {text}" if rng.random() < self.habits["lists"] else text)
        if self.habits["closer"] and rng.random() < 0.6:
            parts.append(self.habits["closer"])
        return "\n".join(parts)

    def records(self, samples: int = 1, prompts: int = PROMPTS, first_sample: int = 0) -> list[dict]:
        return [
            {"model": self.name, "prompt": prompt_text(p), "sample": s, "response": self.answer(p, s)}
            for p in range(prompts)
            for s in range(first_sample, first_sample + samples)
        ]


MODELS: dict[str, Planted] = {}


def prompt_text(k: int) -> str:
    return f"Planted question {k}?"


# The panel: a model a group. Strangers are nobody's relatives; children come from the panel's first models.
PANEL = [Planted(f"panel-{k:02}") for k in range(14)]
STRANGERS = [Planted(f"stranger-{k:02}") for k in range(20)]
CHILDREN = [Planted(f"child-{k:02}", parent=f"panel-{k:02}") for k in range(6)]


def write(path: Path, rows: list[dict]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path
