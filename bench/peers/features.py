"""The features of stemma_bench by scikit-learn, on the same text: what a user would write in place of stemma.

Prints JSON: {name: {"seconds": CPU seconds of the fastest of several runs, "bytes": bytes of text}}.
"""

import argparse
import json
import re
import time
from collections import defaultdict

import numpy
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

TOKEN = re.compile(r"```|\*\*|\n+|[^\W_]+(?:'[^\W_]+)*|[^\s]")
SUFFIX = re.compile(
    r".{3,}?(ing|ed|ly|tion|sion|ment|ness|able|ible|ful|ous|ive|ize|ise|ity|er|or|est|al|ic|ism|ist|es|s)"
)
# Those that stemma_bench keeps, too.
KEPT = frozenset(
    "the of and to a in is that it for on with as are be by from or an at can have not you we they will if don't".split()
)
RUNS = 3


def tokens(text: str) -> list[str]:
    return TOKEN.findall(text.replace("\u2019", "'").replace("\u2014", "-").lower())


def symbol(token: str) -> str:
    if token[0].isdigit():
        return "D"
    if not token[0].isalpha() or token in KEPT:
        return token
    suffix = SUFFIX.fullmatch(token)
    return "S" + suffix[1] if suffix else "W" if len(token) > 4 else "w"


def masked(text: str) -> list[str]:
    return [symbol(token) for token in tokens(text)]


def identity(value):
    return value


def counter(analyse):
    """Binary sets of 2- to 4-grams of what `analyse` makes of a document."""
    return CountVectorizer(
        tokenizer=analyse, token_pattern=None, preprocessor=identity, ngram_range=(2, 4), binary=True, dtype=numpy.int32
    )


def read(path: str) -> list[dict]:
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def sign(path: str):
    return counter(masked).fit_transform([record["response"] for record in read(path)])


class Panel:
    """Models but the first, aligned by prompt, and their vectors of weighted 3-grams."""

    def __init__(self, records: list[dict]):
        answers = defaultdict(dict)
        for record in records:
            answers[record["model"]][record["prompt"]] = record["response"]
        first, *rest = answers.values()
        self.candidate = list(first.values())
        self.vectorizer = TfidfVectorizer(
            tokenizer=masked, token_pattern=None, preprocessor=identity, ngram_range=(3, 3)
        )
        self.vectorizer.fit(text for model in rest for text in model.values())
        self.models = [self.vectorizer.transform([model[prompt] for prompt in first]) for model in rest]

    def score(self) -> list[float]:
        """The candidate's mean cosine with each model; rows have norm 1."""
        vectors = self.vectorizer.transform(self.candidate)
        return [float(vectors.multiply(model).sum(axis=1).mean()) for model in self.models]


def fastest(work) -> float:
    best = float("inf")
    for _ in range(RUNS):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("responses", help="JSON Lines, as stemma_bench --text_only writes them")
    path = arguments.parse_args().responses
    records = read(path)
    texts = [record["response"] for record in records]
    tokenised = [tokens(text) for text in texts]
    panel = Panel(records)
    size = sum(len(text.encode()) for text in texts)
    work = {
        "Tokenise": (lambda: [tokens(text) for text in texts], size),
        "Fingerprint": (lambda: counter(lambda words: [symbol(w) for w in words]).fit_transform(tokenised), size),
        "Sign": (lambda: sign(path), size),
        "ScoreMade": (panel.score, sum(len(text.encode()) for text in panel.candidate)),
    }
    print(json.dumps({name: {"seconds": fastest(run), "bytes": count} for name, (run, count) in work.items()}))


if __name__ == "__main__":
    main()
