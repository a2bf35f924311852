#!/usr/bin/env python3
"""Makes verdicts.json: cases for the rules of the verdict, each with what it must lead to.

The rules are written down here once more, from their statement and not from the code, so that the two check each other.
Usage: tests/vectors/make_verdicts.py >tests/vectors/verdicts.json
"""
import json
import math

GOOD = {
    "weights": dict(shared_prompts=805, independent_groups=29, reference_released_later=False, calibrated=True,
                    llr_bounded_log10=1.45, llr_bounded_lower_log10=0.8, llr_lower_log10=1.1, p_value=1 / 30, alpha=0.05,
                    alternatives=[], llr_group_left_out_log10=1.2),
    "distillation": dict(shared_prompts=805, independent_groups=29, reference_released_later=False, calibrated=True,
                         cllr_upper=0.8, llr_bounded_log10=0.9, llr_bounded_lower_log10=0.4, llr_lower_log10=0.4,
                         p_value=1 / 30, alpha=0.05, alternatives=[], llr_group_left_out_log10=0.7),
}
LEAST_PROMPTS = {"weights": 10, "distillation": 50}
VERDICTS = ["insufficient_evidence", "no_support", "consistent_with_shared_origin", "supports_derivation"]
KINDS = ["sibling", "base", "family_member", "other_root"]
# Upper ends of the bands above LR 1, as log10, which belong to them; beyond the last there is one more. The same below 1.
BAND_ENDS = [math.log10(2), 1, 2, 3, 4, 6]


def band(llr):
    size = sum(abs(llr) > end for end in BAND_ENDS)
    return size if llr > 0 else -size


def flags(case):
    """Pairs (rule, id) of all conditions that hold, in the order in which they are looked at."""
    get = case.get
    found = []
    llr, lower, p = (get(key) for key in ("llr_bounded_log10", "llr_bounded_lower_log10", "p_value"))
    if case["shared_prompts"] < LEAST_PROMPTS[case["class"]]:
        found.append((1, "too_few_prompts"))
    if case["independent_groups"] < 19:
        found.append((1, "too_few_groups"))
    if get("reference_released_later", False):
        found.append((1, "reference_released_later"))
    if not get("calibrated", False):
        found.append((1, "not_calibrated"))
    else:
        upper = get("cllr_upper")
        if case["class"] == "distillation" and (upper is None or upper >= 1):
            found.append((1, "calibration_uninformative"))
        if None in (llr, lower, p):
            found.append((1, "not_estimated"))
    if lower is not None and lower <= 0:
        found.append((2, "interval_reaches_one"))
    if p is not None and p > get("alpha", 0.05):
        found.append((2, "p_above_alpha"))
    if llr is not None:
        reference = get("llr_lower_log10")
        for other in get("alternatives", []):
            value = other.get("llr_log10")
            if reference is None or value is None or value >= reference:
                found.append((3, other["kind"] + "_within_interval"))
        for what in ("group", "category"):
            left = get(f"llr_{what}_left_out_log10")
            if left is None:
                if what == "group":
                    found.append((3, "band_drops_without_group"))
            elif band(left) < band(llr):
                found.append((3, f"band_drops_without_{what}"))
    return found


def changes():
    """What is changed in a case that supports derivation, and in words."""
    for n in (0, 1, 9, 10, 11, 49, 50, 51, 804):
        yield dict(shared_prompts=n), f"{n} shared prompts"
    for n in (0, 1, 18, 19, 20, 59):
        yield dict(independent_groups=n), f"{n} independent groups"
    yield dict(reference_released_later=True), "the reference is younger than the candidate"
    yield dict(calibrated=False), "no calibration"
    yield dict(calibrated=False, llr_bounded_log10=None, llr_bounded_lower_log10=None, llr_lower_log10=None,
               llr_group_left_out_log10=None), "no calibration, so no likelihood ratio"
    for upper in (None, 0, 0.5, 1 - 1e-12, 1, 1 + 1e-12, 1.7):
        yield dict(cllr_upper=upper), f"upper limit of Cllr {upper}"
    for key in ("llr_bounded_log10", "llr_bounded_lower_log10", "p_value", "llr_lower_log10", "llr_group_left_out_log10"):
        yield {key: None}, f"{key} was not estimated"
    for lower in (-3, -1e-12, 0, 1e-12, 0.1):
        yield dict(llr_bounded_lower_log10=lower), f"interval begins at 10^{lower}"
    for p in (0.001, 0.05, 0.05 + 1e-12, 0.0500001, 0.5, 1):
        yield dict(p_value=p), f"p {p}"
    for alpha in (0.01, 0.02, 1 / 30, 0.1, 0.5):
        yield dict(alpha=alpha), f"alpha {alpha:.3f} against a p of 1/30"
    for kind in KINDS:
        for offset in (-1, -1e-12, 0, 1e-12, 1, None):
            yield dict(other=(kind, offset)), f"{kind} {offset} from the lower end of the reference's interval"
    for left in (-1, 0.2, 0.4, 0.999999, 1, 1.000001, 1.45, 2, 3):
        yield dict(llr_group_left_out_log10=left), f"10^{left} without a group"
        yield dict(llr_category_left_out_log10=left), f"10^{left} without a category"
    for llr, left in ((0.301, 0.302), (0.302, 0.301), (0.3, 0), (2, 1.999), (2.5, 2), (3, 2.99), (4, 3.5), (6, 5.9), (5, 4),
                      (7, 6.5), (-0.2, -0.2), (-0.2, -0.4), (-0.9, -1.1), (-3, -3.5), (0.1, -0.1)):
        yield (dict(llr_bounded_log10=llr, llr_bounded_lower_log10=min(llr, 0.2), llr_group_left_out_log10=left),
               f"10^{llr} becomes 10^{left} without a group")


def apply(evidence_class, *several):
    case = {"class": evidence_class, **GOOD[evidence_class]}
    case["alternatives"] = []
    for change in several:
        for key, value in change.items():
            if key != "other":
                case[key] = value
                continue
            kind, offset = value
            lower = case["llr_lower_log10"]
            case["alternatives"].append({"kind": kind, "model": "another model",
                                         "llr_log10": None if offset is None or lower is None else lower + offset})
    return {key: value for key, value in case.items() if value is not None}


def all_cases():
    for evidence_class in GOOD:
        yield apply(evidence_class), "nothing stands against derivation"
        for change, words in changes():
            yield apply(evidence_class, change), words
    # Two at once: the smaller rule decides, and both are told.
    pairs = [dict(shared_prompts=3), dict(independent_groups=5), dict(reference_released_later=True), dict(calibrated=False),
             dict(llr_bounded_lower_log10=-0.5), dict(p_value=0.4), dict(other=("sibling", 0.5)), dict(other=("base", 0.5)),
             dict(other=("family_member", -0.5)), dict(llr_group_left_out_log10=0.1), dict(llr_category_left_out_log10=0.1)]
    for evidence_class in GOOD:
        for a, first in enumerate(pairs):
            for second in pairs[a + 1:]:
                yield apply(evidence_class, first, second), "two conditions at once: " + ", ".join([*first, *second])
    for evidence_class in GOOD:
        yield apply(evidence_class, *pairs), "everything that can stand against derivation"
        yield {"class": evidence_class, "shared_prompts": 0, "independent_groups": 0}, "nothing is known"


def main():
    cases = []
    for inputs, effect in all_cases():
        held = flags(inputs)
        rule = held[0][0] if held else 4
        number = 1 + sum(case["inputs"]["class"] == inputs["class"] for case in cases)
        cases.append({"id": f"{inputs['class']}-{number:03d}", "inputs": inputs, "expected": VERDICTS[rule - 1],
                      "flags": [f"{r}:{name}" for r, name in held], "effect": f"{effect}; rule {rule} decides"})
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
