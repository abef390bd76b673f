"""The workers: a Dask cluster that the user names, or processes on this machine for as long as the work lasts."""

from __future__ import annotations

import logging
import signal
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from logonscope.errors import FleetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_EXTRA = "Install what it needs: pip install 'logonscope[fleet]'"
_LOGGERS = ("distributed", "distributed.client")
_HERE = "127.0.0.1"
_PATIENCE_SECONDS = 30
_RETRIES = 1
"""How often a task that a worker died of is given to another one."""
_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Which workers do the work."""

    scheduler: str = ""
    """Address of a scheduler; empty for processes on this machine."""
    workers: int = 0
    """How many processes on this machine; 0 for one each processor."""
    tls_ca: str = ""
    """Files of the TLS certificates; all three or none."""
    tls_cert: str = ""
    tls_key: str = ""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[_Task, _Result]):
    """What became of one task."""

    task: _Task
    result: _Result | None
    error: str = ""
    """Why there is no result."""


class Cluster:
    """Workers that take tasks.

    Args:
        client: Dask's.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def dashboard(self) -> str:
        """The address of Dask's own view of the work."""
        return str(self._client.dashboard_link)

    @property
    def workers(self) -> int:
        """How many there are now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def run(self, work: Callable[[_Task], _Result], tasks: Iterable[_Task]) -> Iterator[Outcome[_Task, _Result]]:
        """Have tasks done, from now on; a task whose worker dies is given to another one, a few times.

        Args:
            work: A function of a module of this program.
            tasks: Its arguments, in the order in which they should begin.

        Returns:
            The outcomes as they come.

        Raises:
            FleetError: The scheduler is gone.
        """
        return self._outcomes({self._client.submit(work, task, pure=False): task for task in tasks})

    def _outcomes(self, futures: dict[Any, _Task]) -> Iterator[Outcome[_Task, Any]]:
        from distributed import as_completed

        for future in as_completed(futures):  # type: ignore[no-untyped-call]
            task = futures.pop(future)
            if future.status == "finished":
                yield Outcome(task, future.result())
            elif future.status == "error":
                yield Outcome(task, None, _reason(future.exception()))
            else:
                raise _gone()
            future.release()


def _reason(error: BaseException | None) -> str:
    if type(error).__name__ == "KilledWorker":
        return "each process that read it died of it, or took too long"
    return f"{type(error).__name__}: {error}".partition("\n")[0]


@contextmanager
def cluster_of(options: ClusterOptions) -> Iterator[Cluster]:
    """Connect to a cluster, or begin one here.

    Raises:
        FleetError: Dask is not installed, or there are no workers.
    """
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise FleetError("logonscope fleet needs Dask, which is not installed", _EXTRA) from error
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they would say is said here, in one line
    with ExitStack() as stack:
        where = options.scheduler or stack.enter_context(_local_cluster(distributed, options.workers))
        security = _security(distributed, options)
        try:
            client = stack.enter_context(distributed.Client(where, security=security, timeout=_PATIENCE_SECONDS))
            client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
            if not options.scheduler:
                client.run(_leave_interrupts)
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            what = f"{options.scheduler or 'this machine'}: no workers: {error or 'no answer'}"
            raise FleetError(what, "Start the scheduler and its workers, or name another one.") from error
        try:
            yield Cluster(client)
        except distributed.comm.CommClosedError as error:
            raise _gone() from error


def _gone() -> FleetError:
    return FleetError("the scheduler is gone", "Start the same command again: it goes on where it was.")


def _leave_interrupts() -> None:
    """Ctrl-C is meant for who started the workers: he ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _local_cluster(distributed: Any, workers: int) -> Any:
    dask = import_module("dask")
    with dask.config.set({"distributed.scheduler.allowed-failures": _RETRIES}):
        return distributed.LocalCluster(
            n_workers=workers or None,
            threads_per_worker=1,
            processes=True,
            host=_HERE,
            dashboard_address=f"{_HERE}:0",
            silence_logs=50,
        )


def _security(distributed: Any, options: ClusterOptions) -> Any:
    if not options.tls_ca:
        return None
    return distributed.Security(
        tls_ca_file=options.tls_ca,
        tls_client_cert=options.tls_cert,
        tls_client_key=options.tls_key,
        require_encryption=True,
    )
