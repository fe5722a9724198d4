"""What a catalogue of words holds: a missing string is a type error.

Fields with names in braces are templates for :meth:`str.format`; every language has the same names in them.
Numbers keep the decimal point in every language, as on the axes, so that figures and tables agree to the
character. Titles of outcomes and parameters come from the scenario, in the language of its author.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """Words on axes and in legends."""

    interval: str
    median: str
    mean: str
    lower_end: str
    upper_end: str
    published: str
    shaded: str
    median_and_interval: str
    density: str
    density_per_e: str
    density_along: str
    probability_of_value: str
    prior: str
    posterior: str
    observed: str
    any_by_weight: str
    survey: str
    at_quantile: str
    share_of_variance: str
    first_order: str
    total_order: str
    index: str
    log_scale: str
    raw_scale: str
    log_axis: str
    linear_axis: str
    symmetric_axis: str
    dimensionless: str
    unsettled: str
    threshold: str
    probability_above: str
    two_errors: str
    grey_band: str
    chance_above: str
    n_draws: str
    all_draws: str
    tolerance: str
    median_of: str
    mean_log: str
    ratio_of_draws: str
    difference_of_draws: str
    at_threshold: str


@dataclass(frozen=True)
class Captions:
    """Captions, one for each figure, and the sentence about the run that ends each."""

    run: str
    thresholds: str
    distribution: str
    distribution_single: str
    atoms: str
    other_atoms: str
    density_of_rest: str
    beyond: str
    published: str
    by_choice: str
    by_choice_published: str
    prior_posterior: str
    tornado: str
    sobol: str
    sobol_unsettled: str
    acceptability: str
    threshold_map: str
    convergence: str
    drivers: str
    alternatives: str


@dataclass(frozen=True)
class Words:
    """One language.

    Parameters
    ----------
    labels, captions
        Its strings.
    suffixes
        What stands for K, M, B and T behind a number.
    listed
        What stands before the last entry of a list.
    """

    labels: Labels
    captions: Captions
    suffixes: dict[str, str]
    listed: str

    def interval(self, probability: float, kind: str) -> str:
        """Return the words for a credible interval, such as ``95 % credible interval (eti)``."""
        return self.labels.interval.format(percent=f"{100 * probability:g}", kind=kind)
