"""Functions that tests send to workers, which import them from here."""

import os
import threading
import time

from sim.faults import Fault, InvalidInput


def slow_square(number: int) -> tuple[int, int]:
    """Return a number and its square after a while."""
    time.sleep(0.05)
    return number, number * number


def refused(number: int) -> int:
    """Refuse one number."""
    if number == 3:
        raise InvalidInput([Fault("three.toml", "a.b", "3 is not allowed", "any other")])
    return number


def process_of(_: int) -> int:
    """Return the process that does a task."""
    time.sleep(0.2)
    return os.getpid()


def thread_of(_: int) -> int:
    """Return the thread that does a task."""
    time.sleep(0.2)
    return threading.get_ident()
