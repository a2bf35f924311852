"""Traps that were met in real files, each set with made-up text: a detector that falls into one is wrong."""

import json

import numpy as np
import pytest

import reference
from planted import CHILDREN, LEXICON, PANEL, PROMPTS, STRANGERS, Planted, prompt_text, write
from stemma_files import MIN_COPY_TOKENS

NO_RIVALS = ("--rival-weights", 0, "--rival-distillation", 0, "--rival-ranking", 0)
WEIGHTS, DISTILLATION, N_PROMPTS, UNPAIRED = 0, 1, 3, 4  # columns


def read(table: str) -> np.ndarray:
    """[panel's model, column] of one candidate."""
    return np.array([[np.nan if v == "NA" else float(v) for v in line.split("\t")[2:]] for line in table.splitlines()[1:]])


@pytest.fixture
def score(stemma, planting, tmp_path):
    def call(rows: list[dict], *options, panel=planting.panel) -> np.ndarray:
        path = write(tmp_path / "in.jsonl", rows)
        return read(stemma("score", path, "--panel", panel, *NO_RIVALS, *options).out)

    return call


@pytest.fixture
def table(stemma, planting, tmp_path):
    """As text: not a digit may differ."""

    def call(rows: list[dict], panel=planting.panel) -> str:
        return stemma("score", write(tmp_path / "in.jsonl", rows), "--panel", panel).out

    return call


def styled_as(model: Planted, prompt: int, sample: int = 500) -> str:
    return model.answer(prompt, sample)


def first(scores: np.ndarray, column: int) -> str:
    return PANEL[int(np.nanargmax(scores[:, column]))].name


class TestReasoning:
    """A child of one model that thinks in the words of another."""

    CHILD, THINKER = CHILDREN[1], PANEL[9]

    @pytest.mark.parametrize(
        "form",
        (
            "<think>\n{}\n</think>\n\n{}",
            "{}\n</think>\n\n{}",
            "<thinking>{}</thinking>{}",
            "<|begin_of_thought|>\n{}\n<|end_of_thought|>\n{}",
        ),
    )
    def test_in_the_answer(self, table, form):
        plain = self.CHILD.records()
        mixed = [r | {"response": form.format(styled_as(self.THINKER, k), r["response"])} for k, r in enumerate(plain)]
        assert table(mixed) == table(plain)

    def test_in_a_field_of_its_own(self, table):
        plain = self.CHILD.records()
        assert table([r | {"reasoning": styled_as(self.THINKER, k)} for k, r in enumerate(plain)]) == table(plain)

    def test_unclosed(self, table):
        """An answer that never came: no answer to its prompt."""
        plain = self.CHILD.records()
        cut = [
            r | {"response": f"<think>\n{styled_as(self.THINKER, k)}"} if k % 3 == 0 else r for k, r in enumerate(plain)
        ]
        assert table(cut) == table([r for k, r in enumerate(plain) if k % 3])

    def test_the_trap_is_set(self, score):
        """Without its tags the thought would be scored, and lead to the thinker."""
        plain = self.CHILD.records()
        mixed = [
            r | {"response": f"{styled_as(self.THINKER, k)}\n{r['response']}"} for k, r in enumerate(plain)
        ]
        scores = {name: score(rows)[PANEL.index(self.THINKER)] for name, rows in (("plain", plain), ("mixed", mixed))}
        assert scores["mixed"][DISTILLATION] > scores["plain"][DISTILLATION] + 2


class TestRunaway:
    """One answer goes on for more characters than all others have together."""

    LENGTH = 160_000

    @pytest.fixture(scope="class", params=["loop", "others-style"])
    def endless(self, request):
        answer, donor = CHILDREN[0].answer(5, 0), PANEL[7]
        if request.param == "loop":
            tail = f"\n{answer}" * (self.LENGTH // len(answer) + 1)
        else:
            tail, k = "", 100
            while len(tail) < self.LENGTH:
                tail, k = f"{tail}\n{donor.answer(5, k)}", k + 1
        return answer + tail

    @pytest.mark.parametrize("model", (CHILDREN[0], STRANGERS[0]), ids=lambda m: m.name)
    def test_counts_as_one_answer(self, score, endless, model):
        """Cut or not, it changes no score by more than the share of one prompt.

        That share is what any other answer in its place can change, of which those of the panel's models are samples;
        from the answer to the cut and to the whole are two such steps.
        """
        rows = model.records()
        assert len(endless) > 150_000 > 3 * sum(len(r["response"]) for r in rows)

        def with_answer(text: str) -> np.ndarray:
            return score([*rows[:5], rows[5] | {"response": text}, *rows[6:]])

        own = score(rows)
        share = np.max([np.abs(with_answer(other.answer(5, 900)) - own).max(axis=0) for other in PANEL], axis=0)
        changed = np.abs(with_answer(endless) - with_answer(endless[:2000])).max(axis=0)
        assert changed[N_PROMPTS] == 0
        for column in (WEIGHTS, DISTILLATION, UNPAIRED):
            assert changed[column] <= 2 * share[column]
        if model in CHILDREN:
            assert first(with_answer(endless), DISTILLATION) == model.parent


@pytest.mark.parametrize("form", ("\n{}\n\n", "\n\n\n{}", "{}\n \t\n", " {} ", "\u3000\u2003{}\u2029"), ids=repr)
def test_white_space_wraps_some_models_answers(table, form):
    for model in (CHILDREN[2], STRANGERS[1]):
        rows = model.records()
        assert table([r | {"response": form.format(r["response"])} for r in rows]) == table(rows)


class TestCopies:
    """A stranger, most of whose answers are another model's own: no rerun of it."""

    STRANGER, COPIED = STRANGERS[2], max(PANEL, key=lambda m: m.habits["sentence"] * m.habits["sentences"])
    COUNT = 26  # at least 10 prompts must be left, else copies stay in

    @pytest.fixture(scope="class")
    def copied(self, brands) -> set[int]:
        """Prompts with answers of 50 tokens and more: others are alike without copying."""
        answers = (self.COPIED.answer(k, 0) for k in range(PROMPTS))
        long = [k for k, text in enumerate(answers) if len(reference.tokens(text, brands)) >= MIN_COPY_TOKENS]
        assert PROMPTS - self.COUNT >= 10
        return set(long[: self.COUNT])

    @pytest.fixture(scope="class")
    def rows(self, copied) -> list[dict]:
        own = self.STRANGER.records()
        return [r | {"response": self.COPIED.answer(k, 0)} if k in copied else r for k, r in enumerate(own)]

    @pytest.fixture(scope="class")
    def rest(self, rows, copied) -> list[dict]:
        return [r for k, r in enumerate(rows) if k not in copied]

    @pytest.mark.parametrize("column", (WEIGHTS, DISTILLATION))
    def test_left_out(self, score, rows, rest, column):
        """As near as by the rest alone, up to the candidate's typicality, to which copies add one model's likeness."""
        at = PANEL.index(self.COPIED)
        with_copies, without = score(rows), score(rest)
        assert with_copies[at, N_PROMPTS] == len(rest) == PROMPTS - self.COUNT
        assert set(np.delete(with_copies[:, N_PROMPTS], at)) == {PROMPTS}
        assert first(without, column) != self.COPIED.name
        assert with_copies[at, column] < without[at, column] + 1

    def test_changed_copies_are_found_all_the_same(self, score, rows):
        """In capitals, with other white space."""
        changed = [r | {"response": r["response"].upper().replace("\n", "\r\n")} for r in rows]
        assert (score(changed) == score(rows)).all()

    def test_the_trap_is_set(self, score, rows, copied):
        """Copies with a word more are scored, and stand first."""
        changed = [r | {"response": "Indeed. " + r["response"]} if k in copied else r for k, r in enumerate(rows)]
        assert first(score(changed), WEIGHTS) == first(score(changed), DISTILLATION) == self.COPIED.name

    def test_reported(self, stemma, planting, rows, tmp_path):
        path = write(tmp_path / "in.jsonl", rows)
        report = json.loads(stemma("audit", path, "--panel", planting.panel, "--json", "-").out)["canonical"]
        assert report["copies"][0] == {"reference": self.COPIED.name, "n_prompts": self.COUNT, "left_out": True}
        text = stemma("audit", path, "--panel", planting.panel).out
        assert f"{self.COPIED.name} {self.COUNT}" in text

    def test_reported_before_anything_else(self, stemma, planting, rows, tmp_path):
        text = stemma("audit", write(tmp_path / "in.jsonl", rows), "--panel", planting.panel).out
        assert text.index("COPIES") < text.index("VERDICT")

    def test_left_out_of_style_alone(self, score, rows, rest):
        at = PANEL.index(self.COPIED)
        assert score(rows)[at, UNPAIRED] < score(rest)[at, UNPAIRED] + 1


class TestDegenerateModel:
    """One that says the same whatever is asked."""

    TEXT = "I am sorry, but this is more than I can say. Is there anything else that you would like me to look at?"

    @pytest.fixture(scope="class")
    def panels(self, stemma, planting, tmp_path_factory):
        folder = tmp_path_factory.mktemp("degenerate")
        constant = [
            {"model": "constant", "prompt": prompt_text(p), "sample": 0, "response": self.TEXT} for p in range(PROMPTS)
        ]
        write(folder / "constant.jsonl", constant)
        vocabulary = ("--vocabulary", planting.vocabulary)
        stemma("sign", folder / "constant.jsonl", *vocabulary, "-o", folder / "constant")
        (folder / "marked.tsv").write_text("model\tdegenerate\nconstant\tyes\n")
        members = [*map(planting.signature, PANEL), folder / "constant"]
        exact = (*vocabulary, "--index-bytes", 0)
        stemma("panel", "build", *members, *exact, "-o", folder / "unmarked")
        stemma("panel", "build", *members, *exact, "--metadata", folder / "marked.tsv", "-o", folder / "marked")
        return folder

    def test_marked_changes_no_score(self, stemma, planting, panels):
        candidates = [planting.signature(m) for m in (*STRANGERS[:3], *CHILDREN[:3], PANEL[4])]
        without = stemma("score", *candidates, "--panel", planting.panel).out
        with_it = stemma("score", *candidates, "--panel", panels / "marked").out
        assert "\tconstant\t" in with_it
        assert [line for line in with_it.splitlines() if "\tconstant\t" not in line] == without.splitlines()

    def test_marked_changes_no_space(self, stemma, planting, panels):
        members = [*map(planting.signature, PANEL), panels / "constant"]
        options = ("--vocabulary", planting.folder / "words.stemma", "--metadata", panels / "marked.tsv")
        stemma("vocabulary", "fit-style", *members, *options, "-o", panels / "fitted")
        assert (panels / "fitted").read_bytes() == planting.vocabulary.read_bytes()

    @pytest.mark.parametrize("column", (WEIGHTS, DISTILLATION, UNPAIRED))
    def test_unmarked_is_not_everyones_nearest(self, stemma, planting, panels, column):
        """By chance the nearest of 15 for 10 or more of 20 strangers: 3e-7 (binomial)."""
        signatures = [planting.signature(m) for m in STRANGERS]
        lines = stemma("score", *signatures, "--panel", panels / "unmarked", *NO_RIVALS).out.splitlines()[1:]
        best = {}
        for candidate, model, *values in (line.split("\t") for line in lines):
            best[candidate] = max(best.get(candidate, (-np.inf, "")), (float(values[column]), model))
        assert len(best) == 20 and sum(model == "constant" for _, model in best.values()) < 10

    def test_as_a_candidate(self, stemma, panels, planting):
        table = read(stemma("score", panels / "constant", "--panel", planting.panel, *NO_RIVALS).out)
        assert np.isfinite(table).all()


def as_json(text: str) -> str:
    steps = [{"step": k + 1, "text": line} for k, line in enumerate(text.split("\n"))]
    return json.dumps({"answer": steps, "done": True}, indent=2)


def as_steps(text: str) -> str:
    return "\n\n".join(f"Step {k + 1}: {line}" for k, line in enumerate(text.split("\n")))


class TestDictatedFormats:
    """Half of the prompts dictate a format, to which all but two of the panel's models keep."""

    OBEDIENT = PANEL[:12]
    ALONE = PANEL[6]

    @staticmethod
    def records(model: Planted, formatted: bool) -> list[dict]:
        out = model.records()
        for k, row in enumerate(out[: PROMPTS // 2] if formatted else []):
            row["response"] = (as_json, as_steps)[k % 2](row["response"])
        return out

    @pytest.fixture(scope="class")
    def scores(self, stemma, planting, tmp_path_factory):
        """[stranger, panel's model, column] by who keeps to the formats, the strangers always."""
        folder, out = tmp_path_factory.mktemp("formats"), {}
        vocabulary = ("--vocabulary", planting.vocabulary)
        (folder / "in").mkdir()
        for m in self.OBEDIENT + STRANGERS:
            write(folder / "in" / f"{m.name}.jsonl", self.records(m, True))
        stemma("sign", *sorted((folder / "in").iterdir()), *vocabulary, "-o", f"{folder}/formatted/")
        for name, obedient in (("nobody", []), ("all", self.OBEDIENT), ("one", [self.ALONE])):
            keep = {m.name for m in obedient}
            members = [
                folder / "formatted" / f"{m.name}.stemma" if m.name in keep else planting.signature(m) for m in PANEL
            ]
            stemma("panel", "build", *members, *vocabulary, "--index-bytes", 0, "-o", folder / name)
            strangers = [folder / "formatted" / f"{m.name}.stemma" for m in STRANGERS]
            if name == "nobody":
                strangers = [planting.signature(m) for m in STRANGERS]
            table = read(stemma("score", *strangers, "--panel", folder / name, *NO_RIVALS).out)
            out[name] = table.reshape(len(STRANGERS), len(PANEL), -1)
        return out

    @pytest.mark.parametrize("column", (WEIGHTS, DISTILLATION, UNPAIRED))
    def test_bring_nobody_near(self, scores, column):
        """The mean of 20 * 12 unrelated pairs of deviation 1 errs by .065; by .32 with probability 1e-6 (normal)."""
        moved = (scores["all"] - scores["nobody"])[:, : len(self.OBEDIENT), column]
        assert abs(moved.mean()) <= 0.32

    @pytest.mark.parametrize("column", (WEIGHTS, DISTILLATION))
    def test_the_trap_is_set(self, scores, column):
        """Of two models that alone write so, and unbidden, it would be much."""
        moved = (scores["one"] - scores["nobody"])[:, PANEL.index(self.ALONE), column]
        assert moved.mean() > 5


class TestShortAnswers:
    def test_empty_ones_are_none(self, table):
        rows = CHILDREN[3].records()
        some = [r | {"response": ("", " \n", None)[k % 3]} if k % 4 == 0 else r for k, r in enumerate(rows)]
        assert table(some) == table([r for k, r in enumerate(rows) if k % 4])

    def test_one_word_leads_nowhere(self, score):
        """A quarter of a child's answers are one word, as are those of a model of the panel: the parent stays first."""
        rows = CHILDREN[3].records()
        terse = [r | {"response": "Yes."} if k % 4 == 0 else r for k, r in enumerate(rows)]
        scores = score(terse)
        assert np.isfinite(scores).all() and set(scores[:, N_PROMPTS]) == {PROMPTS}
        assert all(first(scores, column) == CHILDREN[3].parent for column in (WEIGHTS, DISTILLATION, UNPAIRED))

    def test_nothing_but_one_word(self, score):
        scores = score([r | {"response": LEXICON[0]} for r in STRANGERS[4].records()])
        assert np.isfinite(scores).all()

    def test_nothing_but_symbols_without_words(self, score):
        scores = score([r | {"response": "?"} for r in STRANGERS[4].records()])
        assert np.isfinite(scores).all()

    @pytest.mark.parametrize("prompts", (1, 2, 12))
    def test_fewer_prompts_than_the_panel(self, score, prompts):
        scores = score(CHILDREN[4].records(prompts=prompts))
        assert set(scores[:, N_PROMPTS]) == {prompts} and np.isfinite(scores).all()
        if prompts >= 12:
            assert first(scores, DISTILLATION) == CHILDREN[4].parent

    def test_other_prompts_than_the_panel(self, score):
        """Styles that are matched by length can be compared all the same."""
        scores = score([r | {"prompt": f"Another {r['prompt']}"} for r in CHILDREN[4].records()])
        assert np.isnan(scores[:, :3]).all() and set(scores[:, N_PROMPTS]) == {0}
        assert first(scores, UNPAIRED) == CHILDREN[4].parent


class TestDecoding:
    def test_the_same_answer_ten_times(self, score):
        """Greedy decoding, sampled ten times: one answer, no more. Cosines are kept to 2^-31, of deviations over .005."""
        rows = CHILDREN[5].records()
        ten = [r | {"sample": s} for r in rows for s in range(10)]
        assert np.abs(score(ten) - score(rows)).max() < 1e-6

    @pytest.mark.parametrize("samples", (1, 10))
    def test_greedy_candidate_of_a_sampled_parent(self, score, samples):
        """At a low temperature a model's likely words are likelier; it is nearest to itself all the same."""
        for parent in (PANEL[0], PANEL[5]):
            cool = Planted(f"cool-{parent.name}", parent=parent.name, change=0.0, temperature=0.6)
            scores = score(cool.records(samples))
            assert all(first(scores, column) == parent.name for column in (WEIGHTS, DISTILLATION, UNPAIRED))
