"""One table of what stemma_bench and peers/features.py measured in the same run."""

import json
import sys

LABELS = {
    "Tokenise": "tokenise",
    "Fingerprint": "fingerprint (tokens to masked n-grams)",
    "Sign/threads:1": "sign, 1 thread",
    "Sign/threads:2": "sign, 2 threads",
    "ScoreMade": "score, text against 7 made models",
    "PanelOpen": "panel load (shipped)",
    "ScoreShipped": "score (shipped panel, all in)",
}
PEERS = {"Sign/threads:1": "Sign", "Sign/threads:2": "Sign"}


def fastest(path: str) -> dict[str, dict[str, float]]:
    """Milliseconds of each benchmark's fastest repetition, and its bytes of text."""
    found = {}
    with open(path, encoding="utf-8") as file:
        runs = [run for run in json.load(file)["benchmarks"] if run["run_type"] == "iteration"]
    for run in runs:
        name = run["name"].removesuffix("/process_time/real_time")
        best = found.setdefault(name, {"cpu": run["cpu_time"], "wall": run["real_time"], "bytes": run.get("text_bytes")})
        best["cpu"] = min(best["cpu"], run["cpu_time"])
        best["wall"] = min(best["wall"], run["real_time"])
    return found


def megabytes_a_second(size: float, milliseconds: float) -> float:
    return size / milliseconds / 1e3


def main():
    ours = fastest(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        peers = json.load(file)
    print("| work | ms | MB/s a core | MB/s | scikit-learn, MB/s a core | ratio |")
    print("|---|---|---|---|---|---|")
    for name, label in LABELS.items():
        run = ours[name]
        cells = [label, f"{run['wall']:.1f}", "", "", "", ""]
        if run["bytes"]:
            core = megabytes_a_second(run["bytes"], run["cpu"])
            cells[2:4] = f"{core:.1f}", f"{megabytes_a_second(run['bytes'], run['wall']):.1f}"
            peer = peers[PEERS.get(name, name)]
            of_peer = megabytes_a_second(peer["bytes"], 1e3 * peer["seconds"])
            cells[4:6] = f"{of_peer:.2f}", f"{core / of_peer:.0f}"
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
