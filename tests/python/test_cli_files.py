"""Files, good and bad: what each command takes, what it refuses and how it says so, and what it leaves behind."""

import gzip
import json
import os
import random
import re
import shutil
import subprocess

import pytest

import stemma_files

GOOD = {"model": "m", "prompt": "p", "response": "hello there"}


def lines(*records) -> bytes:
    return b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records)


@pytest.fixture
def sign(stemma, corpus, tmp_path):
    """Signs a file of these bytes under this name."""

    def call(content: bytes, *options, name="in.jsonl", code=0):
        (tmp_path / name).write_bytes(content)
        return stemma("sign", name, *options, "--vocabulary", corpus.vocabulary, "-o", "out/", cwd=tmp_path, code=code)

    return call


READERS = (
    "sign {} --vocabulary {vocabulary} -o {out}",
    "audit {} --panel {panel}",
    "score {} --panel {panel}",
    "panel coverage {} --panel {panel}",
    "vocabulary fit {} --brands {brands} -o {out}",
    "info {}",
    "panel info {}",
    "panel check {}",
    "vocabulary info {}",
    "panel build {} --vocabulary {vocabulary} -o {out}",
    "score {signature} --panel {}",
    "audit {signature} --panel {}",
    "sign {responses} --vocabulary {} -o {out}",
    "panel build {signature} --vocabulary {} -o {out}",
    "sign {responses} --vocabulary {vocabulary} --metadata {} -o {out}",
    "vocabulary fit {responses} --brands {} -o {out}",
    "merge {} -o {out}",
    "merge {signature} --metadata {} -o {out}",
    "vocabulary fit-style {} --vocabulary {vocabulary} -o {out}",
    "vocabulary fit-style {signature} --vocabulary {} -o {out}",
)


@pytest.fixture
def reading(stemma, corpus, tmp_path):
    """Calls a command of READERS with a path, and says what came of it."""

    def call(command: str, path, code: int):
        values = {
            "vocabulary": corpus.vocabulary,
            "panel": corpus.panel,
            "signature": corpus.signature("heron"),
            "responses": corpus.file("heron"),
            "out": tmp_path / "never",
            "brands": corpus.folder / "models.tsv",
        }
        arguments = [str(path) if a == "{}" else a.format(**values) for a in command.split()]
        result = stemma(*arguments, code=code)
        assert not result.out and not (tmp_path / "never").exists()
        assert result.err.startswith("stemma: ") and result.err.count("\n") == 1, result.err
        return result.err

    return call


@pytest.mark.parametrize("command", READERS)
def test_missing_file(reading, tmp_path, command):
    assert str(tmp_path / "missing") in reading(command, tmp_path / "missing", 3)


@pytest.mark.parametrize("command", READERS)
def test_folder_in_place_of_a_file(reading, tmp_path, command):
    message = reading(command, tmp_path, 2)
    assert str(tmp_path) in message and "directory" in message


@pytest.mark.parametrize("command", [c for c in READERS if "--brands {}" not in c])
def test_empty_file(reading, tmp_path, command):
    (tmp_path / "empty").touch()
    assert str(tmp_path / "empty") in reading(command, tmp_path / "empty", 2)


@pytest.mark.parametrize(
    "command",
    (
        "info {}",
        "panel info {}",
        "panel check {}",
        "vocabulary info {}",
        "score {signature} --panel {}",
        "panel build {} --vocabulary {vocabulary} -o {out}",
        "sign {responses} --vocabulary {} -o {out}",
        "merge {} -o {out}",
        "vocabulary fit-style {} --vocabulary {vocabulary} -o {out}",
        "vocabulary fit-style {signature} --vocabulary {} -o {out}",
    ),
)
def test_text_in_place_of_a_file_of_stemma(reading, corpus, command):
    assert str(corpus.file("heron")) in reading(command, corpus.file("heron"), 2)


@pytest.mark.parametrize(
    ("command", "given", "wanted"),
    [
        ("info {}", "panel", "signature"),
        ("info {}", "vocabulary", "signature"),
        ("panel info {}", "vocabulary", "panel"),
        ("panel check {}", "signature", "panel"),
        ("vocabulary info {}", "panel", "vocabulary"),
        ("score {signature} --panel {}", "signature", "panel"),
        ("panel build {} --vocabulary {vocabulary} -o {out}", "panel", "signature"),
        ("sign {responses} --vocabulary {} -o {out}", "panel", "vocabulary"),
        ("merge {} -o {out}", "panel", "signature"),
        ("vocabulary fit-style {} --vocabulary {vocabulary} -o {out}", "vocabulary", "signature"),
        ("vocabulary fit-style {signature} --vocabulary {} -o {out}", "signature", "vocabulary"),
    ],
)
def test_another_kind_of_file(reading, corpus, command, given, wanted):
    path = {"panel": corpus.panel, "vocabulary": corpus.vocabulary, "signature": corpus.signature("heron")}[given]
    message = reading(command, path, 2)
    assert given in message and wanted in message and str(path) in message


@pytest.mark.parametrize(
    "command", ("score {} --panel {panel}", "audit {} --panel {panel}", "sign {} --vocabulary {vocabulary} -o {out}")
)
@pytest.mark.parametrize("given", ("panel", "vocabulary"))
def test_files_of_stemma_are_not_read_as_responses(reading, corpus, command, given):
    path = {"panel": corpus.panel, "vocabulary": corpus.vocabulary}[given]
    assert str(path) in reading(command, path, 2)


class TestDamage:
    def test_every_flipped_byte_is_found(self, stemma, corpus, tmp_path):
        whole, path = corpus.signature("flint").read_bytes(), tmp_path / "damaged"
        rng = random.Random(3)
        covered = stemma_files.covered_bytes(whole)
        places = [*range(8, 80), *rng.sample(covered, 60), covered[-1]]
        for at in sorted(set(places)):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << rng.randrange(8)
            path.write_bytes(damaged)
            result = stemma("info", path, code=3)
            assert str(path) in result.err and not result.out, at

    @pytest.mark.parametrize("share", (0.01, 0.3, 0.9, 0.9999))
    @pytest.mark.parametrize("kind", ("signature", "panel", "vocabulary"))
    def test_cut_off(self, stemma, corpus, tmp_path, kind, share):
        source, command = {
            "signature": (corpus.signature("heron"), ["info"]),
            "panel": (corpus.panel, ["panel", "info"]),
            "vocabulary": (corpus.vocabulary, ["vocabulary", "info"]),
        }[kind]
        whole = source.read_bytes()
        (tmp_path / "cut").write_bytes(whole[: max(12, int(share * len(whole)))])
        assert "cut" in stemma(*command, tmp_path / "cut", code=3).err

    @pytest.mark.parametrize("kind", ("signature", "panel", "vocabulary"))
    def test_newer_format(self, stemma, corpus, tmp_path, kind):
        source, command = {
            "signature": (corpus.signature("heron"), ["info"]),
            "panel": (corpus.panel, ["panel", "info"]),
            "vocabulary": (corpus.vocabulary, ["vocabulary", "info"]),
        }[kind]
        stemma_files.write(tmp_path / "newer", kind, stemma_files.sections(source, kind), major=2)
        message = stemma(*command, tmp_path / "newer", code=3).err
        assert "version 2" in message and str(tmp_path / "newer") in message

    def test_newer_minor_version_with_a_section_more(self, stemma, corpus, tmp_path):
        parts = stemma_files.sections(corpus.signature("heron"), "signature")
        stemma_files.write(tmp_path / "newer", "signature", {**parts, "FUTURE": b"unknown"}, minor=1)
        newer, known = stemma("info", tmp_path / "newer").out, stemma("info", corpus.signature("heron")).out
        assert newer == known.replace(str(corpus.signature("heron")), str(tmp_path / "newer"))

    @pytest.mark.parametrize("missing", ("METADATA", "OPTIONS", "PROMPTS", "ANSWERS", "NGRAMS_B"))
    def test_missing_section(self, stemma, corpus, tmp_path, missing):
        parts = stemma_files.sections(corpus.signature("heron"), "signature")
        stemma_files.write(tmp_path / "part", "signature", {k: v for k, v in parts.items() if k != missing})
        assert missing in stemma("info", tmp_path / "part", code=3).err

    @pytest.mark.parametrize("section", ("METADATA", "OPTIONS", "PROMPTS", "ANSWERS", "NGRAMS_B", "STYLE_A"))
    def test_sections_that_contradict_each_other(self, stemma, corpus, tmp_path, section):
        """Right checksums over wrong content: shortened, emptied, and filled with ones."""
        parts = stemma_files.sections(corpus.signature("heron"), "signature")
        # Any bytes are some answers' hashes.
        filled = [b"\xff" * len(parts[section])] if section != "ANSWERS" else []
        for wrong in (parts[section][:-1], b"", *filled):
            stemma_files.write(tmp_path / "wrong", "signature", {**parts, section: wrong})
            assert stemma("info", tmp_path / "wrong", code=3).err.startswith("stemma: ")

    def test_panel_sections_that_contradict_each_other(self, stemma, corpus, tmp_path):
        parts = stemma_files.sections(corpus.panel, "panel")
        for section, content in parts.items():
            for wrong in (content[:-1], b"", b"\xff" * len(content)):
                stemma_files.write(tmp_path / "wrong", "panel", {**parts, section: wrong})
                result = stemma("score", corpus.signature("heron"), "--panel", tmp_path / "wrong", code=None)
                assert result.code in (0, 2, 3) and result.err.count("\n") <= 1, (section, result)

    @pytest.mark.parametrize("ending", (".gz", ".zst"))
    def test_cut_compressed_responses(self, sign, ending):
        content = lines(*({**GOOD, "prompt": f"p{k}"} for k in range(500)))
        packed = gzip.compress(content) if ending == ".gz" else zstd(content)
        sign(packed, name=f"in.jsonl{ending}")
        message = sign(packed[: len(packed) // 2], name=f"in.jsonl{ending}", code=3).err
        assert f"in.jsonl{ending}" in message and "cut off" in message

    @pytest.mark.parametrize("ending", (".gz", ".zst"))
    def test_corrupt_compressed_responses(self, sign, ending):
        content = lines(*({**GOOD, "prompt": f"p{k}", "response": f"{k * k}"} for k in range(500)))
        packed = bytearray(gzip.compress(content) if ending == ".gz" else zstd(content))
        packed[len(packed) // 2] ^= 0x10
        assert f"in.jsonl{ending}" in sign(bytes(packed), name=f"in.jsonl{ending}", code=3).err


def zstd(content: bytes) -> bytes:
    if not shutil.which("zstd"):
        pytest.skip("the program zstd is not installed")
    return subprocess.run(["zstd", "-qc", "--check"], input=content, capture_output=True, check=True).stdout


class TestRecords:
    def test_truncated_line_is_named_by_line_and_byte(self, sign):
        bad = b'{"model": "m", "prompt": "q", "response": "hel'
        message = sign(lines(GOOD, GOOD | {"prompt": "r"}) + bad, code=2).err
        assert "in.jsonl:3: byte " in message
        first = len(lines(GOOD, GOOD | {"prompt": "r"}))
        assert first <= int(message.split("byte ")[1].split(":")[0]) <= first + len(bad)

    def test_invalid_utf8_is_named_by_its_byte(self, sign):
        bad = b'{"model": "m", "prompt": "q", "response": "a\xff"}'
        message = sign(lines(GOOD, bad), code=2).err
        assert f"in.jsonl:2: byte {len(lines(GOOD)) + bad.index(0xFF)}:" in message and "UTF-8" in message

    @pytest.mark.parametrize(
        "bad",
        (
            b'{"prompt": "q", "response": "\xed\xa0\x80"}',
            b'{"prompt": "q", "response": "\\ud800"}',
            b'{"prompt": "q", "response": "\\udc00"}',
            b'{"prompt": "q", "response": "\xc0\x80"}',
            b'{"prompt": "q", "response": "\xf4\x90\x80\x80"}',
            b"[]",
            b"17",
            b"null",
            b'"text"',
            b'{"prompt": "q"}',
            b'{"response": "a"}',
            b'{"prompt": "", "response": "a"}',
            b'{"prompt": "q", "response": 5}',
            b'{"prompt": "q", "response": ["a"]}',
            b'{"prompt": "q", "response": "a"} x',
            b'{"prompt": "q", "response": "a",}',
            b'{"prompt": "q", "prompt": "r", "response": "a"}',
            b'{"prompt": "q", "sample": -1, "response": "a"}',
            b'{"prompt": "q", "sample": 1.5, "response": "a"}',
            b'{"messages": []}',
            b'{"messages": "a"}',
            b'{"messages": [{"role": "user", "content": "q"}]}',
            b"{'prompt': 'q', 'response': 'a'}",
            b'{"prompt": "q", "response": "a\nb"}',
        ),
    )
    def test_bad_records(self, sign, bad):
        message = sign(lines(GOOD, bad), code=2).err
        assert message.startswith("stemma: in.jsonl:2: byte ")
        skipped = sign(lines(GOOD, bad, GOOD | {"prompt": "z"}), "--skip-bad")
        assert "skipped in.jsonl:2: byte" in skipped.err and "2 responses" in skipped.err

    def test_many_bad_records_are_counted(self, sign):
        skipped = sign(lines(GOOD, *[b"{"] * 250), "--skip-bad").err
        assert skipped.count("stemma: skipped in.jsonl:") == 100 and "skipped 150 more" in skipped

    def test_nothing_but_bad_records(self, sign):
        assert "in.jsonl" in sign(lines(b"{", b"["), "--skip-bad", code=2).err

    def test_nothing_but_empty_answers(self, sign):
        assert "empty" in sign(lines(GOOD | {"response": ""}, GOOD | {"prompt": "q", "response": None}), code=2).err

    def test_conflicting_duplicate(self, sign):
        sample = GOOD | {"sample": 0}
        assert "1 responses" in sign(lines(sample, sample)).err
        assert "in.jsonl:2:" in sign(lines(sample, sample | {"response": "other"}), code=2).err

    @pytest.mark.parametrize("separator", (b"\n", b"\r\n", b"\n\n", b" \n\t"))
    def test_line_ends(self, sign, separator):
        assert (
            "3 responses to 3 prompts" in sign(separator.join(lines(GOOD | {"prompt": p}).strip() for p in "abc")).err
        )

    def test_byte_order_mark_and_array(self, sign):
        assert (
            "2 responses" in sign(b"\xef\xbb\xbf" + json.dumps([GOOD, GOOD | {"prompt": "q"}], indent=1).encode()).err
        )

    def test_huge_and_odd_answers(self, sign):
        """A megabyte without a space, all line ends, only marks, and every control character."""
        texts = (
            "x" * 1_000_000,
            "a\n" * 100_000,
            "\u0301" * 1000,
            "".join(map(chr, range(1, 0xA0))),
            "\x00",
            "**" * 50_000,
            "1" * 100_000,
        )
        assert (
            f"{len(texts)} responses"
            in sign(lines(*(GOOD | {"prompt": f"{k}", "response": t} for k, t in enumerate(texts)))).err
        )

    def test_model_without_a_name_is_called_as_its_file(self, sign):
        assert "out/some.v1.stemma: some.v1," in sign(lines({"prompt": "p", "response": "a"}), name="some.v1.jsonl").err

    @pytest.mark.parametrize(
        "table",
        (
            "x\ty\na\tb\n",
            "model\trelease\na\t2023-13\n",
            "model\treference\na\tperhaps\n",
            "model\na\tb\tc\n",
            "model\trelease\n\t2023\n",
            "",
            "model\tgroup\na\tb\na\tc\n",
            "model\trelation\na\t\n",
        ),
    )
    def test_bad_metadata(self, sign, tmp_path, table):
        (tmp_path / "table.tsv").write_text(table)
        assert "table.tsv" in sign(lines(GOOD), "--metadata", "table.tsv", code=2).err


class TestOutput:
    def test_two_models_and_one_file(self, stemma, corpus, tmp_path):
        wrong = stemma(
            "sign",
            corpus.file("heron"),
            corpus.file("indigo"),
            "--vocabulary",
            corpus.vocabulary,
            "-o",
            tmp_path / "one",
            code=2,
        )
        assert str(tmp_path / "one") in wrong.err and not (tmp_path / "one").exists()

    def test_a_new_file(self, stemma, corpus, tmp_path):
        stemma(
            "sign",
            corpus.file("heron"),
            *corpus.metadata,
            "--vocabulary",
            corpus.vocabulary,
            "-o",
            tmp_path / "new.stemma",
        )
        assert (tmp_path / "new.stemma").read_bytes() == corpus.signature("heron").read_bytes()

    def test_a_new_folder_in_a_new_folder(self, stemma, corpus, tmp_path):
        stemma(
            "sign",
            corpus.file("heron"),
            corpus.file("ember/mini"),
            "--vocabulary",
            corpus.vocabulary,
            "-o",
            f"{tmp_path}/a/b/",
        )
        assert sorted(p.name for p in (tmp_path / "a/b").iterdir()) == ["ember_mini.stemma", "heron.stemma"]

    @pytest.mark.parametrize(
        "command",
        (
            "sign {responses} --vocabulary {vocabulary} -o {}",
            "panel build {signature} {other} --vocabulary {vocabulary} -o {}",
            "score {signature} --panel {panel} -o {}",
            "audit {signature} --panel {panel} --json {}",
            "merge {signature} -o {}",
        ),
    )
    @pytest.mark.parametrize("place", ("missing/file", "plain/file"))
    def test_unwritable(self, stemma, corpus, tmp_path, command, place):
        (tmp_path / "plain").write_text("a file, no folder")
        values = {
            "vocabulary": corpus.vocabulary,
            "panel": corpus.panel,
            "signature": corpus.signature("heron"),
            "other": corpus.signature("indigo"),
            "responses": corpus.file("heron"),
        }
        path = str(tmp_path / place)
        wrong = stemma(*(path if a == "{}" else a.format(**values) for a in command.split()), code=3)
        assert path in wrong.err and wrong.err.count("\n") == 1
        assert [p.name for p in tmp_path.iterdir()] == ["plain"]

    def test_write_protected_folder(self, stemma, corpus, tmp_path):
        if os.geteuid() == 0:
            pytest.skip("the superuser may write everywhere")
        tmp_path.chmod(0o555)
        stemma("score", corpus.signature("heron"), "--panel", corpus.panel, "-o", tmp_path / "file", code=3)

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
    def test_full_disk(self, stemma, corpus):
        assert (
            "/dev/full"
            in stemma("score", corpus.signature("heron"), "--panel", corpus.panel, "-o", "/dev/full", code=4).err
        )

    @pytest.mark.parametrize(
        "command",
        (
            "sign {responses} missing.jsonl --vocabulary {vocabulary} -o {}",
            "panel build {signature} missing --vocabulary {vocabulary} -o {}",
            "score {signature} missing --panel {panel} -o {}",
            "audit {signature} --panel {panel} --reference nobody --json {}",
            "vocabulary fit {responses} --brands {brands} -o {}",
            "merge {signature} missing -o {}",
            "vocabulary fit-style {signature} --vocabulary {vocabulary} -o {}",
        ),
    )
    def test_a_failed_run_leaves_the_old_file(self, stemma, corpus, tmp_path, command):
        values = {
            "vocabulary": corpus.vocabulary,
            "panel": corpus.panel,
            "signature": corpus.signature("heron"),
            "responses": corpus.file("heron"),
            "brands": corpus.folder / "models.tsv",
        }
        old = tmp_path / "old"
        old.write_text("precious")
        result = stemma(*(str(old) if a == "{}" else a.format(**values) for a in command.split()), code=None)
        assert result.code in (2, 3) and old.read_text() == "precious" and list(tmp_path.iterdir()) == [old]

    def test_pipes(self, stemma, corpus):
        signature = stemma.bytes(
            "sign",
            "-",
            "--name",
            "heron",
            *corpus.metadata,
            "--vocabulary",
            corpus.vocabulary,
            "-o",
            "-",
            stdin=corpus.file("heron").read_bytes(),
        )
        assert signature == corpus.signature("heron").read_bytes()
        packed = gzip.compress(corpus.file("heron").read_bytes())
        assert (
            stemma.bytes("sign", "-", *corpus.metadata, "--vocabulary", corpus.vocabulary, "-o", "-", stdin=packed)
            == signature
        )

    def test_score_reads_responses_from_a_pipe(self, stemma, corpus):
        piped = stemma("score", "-", *corpus.metadata, "--panel", corpus.panel, stdin=corpus.file("heron").read_bytes())
        assert piped.out == stemma("score", corpus.signature("heron"), "--panel", corpus.panel, "-o", "-").out

    @pytest.mark.parametrize("ignored", (False, True), ids=["kills", "ignored"])
    def test_a_reader_that_goes_away(self, stemma, corpus, ignored):
        """As in `stemma score ... | head -1`: no trace, whether the signal of a broken pipe kills or is ignored."""
        arguments = [stemma.path, "score", str(corpus.signature("heron")), "--panel", str(corpus.panel)]
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, restore_signals=not ignored
        )
        process.stdout.close()
        error = process.stderr.read().decode()
        assert process.wait(60) in (-13, 3)
        assert error in ("", "stemma: standard output cannot be written\n")

    def test_names_that_become_one_file(self, stemma, corpus, tmp_path):
        """Models a/b and a_b are two; neither may take the other's file without a word."""
        (tmp_path / "in.jsonl").write_bytes(lines(GOOD | {"model": "a/b"}, GOOD | {"model": "a_b"}))
        result = stemma(
            "sign", tmp_path / "in.jsonl", "--vocabulary", corpus.vocabulary, "-o", f"{tmp_path}/out/", code=None
        )
        assert result.code == 2 or len(list((tmp_path / "out").iterdir())) == 2

    @pytest.mark.parametrize(
        "name", ("a\tb", "a\nb", "a\rb", "\x1b[31mred"), ids=("tab", "newline", "return", "escape")
    )
    def test_names_that_would_break_a_table(self, stemma, corpus, tmp_path, name):
        records = [json.loads(line) for line in corpus.file("heron").read_text(encoding="utf-8").split("\n") if line]
        (tmp_path / "in.jsonl").write_bytes(lines(*(r | {"model": name} for r in records)))
        table = stemma("score", tmp_path / "in.jsonl", "--panel", corpus.panel, code=None)
        assert table.code == 2 or {line.count("\t") for line in table.out.split("\n") if line} == {6}
        assert not re.search(r"[^\S\t\n ]|\x1b", table.out + table.err)
