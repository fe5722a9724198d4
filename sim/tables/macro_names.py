r"""Names of LaTeX macros: letters only, from names of any quantity, and no two alike."""

import hashlib
import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal

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
HASH_LETTERS = 6


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
    """Return macro names without backslash, all different, by key.

    Where several keys ask for one name, each gets letters from a digest of its own key: so no name ever comes
    to mean another number because a quantity was added.

    Parameters
    ----------
    names
        The name asked for, in letters, by key; the keys' ``repr`` must differ.

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
