"""What must not change anything: threads, locale, order of records, white space, names, brands, copies of files."""

import json
import random

import pytest

from planted import CHILDREN, PANEL, STRANGERS

PADS = ("\n\n{}\n", "  {}", "{}\t\n", "\u3000{}\u2028", "\r\n{}\x85", "{}")


def records(styled, model="heron") -> list[dict]:
    return [json.loads(line) for line in styled.file(model).read_text(encoding="utf-8").split("\n") if line]


def scores(table: str) -> dict[str, list[str]]:
    return {line.split("\t")[1]: line.split("\t")[2:] for line in table.splitlines()[1:]}


@pytest.fixture
def score(stemma, styled, tmp_path):
    def call(rows: list[dict], *options) -> dict[str, list[str]]:
        (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return scores(stemma("score", tmp_path / "in.jsonl", "--panel", styled.panel, *options).out)

    return call


@pytest.fixture
def plain(score, styled):
    return score(records(styled))


@pytest.mark.parametrize("threads", (1, 2, 7))
class TestThreads:
    def test_sign(self, stemma, styled, tmp_path, threads):
        files = [styled.file(m) for m in ("heron", "amber-70b", "ember/mini")]
        stemma(
            "--threads",
            threads,
            "sign",
            *files,
            *styled.metadata,
            "--vocabulary",
            styled.vocabulary,
            "-o",
            f"{tmp_path}/",
        )
        for path in tmp_path.iterdir():
            assert path.read_bytes() == (styled.folder / "signatures" / path.name).read_bytes()

    def test_panel_build(self, stemma, styled, tmp_path, threads):
        members = [styled.signature(m) for m in ("garnet", "cobalt", "dune", "amber-7b")]
        options = ("--vocabulary", styled.vocabulary, "--index-bytes", 20)
        for order, name in ((members, "a"), (members[::-1], "b")):
            stemma(
                "panel", "build", *order, *options, "--threads", threads if name == "a" else 1, "-o", tmp_path / name
            )
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_score_and_audit(self, stemma, styled, threads):
        for command in (["score"], ["audit", "--json", "-", "--no-provenance"], ["audit"]):
            arguments = [*command, styled.signature("heron"), "--panel", styled.panel]
            assert stemma(*arguments, "--threads", threads).out == stemma(*arguments).out


@pytest.mark.parametrize("locale", ("tr_TR.UTF-8", "de_DE.UTF-8", "C", "nonsense"))
def test_locale(stemma, styled, locale):
    env = {"LANG": locale, "LC_ALL": locale, "LANGUAGE": locale}
    for command in (
        ["score", styled.file("heron"), "--panel", styled.panel],
        ["audit", styled.signature("heron"), "--panel", styled.panel],
        ["info", styled.signature("heron")],
    ):
        assert stemma(*command, env=env).out == stemma(*command).out


def test_shuffled_records(score, styled, plain):
    rows = records(styled)
    random.Random(4).shuffle(rows)
    assert score(rows) == plain


def test_shuffled_samples(score, styled):
    rows = records(styled, "amber-70b")
    shuffled = random.Random(5).sample(rows, len(rows))
    assert score(rows, "--name", "new") == score(shuffled, "--name", "new")


def test_white_space_around_answers_and_prompts(score, styled, plain):
    rows = records(styled)
    padded = [
        r | {"response": PADS[k % 6].format(r["response"]), "prompt": PADS[k % 5].format(r["prompt"])}
        for k, r in enumerate(rows)
    ]
    assert score(padded) == plain


def test_case_and_line_ends(score, styled, plain):
    """Copies are found in whatever case and with whatever line ends."""
    assert (
        score(
            [
                r | {"response": r["response"].replace("\r\n", "\n").replace("\n", "\r\n").lower()}
                for r in records(styled)
            ]
        )
        == plain
    )


def test_renamed_model(score, styled, plain):
    rows = records(styled)
    assert score(rows, "--name", "another name") == plain
    assert score([r | {"model": "zzz"} for r in rows]) == plain


@pytest.mark.parametrize(
    "swaps",
    [
        pytest.param(
            {
                "ChatGPT": "Claude",
                "Claude 2.1": "gpt-4-0613",
                "Meta AI": "Qwen",
                "文心一言": "通义千问",
                "Open AI": "Google",
            },
            id="names",
        ),
        pytest.param(
            {"ChatGPT": "Qwen2.5", "Microsoft": "Llama3.1-8B"},
            id="glued-versions",
        ),
    ],
)
def test_one_brand_for_another(score, styled, plain, swaps):
    rows = records(styled)
    text = json.dumps(rows, ensure_ascii=False)
    assert sum(text.count(brand) for brand in swaps) >= 10
    for k, old in enumerate(swaps):
        rows = [r | {"response": r["response"].replace(old, f"<<{k}>>")} for r in rows]
    for k, new in enumerate(swaps.values()):
        rows = [r | {"response": r["response"].replace(f"<<{k}>>", new)} for r in rows]
    assert score(rows) == plain


def test_the_same_file_twice(stemma, styled):
    rows = records(styled)
    assert all("sample" in r or "messages" in r or r["response"].isspace() for r in rows)
    once = stemma("score", styled.file("heron"), "--panel", styled.panel).out
    assert stemma("score", styled.file("heron"), styled.file("heron"), "--panel", styled.panel).out == once


def test_signature_or_responses(stemma, styled):
    from_text = stemma("score", styled.file("heron"), *styled.metadata, "--panel", styled.panel).out
    assert from_text == stemma("score", styled.signature("heron"), "--panel", styled.panel).out


def test_formats_and_compression(stemma, styled, score, plain, tmp_path):
    rows = [r for r in records(styled) if r["response"].strip()]
    chat = [
        {
            "model": "heron",
            "messages": [{"role": "user", "content": r["prompt"]}, {"role": "assistant", "content": r["response"]}],
        }
        for r in rows
    ]
    alpaca = [{"generator": "heron", "instruction": r["prompt"], "output": r["response"]} for r in rows]
    assert score(chat) == plain and score(alpaca) == plain
    (tmp_path / "array.json").write_text(json.dumps(alpaca, indent=2), encoding="utf-8")
    assert scores(stemma("score", tmp_path / "array.json", "--panel", styled.panel).out) == plain


def test_reasoning_is_no_part_of_answers(score, styled, plain):
    rows = [
        r | {"response": f"<think>\nHmm, {k} ways.\n</think>\n\n{r['response']}"} if r["response"].strip() else r
        for k, r in enumerate(records(styled))
    ]
    assert score(rows) == plain


def test_report_does_not_name_machine_or_path(stemma, styled, tmp_path):
    other = tmp_path / "elsewhere.stemma"
    other.write_bytes(styled.signature("heron").read_bytes())
    reports = [
        json.loads(stemma("audit", path, "--panel", styled.panel, "--json", "-").out)
        for path in (styled.signature("heron"), other)
    ]
    assert all(r.pop("provenance") for r in reports) and reports[0] == reports[1]
    assert str(tmp_path) not in json.dumps(reports)


def test_repeated_records(score, styled, plain):
    """Those with a sample's number are the same again; and so are equal ones, said twice."""
    rows = records(styled)
    assert score([row for r in rows for row in ([r, r] if "sample" in r else [r])]) == plain
    assert score(rows + [r for r in rows if "sample" in r][::-1]) == plain


def test_audit_of_shuffled_and_padded_records(stemma, styled, tmp_path):
    rows, reports = records(styled), []
    other = [r | {"response": PADS[k % 6].format(r["response"])} for k, r in enumerate(rows)]
    random.Random(7).shuffle(other)
    for these in (rows, other):
        (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, these)), encoding="utf-8")
        arguments = ("audit", tmp_path / "in.jsonl", *styled.metadata, "--panel", styled.panel, "--json", "-")
        reports.append(json.loads(stemma(*arguments).out))
        reports[-1].pop("provenance")
    assert reports[0] == reports[1]


def test_candidate_and_reference_change_places(stemma, planting, tmp_path):
    """With a panel that counts neither, each scores on the other what the other scores on it.

    A degenerate model is left out of every statistic and scored all the same: so either can be the panel's. Its place
    in the space of styles is a float32 number.
    """
    pairs = [(CHILDREN[0], CHILDREN[1]), (CHILDREN[2], STRANGERS[0]), (STRANGERS[3], STRANGERS[4])]
    for a, b in pairs:
        seen = []
        for candidate, reference in ((a, b), (b, a)):
            (tmp_path / "marked.tsv").write_text(f"model\tdegenerate\n{reference.name}\tyes\n")
            members = [planting.signature(m) for m in (*PANEL, reference)]
            options = ("--vocabulary", planting.vocabulary, "--index-bytes", 0, "--metadata", tmp_path / "marked.tsv")
            stemma("panel", "build", *members, *options, "-o", tmp_path / "panel")
            alone = ("--rival-weights", 0, "--rival-distillation", 0, "--rival-ranking", 0)
            table = stemma("score", planting.signature(candidate), "--panel", tmp_path / "panel", *alone).out
            seen.append([float(x) for x in scores(table)[reference.name]])
        assert seen[0][0] == pytest.approx(seen[1][0], abs=1e-7)
        assert seen[0] == pytest.approx(seen[1], abs=1e-6) and seen[0][0] != 0


def digest(stemma, path) -> str:
    return stemma("info", path).out.split("digest")[1].split()[0]


def test_any_byte_of_an_answer_changes_the_digest(stemma, styled, tmp_path):
    rows = [r for r in records(styled) if r["response"].strip()]
    rng, digests = random.Random(8), {digest(stemma, styled.signature("heron"))}
    for k in range(40):
        changed, at = [dict(r) for r in rows], rng.randrange(len(rows))
        field = "prompt" if k % 8 == 0 else "response"
        text = changed[at][field]
        places = [i for i, c in enumerate(text) if c.isascii() and c.isalnum()]
        place = rng.choice(places)
        new = chr(ord(text[place]) ^ 1)  # one bit of one byte
        changed[at][field] = text[:place] + new + text[place + 1 :]
        (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, changed)), encoding="utf-8")
        stemma("sign", tmp_path / "in.jsonl", "--vocabulary", styled.vocabulary, "-o", tmp_path / "signature")
        digests.add(digest(stemma, tmp_path / "signature"))
    assert len(digests) == 41


def test_no_shared_prompt(stemma, corpus, tmp_path):
    """Nothing to score where there is no space of styles."""
    (tmp_path / "other.jsonl").write_text('{"model": "other", "prompt": "unheard of", "response": "yes"}\n')
    for command in ("score", "audit"):
        wrong = stemma(command, tmp_path / "other.jsonl", "--panel", corpus.panel, code=2)
        assert "other" in wrong.err and not wrong.out


def test_another_vocabulary(stemma, corpus, tmp_path):
    (tmp_path / "brands.txt").write_text("acme\n")
    members = [corpus.file(m) for m in ("amber-7b", "basalt-1", "cobalt", "garnet", "dune", "amber-70b", "basalt-chat")]
    stemma("vocabulary", "fit", *members, "--brands", tmp_path / "brands.txt", "-o", tmp_path / "vocabulary")
    stemma("sign", corpus.file("heron"), "--vocabulary", tmp_path / "vocabulary", "-o", tmp_path / "heron")
    assert "vocabulary" in stemma("score", tmp_path / "heron", "--panel", corpus.panel, code=2).err
    assert (
        "vocabulary"
        in stemma(
            "panel",
            "build",
            tmp_path / "heron",
            corpus.signature("dune"),
            "--vocabulary",
            corpus.vocabulary,
            "-o",
            tmp_path / "panel",
            code=2,
        ).err
    )


def test_panel_of_too_few(stemma, corpus, tmp_path):
    one, two = corpus.signature("cobalt"), corpus.signature("dune")
    options = ("--vocabulary", corpus.vocabulary, "-o", tmp_path / "panel")
    assert "2" in stemma("panel", "build", one, *options, code=2).err
    assert "twice" in stemma("panel", "build", one, one, *options, code=2).err
    stemma("panel", "build", one, two, *options)
    assert "3" in stemma("score", corpus.signature("heron"), "--panel", tmp_path / "panel", code=2).err
