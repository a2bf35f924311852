"""The JSON of `stemma audit`: it is what the committed schema says, and no field can go or be renamed unnoticed."""

import copy
import json

import jsonschema
import pytest

from conftest import ROOT, SHIPPED

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def objects(schema, where: str = ""):
    """Each schema of an object, with its place in the schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield where, schema
        for key, value in schema.items():
            yield from objects(value, f"{where}/{key}")
    elif isinstance(schema, list):
        for k, value in enumerate(schema):
            yield from objects(value, f"{where}/{k}")


def shortened(value, most: int = 1):
    """Arrays cut down to their first elements, where the schema does not ask for more of them."""
    if isinstance(value, dict):
        return {k: shortened(v, {"classes": 2, "excluded": 4}.get(k, most)) for k, v in value.items()}
    return [shortened(v, most) for v in value[:most]] if isinstance(value, list) else value


def fields(value, path: tuple = ()):
    """Paths of all fields of all objects."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key)
            yield from fields(member, (*path, key))
    elif isinstance(value, list):
        for k, element in enumerate(value):
            yield from fields(element, (*path, k))


def kinds(report) -> list[tuple]:
    """Paths of fields, of each array's elements the first that has them."""
    found = {}
    for path in fields(report):
        found.setdefault(tuple(key for key in path if isinstance(key, str)), path)
    return list(found.values())


def without(report, path: tuple, renamed: str | None = None):
    """The report without a field, or with it under another name."""
    changed = copy.deepcopy(report)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    value = parent.pop(path[-1])
    if renamed:
        parent[renamed] = value
    return changed


@pytest.fixture(scope="module")
def reports(stemma, styled, tmp_path_factory) -> dict[str, dict]:
    """By a calibrated panel; by another: a reference declared, a model with lineage, few prompts and a bad record."""
    folder = tmp_path_factory.mktemp("reports")
    rows = styled.file("heron").read_text(encoding="utf-8").split("\n")[:12]
    (folder / "few.jsonl").write_text("\n".join([*rows, rows[0], "{"]), encoding="utf-8")
    arguments = {
        "calibrated": (SHIPPED / "demo" / "claude2-alpaca-13b.stemma", "--prior", "0.01"),
        "declared": (styled.file("heron"), "--panel", styled.panel, "--reference", "amber-70b"),
        "documented": (styled.signature("amber-7b"), "--panel", styled.panel),
        "few": (folder / "few.jsonl", "--skip-bad", "--panel", styled.panel),
        "plain": (styled.signature("heron"), "--panel", styled.panel, "--no-provenance"),
    }
    return {name: json.loads(stemma("audit", *these, "--json", "-").out) for name, these in arguments.items()}


@pytest.fixture(scope="module")
def full(reports) -> dict:
    """Of few elements each, with something in nearly every field."""
    report = shortened(reports["calibrated"])
    assert VALIDATOR.is_valid(report)
    return report


def test_schema_is_one():
    VALIDATOR.check_schema(SCHEMA)


def test_schema_allows_no_other_field_and_asks_for_each():
    found = list(objects(SCHEMA))
    assert len(found) > 30
    for where, schema in found:
        assert schema["additionalProperties"] is False, where
        assert schema["required"] == list(schema["properties"]), where


def test_reports_satisfy_it(reports):
    for name, report in reports.items():
        errors = [f"{name}: {error.json_path}: {error.message[:300]}" for error in VALIDATOR.iter_errors(report)]
        assert not errors


def test_a_field_that_goes_or_is_renamed_fails(full):
    """Each in turn, at every depth."""
    paths = kinds(full)
    assert len(paths) > 250
    for path in paths:
        assert not VALIDATOR.is_valid(without(full, path)), f"{path} can go"
        assert not VALIDATOR.is_valid(without(full, path, f"{path[-1]}_")), f"{path} can be renamed"


def test_a_field_that_comes_fails(full):
    for path in [(), *kinds(full)]:
        changed = copy.deepcopy(full)
        parent = changed
        for key in path:
            parent = parent[key]
        if isinstance(parent, dict):
            parent["more"] = None
            assert not VALIDATOR.is_valid(changed), path


def test_every_object_of_the_schema_is_in_some_report(reports):
    seen = {path[-1] for report in reports.values() for path in fields(report)}
    asked = {key for _, schema in objects(SCHEMA) for key in schema["properties"]}
    assert asked <= seen, asked - seen


def test_what_was_left_out_is_told_with_its_reason(reports):
    excluded = {e["id"]: e["records"] for e in reports["few"]["canonical"]["candidate"]["excluded"]}
    assert excluded == {"malformed_record": 1, "repeated_record": 1, "empty_answer": 0, "prompt_not_in_panel": 0}
    (bad,) = reports["few"]["provenance"]["bad_records"]
    assert bad["file"].endswith("few.jsonl") and bad["line"] == 14
    # Where it stood is provenance: the canonical part names no file.
    assert "few.jsonl" not in json.dumps(reports["few"]["canonical"])
    assert all(e["records"] is None for e in reports["plain"]["canonical"]["candidate"]["excluded"][:3])


def test_few_prompts_are_told_by_style_alone(reports):
    assert reports["few"]["canonical"]["unpaired"]["families"]
    assert reports["calibrated"]["canonical"]["unpaired"] is None


def test_parameters_stand_with_their_defaults(reports):
    parameters = reports["declared"]["canonical"]["parameters"]
    assert parameters["references"] == {"value": ["amber-70b"], "default": []}
    assert {name for name, p in parameters.items() if p["value"] != p["default"]} == {"references"}


def test_likelihood_ratios_have_two_figures(reports):
    for finding in reports["calibrated"]["canonical"]["classes"]:
        for family in finding["families"]:
            for reference in family["references"]:
                lr = reference["likelihood_ratio"]
                for estimate in (lr["bounded"], lr["unbounded"]):
                    for key in ("value", "lower", "upper"):
                        assert estimate[key] == float(f"{estimate[key]:.1e}")
                        # Rounding LR to two figures moves it by at most 5 %, and its log10 by .022.
                        assert estimate["log10"][key] == pytest.approx(float(f"{estimate['log10'][key]:.6f}"), abs=0)
                        assert abs(10 ** estimate["log10"][key] / estimate[key] - 1) < 0.051


def test_statements_are_blank(reports):
    assert set(reports["calibrated"]["canonical"]["statements"].values()) == {""}


def test_provenance_is_what_the_caller_knows(stemma, styled, tmp_path):
    arguments = ("audit", styled.file("heron"), "--panel", styled.panel, "--json", "-")
    provenance = json.loads(stemma(*arguments, env={"SOURCE_DATE_EPOCH": "1700000000"}).out)["provenance"]
    assert provenance["time"] == "2023-11-14T22:13:20Z"
    assert provenance["command"][1:] == list(map(str, arguments))
    assert f"stemma {provenance['version']}" == stemma("--version").out.strip()
    (read,) = provenance["inputs"]
    file = styled.file("heron")
    assert (read["path"], read["format"], read["bytes"]) == (str(file), "JSON Lines", file.stat().st_size)
    assert provenance["panel"]["path"] == str(styled.panel)
    assert "SOURCE_DATE_EPOCH" in stemma(*arguments, env={"SOURCE_DATE_EPOCH": "now"}, code=2).err


def test_a_signature_gives_the_report_of_the_files_that_it_was_made_from(stemma, styled):
    """As far as it can hold what they hold."""
    by_files, by_signature = (
        json.loads(stemma("audit", path, *more, "--panel", styled.panel, "--json", "-").out)["canonical"]
        for path, more in ((styled.file("heron"), styled.metadata), (styled.signature("heron"), ()))
    )
    for report in (by_files, by_signature):
        report["candidate"].pop("responses_with_reasoning")
        report["candidate"].pop("excluded")
        report["warnings"] = [w for w in report["warnings"] if w["id"] not in ("empty_answers", "reasoning_split_off")]
    assert by_files == by_signature
