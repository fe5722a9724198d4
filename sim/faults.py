"""What is wrong with an input, said so that its author can mend it.

Every reader in ``sim`` collects :class:`Fault` records and raises them together as one
:class:`InvalidInput`; the command line prints them and ends with exit code 2.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

MAX_SHOWN = 4000


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one input.

    Parameters
    ----------
    file
        The input as the user named it: a path, or ``--set``.
    key
        Key path, or line and column, inside that input; empty when the whole input is at fault.
    problem
        What is wrong, with the bad value in it.
    allowed
        What would be accepted there.
    nearest
        The valid name nearest to a mistyped one.

    Examples
    --------
    >>> print(Fault("a.toml", "parameters.pay.medain", "unknown key", "median, mean", "median"))
    a.toml: parameters.pay.medain: unknown key
        allowed: median, mean
        nearest: median
    """

    file: str
    key: str
    problem: str
    allowed: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        head = ": ".join(_shown(part) for part in (self.file, self.key, self.problem) if part)
        notes = [("allowed", self.allowed), ("nearest", self.nearest)]
        return "\n".join([head, *(f"    {name}: {_shown(text)}" for name, text in notes if text)])


def _shown(text: str) -> str:
    """Return text fit for a terminal: no escape sequences out of somebody's file, and not pages of it."""
    cut = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]} ..."
    return "".join(
        letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in cut
    )


class InvalidInput(Exception):  # noqa: N818 - what users catch is named for what it says
    """An input cannot be used; carries every fault found in it, at least one, in the order found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def __reduce__(self) -> tuple[type["InvalidInput"], tuple[tuple[Fault, ...]]]:
        """Keep the faults where the error is sent from one process to another."""
        return type(self), (self.faults,)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise faults together, if there are any."""
    found = list(faults)
    if found:
        raise InvalidInput(found)


class Faults(list[Fault]):
    """Faults of several inputs, to be refused together."""

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the faults of what is refused inside the context, and go on after it."""
        try:
            yield
        except InvalidInput as error:
            self += error.faults


def nearest_name(name: str, valid: Iterable[str]) -> str:
    """Return the valid name most like a mistyped one.

    Parameters
    ----------
    name
        The name as it was typed.
    valid
        Names that it could have been.

    Returns
    -------
    str
        The name; empty where none is like it.

    Examples
    --------
    >>> nearest_name("lognormla", ["normal", "lognormal"])
    'lognormal'
    >>> nearest_name("xyz", ["normal"])
    ''
    """
    import difflib  # here: it takes longer to compile than the rest of a check

    close = difflib.get_close_matches(name, list(valid), n=1, cutoff=0.6)
    return close[0] if close else ""
