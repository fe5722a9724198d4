"""A real Dask scheduler with two workers on loopback, one of which is killed while it works."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.analysis.compare.comparison import compare
from sim.analysis.compare.sources import read_sources
from sim.cli.evidence import app
from sim.faults import InvalidInput
from sim.parallel import executor_for
from sim.report.compare import as_document
from sim.results import numbers_digest
from tests.builders import load_text, parameter, scenario_text, simulate_streaming
from tests.compare.builders import compared, lognormal, overlay, write
from tests.evidence.test_bootstrap import PERIODS
from tests.parallel.functions import process_of, refused, slow_square

ROOT = Path(__file__).parents[2]
SOONER = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}
"""For how long a lost worker is asked for what it had finished, before another does it again; else 30 s."""

# distributed leaves sockets and its loop to the collector when a client or a worker goes
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Cluster:
    """A scheduler and workers started as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._started: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")

    @property
    def address(self) -> str:
        """Address of the scheduler, as soon as it is known; workers look for it by themselves."""
        deadline = time.monotonic() + 30
        while not (self._file.exists() and self._file.read_text(encoding="utf-8").endswith("}")):
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.05)
        return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker."""
        return self._start("worker", "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--no-dashboard")

    def wait_for_workers(self, n_workers: int) -> None:
        """Wait until so many workers have told the scheduler of themselves."""
        from distributed import Client

        with Client(self.address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(n_workers, timeout=60)

    def stop(self) -> None:
        """Stop whatever still runs."""
        for process in reversed(self._started):
            process.kill()
            process.wait(timeout=10)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(self._file)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | SOONER, **quiet)
        self._started.append(process)
        return process


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("dask"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def two_workers(cluster: Cluster) -> Iterator[list[subprocess.Popen[bytes]]]:
    workers = [cluster.worker(), cluster.worker()]
    cluster.wait_for_workers(2)
    yield workers
    for worker in workers:
        worker.kill()
        worker.wait(timeout=10)


@pytest.mark.usefixtures("two_workers")
def test_a_cluster_does_every_task_and_passes_faults_on(cluster: Cluster):
    with executor_for(scheduler=cluster.address) as executor:
        assert len(set(executor.map(process_of, range(8)))) == 2
        assert sorted(executor.map(slow_square, range(20))) == [(n, n * n) for n in range(20)]
        with pytest.raises(InvalidInput, match=r"three\.toml: a\.b: 3 is not allowed"):
            list(executor.map(refused, range(6)))


def test_a_run_that_loses_a_worker_gives_the_same_numbers(cluster: Cluster, two_workers, tmp_path: Path):
    text = scenario_text(
        parameter("x", 'distribution = "lognormal"\nmedian = 1\nsigma = 1'),
        parameter("s", 'distribution = "dirichlet"\nalphas = { a = 1, b = 2 }'),
        "[choices.c]\none = 1\ntwo = 2\n",
        '[outcomes.y]\nby = "c"\none = "x"\ntwo = "x * s.a"\n',
        formula="x + y",
        n_draws=2**18,
    ).replace("n_randomisations = 4", "n_randomisations = 16")
    scenario = load_text(tmp_path, text)
    killed: list[str] = []

    def kill_one_while_it_draws(words: str) -> None:
        if words.startswith("drawing and folding") and not killed:
            killed.append(words)
            two_workers[1].kill()

    with executor_for(scheduler=cluster.address) as executor:
        there = simulate_streaming(2**10, scenario, kill_one_while_it_draws, executor)
    here = simulate_streaming(2**10, scenario)
    assert killed == ["drawing and folding, 6 % done"]
    assert numbers_digest(there.groups) == numbers_digest(here.groups)


@pytest.mark.parametrize("doomed", [False, True])
def test_a_comparison_on_a_cluster_gives_the_same_numbers(cluster: Cluster, tmp_path: Path, doomed: bool):
    """Also where a worker is killed while scenarios in between are evaluated, and another joins."""
    base = write(tmp_path, "base", lognormal("a", 4.0, 0.5), lognormal("b", 9.0, 0.3), formula="a * b")
    edits = 'parameters.a.median = 5\nparameters.b.median = 6\n[outcomes.total]\nformula = "a * b / 2"\n'
    paths = (base, overlay(tmp_path, "one", edits), overlay(tmp_path, "two", "parameters.a.sigma = 0.7\n"))
    worker = cluster.worker()
    cluster.wait_for_workers(1)
    killed: list[str] = []

    def kill_it(words: str) -> None:
        if doomed and "scenarios in between" in words and not killed:
            killed.append(words)
            cluster.worker()
            worker.kill()

    with executor_for(scheduler=cluster.address) as executor:
        sources = read_sources(paths, kill_it, executor=executor)
        there = as_document(compare(sources, 0, kill_it, executor))
    assert there == as_document(compared(*paths))
    assert bool(killed) == doomed
    worker.kill()
    worker.wait(timeout=10)


def test_an_address_where_nobody_answers_is_said_within_seconds():
    started = time.monotonic()
    with (
        pytest.raises(InvalidInput, match="no Dask scheduler answers at"),
        executor_for(scheduler="tcp://127.0.0.1:9"),
    ):
        pass
    assert time.monotonic() - started < 15


def test_what_is_no_address_is_said():
    for address in ("nonsense://a", "nonsense", "127.0.0.1:8786", "tcp://127.0.0.1"):
        with pytest.raises(InvalidInput, match="tcp://HOST:PORT"), executor_for(scheduler=address):
            pass


def test_without_dask_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InvalidInput) as error, executor_for(scheduler="tcp://127.0.0.1:9"):
        pass
    assert "pip install distributed" in str(error.value)


@pytest.mark.usefixtures("two_workers")
def test_a_coverage_study_on_a_cluster(cluster: Cluster, tmp_path: Path):
    plain = ["coverage", "--survey", str(PERIODS), "--method", "naive", "--simulator", "resampled"]
    small = ["--draws", "100", "--simulations", "2", "--format", "csv"]
    runner = CliRunner()
    there = runner.invoke(app, [*plain, *small, "--out", str(tmp_path / "a"), "--scheduler", cluster.address])
    here = runner.invoke(app, [*plain, *small, "--out", str(tmp_path / "b"), "--workers", "1"])
    assert there.exit_code == 0, there.output
    assert there.stdout == here.stdout
