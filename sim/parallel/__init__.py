"""Where independent tasks are done: here, in processes of this machine, or on a Dask cluster."""

from sim.parallel.choose import executor_for
from sim.parallel.executor import Executor, Serial

__all__ = ["Executor", "Serial", "executor_for"]
