"""One row of a summary."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One statistic of one quantity.

    Parameters
    ----------
    quantity
        Name of a parameter, survey column or outcome, or ``numerator - denominator`` of the ratio reported.
    alternative
        ``choice=alternative`` when the statistic holds a choice fixed; ``prior`` for a parameter before it
        was conditioned on observed values; else empty.
    statistic
        ``mean``, ``sd``, ``median``, ``low`` and ``high`` (ends of the credible interval), ``low_KIND`` and
        ``high_KIND`` (of a further interval), ``correlation`` (of a pair ``a ~ b``), ``p_above``
        (probability of exceeding `at`), ``ratio_of_means``, ``top_share`` (share of the mean that comes from
        the largest fraction `at` of draws), ``quantile`` (at probability `at`).
    at
        Threshold, fraction or probability where the statistic has one, else NaN.
    value, mc_error
        Estimate and its Monte Carlo error, in `unit`.
    unit
        In pint's notation.
    """

    quantity: str
    alternative: str
    statistic: str
    at: float
    value: float
    mc_error: float
    unit: str
