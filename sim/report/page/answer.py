"""The answer in a sentence, the numbers beside it, and what it must be read with."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

from sim.digits import cut, cut_positive, stated_number
from sim.run_record import Run
from sim.scenario.titles import raised, spaced
from sim.summary.ratio import ratio_of
from sim.summary.row import DOES_NOT_EXIST, UNTRUSTED
from sim.tables.results import KINDS

CURRENCIES = {"USD": ("US dollar", "US dollars"), "EUR": ("euro", "euros"), "GBP": ("pound", "pounds")}
LIKELIHOOD = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)
"""Words by least probability: the calibrated scale of Mastrandrea et al. (2010), IPCC guidance note."""

QUOTED = {"median": "Middle estimate", "low": "Plausible range", "high": "Plausible range"}
"""What the page calls a statistic."""
SURE = 0.9995
"""Probability from which one decimal of a per cent would print 100."""
IS_NOT = {DOES_NOT_EXIST: "does not exist", UNTRUSTED: "is not to be trusted"}
FAR_ABOVE = 1.25
"""Ratio of mean to median from which the difference is worth a sentence."""


@dataclass(frozen=True)
class Card:
    """One number of the page, printed large.

    Parameters
    ----------
    label
        Words above it.
    value
        The number as text.
    note
        Words below it.
    """

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Answer:
    """What the page opens with.

    Parameters
    ----------
    sentence
        The answer in a sentence.
    beside
        Sentences with which it must be read.
    cards
        The main numbers.
    chances
        Chances of the thresholds.
    """

    sentence: str
    beside: tuple[str, ...]
    cards: tuple[Card, ...]
    chances: tuple[Card, ...]


def answer_of(run: Run) -> Answer:
    """Return the answer of a run."""
    return Answer(_sentence(run), tuple(_beside(run)), tuple(_cards(run)), tuple(_chances(run)))


def likelihood(probability: float) -> str:
    """Return words for a probability.

    Examples
    --------
    >>> likelihood(0.995), likelihood(0.56), likelihood(0.0)
    ('virtually certain', 'about as likely as not', 'exceptionally unlikely')
    """
    return next(words for least, words in LIKELIHOOD if probability >= least)


def percent(probability: float, error: float = 0.0) -> str:
    """Return a probability in per cent, cut to its Monte Carlo error.

    Parameters
    ----------
    probability
        A probability in [0, 1].
    error
        Its Monte Carlo error.

    Returns
    -------
    str
        The number with the sign ``%``.

    Examples
    --------
    >>> percent(0.5586, 0.001), percent(0.9994, 0.0001), percent(1.0)
    ('56 %', '99.9 %', '100 %')
    >>> percent(0.0006, 0.0005), percent(0.0, 0.0005)
    ('≈ 0.06 %', '0 %')
    """
    text = cut_positive(100.0 * probability, max(100.0 * error, 0.0125))
    return f"{text.removesuffix('.0')} %"


def chance(probability: float, error: float) -> str:
    """Return the share of draws that exceed something, never as certain: draws are finitely many.

    Parameters
    ----------
    probability
        Share of the draws, in [0, 1].
    error
        Its Monte Carlo error.

    Returns
    -------
    str
        A percentage, or a bound on it where nearly all or hardly any draws exceed.

    Examples
    --------
    >>> chance(0.99996, 1e-5), chance(0.0, 0.0), chance(0.5586, 0.001)
    ('over 99.9 %', 'under 0.1 %', '56 %')
    """
    if probability > SURE:
        return "over 99.9 %"
    return "under 0.1 %" if probability < 1.0 - SURE else percent(probability, error)


def _sentence(run: Run) -> str:
    median, low, high = _numbers(run)
    probability = f"{100 * run.scenario.report.interval.probability:g} %"
    if low == high:
        return f"{run.title}: {run.with_unit(median)}. Nothing that it depends on is uncertain here."
    ratio = ratio_of(run.scenario)
    money = CURRENCIES.get(ratio.unit.split("/")[0].strip()) if ratio and not run.unit else None
    if ratio is None or money is None:
        words = f"{run.title}: about {run.with_unit(median)}."
    else:
        top, bottom = map(spaced, ratio.sides)
        words = f"Each {money[0]} of {bottom} stands against about {median} {money[1]} of {top}."
    return f"{words} With {probability} probability the figure lies between {low} and {run.with_unit(high)}."


def _numbers(run: Run) -> tuple[str, str, str]:
    rows = [run.statistics.find(run.outcome, name) for name in ("median", "low", "high")]
    median, low, high = (row.text for row in rows)
    return median, low, high


def _beside(run: Run) -> Iterator[str]:
    yield (
        "“About” is the median: the figure is as likely to be higher as to be lower. All of it holds under "
        "the assumptions below, and no better than they do."
    )
    if run.scenario.report.note:
        yield f"{raised(run.scenario.report.note.strip().rstrip('.'))}."
    published = run.scenario.report.published
    value = published.values.get(run.outcome) if published else None
    if published and isinstance(value, float):
        yield f"Published before: {run.with_unit(stated_number(value))} ({published.source})."
    yield from _average(run)
    notes = {name: run.statistics.find(run.outcome, name).note for name in QUOTED}
    yield from dict.fromkeys(f"{raised(f'{QUOTED[name]}: {note}')}." for name, note in notes.items() if note)


def _average(run: Run) -> Iterator[str]:
    """Yield a sentence where the mean is far above the median, as it is in a heavy tail."""
    mean = run.statistics.find(run.outcome, "mean")
    median = run.statistics.find(run.outcome, "median").value
    if mean.text == mean.status:
        yield f"No average is given, since it {IS_NOT[mean.status]}: {mean.reason}."
        return
    if not (median > 0 and mean.value > FAR_ABOVE * median):
        return
    top = run.statistics.find(run.outcome, "top_share").value
    share = "" if isnan(top) else f", and {percent(top, 0.002)} of it comes from the top 1 % of draws"
    average = run.with_unit(cut(mean.value, mean.mc_error))
    yield f"The average, {average}, lies far above the median: a few very high outcomes pull it up{share}."


def _cards(run: Run) -> Iterator[Card]:
    median, low, high = _numbers(run)
    interval = run.scenario.report.interval
    yield Card("Middle estimate", run.with_unit(median), "median of all draws")
    if low != high:
        kind = KINDS[interval.kind]
        words = f"{100 * interval.probability:g} % credible interval, {kind}"
        yield Card("Plausible range", f"{low} to {run.with_unit(high)}", words)


def _chances(run: Run) -> Iterator[Card]:
    ratio = ratio_of(run.scenario)
    if ratio is not None and run.statistics.has(ratio.difference, "p_above"):
        row = run.statistics.find(ratio.difference, "p_above")
        top, bottom = map(spaced, ratio.sides)
        yield Card(
            f"Chance that {top} exceeds {bottom}", chance(row.value, row.mc_error), likelihood(row.value)
        )
    for threshold in run.scenario.report.thresholds:
        row = run.statistics.find(run.outcome, "p_above", at=threshold)
        label = f"Chance of more than {run.with_unit(stated_number(threshold))}"
        break_even = ", break-even" if threshold == 1 and ratio_of(run.scenario) else ""
        yield Card(label, chance(row.value, row.mc_error), f"{likelihood(row.value)}{break_even}")
