"""A panel built and calibrated here is the program's, byte for byte."""

import pickle

import pytest

import stemma

METADATA = "model\torganisation\tfamily\nminotaur-13b\tOpenAccess\tMinotaur\nclaude2-alpaca-13b\tUMD\tAlpaca\n"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("metadata") / "models.tsv"
    path.write_text(METADATA, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def signatures(made_up):
    """Of 12 models, each a group of its own with a word it favours: one left out leaves the 10 that a space of styles takes."""
    count = len(made_up["model"])
    columns = {name: values * 6 for name, values in made_up.items()}
    words = "the and of to in that is was for it with as".split()
    for k in range(len(columns["model"])):
        part = 2 * (k // count) + (columns["model"][k] == "wren")
        columns["model"][k] = f"model{part:02}"
        columns["response"][k] = f"{columns['response'][k]} {words[part].capitalize()} so {words[part]}. " * (1 + k % 3)
    return stemma.sign(columns)


def test_the_panel_is_the_programs(signatures, cli, tmp_path):
    files = []
    for signature in signatures:
        files.append(tmp_path / f"{signature.model}.stemma")
        signature.write(files[-1])
    expected = tmp_path / "program.stemma"
    cli("panel", "build", *files, "--title", "Birds", "--licence", "none", "-o", expected)
    panel = stemma.Panel.build(tmp_path / "python.stemma", signatures, title="Birds", licence="none")
    assert (tmp_path / "python.stemma").read_bytes() == expected.read_bytes()
    assert (panel.title, panel.models, panel.calibrated) == ("Birds", 12, False)
    assert pickle.loads(pickle.dumps(panel)) == panel
    cli("panel", "calibrate", expected, *files, "-o", tmp_path / "program-calibrated.stemma")
    calibrated = panel.calibrate(tmp_path / "python-calibrated.stemma", signatures)
    assert calibrated.calibrated and not panel.calibrated
    assert (tmp_path / "python-calibrated.stemma").read_bytes() == (tmp_path / "program-calibrated.stemma").read_bytes()
    with pytest.raises(stemma.IncompatibleError):
        panel.calibrate(tmp_path / "none.stemma", signatures[:1])


def test_metadata_group_the_models(table, made_up, tmp_path):
    columns = {**made_up, "model": [{"owl": "minotaur-13b"}.get(name, name) for name in made_up["model"]]}
    panel = stemma.Panel.build(tmp_path / "panel.stemma", stemma.sign(columns, metadata=table))
    assert [model.panel_group for model in panel.list_models()] == ["OpenAccess", "wren"]


@pytest.mark.parametrize("wrong", [[], "twice"])
def test_what_is_no_panel_is_refused_and_nothing_is_written(wrong, made_up, tmp_path):
    signatures = list(stemma.sign(made_up)) * 2 if wrong == "twice" else wrong
    with pytest.raises(ValueError):
        stemma.Panel.build(tmp_path / "panel.stemma", signatures)
    assert not list(tmp_path.iterdir())


def test_progress_can_stop_it(made_up, tmp_path):
    class Enough(Exception):
        pass

    def stop(stage, done, total):
        raise Enough

    with pytest.raises(Enough):
        stemma.Panel.build(tmp_path / "panel.stemma", stemma.sign(made_up), progress=stop)
