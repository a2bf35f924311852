"""Each kind of error is the exception that the documents promise."""

import pytest

import stemma

LINE = '{"model": "m", "prompt": "p", "response": "r"}\n'


def test_malformed_responses_name_their_place(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text(LINE + "{nothing}\n")
    with pytest.raises(ValueError, match=r"bad\.jsonl:2: byte 48: "):
        stemma.read_responses(bad)
    assert stemma.read_responses(bad, skip_bad=True).bad_records[0].line == 2


def test_files_that_are_not_there(tmp_path):
    for call in (
        stemma.read_responses,
        stemma.sign,
        stemma.audit,
        stemma.score,
        stemma.Panel.open,
        stemma.Signature.read,
    ):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            call(tmp_path / "nowhere.jsonl")


def test_files_that_are_cut_off(tmp_path, demo):
    cut = tmp_path / "cut.stemma"
    cut.write_bytes(demo.read_bytes()[:5000])
    with pytest.raises(stemma.CorruptFileError):
        stemma.Signature.read(cut)
    with pytest.raises(OSError):
        stemma.audit(cut)


def word(k: int) -> str:
    return "q" + "".join("abcdefghij"[int(digit)] for digit in str(k))


def test_what_does_not_go_together(demo, tmp_path, cli, made_up_file, made_up):
    words = tmp_path / "words.stemma"
    lines = made_up_file.read_text() + "".join(
        f'{{"model": "{model}", "prompt": "w{k}", "response": "{" ".join(word(50 * k + j) for j in range(50))}"}}\n'
        for k in range(20)
        for model in ("a", "b", "c")
    )
    (tmp_path / "text.jsonl").write_text(lines)
    cli("vocabulary", "fit", tmp_path / "text.jsonl", "-o", words)
    (signature, *_) = stemma.sign(made_up, vocabulary=words)
    with pytest.raises(stemma.IncompatibleError) as error:
        stemma.audit(signature)
    assert isinstance(error.value, ValueError)


def test_panels_that_are_not_calibrated(tmp_path, cli, made_up_file):
    folder = tmp_path / "signatures"
    cli("sign", made_up_file, "-o", f"{folder}/")
    panel = tmp_path / "panel.stemma"
    cli("panel", "build", *folder.iterdir(), "-o", panel)
    with pytest.raises(stemma.NotFittedError):
        stemma.evaluate(panel)


def test_one_candidate_at_a_time(made_up):
    with pytest.raises(ValueError, match="an audit takes one candidate; the inputs hold 2: owl wren"):
        stemma.audit(made_up)


@pytest.mark.parametrize("options", [{"alpha": 2}, {"prior": 1.5}, {"reference": "no such model"}, {"threads": -1}])
def test_options_out_of_range(demo, options):
    with pytest.raises(ValueError):
        stemma.audit(demo, **options)


def test_types_that_hold_no_responses():
    with pytest.raises(TypeError):
        stemma.read_responses(3.5, name="m")
