"""Captions: outcome and unit, interval, draws, seed, scales, and what each mark means."""

from collections.abc import Iterator

import pandas as pd

from sim.figures.about import DIMENSIONLESS, About, readable_name
from sim.figures.acceptability import acceptability_within
from sim.figures.axes import LINEAR, LOG, equal_on_log_axis, spans
from sim.figures.convergence import statistics_of
from sim.figures.distribution import atoms_and_bins, density_label, within_of
from sim.figures.drivers import LOG_FROM, alternatives_of, drivers_of
from sim.figures.forest import forest_within
from sim.figures.indices import ORDERS, scales_of
from sim.figures.threshold_map import LOG_FROM as MAP_LOG_FROM
from sim.figures.tornado import tornado_within

MOST_ATOMS = 3
"""Single values that a caption names."""


def distribution(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.distribution.distribution`."""
    within, templates = within_of(table), about.words.captions
    has_density = len(atoms_and_bins(table)[1]) > 0
    text = (templates.distribution if has_density else templates.distribution_single).format(
        **_outcome(about),
        interval=about.interval,
        density=density_label(within, about.words.labels),
        scale=_scale(about, within),
        **{name: about.statistic(name) for name in ("median", "low", "high")},
    )
    return _whole(about, text, *_masses(table, about), _thresholds(about), _published(about))


def _masses(table: pd.DataFrame, about: About) -> Iterator[str]:
    """Yield what share of draws the stems stand for, what the density, and what neither shows."""
    single, bins = atoms_and_bins(table)
    templates = about.words.captions
    if len(single):
        largest = single.sort_values("mass", ascending=False).head(MOST_ATOMS)
        pairs = largest[["low", "mass"]].to_numpy(dtype=float).tolist()
        named = [f"{about.number(value)} ({_percent(mass)})" for value, mass in pairs]
        n_others = len(single) - len(largest)
        named += [templates.other_atoms.format(n=n_others)] if n_others else []
        yield templates.atoms.format(atoms=", ".join(named))
    rest = 1.0 - float(single["mass"].sum())
    if len(single) and len(bins):
        yield templates.density_of_rest.format(rest=_percent(rest))
    beyond = rest - float(bins["mass"].sum())
    if len(bins) and beyond > 0:
        yield templates.beyond.format(share=_percent(beyond))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if share > 0.01 else f"{100 * share:.1g} %"


def by_choice(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.forest.forest`."""
    templates = about.words.captions
    scale = _scale(about, forest_within(table))
    text = templates.by_choice.format(**_outcome(about), interval=about.interval, scale=scale)
    has_published = bool(table["published"].notna().any())
    published = templates.by_choice_published.format(source=about.source) if has_published else ""
    return _whole(about, text, published)


def prior_posterior(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.prior_posterior.prior_posterior`."""
    labels = about.words.labels
    log = equal_on_log_axis([*table["low"], table["high"].iloc[-1]])
    text = about.words.captions.prior_posterior.format(
        **_outcome(about),
        density=labels.density_per_e if log else labels.density,
        scale=_scale(about, LOG if log else LINEAR),
    )
    return _whole(about, text)


def tornado(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.tornado.tornado`."""
    labels = about.words.labels
    text = about.words.captions.tornado.format(
        **_outcome(about),
        low=f"{100 * float(table['level_low'].max()):g}",
        high=f"{100 * float(table['level_high'].max()):g}",
        centre=about.number(float(table["centre"].iloc[0])),
        scale=_scale(about, tornado_within(table)),
        variance_scale=labels.log_scale if about.log_variance else labels.raw_scale,
    )
    return _whole(about, text)


def sobol(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.indices.indices`."""
    labels, templates = about.words.labels, about.words.captions
    names = {"log": labels.log_scale, "raw": labels.raw_scale}
    scales = f" {about.words.listed} ".join(names[scale] for scale in scales_of(table))
    text = templates.sobol.format(**_outcome(about), scales=scales)
    settled = bool(table.loc[table["index"].isin(ORDERS), "settled"].all())
    return _whole(about, text, "" if settled else templates.sobol_unsettled)


def acceptability(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.acceptability.acceptability`."""
    scale = _scale(about, acceptability_within(table, about))
    text = about.words.captions.acceptability.format(**_outcome(about), scale=scale)
    return _whole(about, text, _thresholds(about), _published(about))


def threshold_map(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.threshold_map.threshold_map`."""
    first = table.iloc[0]
    text = about.words.captions.threshold_map.format(
        **_outcome(about),
        threshold=about.number(float(first["threshold"])),
        x=about.label(str(first["x_name"])),
        y=about.label(str(first["y_name"])),
        x_unit=_unit(str(first["x_unit"]), about),
        y_unit=_unit(str(first["y_unit"]), about),
        x_scale=_scale(about, LOG if spans(table["x"], MAP_LOG_FROM) else LINEAR),
        y_scale=_scale(about, LOG if spans(table["y"], MAP_LOG_FROM) else LINEAR),
    )
    return _whole(about, text)


def convergence(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.convergence.convergence`."""
    assert statistics_of(table)
    text = about.words.captions.convergence.format(**_outcome(about), interval=about.interval)
    return _whole(about, text)


def drivers(table: pd.DataFrame, about: About) -> str:
    """Return the caption of :func:`sim.figures.drivers.drivers`."""
    text = about.words.captions.drivers.format(
        **_outcome(about),
        n_drivers=len(drivers_of(table)),
        n_points=f"{len(table):,}",
        factor=f"{LOG_FROM:g}",
    )
    choices = [_alternatives(name, table[name], about) for name in drivers_of(table)]
    return _whole(about, text, *choices)


def _alternatives(name: str, column: pd.Series, about: About) -> str:
    """Return what the numbers of a choice stand for, or nothing for a column of numbers."""
    names = alternatives_of(column)
    numbered = ", ".join(f"{place} = {readable_name(text)}" for place, text in enumerate(names, 1))
    template = about.words.captions.alternatives
    return template.format(choice=about.label(name), alternatives=numbered) if names else ""


def _whole(about: About, *sentences: str) -> str:
    run = about.words.captions.run.format(n_draws=f"{about.n_draws:,}", seed=about.seed)
    return " ".join(sentence for sentence in (*sentences, run) if sentence)


def _outcome(about: About) -> dict[str, str]:
    return {"outcome": about.outcome, "unit": _unit(about.unit, about)}


def _unit(unit: str, about: About) -> str:
    return unit if unit != DIMENSIONLESS else about.words.labels.dimensionless


def _scale(about: About, within: float) -> str:
    labels = about.words.labels
    named = {LOG: labels.log_axis, LINEAR: labels.linear_axis}
    return named.get(within) or labels.symmetric_axis.format(within=about.number(float(f"{within:.1g}")))


def _thresholds(about: About) -> str:
    numbers = [about.number(value) for value in about.thresholds if value != about.published]
    if not numbers:
        return ""
    listed = f" {about.words.listed} ".join(
        [", ".join(numbers[:-1]), numbers[-1]] if numbers[1:] else numbers
    )
    return about.words.captions.thresholds.format(thresholds=listed)


def _published(about: About) -> str:
    if about.published is None:
        return ""
    return about.words.captions.published.format(value=about.number(about.published), source=about.source)
