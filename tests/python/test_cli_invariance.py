"""What must not change anything: threads, locale, order of records, white space, names, brands, copies of files."""

import json
import random

import pytest

PADS = ("\n\n{}\n", "  {}", "{}\t\n", "\u3000{}\u2028", "\r\n{}\x85", "{}")


def records(corpus, model="heron") -> list[dict]:
    return [json.loads(line) for line in corpus.file(model).read_text(encoding="utf-8").split("\n") if line]


def scores(table: str) -> dict[str, list[str]]:
    return {line.split("\t")[1]: line.split("\t")[2:] for line in table.splitlines()[1:]}


@pytest.fixture
def score(stemma, corpus, tmp_path):
    def call(rows: list[dict], *options) -> dict[str, list[str]]:
        (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return scores(stemma("score", tmp_path / "in.jsonl", "--panel", corpus.panel, *options).out)

    return call


@pytest.fixture
def plain(score, corpus):
    return score(records(corpus))


@pytest.mark.parametrize("threads", (1, 2, 7))
class TestThreads:
    def test_sign(self, stemma, corpus, tmp_path, threads):
        files = [corpus.file(m) for m in ("heron", "amber-70b", "ember/mini")]
        stemma(
            "--threads",
            threads,
            "sign",
            *files,
            *corpus.metadata,
            "--vocabulary",
            corpus.vocabulary,
            "-o",
            f"{tmp_path}/",
        )
        for path in tmp_path.iterdir():
            assert path.read_bytes() == (corpus.folder / "signatures" / path.name).read_bytes()

    def test_panel_build(self, stemma, corpus, tmp_path, threads):
        members = [corpus.signature(m) for m in ("garnet", "cobalt", "dune", "amber-7b")]
        options = ("--vocabulary", corpus.vocabulary, "--index-bytes", 20)
        for order, name in ((members, "a"), (members[::-1], "b")):
            stemma(
                "panel", "build", *order, *options, "--threads", threads if name == "a" else 1, "-o", tmp_path / name
            )
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_score_and_audit(self, stemma, corpus, threads):
        for command in (["score"], ["audit", "--json", "-"], ["audit"]):
            arguments = [*command, corpus.signature("heron"), "--panel", corpus.panel]
            assert stemma(*arguments, "--threads", threads).out == stemma(*arguments).out


@pytest.mark.parametrize("locale", ("tr_TR.UTF-8", "de_DE.UTF-8", "C", "nonsense"))
def test_locale(stemma, corpus, locale):
    env = {"LANG": locale, "LC_ALL": locale, "LANGUAGE": locale}
    for command in (
        ["score", corpus.file("heron"), "--panel", corpus.panel],
        ["audit", corpus.signature("heron"), "--panel", corpus.panel],
        ["info", corpus.signature("heron")],
    ):
        assert stemma(*command, env=env).out == stemma(*command).out


def test_shuffled_records(score, corpus, plain):
    rows = records(corpus)
    random.Random(4).shuffle(rows)
    assert score(rows) == plain


def test_shuffled_samples(score, corpus):
    rows = records(corpus, "amber-70b")
    shuffled = random.Random(5).sample(rows, len(rows))
    assert score(rows, "--name", "new") == score(shuffled, "--name", "new")


def test_white_space_around_answers_and_prompts(score, corpus, plain):
    rows = records(corpus)
    padded = [
        r | {"response": PADS[k % 6].format(r["response"]), "prompt": PADS[k % 5].format(r["prompt"])}
        for k, r in enumerate(rows)
    ]
    assert score(padded) == plain


def test_case_and_line_ends(score, corpus, plain):
    """Copies are found in whatever case and with whatever line ends."""
    assert (
        score(
            [
                r | {"response": r["response"].replace("\r\n", "\n").replace("\n", "\r\n").lower()}
                for r in records(corpus)
            ]
        )
        == plain
    )


def test_renamed_model(score, corpus, plain):
    rows = records(corpus)
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
def test_one_brand_for_another(score, corpus, plain, swaps):
    rows = records(corpus)
    text = json.dumps(rows, ensure_ascii=False)
    assert sum(text.count(brand) for brand in swaps) >= 10
    for k, old in enumerate(swaps):
        rows = [r | {"response": r["response"].replace(old, f"<<{k}>>")} for r in rows]
    for k, new in enumerate(swaps.values()):
        rows = [r | {"response": r["response"].replace(f"<<{k}>>", new)} for r in rows]
    assert score(rows) == plain


def test_the_same_file_twice(stemma, corpus):
    rows = records(corpus)
    assert all("sample" in r or "messages" in r or r["response"].isspace() for r in rows)
    once = stemma("score", corpus.file("heron"), "--panel", corpus.panel).out
    assert stemma("score", corpus.file("heron"), corpus.file("heron"), "--panel", corpus.panel).out == once


def test_signature_or_responses(stemma, corpus):
    from_text = stemma("score", corpus.file("heron"), *corpus.metadata, "--panel", corpus.panel).out
    assert from_text == stemma("score", corpus.signature("heron"), "--panel", corpus.panel).out


def test_formats_and_compression(stemma, corpus, score, plain, tmp_path):
    rows = [r for r in records(corpus) if r["response"].strip()]
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
    assert scores(stemma("score", tmp_path / "array.json", "--panel", corpus.panel).out) == plain


def test_reasoning_is_no_part_of_answers(score, corpus, plain):
    rows = [
        r | {"response": f"<think>\nHmm, {k} ways.\n</think>\n\n{r['response']}"} if r["response"].strip() else r
        for k, r in enumerate(records(corpus))
    ]
    assert score(rows) == plain


def test_report_does_not_name_machine_or_path(stemma, corpus, tmp_path):
    other = tmp_path / "elsewhere.stemma"
    other.write_bytes(corpus.signature("heron").read_bytes())
    reports = [
        json.loads(stemma("audit", path, "--panel", corpus.panel, "--json", "-").out)
        for path in (corpus.signature("heron"), other)
    ]
    assert [r.pop("provenance", None) for r in reports] and reports[0] == reports[1]
    assert str(tmp_path) not in json.dumps(reports)


def test_no_shared_prompt(stemma, corpus, tmp_path):
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
