"""Laws of parameters as a stranger states them, each with plain draws by SciPy and NumPy alone.

Nothing here knows how ``sim`` makes a law of a statement: what a statement means is taken from
``docs/reference/scenario-file.md``.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy import stats
from scipy.interpolate import CubicHermiteSpline, PchipInterpolator

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Sampler = Callable[[np.random.Generator, int], Array]
Drawn = Callable[..., Any]


@dataclass(frozen=True)
class StatedLaw:
    """What stands in a scenario file of one parameter, and how to draw from it.

    Parameters
    ----------
    keys
        ``distribution`` and its keys.
    sampler
        Draws: a function of a generator and their number.
    files
        Contents of the tables it names, by file name.
    is_positive
        Whether every draw is above 0.
    can_be_composed
        Whether it may stand inside ``truncated`` and ``mixture``.
    parts
        Names of the shares of a Dirichlet.
    """

    keys: Mapping[str, Any]
    sampler: Sampler
    files: Mapping[str, str] = field(default_factory=dict)
    is_positive: bool = False
    can_be_composed: bool = True
    parts: tuple[str, ...] = ()


def _frozen(keys: dict[str, Any], law: Any, is_positive: bool = False) -> StatedLaw:
    return StatedLaw(keys, lambda rng, n: np.asarray(law.rvs(size=n, random_state=rng)), {}, is_positive)


def uniform(low: float, high: float) -> StatedLaw:
    """Return the uniform law between two bounds."""
    keys = {"distribution": "uniform", "low": low, "high": high}
    return _frozen(keys, stats.uniform(low, high - low), low > 0)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Return numbers of three digits between two bounds."""
    return st.floats(low, high, allow_subnormal=False).map(lambda x: float(f"{x:.3g}"))


scales = st.sampled_from([1.0] * 8 + [1e-12, 1e-6, 1e-3, 1e3, 1e6, 1e12])


@st.composite
def bells(draw: Drawn, scale: float) -> StatedLaw:
    """Return a normal, lognormal or Student's t."""
    centre, width = scale * draw(numbers(-5, 5)), scale * draw(numbers(0.05, 3))
    match draw(st.sampled_from(["normal", "normal-quantiles", "lognormal", "lognormal-mean", "student-t"])):
        case "normal":
            keys = {"distribution": "normal", "mean": centre, "sd": width}
            return _frozen(keys, stats.norm(centre, width))
        case "normal-quantiles":
            keys = {"distribution": "normal", "p10": centre - width, "p95": centre + width}
            low, high = stats.norm.ppf([0.1, 0.95])
            sd = 2 * width / (high - low)
            return _frozen(keys, stats.norm(centre - width - low * sd, sd))
        case "lognormal":
            sigma, median = draw(numbers(0.05, 1.2)), scale * draw(numbers(0.1, 5))
            keys = {"distribution": "lognormal", "median": median, "sigma": sigma}
            return _frozen(keys, stats.lognorm(sigma, scale=median), True)
        case "lognormal-mean":
            mean = scale * draw(numbers(0.5, 5))
            sd = mean * draw(numbers(0.05, 1.5))
            sigma = math.sqrt(math.log1p((sd / mean) ** 2))
            keys = {"distribution": "lognormal", "mean": mean, "sd": sd}
            return _frozen(keys, stats.lognorm(sigma, scale=mean * math.exp(-(sigma**2) / 2)), True)
        case _:
            df = draw(st.sampled_from([1.0, 1.5, 2.0, 3.0, 4.5, 30.0]))
            keys = {"distribution": "student-t", "location": centre, "scale": width, "df": df}
            return _frozen(keys, stats.t(df, centre, width))


@st.composite
def bounded(draw: Drawn, scale: float) -> StatedLaw:  # noqa: PLR0911 - one for each law
    """Return a law between two bounds."""
    low = scale * draw(numbers(-3, 3))
    width = scale * draw(numbers(0.1, 5))
    high = low + width
    is_positive = low > 0
    share, other = sorted([draw(numbers(0.05, 0.95)), draw(numbers(0.05, 0.95))])
    match draw(st.sampled_from(["uniform", "triangular", "pert", "trapezoidal", "ctrap", "arcsine", "beta"])):
        case "uniform":
            return uniform(low, high)
        case "triangular":
            mode = low + share * width
            keys = {"distribution": "triangular", "low": low, "mode": mode, "high": high}
            return _frozen(keys, stats.triang((mode - low) / (high - low), low, high - low), is_positive)
        case "pert":
            mode, shape = low + share * width, draw(st.sampled_from([2.0, 4.0, 20.0]))
            keys = {"distribution": "pert", "low": low, "mode": mode, "high": high, "shape": shape}
            a = 1 + shape * (mode - low) / (high - low)
            return _frozen(keys, stats.beta(a, 2 + shape - a, low, high - low), is_positive)
        case "trapezoidal":
            at, to = low + share * width, low + other * width
            keys = {"distribution": "trapezoidal", "low": low, "mode_low": at, "mode_high": to, "high": high}
            span = high - low
            return _frozen(
                keys, stats.trapezoid((at - low) / span, (to - low) / span, low, span), is_positive
            )
        case "ctrap":
            off = 0.4 * share * width
            keys = {"distribution": "curvilinear-trapezoidal", "low": low, "high": high, "inexactness": off}

            def limits(rng: np.random.Generator, n: int) -> Array:
                # JCGM 101:2008, 6.4.3.4
                start = low - off + 2 * off * rng.random(n)
                return start + (low + high - 2 * start) * rng.random(n)

            return StatedLaw(keys, limits)
        case "arcsine":
            keys = {"distribution": "arcsine", "low": low, "high": high}
            return _frozen(keys, stats.arcsine(low, high - low), is_positive)
        case _:
            a, b = draw(numbers(0.4, 8)), draw(numbers(0.4, 8))
            keys = {"distribution": "beta", "alpha": a, "beta": b, "low": low, "high": high}
            return _frozen(keys, stats.beta(a, b, low, high - low), is_positive)


@st.composite
def positive(draw: Drawn, scale: float) -> StatedLaw:  # noqa: PLR0911 - one for each law
    """Return a law of positive values."""
    size = scale * draw(numbers(0.2, 5))
    match draw(
        st.sampled_from(["gamma", "gamma-mean", "exponential", "rate", "loguniform", "share", "mean-sd"])
    ):
        case "gamma":
            shape = draw(numbers(0.3, 9))
            keys = {"distribution": "gamma", "shape": shape, "scale": size}
            return _frozen(keys, stats.gamma(shape, scale=size), True)
        case "gamma-mean":
            sd = size * draw(numbers(0.1, 1.5))
            keys = {"distribution": "gamma", "mean": size, "sd": sd}
            return _frozen(keys, stats.gamma((size / sd) ** 2, scale=sd**2 / size), True)
        case "exponential":
            return _frozen({"distribution": "exponential", "mean": size}, stats.expon(scale=size), True)
        case "rate":
            return _frozen({"distribution": "exponential", "rate": 1 / size}, stats.expon(scale=size), True)
        case "loguniform":
            high = size * draw(numbers(1.5, 1000))
            keys = {"distribution": "loguniform", "low": size, "high": high}
            return _frozen(keys, stats.loguniform(size, high), True)
        case "share":
            a, b = draw(numbers(0.4, 8)), draw(numbers(0.4, 8))
            return _frozen({"distribution": "beta", "alpha": a, "beta": b}, stats.beta(a, b), True)
        case _:
            mean, total = draw(numbers(0.1, 0.9)), draw(numbers(1.5, 60))
            keys = {"distribution": "beta", "mean": mean, "concentration": total}
            return _frozen(keys, stats.beta(mean * total, (1 - mean) * total), True)


@st.composite
def sizes(draw: Drawn, scale: float) -> StatedLaw:
    """Return a Weibull or a Pareto, by its own parameters or by quantiles."""
    size, shape = (
        scale * draw(numbers(0.2, 5)),
        draw(st.sampled_from([0.6, 0.9, 1.0, 1.5, 2.0, 2.5, 4.0, 9.0])),
    )
    weibull, pareto = stats.weibull_min(shape, scale=size), stats.pareto(shape, scale=size)
    match draw(
        st.sampled_from(["weibull", "weibull-quantiles", "pareto", "pareto-quantile", "pareto-quantiles"])
    ):
        case "weibull":
            return _frozen({"distribution": "weibull", "shape": shape, "scale": size}, weibull, True)
        case "weibull-quantiles":
            p50, p95 = map(float, weibull.ppf([0.5, 0.95]))
            return _frozen({"distribution": "weibull", "median": p50, "p95": p95}, weibull, True)
        case "pareto":
            return _frozen({"distribution": "pareto", "low": size, "shape": shape}, pareto, True)
        case "pareto-quantile":
            keys = {"distribution": "pareto", "low": size, "p90": float(pareto.ppf(0.9))}
            return _frozen(keys, pareto, True)
        case _:
            p50, p95 = map(float, pareto.ppf([0.5, 0.95]))
            return _frozen({"distribution": "pareto", "p50": p50, "p95": p95}, pareto, True)


@st.composite
def by_quantiles(draw: Drawn, scale: float) -> StatedLaw:
    """Return a law by its quantiles alone: a metalog of three terms, or the monotone curve through some.

    The metalog by Keelin's (2016) formula, whose quantiles are then stated; the curve by SciPy's cubics with
    the slopes of PCHIP, straight beyond.
    """
    low = draw(st.sampled_from([None, None, -1.0, 0.0, 0.3]))
    width = draw(numbers(0.3, 2)) if low is None else draw(numbers(0.05, 0.4))
    if draw(st.booleans()):
        keys = ("p10", "p50", "p90")
        a = draw(numbers(-2, 2)), width, width * draw(numbers(-1.5, 1.5))

        def line(y: Array) -> Array:
            return np.asarray(a[0] + (a[1] + a[2] * (y - 0.5)) * (np.log(y) - np.log1p(-y)))
    else:
        keys = ("p05", "p25", "p50", "p90")
        steps = np.cumsum([draw(numbers(0.1, 2)) for _ in keys]) * width
        scores = stats.norm.ppf([int(key[1:]) / 100 for key in keys])
        chords = np.diff(steps) / np.diff(scores)
        slopes = PchipInterpolator(scores, steps).derivative()(scores)
        slopes[0], slopes[-1] = chords[0], chords[-1]
        inner = CubicHermiteSpline(scores, steps, slopes)

        def line(y: Array) -> Array:
            z = stats.norm.ppf(y)
            beyond = np.minimum(z - scores[0], 0) * chords[0] + np.maximum(z - scores[-1], 0) * chords[-1]
            return np.asarray(inner(np.clip(z, scores[0], scores[-1])) + beyond)

    def placed(y: Array) -> Array:
        return scale * (line(y) if low is None else low + np.exp(line(y)))

    levels = np.array([int(key[1:]) / 100 for key in keys])
    stated = dict(zip(keys, map(float, placed(levels)), strict=True))
    stated |= {} if low is None else {"low": scale * low}
    curve = "metalog" if len(keys) == 3 else "monotone"
    return StatedLaw(
        {"distribution": "quantiles", **stated, "curve": curve},
        lambda rng, n: placed(rng.uniform(1e-17, 1, size=n)),
        {},
        low is not None and low >= 0,
    )


@st.composite
def counts(draw: Drawn) -> StatedLaw:
    """Return a number of events."""
    if draw(st.booleans()):
        mean = draw(st.sampled_from([0.02, 0.4, 1.0, 3.5, 20.0, 5e3, 1e7]))
        return _frozen({"distribution": "poisson", "mean": mean}, stats.poisson(mean))
    n, p = draw(st.sampled_from([1, 2, 9, 60, 100_000])), draw(numbers(0.01, 0.99))
    return _frozen({"distribution": "binomial", "n": n, "p": p}, stats.binom(n, p))


@st.composite
def atomic(draw: Drawn, scale: float) -> StatedLaw:
    """Return a law of single values: a count, constant, discrete, or a column of a table with weights."""
    if draw(st.integers(0, 2)) == 0:
        return draw(counts())
    values = draw(st.lists(numbers(-3, 9), min_size=1, max_size=6, unique=True))
    values = [scale * value for value in values]
    weights = [draw(st.integers(0, 4)) for _ in values]
    if not any(weights):
        weights[0] = 1
    shares = np.array(weights) / sum(weights)

    def picked(rng: np.random.Generator, n: int) -> Array:
        return rng.choice(np.array(values), size=n, p=shares)

    match draw(st.sampled_from(["constant", "discrete", "discrete", "empirical"])):
        case "constant":
            value = values[0]
            keys = {"distribution": "constant", "value": value}
            return StatedLaw(keys, lambda _, n: np.full(n, value), {}, value > 0)
        case "discrete":
            keys = {"distribution": "discrete", "values": values, "weights": [float(w) for w in weights]}
            return StatedLaw(keys, picked, {}, min(values) > 0)
        case _:
            rows = "\n".join(f"{value!r},{weight}" for value, weight in zip(values, weights, strict=True))
            name = f"table-{hashlib.sha256(rows.encode()).hexdigest()[:12]}.csv"
            keys = {"distribution": "empirical", "file": name, "column": "value", "weights": "weight"}
            return StatedLaw(keys, picked, {name: f"value,weight\n{rows}\n"}, min(values) > 0)


def plain(scale: float) -> st.SearchStrategy[StatedLaw]:
    """Return a continuous law that is not made of others."""
    return st.one_of(bells(scale), bounded(scale), positive(scale), sizes(scale), by_quantiles(scale))


@st.composite
def composed(draw: Drawn, scale: float) -> StatedLaw:
    """Return a truncated law, or a mixture, of which a part may be atoms."""
    if draw(st.booleans()):
        whole = draw(plain(scale))
        sample = np.sort(whole.sampler(np.random.default_rng(1), 1001))
        low, high = (
            float(f"{x:.3g}") for x in sample[[draw(st.integers(50, 300)), draw(st.integers(700, 950))]]
        )
        if low < high:
            keys = {"distribution": "truncated", "of": dict(whole.keys), "low": low, "high": high}
            return StatedLaw(keys, _within(whole.sampler, low, high), {}, low > 0)
    laws = draw(st.lists(st.one_of(plain(scale), plain(scale), atomic(scale)), min_size=2, max_size=3))
    weights = [float(draw(st.integers(1, 5))) for _ in laws]
    parts = [{"weight": w, "of": dict(law.keys)} for w, law in zip(weights, laws, strict=True)]
    files = {name: text for law in laws for name, text in law.files.items()}
    return StatedLaw(
        {"distribution": "mixture", "components": parts},
        _one_of([law.sampler for law in laws], weights),
        files,
        all(law.is_positive for law in laws),
    )


def _within(sampler: Sampler, low: float, high: float) -> Sampler:
    def kept(rng: np.random.Generator, n: int) -> Array:
        found: list[Array] = []
        while sum(map(len, found)) < n:
            values = sampler(rng, n)
            found.append(values[(values >= low) & (values <= high)])
        return np.concatenate(found)[:n]

    return kept


def _one_of(samplers: Sequence[Sampler], weights: Sequence[float]) -> Sampler:
    shares = np.array(weights) / sum(weights)

    def picked(rng: np.random.Generator, n: int) -> Array:
        which = rng.choice(len(samplers), size=n, p=shares)
        values = np.empty(n)
        for place, sampler in enumerate(samplers):
            at = which == place
            values[at] = sampler(rng, int(at.sum()))
        return values

    return picked


@st.composite
def shares(draw: Drawn) -> StatedLaw:
    """Return a Dirichlet of two to four shares."""
    parts = tuple("abcd"[: draw(st.integers(2, 4))])
    alphas = [draw(numbers(0.5, 20)) for _ in parts]
    keys = {"distribution": "dirichlet", "alphas": dict(zip(parts, alphas, strict=True))}
    return StatedLaw(keys, lambda rng, n: rng.dirichlet(alphas, size=n), {}, True, False, parts)


@st.composite
def laws(draw: Drawn) -> StatedLaw:
    """Return any law of one column."""
    scale = draw(scales)
    return draw(st.one_of(plain(scale), plain(scale), positive(scale), composed(scale), atomic(scale)))
