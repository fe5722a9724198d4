"""Running the command line in this process."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sim.__main__ import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def sim(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run ``python -m sim`` with arguments; return exit code and what it printed."""

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["sim", *(str(argument) for argument in arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
            sys.exit(0)
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return run
