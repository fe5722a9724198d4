"""The figures that a paper may quote, all of the summary and of the contract's tables, and names for macros.

The name of a LaTeX macro has letters only, whatever the quantity is called, and no two are alike.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from sim.summary.row import Row, Summary
from sim.tables.table import Tables, records_of

PREFIX = "sim"
ACRONYMS = {"ai", "ml", "oss", "evpi", "evppi", "evsi", "pawn", "hdi", "eti"}
SIGNS = {"-": "Minus", "~": "With", "+": "Plus", "*": "Times", "%": "Percent"}
DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
TEENS = (
    "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen",
    "Nineteen",
)  # fmt: skip
TENS = ("", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
THOUSANDS = ("", "Thousand", "Million", "Billion", "Trillion")
LARGEST = Decimal(10) ** 15
NAN = float("nan")
HASH_LETTERS = 6
ENDS = ("low", "high")
"""Ends of the reported interval: their probability is said once, by a macro of its own."""


def camel_case(name: str) -> str:
    """Return a name as capitalised words of letters, digits and signs spelled out, acronyms in capitals.

    A word without vowels, or one of ``ACRONYMS``, is an acronym.

    Examples
    --------
    >>> camel_case("bcr"), camel_case("ai_value"), camel_case("benefit - cost"), camel_case("pay_2b")
    ('BCR', 'AIValue', 'BenefitMinusCost', 'PayTwoB')
    """
    pieces = re.findall(r"[A-Za-z]+|\d|[-~+*%]", name)
    return "".join(map(_word, pieces)) or "Nameless"


def spelled(value: float) -> str:
    """Return a finite number in words.

    Examples
    --------
    >>> spelled(100), spelled(0.05), spelled(-1234.5)
    ('OneHundred', 'ZeroPointZeroFive', 'MinusOneThousandTwoHundredThirtyFourPointFive')
    >>> spelled(2.5e20)
    'TwoPointFiveTimesTenToTheTwenty'
    """
    number = Decimal(repr(float(value)))
    sign = "Minus" if number < 0 else ""
    number = abs(number)
    exponent = number.adjusted()
    if number >= LARGEST or (number and exponent < -6):
        power = f"TimesTenToThe{spelled(exponent)}"
        return f"{sign}{_fixed(number.scaleb(-exponent))}{power}"
    return sign + _fixed(number)


def unique_names[Key: Hashable](names: Mapping[Key, str]) -> dict[Key, str]:
    """Return macro names without backslash, all different, by key; the `repr` of two keys must differ.

    Where several keys ask for one name, each gets letters from a digest of its own key: so no name ever comes
    to mean another number because a quantity was added.

    Examples
    --------
    >>> unique_names({"pay_1": "PayOnemean", "bcr": "BCRmean"})
    {'pay_1': 'simPayOnemean', 'bcr': 'simBCRmean'}
    """
    asked = Counter(names.values())
    found: dict[Key, str] = {}
    taken = {PREFIX + name for name, n in asked.items() if n == 1}
    for key in names:
        name = PREFIX + names[key]
        if asked[names[key]] > 1:
            name = next(longer for longer in _longer(name, repr(key)) if longer not in taken)
            taken.add(name)
        found[key] = name
    return found


def _longer(name: str, key: str) -> Sequence[str]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in digest)
    return [f"{name}X{letters[:length]}" for length in range(HASH_LETTERS, len(letters) + 1)]


def _word(piece: str) -> str:
    if piece in SIGNS:
        return SIGNS[piece]
    if piece.isdigit():
        return DIGITS[int(piece)]
    small = piece.lower()
    is_acronym = small in ACRONYMS or (len(small) > 1 and not set(small) & set("aeiouy"))
    return piece.upper() if is_acronym else piece[0].upper() + piece[1:]


def _fixed(number: Decimal) -> str:
    whole, _, fraction = f"{number.normalize():f}".partition(".")
    words = _whole(int(whole))
    return words + ("Point" + "".join(DIGITS[int(digit)] for digit in fraction) if fraction else "")


def _whole(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    words = ""
    for name in THOUSANDS:
        number, rest = divmod(number, 1000)
        if rest:
            words = _below_thousand(rest) + name + words
    return words


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = f"{DIGITS[hundreds]}Hundred" if hundreds else ""
    if rest >= 20:
        words += TENS[rest // 10]
        rest %= 10
    elif rest >= 10:
        return words + TEENS[rest - 10]
    return words + (DIGITS[rest] if rest else "")


@dataclass(frozen=True)
class PaperNumber:
    """One figure that a paper may quote.

    Parameters
    ----------
    name
        Name that the macro should have, letters only, without the prefix.
    quantity
        The quantity in words.
    statistic
        The statistic in words.
    value
        The number.
    error
        Its Monte Carlo error; 0 where it is exact, NaN where it is not known.
    unit
        Its unit in pint's notation.
    note
        What keeps it from being quoted, as in :class:`sim.summary.row.Row`.
    """

    name: str
    quantity: str
    statistic: str
    value: float
    error: float
    unit: str
    note: str = ""


def paper_numbers(summary: Summary, tables: Tables, outcome: str, unit: str) -> tuple[PaperNumber, ...]:
    """Return the figures of a run, without those that are not numbers and have no note that says why.

    Parameters
    ----------
    summary
        Summary of the run.
    tables
        Tables of the run by name; any table of the contract may be missing.
    outcome
        Name of the reported outcome.
    unit
        Its unit in pint's notation.

    Returns
    -------
    tuple of PaperNumber
        The figures, in the order of ``numbers.tex``.

    Raises
    ------
    InvalidInput
        If a table lacks a column.
    """
    found = [
        *(_of_summary(row) for row in summary.rows),
        *_indices(tables),
        *_kinds(tables),
        *_correlations(tables),
        *_switching(tables),
        *_break_even(tables),
        *_information(tables),
        *_periods(tables, outcome, unit),
    ]
    return tuple(figure for figure in found if figure.note or not pd.isna(figure.value))


def _of_summary(row: Row) -> PaperNumber:
    held = camel_case(row.alternative.replace("=", "_")) if row.alternative else ""
    stem = camel_case(row.quantity) + held
    at = "" if pd.isna(row.at) else spelled(row.at)
    percent = "" if pd.isna(row.at) else f"{spelled(round(100 * row.at, 10))}Percent"
    names = {
        "p_above": f"Prob{stem}above{at}",
        "quantile": f"{stem}quantile{percent}",
        "top_share": f"{stem}topShare{percent}",
        "ratio_of_means": f"{stem}ratioOfMeans",
    }
    about = f"{row.quantity}, {row.alternative}" if row.alternative else row.quantity
    has_place = not pd.isna(row.at) and row.statistic not in ENDS
    statistic = f"{row.statistic} at {row.at:g}" if has_place else row.statistic
    first, *others = row.statistic.split("_")
    plain = first + "".join(map(camel_case, others))
    name = names.get(row.statistic, stem + plain + percent * (row.statistic not in ENDS))
    return PaperNumber(name, about, statistic, row.value, row.mc_error, row.unit, row.note)


def _indices(tables: Tables) -> Iterator[PaperNumber]:
    for row in records_of(tables, "sensitivity_indices", ("scale", "group", "index", "value", "error")):
        scale, index, group = (str(row[key]) for key in ("scale", "index", "group"))
        name = camel_case(scale) + camel_case(index) + camel_case(group)
        yield PaperNumber(name, group, f"{index} index, {scale} scale", row["value"], row["error"], "1")


def _kinds(tables: Tables) -> Iterator[PaperNumber]:
    indices = ("first", "total", "shapley")
    columns = ("scale", "kind", *indices, *(f"{index}_error" for index in indices))
    for row in records_of(tables, "variance_by_kind", columns):
        scale, kind = str(row["scale"]), str(row["kind"])
        for index in indices:
            name = f"{camel_case(scale)}{camel_case(index)}Kind{camel_case(kind)}"
            about, error = f"{index} index, {scale} scale", row[f"{index}_error"]
            yield PaperNumber(name, f"kind {kind}", about, row[index], error, "1")


def _correlations(tables: Tables) -> Iterator[PaperNumber]:
    measures = ("spearman", "partial")
    columns = ("name", *measures, *(f"{measure}_error" for measure in measures))
    for row in records_of(tables, "rank_correlations", columns):
        quantity = str(row["name"])
        for measure in measures:
            name, about = camel_case(measure) + camel_case(quantity), f"{measure} rank correlation"
            yield PaperNumber(name, quantity, about, row[measure], row[f"{measure}_error"], "1")


def _switching(tables: Tables) -> Iterator[PaperNumber]:
    columns = ("parameter", "unit", "threshold", "value", "percentile")
    for row in records_of(tables, "switching_values", columns):
        parameter, threshold = row["parameter"], row["threshold"]
        stem = f"Switching{camel_case(parameter)}at{spelled(threshold)}"
        about = f"switching value at {threshold:g}"
        yield PaperNumber(stem, parameter, about, row["value"], NAN, row["unit"])
        about = f"percentile of its {about}"
        yield PaperNumber(f"{stem}percentile", parameter, about, row["percentile"], NAN, "1")


def _break_even(tables: Tables) -> Iterator[PaperNumber]:
    columns = ("parameter", "unit", "threshold", "low", "median", "high", "share_without")
    for row in records_of(tables, "break_even", columns):
        parameter, threshold = row["parameter"], row["threshold"]
        stem = f"BreakEven{camel_case(parameter)}at{spelled(threshold)}"
        for statistic in ("low", "median", "high"):
            about = f"break-even value at {threshold:g}, {statistic}"
            yield PaperNumber(stem + statistic, parameter, about, row[statistic], NAN, row["unit"])
        about = f"share of draws without a break-even value at {threshold:g}"
        yield PaperNumber(f"{stem}without", parameter, about, row["share_without"], NAN, "1")


def _information(tables: Tables) -> Iterator[PaperNumber]:
    columns = ("quantity", "group", "threshold", "value", "error", "unit", "upper")
    for row in records_of(tables, "information", columns):
        quantity, threshold, upper = row["quantity"], row["threshold"], row["upper"]
        group = "" if pd.isna(row["group"]) else str(row["group"])
        name = f"{camel_case(quantity)}{camel_case(group) if group else ''}at{spelled(threshold)}"
        about = f"{quantity} of {group}" if group else quantity
        if pd.isna(upper):
            yield PaperNumber(name, about, f"at {threshold:g}", row["value"], row["error"], row["unit"])
        else:
            at_most = f"at {threshold:g}, at most"
            yield PaperNumber(f"{name}atMost", about, at_most, upper, row["error"], row["unit"])


def _periods(tables: Tables, outcome: str, unit: str) -> Iterator[PaperNumber]:
    columns = ("extra", "low", "median", "high", "width_ratio", "survey_share", "error")
    for row in records_of(tables, "more_periods", columns):
        extra = row["extra"]
        stem = f"{camel_case(outcome)}With{spelled(extra)}MorePeriods"
        for statistic in ("low", "median", "high", "width_ratio", "survey_share"):
            own = unit if statistic in ("low", "median", "high") else "1"
            suffix = statistic if own != "1" or "_" not in statistic else camel_case(statistic)
            words = f"{statistic} with {extra:g} more periods"
            error = row["error"] if statistic == "width_ratio" else NAN
            yield PaperNumber(stem + suffix, outcome, words, row[statistic], error, own)
