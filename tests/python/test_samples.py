"""Several samples a prompt: merged exactly, and no reason for two models to look alike or unlike."""

import io
import itertools
import math
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import pytest

from conftest import SHARED, SHIPPED
from planted import CHILDREN, PANEL, STRANGERS, write

NO_RIVALS = ("--rival-weights", 0, "--rival-distillation", 0, "--rival-ranking", 0)
COLUMNS = ("weights", "distillation", "ranking", "prompts", "unpaired")
# Samples a prompt of the panel's models.
PANELS = {
    "one": [1] * len(PANEL),
    "ten": [10] * len(PANEL),
    "half": [10, 1] * (len(PANEL) // 2),
}
TEN = np.array(PANELS["half"]) == 10


@pytest.fixture(scope="module")
def score(stemma, planting):
    """Scores of strangers or children with so many samples, on a panel: [candidate, panel's model, column]."""
    made = {}

    def call(panel: str, models, samples: int, column: str) -> np.ndarray:
        path = planting.folder / f"panel-{panel}"
        if not path.exists():
            members = [planting.signature(m, n) for m, n in zip(PANEL, PANELS[panel], strict=True)]
            stemma("panel", "build", *members, "--vocabulary", planting.vocabulary, "--index-bytes", 0, "-o", path)
        if (panel, samples) not in made:
            signatures = [planting.signature(m, samples) for m in STRANGERS + CHILDREN]
            lines = stemma("score", *signatures, "--panel", path, *NO_RIVALS).out.splitlines()[1:]
            rows = [line.split("\t") for line in lines]
            made[panel, samples] = {(c, r): list(map(float, values)) for c, r, *values in rows}
        table, at = made[panel, samples], COLUMNS.index(column)
        return np.array([[table[m.name, r.name][at] for r in PANEL] for m in models])

    return call


@pytest.mark.parametrize("column", ("weights", "distillation", "unpaired"))
def test_one_sample_against_ten(score, column):
    """The mean over unrelated pairs is 0.

    Were the pairs independent, their mean would have the deviation s / sqrt(pairs), and exceed 4.9 of them with
    probability 1e-6 (normal). Centring takes a mean off each row and column, which only lowers the deviation.
    """
    scores = score("ten", STRANGERS, 1, column)
    assert abs(scores.mean()) <= 4.9 * scores.std() / math.sqrt(scores.size)
    assert score("ten", CHILDREN, 1, column)[range(len(CHILDREN)), range(len(CHILDREN))].min() > scores.mean()


@pytest.mark.parametrize("column", ["weights", "unpaired"])
def test_samples_draw_nobody_to_references_of_as_many(score, column):
    """The same strangers with ten samples in place of one come no nearer to the references of ten than to those of one.

    Under the null the contrast of a stranger has mean 0, and the strangers' contrasts are independent given the panel:
    |t| with 19 degrees of freedom exceeds 7.07 with probability 1e-6.
    """
    moved = score("half", STRANGERS, 10, column) - score("half", STRANGERS, 1, column)
    contrast = moved[:, TEN].mean(axis=1) - moved[:, ~TEN].mean(axis=1)
    assert len(contrast) == 20
    assert abs(contrast.mean()) <= 7.07 * contrast.std(ddof=1) / math.sqrt(len(contrast))


@pytest.mark.parametrize("panel", ("one", "ten"))
@pytest.mark.parametrize("column", ["weights", "unpaired"])
def test_samples_do_not_spread_scores(score, panel, column):
    """Strangers' scores are as wide with ten samples as with one, else the panel's deviation would not be theirs.

    The log of the ratio of two variances of f independent normal values each has deviation sqrt(4 / f). Twenty rows of
    fourteen, less their means, have f = 19 * 13 = 247: 4.9 * sqrt(4 / 247) = .62 is exceeded with probability 1e-6; less
    often where the two go together, as here. Ten samples tell more than one, which may add a tenth to deviations.
    """
    one, ten = (score(panel, STRANGERS, samples, column).std() for samples in (1, 10))
    assert abs(math.log(ten**2 / one**2)) <= 0.62 + 2 * math.log(1.1)


# Rank 1 of 14 by chance for all of six children: 14^-6 = 1.3e-7.
@pytest.mark.parametrize(
    ("panel", "samples", "column"), itertools.product(PANELS, (1, 10), ("weights", "distillation", "unpaired")))
def test_true_pairs_rank_first(score, panel, samples, column):
    scores = score(panel, CHILDREN, samples, column)
    assert scores.argmax(axis=1).tolist() == list(range(len(CHILDREN)))


@pytest.mark.parametrize("cuts", ((1,), (3, 4), (1, 2, 3, 4, 5, 6, 7, 8, 9)), ids=str)
def test_samples_signed_apart(stemma, planting, tmp_path, cuts):
    """Merged, they are the file of all samples signed at once."""
    model, paths = CHILDREN[0], []
    for k, (begin, end) in enumerate(zip((0, *cuts), (*cuts, 10))):
        responses = write(tmp_path / "in.jsonl", model.records(end - begin, first_sample=begin))
        paths.append(tmp_path / f"part-{k}")
        stemma("sign", responses, "--vocabulary", planting.vocabulary, "-o", paths[-1])
    assert stemma.bytes("merge", *paths[::-1], "-o", "-") == planting.signature(model, 10).read_bytes()


class TestReruns:
    """Of the panel arena_hard_1k: prompts with one sample and with several, reruns of two models."""

    @pytest.fixture(scope="class")
    def panel(self, stemma, tmp_path_factory):
        path = SHARED / "data" / "panels" / "arena_hard_1k.tar.zst"
        if not path.exists():
            pytest.skip(f"no {path} (set STEMMA_SHARED)")
        if not (SHIPPED / "vocabulary.stemma").exists():
            pytest.skip("no shipped vocabulary")
        try:
            data = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
        except FileNotFoundError:
            pytest.skip("the program zstd is not installed")
        folder = tmp_path_factory.mktemp("arena")
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in filter(tarfile.TarInfo.isfile, archive):
                (folder / Path(member.name).name).write_bytes(archive.extractfile(member).read())
        files = sorted(folder.glob("*.jsonl"))
        vocabulary = ("--vocabulary", SHIPPED / "vocabulary.stemma")
        stemma("sign", *files, *vocabulary, "-o", f"{folder}/signatures/")
        signatures = sorted((folder / "signatures").iterdir())
        stemma("panel", "build", *signatures, *vocabulary, "-o", folder / "panel")
        pairs = [line.split("\t") for line in (folder / "pairs.tsv").read_text("utf-8").splitlines()[1:]]
        table = stemma("score", *signatures, "--panel", folder / "panel").out.splitlines()[1:]
        return pairs, [line.split("\t") for line in table]

    @pytest.mark.parametrize("column", (0, 1, 2, 4), ids=lambda k: COLUMNS[k])
    def test_rank_first(self, panel, column):
        """Each before every model that it is no rerun of."""
        pairs, table = panel
        reruns, scores = {}, {}
        for a, b, relation, *_ in pairs:
            if relation == "same_model":
                reruns.setdefault(a, {a}).add(b)
                reruns.setdefault(b, {b}).add(a)
        for candidate, model, *values in table:
            scores.setdefault(candidate, {})[model] = float(values[column])
        assert len(reruns) == 5 and len(scores) == 14
        for candidate, same in reruns.items():
            ranked = sorted(scores[candidate], key=scores[candidate].get, reverse=True)
            assert set(ranked[: len(same) - 1]) == same - {candidate}
