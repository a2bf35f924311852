"""What `stemma audit` says of embeddings: NumPy's figures from the vectors that `stemma embed` writes, outside of all else."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import made_up_corpus
import reference_score
from conftest import ROOT, SHIPPED
from reference_score import MIN_PROMPTS_BESIDE_COPIES, Kept
from stemma_files import prompt_key, strip, vocabulary_words

pytestmark = pytest.mark.skipif(not (SHIPPED / "embedder.stemma").exists(), reason="no embedder is shipped")

DIMS, UNIT, CENTRE_UNIT, GREATEST = 64, 2.0**-9, 2.0**-14, 7  # as an embedding signature and a panel of 4 bits store
HABITS = made_up_corpus.HABITS + made_up_corpus.STYLISTS
MEMBERS = [h.model for h in HABITS]
STRANGERS = [h.model for h in made_up_corpus.CANDIDATES]
# Documented ancestors in the panel; what is only measured is not documented.
ANCESTORS = {"kyanite-chat": {"kyanite"}, "nephrite": {"amber-70b", "jasper"}, "opal": {"amber-70b"}}


@dataclass
class Embedded:
    folder: Path

    @property
    def panel(self) -> Path:
        return self.folder / "panel.stemma"

    @property
    def embeddings(self) -> Path:
        return self.folder / "embeddings.stemma"


def embed_panel(stemma, styled, folder: Path) -> Path:
    files = [styled.file(model.name) for model in MEMBERS]
    stemma("sign-embeddings", *files, "-o", f"{folder}/embedded/")
    stemma("panel", "embed", folder / "panel.stemma", *sorted((folder / "embedded").iterdir()), "-o", folder / "embeddings.stemma")
    return folder / "embeddings.stemma"


@pytest.fixture(scope="module")
def embedded(stemma, styled, tmp_path_factory) -> Embedded:
    made = Embedded(tmp_path_factory.mktemp("embedded"))
    made.panel.write_bytes(styled.panel.read_bytes())
    embed_panel(stemma, styled, made.folder)
    return made


@pytest.fixture(scope="module")
def audit(stemma, styled, embedded):
    """The canonical part of a candidate's report."""

    def call(model: str, *options, panel=None) -> dict:
        arguments = ("audit", styled.file(model), *styled.metadata, "--panel", panel or embedded.panel, "--json", "-")
        return json.loads(stemma(*arguments, *options).out)["canonical"]

    return call


def rounded(values):
    """Halves away from zero."""
    return np.sign(values) * np.floor(np.abs(values) + 0.5)


class Oracle:
    """Mean vectors of everybody's answers, similarities, and scores, from the description alone."""

    def __init__(self, vectors: dict, panel: reference_score.Reference):
        self.panel, self.members = panel, panel.models
        self.counts = np.array([not m.degenerate for m in self.members])
        voices = panel.voices
        weights = np.array([1 / np.sum(self.counts & (voices == v)) if c else 0 for v, c in zip(voices, self.counts)])
        shape = (len(panel.prompts), len(panel.names), DIMS)
        directions, plain = np.full(shape, math.nan), np.full(shape, math.nan)
        for at, prompt in enumerate(panel.prompts):
            means = {k: vectors[n, prompt_key(prompt)] for k, n in enumerate(panel.names) if (n, prompt_key(prompt)) in vectors}
            inside = [k for k in means if k < len(self.members)]
            if sum(self.counts[k] for k in inside) < 2:
                continue
            centre = sum(weights[k] * means[k] for k in inside) / sum(weights[k] for k in inside)
            centre = rounded(centre / CENTRE_UNIT) * CENTRE_UNIT
            for k, mean in means.items():
                direction = mean - centre
                if np.any(direction):
                    plain[at, k] = direction / np.linalg.norm(direction)
                if k < len(self.members) and np.any(direction):
                    direction = rounded(direction * (GREATEST / np.abs(direction).max()))
                if np.any(direction):
                    directions[at, k] = direction / np.linalg.norm(direction)
        self.cosines = np.einsum("pad,pbd->pab", directions, directions)
        # A candidate's own directions are not rounded, also where it is a model of the panel.
        self.of_candidates = np.einsum("pad,pbd->pab", plain, directions)

    def similarity(self, candidate: int):
        """Mean cosines at the candidate's prompts and the numbers of prompts, copies left out."""
        at = ~np.isnan(self.cosines[:, candidate, candidate])
        cosines, copies = self.cosines[at], self.panel.copies[at]
        cosines[:, candidate] = self.of_candidates[at, candidate]
        given = ~np.isnan(cosines)
        without = given & ~copies
        used = np.where(without.sum(axis=0) >= MIN_PROMPTS_BESIDE_COPIES, without, given)
        used = np.where((given & copies).any(axis=0), used, given)
        n = used.sum(axis=0)
        return np.where(used, cosines, 0).sum(axis=0) / n, n

    def finding(self, candidate) -> dict:
        own, size = self.panel.names.index(candidate.name), len(self.members)
        similarity, n = self.similarity(own)
        matrix = similarity[:size, :size].copy()
        if own < size:
            matrix[own] = matrix[:, own]
        scores = self.panel.standardised(matrix, similarity[own, :size], candidate)[0]
        among = [self.panel.standardised(matrix, matrix[k], model)[0] for k, model in enumerate(self.members)]
        return {
            "rows": {m.name: (similarity[own, k], scores[k], n[own, k]) for k, m in enumerate(self.members) if not m.degenerate},
            "p": self.p(candidate, own, scores, among),
        }

    def p(self, candidate, own, scores, among) -> float:
        """Of a search: a group's vote is its best with the candidate, or with a model unrelated to its own."""
        votes = {}
        for k, model in enumerate(self.members):
            if model.degenerate or k == own or model.voice == candidate.voice:
                continue
            elsewhere = [
                among[k][r]
                for r, other in enumerate(self.members)
                if self.counts[r] and r not in (k, own) and not related(model, other)
            ]
            votes[model.voice] = max([votes.get(model.voice, -math.inf), scores[k], *elsewhere])
        best = np.nanmax(np.where(self.counts, scores, math.nan))
        return (1 + sum(vote >= best for vote in votes.values())) / (len(votes) + 1)


def related(a, b) -> bool:
    if a.maker == b.maker:
        return True
    lines = [{m.name} | ANCESTORS.get(m.name, set()) for m in (a, b)]
    makers = {m.name: m.maker for m in MEMBERS}
    return bool(lines[0] & lines[1]) or a.maker in {makers[n] for n in lines[1]} or b.maker in {makers[n] for n in lines[0]}


@pytest.fixture(scope="module")
def oracle(stemma, styled, brands, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vectors")
    files = [styled.file(m.name) for m in MEMBERS + STRANGERS]
    stemma("embed", *files, "-o", folder / "v.npy", "--ids", folder / "ids.tsv")
    units = {}
    ids = (folder / "ids.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for line, vector in zip(ids, np.load(folder / "v.npy").astype(float)[:, :DIMS], strict=True):
        model, prompt, _ = line.split("\t")
        units.setdefault((model, prompt), []).append(rounded(vector / np.linalg.norm(vector) / UNIT) * UNIT)
    kept = Kept(vocabulary_words(styled.vocabulary))
    analysed = {
        model: {p: [reference_score.analyse(strip(t), brands, kept) for t in texts] for p, texts in prompts.items()}
        for model, prompts in styled.answers.items()
    }
    return Oracle({k: np.mean(v, axis=0) for k, v in units.items()}, reference_score.Reference(MEMBERS, analysed, 4095))


# Reports have six significant digits. A cosine is kept to 2^-30, a score divides by a deviation of some .1 .
@pytest.mark.parametrize("candidate", STRANGERS + [m for m in MEMBERS if m.name in ("garnet", "kyanite-chat")], ids=lambda m: m.name)
def test_figures_are_those_of_numpy(audit, oracle, candidate):
    got, wanted = audit(candidate.name)["embeddings"], oracle.finding(candidate)
    rows = {row["reference"]: row for row in got["references"]}
    assert rows.keys() == wanted["rows"].keys() - {candidate.name}
    for name, row in rows.items():
        cosine, score, n = wanted["rows"][name]
        assert row["n_prompts"] == n
        assert row["cosine"] == pytest.approx(cosine, rel=6e-6, abs=1e-8)
        assert row["score"] == pytest.approx(score, rel=6e-6, abs=1e-6)
    scores = [row["score"] for row in got["references"]]
    assert scores == sorted(scores, reverse=True)
    nearest = got["nearest"]
    assert nearest["reference"] == got["references"][0]["reference"] and nearest["score"] == scores[0]
    assert nearest["p_value"]["value"] == pytest.approx(wanted["p"], rel=6e-6)
    by_ngrams = max(got["references"], key=lambda row: row["score_ngrams"])["reference"]
    assert (nearest["nearest_by_ngrams"], nearest["agrees"]) == (by_ngrams, by_ngrams == nearest["reference"])


@pytest.mark.parametrize("candidate", ["heron", "indigo", "garnet"])
def test_nothing_else_changes(audit, candidate):
    with_them, without = audit(candidate), audit(candidate, "--no-embeddings")
    assert with_them.pop("embeddings") and without.pop("embeddings") is None
    assert with_them == without


def test_inputs_are_told(audit, stemma, embedded, styled):
    got = audit("heron")["embeddings"]
    info = dict(line.split(None, 1) for line in stemma("info", embedded.embeddings).out.splitlines())
    embedder = dict(line.split(None, 1) for line in stemma("info", SHIPPED / "embedder.stemma").out.splitlines())
    assert got["panel_digest"] == info["digest"] and got["dimensions"] == DIMS
    assert got["embedder"] == {"name": embedder["embedder"], "digest": embedder["version"]}
    assert got["vectors"] >= got["prompts"] == got["shared_prompts"] == len(styled.answers["heron"])
    assert got["enters"] == "no likelihood ratio and no verdict"


class TestSignature:
    """A signature brings no vectors; an embedding signature beside it, or named with it, does."""

    @pytest.fixture(scope="class")
    def signed(self, stemma, styled, tmp_path_factory):
        folder = tmp_path_factory.mktemp("signed")
        stemma("sign", styled.file("heron"), *styled.metadata, "--vocabulary", styled.vocabulary, "--embeddings",
               "-o", folder / "heron.stemma")
        return folder

    def report(self, stemma, embedded, *inputs) -> dict:
        return json.loads(stemma("audit", *inputs, "--panel", embedded.panel, "--json", "-").out)

    def test_says_the_same_as_responses(self, stemma, embedded, audit, signed):
        report = self.report(stemma, embedded, signed / "heron.stemma")
        assert report["canonical"]["embeddings"] == audit("heron")["embeddings"]
        formats = [(Path(f["path"]).name, f["format"]) for f in report["provenance"]["inputs"]]
        assert formats == [("heron.stemma", "signature"), ("heron.embeddings", "embedding signature")]
        assert report["provenance"]["embedding_panel"]["format"] == "embedding panel"

    def test_named_from_elsewhere(self, stemma, embedded, audit, signed, tmp_path):
        signature, embeddings = tmp_path / "s.stemma", tmp_path / "e.stemma"
        signature.write_bytes((signed / "heron.stemma").read_bytes())
        embeddings.write_bytes((signed / "heron.embeddings").read_bytes())
        report = self.report(stemma, embedded, embeddings, signature)
        assert report["canonical"]["embeddings"] == audit("heron")["embeddings"]

    def test_alone_says_how_to_get_them(self, stemma, styled, embedded):
        text = stemma("audit", styled.signature("heron"), "--panel", embedded.panel).out
        assert self.report(stemma, embedded, styled.signature("heron"))["canonical"]["embeddings"] is None
        (line,) = [line for line in text.splitlines() if line.startswith("  Embeddings")]
        assert "not measured; give responses or `sign --embeddings`" in line and len(line) <= 110

    def test_without_a_candidate(self, stemma, embedded, signed):
        said = stemma("audit", signed / "heron.embeddings", "--panel", embedded.panel, code=2).err
        assert "embeddings alone are not enough" in said

    def test_of_somebody_else(self, stemma, styled, embedded, signed, tmp_path):
        """By name, and where the name is right by the responses."""
        stemma("sign-embeddings", styled.file("indigo"), "-o", tmp_path / "other")
        arguments = ("audit", signed / "heron.stemma", tmp_path / "other", "--panel", embedded.panel)
        assert "holds embeddings of indigo, and the candidate is heron" in stemma(*arguments, code=2).err
        rows = [json.loads(line) for line in styled.file("heron").read_text(encoding="utf-8").strip("\n").split("\n")]
        more = [*rows, {**rows[0], "prompt": "One that was never asked"}]
        (tmp_path / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in more), encoding="utf-8")
        stemma("sign-embeddings", tmp_path / "more.jsonl", "-o", tmp_path / "other")
        assert "are of other responses than its signature" in stemma(*arguments, code=2).err


class TestText:
    def test_line_and_page(self, stemma, styled, embedded, audit, tmp_path):
        """Text and Markdown have one line, the page a table; all name the nearest and say that no verdict hangs on it."""
        nearest = audit("heron")["embeddings"]["nearest"]
        page, markdown = tmp_path / "r.html", tmp_path / "r.md"
        text = stemma("audit", styled.file("heron"), *styled.metadata, "--panel", embedded.panel, "--html", page,
                      "--markdown", markdown).out
        for shown in (text, markdown.read_text(encoding="utf-8")):
            assert shown.count("Embeddings (no gain, so outside LR and verdict") == 1
        line = next(line for line in text.splitlines() if line.startswith("  Embeddings"))
        assert f"{nearest['reference']}, score {nearest['score']:.2f}, p {nearest['p_value']['value']:.3f}" in line
        html = page.read_text(encoding="utf-8")
        assert "Nearest by embeddings (10 of " in html and "enter no likelihood ratio and no verdict" in html

    def test_words_follow_the_figures(self, stemma, styled, embedded, audit):
        """Of all models: agreement is said, a relative is named as such, a stranger may speak against."""
        seen = set()
        for model in MEMBERS + STRANGERS:
            if model.degenerate:
                continue
            nearest = audit(model.name)["embeddings"]["nearest"]
            text = stemma("audit", styled.file(model.name), *styled.metadata, "--panel", embedded.panel).out
            said = " ".join(text[text.index("Embeddings (") :].split("\n  -")[0].split())
            if nearest["agrees"]:
                wanted, kind = ", as by n-grams", "agrees"
            elif nearest["documented_relation"] == "unrelated":
                wanted, kind = f"may speak against {nearest['nearest_by_ngrams']}, nearest by n-grams", "against"
            else:
                wanted, kind = f", not {nearest['nearest_by_ngrams']} as by n-grams ({nearest['documented_relation']})", "kin"
            assert wanted in said
            seen.add(kind)
        assert {"agrees", "against"} <= seen


class TestRefusals:
    def test_of_another_panel(self, stemma, styled, embedded, tmp_path):
        """A panel without one of the models: the digests of both are named, and --no-embeddings goes on."""
        members = [styled.signature(m.name) for m in MEMBERS[1:]]
        panel = tmp_path / "panel.stemma"
        stemma("panel", "build", *members, "--vocabulary", styled.vocabulary, "--index-bytes", 0, "-o", panel)
        (tmp_path / "embeddings.stemma").write_bytes(embedded.embeddings.read_bytes())
        arguments = ("audit", styled.file("heron"), "--panel", panel)
        error = stemma(*arguments, code=2).err
        digest = dict(line.split(None, 1) for line in stemma("info", embedded.embeddings).out.splitlines())["beside"].split()[-1]
        assert f"they were made for models of digest {digest}, and the panel's are of digest" in error
        assert "not measured" in stemma(*arguments, "--no-embeddings").out

    def test_of_another_embedder(self, stemma, styled, embedded, tmp_path):
        """Vectors that somebody brought: the built-in embedder makes none that could be compared."""
        files = [styled.file(model.name) for model in MEMBERS]
        stemma("embed", *files, "-o", "v.npy", "--ids", "ids.tsv", cwd=tmp_path)
        named = ("--embedder-name", "my-embedder", "--embedder-digest", "0" * 32)
        stemma("sign-embeddings", "v.npy", "--ids", "ids.tsv", *named, "-o", "brought/", cwd=tmp_path)
        brought = sorted((tmp_path / "brought").iterdir())
        stemma("panel", "embed", embedded.panel, *brought, "-o", tmp_path / "p")
        arguments = ("audit", styled.file("heron"), "--panel", embedded.panel, "--panel-embeddings", tmp_path / "p")
        error = stemma(*arguments, code=2).err
        assert "vectors of different embedders cannot be compared: my-embedder and " in error

    def test_of_missing_and_of_strange_models(self, stemma, styled, embedded, tmp_path):
        everyone = sorted((embedded.folder / "embedded").iterdir())
        error = stemma("panel", "embed", embedded.panel, *everyone[1:], "-o", tmp_path / "p", code=2).err
        assert "of the panel's model amber-70b there are no embeddings" in error
        stemma("sign-embeddings", styled.file("heron"), "-o", tmp_path / "heron")
        error = stemma("panel", "embed", embedded.panel, *everyone, tmp_path / "heron", "-o", tmp_path / "p", code=2).err
        assert "the panel has no model heron, of which there are embeddings" in error
        assert not (tmp_path / "p").exists()

    def test_of_damage(self, stemma, styled, embedded, tmp_path):
        content = bytearray(embedded.embeddings.read_bytes())
        content[len(content) // 2] ^= 1
        (tmp_path / "p").write_bytes(content)
        arguments = ("audit", styled.file("heron"), "--panel", embedded.panel, "--panel-embeddings")
        assert "checksum" in stemma(*arguments, tmp_path / "p", code=3).err
        assert "an embedding signature where an embedding panel was expected" in stemma(
            *arguments, embedded.folder / "embedded" / "cobalt.stemma", code=2).err

    def test_of_an_embedding_signature_without_a_panel_for_it(self, stemma, styled, embedded):
        arguments = ("audit", styled.signature("garnet"), embedded.folder / "embedded" / "garnet.stemma", "--panel", styled.panel)
        assert "there are no embeddings of the panel to compare it with" in stemma(*arguments, code=2).err


class TestReproduce:
    def test_from_responses_and_from_signatures(self, stemma, styled, embedded, tmp_path):
        stemma("sign", styled.file("heron"), *styled.metadata, "--vocabulary", styled.vocabulary, "--embeddings",
               "-o", tmp_path / "heron.stemma")
        for source in (styled.file("heron"), tmp_path / "heron.stemma"):
            stemma("audit", source, *(() if source.suffix == ".stemma" else styled.metadata), "--panel", embedded.panel,
                   "--json", tmp_path / "r.json")
            assert "byte for byte" in stemma("reproduce", tmp_path / "r.json").out

    def test_without_them_where_the_report_has_none(self, stemma, styled, embedded, tmp_path):
        stemma("audit", styled.file("heron"), *styled.metadata, "--panel", embedded.panel, "--no-embeddings", "--json",
               tmp_path / "r.json")
        assert "byte for byte" in stemma("reproduce", tmp_path / "r.json").out

    def test_other_embeddings_are_the_difference(self, stemma, styled, embedded, tmp_path):
        stemma("audit", styled.file("heron"), *styled.metadata, "--panel", embedded.panel, "--json", tmp_path / "r.json")
        stemma("panel", "embed", embedded.panel, *sorted((embedded.folder / "embedded").iterdir()), "--bits", 8, "-o",
               tmp_path / "p")
        other = stemma("reproduce", tmp_path / "r.json", "--panel-embeddings", tmp_path / "p", code=1).out
        assert "the panel embeddings' digest /embeddings/panel_digest" in other
        # A signature that brings none.
        alone = stemma("reproduce", tmp_path / "r.json", styled.signature("heron"), code=1).out
        assert "the embeddings' digest /embeddings/signature_digest" in alone

    def test_diff_tells_what_came(self, stemma, styled, embedded, tmp_path):
        for name, more in (("a", ["--no-embeddings"]), ("b", [])):
            stemma("audit", styled.file("heron"), *styled.metadata, "--panel", embedded.panel, *more, "--json", tmp_path / name)
        assert "embeddings: not measured, then measured" in stemma("diff", tmp_path / "a", tmp_path / "b", code=1).out


def test_same_bytes_for_any_threads_and_order(stemma, styled, embedded, tmp_path):
    rows = styled.file("heron").read_text(encoding="utf-8").strip("\n").split("\n")
    (tmp_path / "other.jsonl").write_text("\n".join(rows[::-1]), encoding="utf-8")
    stemma("panel", "embed", embedded.panel, *sorted((embedded.folder / "embedded").iterdir(), reverse=True), "-o", tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == embedded.embeddings.read_bytes()
    shown = [
        stemma("audit", path, *styled.metadata, "--panel", embedded.panel, "--json", "-", "--no-provenance", "--threads", threads).out
        for path, threads in ((styled.file("heron"), 1), (tmp_path / "other.jsonl", 4))
    ]
    assert shown[0] == shown[1]


def test_report_fits_its_schema(audit):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs/report.schema.json").read_text(encoding="utf-8"))
    part = {**schema["properties"]["canonical"]["properties"]["embeddings"], "$defs": schema["$defs"]}
    jsonschema.validate(audit("heron")["embeddings"], part)
    jsonschema.validate(None, part)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**audit("heron")["embeddings"], "more": 1}, part)


def test_groups_are_those_of_scores(stemma, tmp_path, styled):
    """Models of one maker and of no documented group share a vote, whatever the embedding signatures' own metadata say."""
    table = tmp_path / "other.tsv"
    table.write_text("model\tgroup\n" + "".join(f"{m.name}\tone group\n" for m in MEMBERS), encoding="utf-8")
    (tmp_path / "panel.stemma").write_bytes(styled.panel.read_bytes())
    files = [styled.file(m.name) for m in MEMBERS]
    written = []
    for metadata in ((), ("--metadata", table), tuple(styled.metadata)):
        stemma("sign-embeddings", *files, *metadata, "-o", f"{tmp_path}/embedded/")
        stemma("panel", "embed", tmp_path / "panel.stemma", *sorted((tmp_path / "embedded").iterdir()), "-o", tmp_path / "e")
        written.append((tmp_path / "e").read_bytes())
    assert written[0] == written[1] == written[2]
