"""The same responses give the same signatures, whatever holds them: files are the measure, as the program reads them."""

import numpy as np
import pytest

import stemma

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")


def bytes_of(signatures) -> list[bytes]:
    return [signature.to_bytes() for signature in signatures]


@pytest.fixture(scope="module")
def expected(made_up_file) -> list[bytes]:
    return bytes_of(stemma.sign(made_up_file))


def chunked(table: "pyarrow.Table") -> "pyarrow.Table":
    """The same rows in three chunks, of which two begin inside a larger array."""
    return pyarrow.concat_tables([table.slice(0, 7), table.slice(7, 50), table.slice(57)])


def sliced_batch(columns) -> "pyarrow.RecordBatch":
    """Rows out of the middle of a batch, whose structure has an offset of its own."""
    padded = {name: [values[0]] * 3 + values + [values[0]] for name, values in columns.items()}
    return pyarrow.record_batch(padded).slice(3, len(columns["model"]))


def with_types(columns, text) -> "pyarrow.Table":
    table = pyarrow.table(columns)
    return table.cast(pyarrow.schema([(f.name, text if f.type == pyarrow.string() else f.type) for f in table.schema]))


def with_dictionary(columns) -> "pyarrow.Table":
    table = pyarrow.table(columns)
    return table.set_column(0, "model", table["model"].dictionary_encode())


TABLES = {
    "dict of lists": lambda c: c,
    "list of dicts": lambda c: [dict(zip(c, row)) for row in zip(*c.values())],
    "dict of arrays": lambda c: {name: np.array(values) for name, values in c.items()},
    "dict of object arrays": lambda c: {name: np.array(values, dtype=object) for name, values in c.items()},
    "pandas": lambda c: pandas.DataFrame(c),
    "pandas of objects": lambda c: pandas.DataFrame({name: pandas.Series(v, dtype=object) for name, v in c.items()}),
    "pandas of Arrow": lambda c: pandas.DataFrame(c).convert_dtypes(dtype_backend="pyarrow"),
    "pandas with categories": lambda c: pandas.DataFrame(c).astype({"model": "category"}),
    "polars": lambda c: polars.DataFrame(c),
    "polars with categories": lambda c: polars.DataFrame(c).with_columns(polars.col("model").cast(polars.Categorical)),
    "pyarrow": lambda c: pyarrow.table(c),
    "pyarrow in chunks": lambda c: chunked(pyarrow.table(c)),
    "pyarrow batch": lambda c: pyarrow.record_batch(c),
    "pyarrow batch with an offset": sliced_batch,
    "pyarrow reader": lambda c: pyarrow.table(c).to_reader(max_chunksize=11),
    "pyarrow large text": lambda c: with_types(c, pyarrow.large_string()),
    "pyarrow dictionary": with_dictionary,
}
if hasattr(pyarrow, "string_view"):
    TABLES["pyarrow text views"] = lambda c: with_types(c, pyarrow.string_view())


@pytest.mark.parametrize("kind", TABLES)
def test_tables_are_read_as_files_are(kind, made_up, expected):
    assert bytes_of(stemma.sign(TABLES[kind](made_up))) == expected


def test_data_sets_of_hugging_face(made_up, expected):
    datasets = pytest.importorskip("datasets")
    whole = datasets.Dataset.from_dict(made_up)
    assert bytes_of(stemma.sign(whole)) == expected
    # A choice of rows stands beside the table, not in it.
    backwards = whole.select(range(len(whole) - 1, -1, -1))
    assert bytes_of(stemma.sign(backwards)) == expected


SERIES = {
    "list": list,
    "tuple": tuple,
    "NumPy": np.array,
    "NumPy objects": lambda v: np.array(v, dtype=object),
    "pandas": lambda v: pandas.Series(v),
    "pandas objects": lambda v: pandas.Series(v, dtype=object),
    "polars": polars.Series,
    "pyarrow": pyarrow.array,
    "pyarrow in chunks": lambda v: pyarrow.chunked_array([v[:9], v[9:]]),
}


@pytest.mark.parametrize("kind", SERIES)
def test_responses_alone_with_prompts_beside_them(kind, made_up, expected):
    make, half = SERIES[kind], len(made_up["model"]) // 2
    columns = {name: make(values[:half]) for name, values in made_up.items()}
    responses = stemma.read_responses(
        columns["response"], prompt=columns["prompt"], sample=columns["sample"], name="owl"
    )
    assert bytes_of(stemma.sign(responses)) == expected[:1]


def test_the_program_agrees(made_up_file, expected, cli, tmp_path):
    cli("sign", made_up_file, "-o", f"{tmp_path}/")
    assert [(tmp_path / f"{model}.stemma").read_bytes() for model in ("owl", "wren")] == expected


def test_missing_values_are_absent(made_up, expected):
    """In a column of samples pandas makes of a missing value a float; each model's are counted then."""
    frame = pandas.DataFrame(made_up)
    frame.loc[0, "sample"] = None
    assert bytes_of(stemma.sign(frame)) == expected
    table = pyarrow.table(
        {**made_up, "sample": [None] * len(made_up["sample"]), "language": [None] * len(made_up["model"])}
    )
    assert bytes_of(stemma.sign(table)) == expected


def test_names_of_other_collections_and_of_the_user(made_up, expected):
    names = {"model": "generator", "prompt": "instruction", "response": "output"}
    frame = pandas.DataFrame(made_up).rename(columns=names)
    assert bytes_of(stemma.sign(frame)) == expected
    renamed = frame.rename(columns={"output": "said"})
    assert bytes_of(stemma.sign(stemma.read_responses(renamed, columns={"response": "said"}))) == expected


def test_identifiers_may_be_numbers():
    by_number = stemma.sign({"prompt_id": [1, 2], "response": ["a b c", "d e f"], "model": ["owl", "owl"]})
    by_text = stemma.sign({"prompt_id": ["1", "2"], "response": ["a b c", "d e f"], "model": ["owl", "owl"]})
    assert bytes_of(by_number) == bytes_of(by_text)


def test_text_is_not_copied(made_up):
    """64 MiB of text are read in less than a quarter of that, beside what Arrow holds."""
    resource = pytest.importorskip("resource")
    answer = "word " * 13_000
    table = pyarrow.table({"prompt": [str(k) for k in range(1024)], "response": [answer] * 1024})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stemma.read_responses(table, name="owl")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024


def test_a_list_that_changes_while_it_is_held_does_no_harm():
    texts = [f"made up {k} " * 20 for k in range(100)]
    expected = stemma.sign(stemma.read_responses(list(texts), prompt=list(map(str, range(100))), name="owl"))
    responses = stemma.read_responses(texts, prompt=list(map(str, range(100))), name="owl")
    for k in range(100):
        texts[k] = ""
    assert stemma.sign(responses) == expected


WRONG = {
    "no column of responses": ({"prompt": ["a"], "model": ["m"]}, {}, "no column of responses"),
    "lengths": ({"prompt": ["a"], "response": ["b", "c"], "model": ["m", "m"]}, {}, "must be of one length"),
    "numbers": ({"prompt": ["a"], "response": [1], "model": ["m"]}, {}, "`response` must hold text, got integers"),
    "mixed": ({"prompt": ["a", 1], "response": ["b", "c"]}, {}, "`prompt` must be all str or all int"),
    "no model": ({"prompt": ["a"], "response": ["b"]}, {}, "record 1 of the table: no `model` in the record"),
    "no prompt": ({"response": ["b"], "model": ["m"]}, {}, "record 1 of the table: no prompt in the record"),
    "sample": (
        {"prompt": ["a"], "response": ["b"], "sample": [-1]},
        {"name": "m"},
        "`sample` must be an integer in [0",
    ),
    "surrogate": ({"prompt": ["a"], "response": ["\ud800"]}, {"name": "m"}, "lone surrogates"),
    "unknown column": ({"prompt": ["a"], "response": ["b"]}, {"columns": {"response": "x"}}, "no column 'x'"),
    "unknown field": ({"prompt": ["a"], "response": ["b"]}, {"columns": {"answer": "b"}}, "columns may name"),
    "nested": (pyarrow.table({"prompt": ["a"], "response": [["b"]]}), {"name": "m"}, "must hold text or integers"),
    "floats": (polars.DataFrame({"prompt": ["a"], "response": [0.5]}), {"name": "m"}, "must hold text or integers"),
    "empty": ({"prompt": [], "response": []}, {"name": "m"}, "there is no record"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told(case):
    data, options, message = WRONG[case]
    with pytest.raises(ValueError) as error:
        stemma.read_responses(data, **options)
    assert message in str(error.value)


def test_bytes_that_are_no_utf8_are_refused():
    """Nothing checks Arrow's text where it is made."""
    text = pyarrow.array([b"fine", b"\xff\xfe"], pyarrow.binary()).view(pyarrow.string())
    table = pyarrow.table({"prompt": ["a", "b"], "response": text})
    with pytest.raises(ValueError, match="record 2 of the table: `response` is not UTF-8"):
        stemma.read_responses(table, name="m")
    found = stemma.read_responses(table, name="m", skip_bad=True)
    assert found.responses == 1
    assert found.bad_records[0].reason == "`response` is not UTF-8"


def test_a_producer_that_fails():
    def batches():
        yield pyarrow.record_batch({"prompt": ["a"], "response": ["b"]})
        raise RuntimeError("the disk went away")

    schema = pyarrow.schema({"prompt": pyarrow.string(), "response": pyarrow.string()})
    with pytest.raises(ValueError, match="the disk went away"):
        stemma.read_responses(pyarrow.RecordBatchReader.from_batches(schema, batches()), name="m")
