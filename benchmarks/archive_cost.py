"""CPU of loading a log out of an archive against loading it as it is: archive_cost.py [MEGABYTES [ROUNDS [KIND...]]].

Both are run in each round, in processes of their own; the median of the rounds' ratios is what counts. The 7z archive
holds the log four times in one solid block, and is set against a folder of the four.
"""

from __future__ import annotations

import gzip
import shutil
import statistics
import sys
import tempfile
import zipfile
from pathlib import Path

import py7zr
from backports import zstd

from big_log import big_log
from load_cost import costs, measured

_SOLID = 4


def archives(log: Path, folder: Path) -> dict[str, tuple[Path, Path]]:
    """Archives of the log by kind, each with what it holds."""
    four = folder / "four"
    four.mkdir()
    for number in range(_SOLID):
        shutil.copyfile(log, four / f"{number}.evtx")
    with zipfile.ZipFile(folder / "log.zip", "w", zipfile.ZIP_DEFLATED) as target:
        target.write(log, "Security.evtx")
    with zipfile.ZipFile(folder / "nested.zip", "w", zipfile.ZIP_DEFLATED) as target:
        target.write(folder / "log.zip", "log.zip")
    with log.open("rb") as source, gzip.open(folder / "log.gz", "wb", 6) as packed:
        shutil.copyfileobj(source, packed, 1 << 20)
    with log.open("rb") as source, zstd.open(folder / "log.zst", "wb") as squeezed:
        shutil.copyfileobj(source, squeezed, 1 << 20)
    with py7zr.SevenZipFile(folder / "log.7z", "w") as solid:
        for number in range(_SOLID):
            solid.write(log, f"{number}.evtx")
    kinds = {name: (folder / f"log.{name}", log) for name in ("zip", "gz", "zst")}
    return kinds | {"zip in zip": (folder / "nested.zip", log), "7z": (folder / "log.7z", four)}


def main(megabytes: int = 60, rounds: int = 5, kinds: tuple[str, ...] = ()) -> None:
    """Print each round and the medians, of all kinds of archives or of those named."""
    log = big_log(megabytes)
    print(f"{log.stat().st_size / 1e6:.0f} MB; CPU s, wall s, peak MB of a load | out of an archive; ratio of CPU")
    with tempfile.TemporaryDirectory() as made:
        for kind, (archive, plain) in archives(log, Path(made)).items():
            if kinds and kind not in kinds:
                continue
            ratios: list[float] = []
            for _ in range(rounds):
                alone, packed = measured("load", plain), measured("load", archive)
                assert alone[0] == packed[0]
                ratios.append(packed[1] / alone[1])
                print(f"{kind:10} {costs(alone)} | {costs(packed)}; {ratios[-1]:.2f}")
            print(f"{kind:10} median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    words = sys.argv[1:]
    main(int(words[0]) if words else 60, int(words[1]) if words[1:] else 5, tuple(words[2:]))
