"""Laws asked at the ends of the floating-point numbers: quantiles are looked for among all of them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.distributions.base import FAMILIES
from tests.foreign.laws import StatedLaw, composed, plain

ENDS = np.array([-1.7e308, -1e300, -1e-300, 0.0, 1e-300, 1e300, 1.7e308])


@pytest.mark.parametrize("scale", [1e-100, 1e-12, 1.0, 1e12, 1e100])
def test_probabilities_far_out_are_probabilities(scale: float):
    """Without a warning, which the suite takes for an error."""

    @settings(max_examples=40, deadline=None)
    @given(st.one_of(plain(scale), composed(scale)).filter(lambda law: not law.files))
    def of_any_law(stated: StatedLaw):
        keys: dict[str, Any] = dict(stated.keys)
        law = FAMILIES[keys["distribution"]](**keys).law()
        found = np.asarray(law.cdf(ENDS))
        assert np.all(np.diff(found) >= 0)
        assert found[0] < 1e-6
        assert found[-1] > 1 - 1e-6
        if hasattr(law, "sf"):
            assert np.allclose(law.sf(ENDS), 1 - found, atol=1e-12)

    of_any_law()
