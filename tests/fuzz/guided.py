"""Coverage-guided fuzzing by atheris: guided.py TARGET [SECONDS OF PROCESSOR TIME] [CORPUS FOLDER].

libFuzzer changes inputs so that they reach code that none before has reached. An input that raises anything, takes more
than ten seconds or a gigabyte ends the run, and is written to the working folder.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from time import process_time

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(Path(__file__).parent)]

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: pip install atheris (Linux and macOS, and not for every Python)")

with atheris.instrument_imports(include=["logonscope"]):
    from targets import TARGETS, seeds

    from logonscope.readers import evtx_apart

_LONGEST = 100_000
"""Bytes of an input."""


def main(name: str, seconds: str = "300", corpus: str = "") -> None:
    """Fuzz one target."""
    target = TARGETS[name]
    evtx_apart._Apart.put = lambda *_: None  # type: ignore[method-assign] # in this process, so that what hangs is seen
    folder = Path(corpus or tempfile.mkdtemp(prefix=f"corpus-{name}-"))
    folder.mkdir(exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (folder / f"seed-{number}").write_bytes(seed)
    tried = 0

    def once(contents: bytes) -> None:
        nonlocal tried
        tried += 1
        target(contents)
        if process_time() > float(seconds):
            print(f"{name}: {tried:,} executions in {process_time():.0f} s of processor time, no fault", flush=True)
            os._exit(0)

    limits = ["-timeout=10", "-rss_limit_mb=1500", f"-max_len={_LONGEST}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, str(folder)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
