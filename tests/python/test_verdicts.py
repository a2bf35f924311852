"""`stemma verdict`: the program and the committed cases agree, and the cases are what their maker makes."""

import json
import subprocess
import sys

import jsonschema
import pytest

from conftest import ROOT

VECTORS = ROOT / "tests" / "vectors"


@pytest.fixture(scope="module")
def cases() -> list[dict]:
    return json.loads((VECTORS / "verdicts.json").read_text())


def test_cases_satisfy_their_schema(cases):
    schema = json.loads((VECTORS / "verdicts.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(cases)
    assert len({case["id"] for case in cases}) == len(cases) >= 200
    # The schema is not so wide that anything passes.
    for key in cases[0]:
        assert not validator.is_valid([{k: v for k, v in case.items() if k != key} for case in cases])


def test_cases_are_what_their_maker_makes():
    made = subprocess.run([sys.executable, VECTORS / "make_verdicts.py"], capture_output=True, check=True)
    assert made.stdout == (VECTORS / "verdicts.json").read_bytes()


def test_the_program_judges_as_the_cases_say(stemma, cases, tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([{"id": case["id"], **case["inputs"]} for case in cases]))
    findings = json.loads(stemma("verdict", path).out)
    assert len(findings) == len(cases)
    for case, finding in zip(cases, findings):
        assert finding["id"] == case["id"]
        assert finding["verdict"] == case["expected"], case
        assert [f"{reason['rule']}:{reason['id']}" for reason in finding["reasons"]] == case["flags"], case


def test_bad_input_names_file_and_case(stemma, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text('[{"id": "x", "p": 0.1}]')
    result = stemma("verdict", path, code=2)
    assert result.out == ""
    assert result.err == f'stemma: {path}: case 1 (x): unknown key "p"\n'
    assert stemma("verdict", tmp_path / "none.json", code=3).out == ""
