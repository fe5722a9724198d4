"""From the survey's source to the files that are shipped; the same source gives the same bytes."""

import csv
import io
from pathlib import Path

from sim.evidence.source.survey import read_survey
from sim.evidence.source.tallies import Tally, tally_frequencies, tally_periods, tally_quantiles
from sim.faults import Fault, InvalidInputError
from sim.temporary import temporary_folder

PERIODS, FREQUENCIES, QUANTILES = "periods.csv", "frequencies.csv", "quantiles.csv"


def import_survey(source: Path, out: Path) -> tuple[Path, ...]:
    """Read the survey and write ``periods.csv``, ``frequencies.csv`` and ``quantiles.csv``.

    All are written to a temporary folder first, then each takes the place of its predecessor: a run that
    fails or is interrupted leaves no half-written file. Other files in `out` are left alone.

    Parameters
    ----------
    source
        Folder with the survey's source file.
    out
        Folder to write to, made if need be.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InvalidInputError
        If the source is at fault (:func:`sim.evidence.source.survey.read_survey`) or `out` cannot be written.
    """
    periods = read_survey(source)
    tallies = {
        PERIODS: tally_periods(periods),
        FREQUENCIES: tally_frequencies(periods),
        QUANTILES: tally_quantiles(periods),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        with temporary_folder(out, ".import-") as part:
            for name, tally in tallies.items():
                (part / name).write_bytes(as_csv(tally))
            return tuple((part / name).replace(out / name) for name in tallies)
    except OSError as error:
        fault = Fault(
            str(out), "", f"cannot be written: {error.strerror or error}", "a folder that can be written"
        )
        raise InvalidInputError([fault]) from error


def as_csv(tally: Tally) -> bytes:
    r"""Return a table as CSV: UTF-8, one header, lines ended by a line feed on every system.

    Examples
    --------
    >>> as_csv(Tally(("label", "n"), (("a, b", 3),)))
    b'label,n\n"a, b",3\n'
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(tally.columns)
    writer.writerows(tally.rows)
    return text.getvalue().encode("utf-8")
