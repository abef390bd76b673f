"""``logonscope fleet``: the logs of many machines, read and put together by the workers of a Dask cluster."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from logonscope.commands.fleet_lists import lake_place_of, origins, overview
from logonscope.commands.inputs import NOTHING_READ, complain
from logonscope.commands.outputs import epilog, examples
from logonscope.display import bytes_text, plural, sanitise
from logonscope.errors import StoreError
from logonscope.fleet.tables import TASK_RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logonscope.fleet.cluster import Cluster, ClusterOptions
    from logonscope.fleet.lake_folder import LakeFolder
    from logonscope.fleet.progress import FleetProgress
    from logonscope.lake.address import LakePlace

_PARTLY = 1
_EXIT_CODES = "Exit code 0: all was done; 1: not all, see standard error; 2: nothing."
_STAGES = {
    "hashing": "hashing the files", "reading": "reading", "numbering": "numbering texts and sources",
    "merging": "merging groups of machines", "sessions": "rebuilding sessions", "indexing": "indexing what events name",
    "across": "looking across machines",
}  # fmt: skip


@click.group()
def fleet() -> None:
    """Read the logs of many machines into a lake of Parquet files, on a Dask cluster or the processors here.

    What comes of it is opened with logonscope LAKE. Workers are started here unless a scheduler is named; those of a
    scheduler elsewhere have to see the logs and the lake under the same paths. This needs: pip install
    'logonscope[fleet]'.
    """


fleet.add_command(overview)
fleet.add_command(origins)


def _cluster_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of the lake and the workers."""
    for option in reversed((
        click.option("--lake", required=True, callback=lake_place_of, metavar="LAKE", help="Its folder or address."),
        click.option("--scheduler", default="", metavar="ADDR", help="Address of a Dask scheduler: tcp://host:8786."),
        click.option("--workers", default=0, type=click.IntRange(0), metavar="N", help="Processes to start here."),
        click.option("--tls-ca", default="", metavar="FILE", help="Certificate authority of a scheduler with tls://."),
        click.option("--tls-cert", default="", metavar="FILE", help="Certificate to show it."),
        click.option("--tls-key", default="", metavar="FILE", help="Key of that certificate."),
    )):  # fmt: skip
        command = option(command)
    return command


@fleet.command(
    epilog=epilog(
        examples(
            "logonscope fleet ingest /mnt/collections --lake lake",
            "logonscope fleet ingest @listing.txt --lake /nfs/lake --scheduler tls://head:8786 --tls-ca ca.pem ...",
        ),
        _EXIT_CODES,
    )
)
@click.argument("sources", nargs=-1, required=True)
@_cluster_options
def ingest(sources: tuple[str, ...], lake: LakePlace, **cluster: str | int) -> None:
    """Read logs into a lake; what it holds already is left out.

    SOURCES are files, folders, archives, addresses that fsspec knows, and @LISTING: a text file with one of these on
    each line. A run that was interrupted is started again with the same command, and goes on where it was.
    """
    with _open(lake, cluster, make=True) as (folder, workers):
        from logonscope.fleet.ingest import Ingest

        done = Ingest(folder, workers, _Progress()).run(sources)
    for error in done.unreadable:
        complain(error)
    _say(
        f"{plural(done.files, 'log')} read, {plural(done.known, 'file')} known before,"
        f" {plural(done.records, 'record')}, {plural(done.duplicates, 'copy', 'copies')} left out,"
        f" {plural(done.problems, 'problem')}"
    )
    if done.is_stale:
        _say(f"next, for {plural(done.machines, 'machine')}: logonscope fleet sessions --lake {lake}")
    if done.unreadable:
        raise click.exceptions.Exit(_PARTLY if done.files or done.known else NOTHING_READ)


@fleet.command(epilog=epilog(examples("logonscope fleet sessions --lake lake", "logonscope lake"), _EXIT_CODES))
@_cluster_options
@click.option(
    "--task-records",
    "most",
    default=TASK_RECORDS,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="Machines with more records are cut at boots, and so many go to a task.",
)
def sessions(lake: LakePlace, most: int, **cluster: str | int) -> None:
    """Rebuild sessions, coverage and findings of the machines of which records came since, and look across all."""
    with _open(lake, cluster, make=False) as (folder, workers):
        from logonscope.fleet.rebuilding import LakeSessions

        done = LakeSessions(folder, workers, _Progress(), most).run()
    for name, reason in done.larger:
        _say(f"{name}: {reason}")
    for names, reason in done.failed:
        complain(StoreError(f"{names}: no sessions: {reason}", "Start the same command again for these alone."))
    for rule in sorted(done.broken, key=lambda rule: rule.rule):
        complain(StoreError(f"rule {rule.rule} could not be run: {rule.reason}"))
    if done.is_new:
        _say(
            f"{plural(done.machines, 'machine')}, {plural(done.sessions, 'session')},"
            f" {plural(done.findings, 'finding')} of single machines, {done.across:,} across machines"
        )
    else:
        _say("nothing came since its sessions were built last")
    if done.failed:
        raise click.exceptions.Exit(_PARTLY)


@contextmanager
def _open(lake: LakePlace, options: dict[str, str | int], *, make: bool) -> Iterator[tuple[LakeFolder, Cluster]]:
    from logonscope.fleet.cluster import cluster_of
    from logonscope.fleet.lake_folder import lake_to_write

    chosen = _chosen(options)
    with cluster_of(chosen) as workers, lake_to_write(lake, make=make) as folder:
        _say(f"{plural(workers.workers, 'worker')}, Dask dashboard: {workers.dashboard}")
        yield folder, workers


def _chosen(options: dict[str, str | int]) -> ClusterOptions:
    from logonscope.fleet.cluster import ClusterOptions

    chosen = ClusterOptions(**options)  # type: ignore[arg-type]
    if (chosen.tls_ca or chosen.tls_cert or chosen.tls_key) and not (
        chosen.scheduler and chosen.tls_ca and chosen.tls_cert and chosen.tls_key
    ):
        raise click.UsageError("TLS takes a --scheduler, --tls-ca, --tls-cert and --tls-key.")
    if chosen.scheduler and chosen.workers:
        raise click.UsageError("--workers are those of this machine: a --scheduler has its own.")
    return chosen


def _say(text: str) -> None:
    click.echo(f"logonscope: {sanitise(text)}.", err=True)


class _Progress:
    """Shows how far the work has come: one line that changes, on a terminal; else one line for each stage."""

    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, progress: FleetProgress) -> None:
        if sys.stderr.isatty():
            is_over = progress.tasks_done == progress.tasks
            sys.stderr.write(f"\r\x1b[K{_line(progress)}" + ("\n" if is_over else ""))
            sys.stderr.flush()
        elif progress.stage != self._stage:
            self._stage = progress.stage
            _say(_STAGES[progress.stage])


def _line(progress: FleetProgress) -> str:
    done = f": {progress.tasks_done:,} of {plural(progress.tasks, 'task')}" if progress.tasks else ""
    parts = [_STAGES[progress.stage] + done]
    seconds = max(progress.seconds, 0.001)
    if progress.bytes:
        parts.append(f"{bytes_text(progress.bytes)}, {bytes_text(int(progress.bytes / seconds))}/s")
    if progress.records:
        parts.append(f"{progress.records / seconds:,.0f} {'sessions' if progress.stage == 'sessions' else 'records'}/s")
    parts.append(plural(progress.workers, "worker"))
    if progress.failures:
        parts.append(plural(progress.failures, "failure"))
    return ", ".join(parts)
