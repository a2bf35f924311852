"""Long calls let others work, tell where they stand, and stop when they are told to."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import stemma


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Some 60 MB, which take seconds to sign."""
    path = tmp_path_factory.mktemp("many") / "owl.jsonl"
    with open(path, "w") as file:
        for k in range(15_000):
            words = " ".join(f"word{(k * 7919 + j * 31) % 9973}" for j in range(400))
            file.write(f'{{"prompt": "{k}", "response": "{words}"}}\n')
    return path


INTERRUPTED = """
import os, signal, sys, threading, time
import stemma
panel = stemma.Panel.open()
sent = []
def interrupt():
    time.sleep({delay})
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
try:
    {call}
except KeyboardInterrupt:
    print(time.monotonic() - sent[0], flush=True)
else:
    print("ended", flush=True)
"""
CALLS = {
    "read": ("while True: stemma.read_responses({path!r})", 0.5),
    "sign": ("stemma.sign({path!r}, threads=1)", 0.5),
    "audit": ("while True: stemma.audit({demo!r}, panel=panel)", 0.7),
    "mixture": ("while True: stemma.mixture({demo!r}, panel=panel)", 1.0),
    "same": ("while True: stemma.same({demo!r}, {other!r})", 1.0),
    "evaluate": ("stemma.evaluate(panel, level=True, splits=2000)", 3.0),
}


@pytest.mark.parametrize("which", CALLS)
def test_ctrl_c_stops_a_call(which, many, demo):
    """Long before it would end by itself, in good order. The 40 ms between two looks at signals are not timed here: the
    limit only tells a call that stopped from one that did not, on a busy machine, too."""
    call, delay = CALLS[which]
    program = INTERRUPTED.format(call=call.format(path=str(many), demo=str(demo), other=str(demo.with_name("claude2-alpaca-13b.stemma"))), delay=delay)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 3, "it did not stop in time"


def test_others_work_meanwhile(many):
    """A thread that counts gets on while a file is signed."""
    stop, count = threading.Event(), 0

    def tick():
        nonlocal count
        while not stop.is_set():
            count += 1
            time.sleep(0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    begun = time.monotonic()
    stemma.sign(many, threads=1)
    took = time.monotonic() - begun
    stop.set()
    thread.join()
    assert count > 0.1 * took / 0.005


def test_progress_reaches_a_function(many):
    events = []
    stemma.read_responses(many, progress=lambda *event: events.append(event))
    stages, done, totals = zip(*events)
    assert set(stages) == {"reading"}
    assert list(done) == sorted(done) and done[-1] == totals[-1] == os.path.getsize(many)


def test_progress_tells_the_stages(demo):
    """Of calls whose work has several, in their order; `done` never goes back within one."""
    other = demo.with_name("claude2-alpaca-13b.stemma")
    for call, stages in (
        (lambda report: stemma.same(demo, other, threads=1, progress=report), ["dealing answers anew"]),
        (
            lambda report: stemma.mixture(demo, draws=40, progress=report),
            ["comparing with the panel", "comparing the panel's models", "fitting shares", "resampling prompts"],
        ),
    ):
        events = []
        call(lambda *event: events.append(event))
        heard = list(dict.fromkeys(stage for stage, _, _ in events))
        # Listened to every 40 ms: a short stage may pass unheard.
        assert heard and heard == [stage for stage in stages if stage in heard]
        for stage in heard:
            done = [event[1] for event in events if event[0] == stage]
            assert done == sorted(done)


def test_progress_is_shown_by_tqdm(many, capfd):
    pytest.importorskip("tqdm")
    stemma.read_responses(many, progress=True)
    assert "reading" in capfd.readouterr().err


def test_an_error_in_a_progress_function_ends_the_call(many):
    def fail(*event):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        stemma.sign(many, progress=fail)


def test_import_brings_nothing_heavy():
    """What would make a start slow comes in where it is first used."""
    program = (
        "import sys, stemma; "
        "print(*(set(sys.modules) & {'sklearn', 'pandas', 'polars', 'matplotlib', 'tqdm', 'pyarrow', 'datasets', 'scipy'}))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert out == []


def test_signals_of_other_kinds_are_heard(many):
    """A handler that returns does not end the call."""
    heard = []
    before = signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
    try:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        assert len(stemma.sign(many, threads=1)) == 1
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert heard
