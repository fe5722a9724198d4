"""Numbers as text: cut to their Monte Carlo error, beside it, to some digits, or as they were stated."""

import math
import re
import sys

MAX_DIGITS = 4
SUFFIXED_FROM = 1e4
LEAST_PLAIN, POWERS_FROM = 1e-4, 1e15
"""Sizes below and from which a number is printed with its power of ten, such as 1.2e-13; 0 stays 0."""
SUFFIXES = {12: "T", 9: "B", 6: "M", 3: "K"}
ZEROS_AT_END = re.compile(r"^([-\d,]+)(?:\.0+|(\.\d*[1-9])0+)(?=[ e]|$)")
SUFFIX_NOTE = "K, M, B and T stand for 10³, 10⁶, 10⁹ and 10¹²."
ERROR_UNKNOWN = 2e-4
"""Relative error taken for a number whose own is not known: three digits are printed."""


def cut(value: float, error: float) -> str:
    """Return a number with its last digit where twice the Monte Carlo error is at most half a unit.

    This is the numerical tolerance of JCGM 101:2008 7.9.2, delta = (1/2) 10^l, read backwards: the smallest
    l with 2 error <= delta. At most four significant digits are printed in any case. A number that its error
    tells from zero, yet whose first digit is not settled, is printed as about what it is, not as 0.

    Parameters
    ----------
    value
        The number.
    error
        Its Monte Carlo error; 0 for an exact number.

    Returns
    -------
    str
        Text without a unit; nothing for NaN.

    Examples
    --------
    >>> cut(131.46, 0.2), cut(131.46, 0.7), cut(0.98765, 0.0001), cut(233_700_000.0, 0)
    ('131', '130', '0.988', '233.7 M')
    >>> cut(1.2346e-13, 2e-17), cut(-2e300, 1e298), cut(1e-13, 1e-12), cut(0.0, 0.0), cut(0.0, 0.01)
    ('1.235e-13', '-2.0e+300', '0', '0', '0.0')
    >>> cut(1.2e7, 4e6), cut(-30.0, 12.0), cut(1e-4, 1e-3)
    ('≈ 10 M', '≈ -30', '0.00')
    >>> cut(float("nan"), 0.0), cut(float("inf"), 0.0)
    ('', 'inf')
    """
    if not math.isfinite(value):
        return "" if math.isnan(value) else str(value)
    text = _down_to_its_place(value, error)
    return f"≈ {rounded(value, 1)}" if abs(value) > 2 * error and is_nought(text) else text


def cut_positive(value: float, error: float) -> str:
    """Return a number of a quantity that is never negative, such as an end of its interval or a probability.

    As :func:`cut`, but for a value above 0 its first digit where :func:`cut` prints 0: only 0 is 0.

    Parameters
    ----------
    value
        The number.
    error
        Its Monte Carlo error; 0 for an exact number.

    Returns
    -------
    str
        Text without a unit; nothing for NaN.

    Examples
    --------
    >>> cut_positive(0.002, 0.01), cut_positive(3e-7, 1e-3), cut_positive(0.0, 0.01), cut_positive(131.0, 0.2)
    ('≈ 0.002', '≈ 3e-07', '0.0', '131')
    """
    text = cut(value, error)
    return f"≈ {rounded(value, 1)}" if value > 0 and is_nought(text) else text


def exact_number(value: float) -> str:
    """Return an exact number in at most four digits, without zeros at its end.

    Examples
    --------
    >>> exact_number(300_000.0), exact_number(0.0288), exact_number(1.3e12), exact_number(1_200.0)
    ('300 K', '0.0288', '1.3 T', '1,200')
    >>> exact_number(float("nan")), exact_number(0.0), exact_number(1.2e-10), exact_number(-1e300)
    ('', '0', '1.2e-10', '-1e+300')
    """
    return ZEROS_AT_END.sub(r"\1\2", cut(value, 0.0))


def without_error(value: float) -> str:
    """Return a number whose Monte Carlo error is not known, cut as if it had three digits.

    Examples
    --------
    >>> without_error(131.46), without_error(2.512345e11)
    ('131', '251 B')
    """
    return cut(value, abs(value) * ERROR_UNKNOWN)


def stated_number(value: float) -> str:
    """Return a number as exact as it was stated, at most twelve digits, in suffixes of a thousand.

    Examples
    --------
    >>> stated_number(300_000.0), stated_number(1.3e12), stated_number(0.1), stated_number(-1_234_567.0)
    ('300 K', '1.3 T', '0.1', '-1.234567 M')
    """
    if needs_power(value) or not math.isfinite(value):
        return f"{value:.12g}"
    power, suffix = _suffix_of(value)
    return f"{value / 10.0**power:,.12g}{suffix}"


def interval(low: str, high: str) -> str:
    """Return an interval from its ends as text.

    Parameters
    ----------
    low
        The lower end as text; empty where there is none.
    high
        The upper end as text; empty where there is none.

    Returns
    -------
    str
        Both ends; empty where either is.

    Examples
    --------
    >>> interval("1.2", "3 M"), interval("", "")
    ('1.2 to 3 M', '')
    """
    return f"{low} to {high}" if low and high else ""


def _down_to_its_place(value: float, error: float) -> str:
    if value == 0.0 == error:
        return "0"
    place = last_place(value, error)
    if needs_power(value):
        return _with_power(value, place)
    rounded = round(value, -place) + 0.0
    if needs_power(rounded):
        return _with_power(rounded, place)
    power, suffix = _suffix_of(rounded)
    return _fixed(rounded / 10.0**power, place - power) + suffix


def _suffix_of(value: float) -> tuple[int, str]:
    """Return the power of ten in whose units a number is printed, and its suffix: 0 and none below 10 K."""
    power = next((each for each in SUFFIXES if abs(value) >= 10.0**each * (10 if each == 3 else 1)), 0)
    return power, f" {SUFFIXES[power]}" if power else ""


def is_nought(text: str) -> bool:
    """Tell whether a printed number has no digit but 0.

    Examples
    --------
    >>> is_nought("-0.00"), is_nought("1e-13"), is_nought("nan")
    (True, False, False)
    """
    return set("0") <= set(text) <= set("-0.")


def needs_power(value: float) -> bool:
    """Tell whether a number is too small or too large for plain digits and suffixes.

    Examples
    --------
    >>> needs_power(1e-13), needs_power(0.0), needs_power(-2.5e14), needs_power(1e15)
    (True, False, False, True)
    """
    return 0 < abs(value) < LEAST_PLAIN or POWERS_FROM <= abs(value) < math.inf


def with_error(value: float, error: float) -> str:
    """Return a number and its Monte Carlo error, the number to the place of the error's first digit.

    For tables that print the error beside each number, where the reader sees what the last digit is worth.

    Parameters
    ----------
    value
        Any number.
    error
        Its Monte Carlo error, in the same unit.

    Returns
    -------
    str
        ``value ± error``.

    Examples
    --------
    >>> with_error(0.3514, 0.0511), with_error(-0.002, 0.009), with_error(0.5303, 0.00116)
    ('0.35 ± 0.05', '-0.002 ± 0.009', '0.530 ± 0.001')
    >>> with_error(4.01e9, 6.7e8), with_error(5564.0, 20.0), with_error(3.0, 40.0), with_error(0.0, 0.0)
    ('4 B ± 700 M', '5,560 ± 20', '0 ± 40', '0 ± 0')
    >>> with_error(1.234e-13, 2e-15), with_error(3e20, 4e18)
    ('1.23e-13 ± 2e-15', '3e+20 ± 4e+18')
    """
    if not (math.isfinite(value) and math.isfinite(error) and error > 0):
        return f"{rounded(value, MAX_DIGITS)} ± {rounded(error, 1)}"
    last = math.floor(math.log10(error))
    if LEAST_PLAIN <= max(abs(value), error) < SUFFIXED_FROM:
        place = max(last, _largest(value) - MAX_DIGITS + 1)
        return f"{_fixed(round(value, -place) + 0.0, place)} ± {_fixed(float(f'{error:.0e}'), place)}"
    n_digits = _largest(value) - last + 1
    return f"{rounded(value, n_digits) if n_digits >= 1 else '0'} ± {rounded(error, 1)}"


def _largest(value: float) -> int:
    """Return the power of ten of a number's first digit, the least there is for 0."""
    return math.floor(math.log10(abs(value) or sys.float_info.min))


def rounded(value: float, n_digits: int) -> str:
    """Return a number with a fixed number of significant digits.

    Parameters
    ----------
    value
        Any number.
    n_digits
        Number of significant digits, 1 or more.

    Returns
    -------
    str
        Text without a unit.

    Examples
    --------
    >>> rounded(0.0123, 1), rounded(4321.0, 1), rounded(98_760_000.0, 3), rounded(0.0, 1)
    ('0.01', '4 K', '98.8 M', '0')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    nearest = float(f"{value:.{n_digits - 1}e}")
    if needs_power(value) or needs_power(nearest):
        return f"{value:.{n_digits}g}"
    for power, suffix in SUFFIXES.items():
        if abs(nearest) >= 10.0**power:
            return f"{nearest / 10.0**power:g} {suffix}"
    return f"{nearest:g}"


def at_most(upper: float) -> str:
    """Return a bound in words, rounded up to two digits.

    Examples
    --------
    >>> at_most(34_120.0)
    'at most 35 K'
    """
    unit = 10.0 ** (math.floor(math.log10(upper)) - 1)
    return f"at most {rounded(math.ceil(upper / unit) * unit, 2)}"


def last_place(value: float, error: float) -> int:
    """Return the power of ten of the last digit to print.

    Parameters
    ----------
    value
        Any number.
    error
        Its Monte Carlo error, in the same unit.

    Returns
    -------
    int
        The power of ten: 0 for whole units, -1 for tenths.
    """
    largest = math.floor(math.log10(abs(value))) if value else 0
    finest = largest - MAX_DIGITS + 1
    if not math.isfinite(error):
        return largest
    return max(finest, math.ceil(math.log10(min(4.0 * error, sys.float_info.max)))) if error > 0 else finest


def _with_power(value: float, place: int) -> str:
    """Return a number with its digits down to a place, and its power of ten: 0 where it has none there."""
    n_digits = min(_largest(value) - place, MAX_DIGITS - 1)
    if n_digits >= 0:
        return f"{value:.{n_digits}e}"
    nearest = round(value, -place)
    return f"{nearest:.0e}" if nearest else "0"


def _fixed(value: float, place: int) -> str:
    return f"{value:,.{max(0, -place)}f}"
