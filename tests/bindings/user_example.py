"""A user's program, for the type checker and to run."""

import sys

import stemma


def worst(report: stemma.AuditReport) -> str:
    verdict: str = report.headline.verdict
    return verdict


def main(path: str) -> None:
    panel = stemma.Panel.open()
    signatures: tuple[stemma.Signature, ...] = stemma.sign({"prompt": ["a"], "response": ["b"], "model": ["m"]})
    try:
        report = stemma.audit(path, panel=panel, reference=["gpt4"], progress=lambda stage, done, total: None)
    except stemma.IncompatibleError as error:
        print(error)
        return
    print(worst(report), len(signatures), stemma.score(path, panel=panel, threads=1).candidates())


if __name__ == "__main__":
    main(sys.argv[1])
