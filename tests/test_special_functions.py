"""Special functions are scipy's own, whatever has been imported before."""

import subprocess
import sys

import pytest

ASKED = "from sim.special_functions import _beta_pdf, betaincinv, logsumexp, ndtri"
SAME = (
    "import scipy.special, scipy.linalg, scipy.stats, scipy.optimize, scipy.interpolate\n"
    "assert ndtri is scipy.special.ndtri and betaincinv is scipy.special.betaincinv\n"
    "assert logsumexp is scipy.special.logsumexp\n"
    "assert _beta_pdf(0.25, 3.0, 27.0) == scipy.stats.beta.pdf(0.25, 3.0, 27.0) > 0\n"
    "assert scipy.linalg.det([[2.0]]) == 2.0 and scipy.__version__ and scipy.LowLevelCallable\n"
)


def succeeds(code: str) -> bool:
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "before",
    ["", "import scipy\n", "import scipy.special\n", "import scipy.linalg\n", "import scipy.stats\n"],
)
def test_they_are_scipys_own(before: str):
    assert succeeds(f"{before}{ASKED}\n{SAME}")


def test_the_packages_stay_out_until_they_are_asked_for():
    heavy = "{'scipy', 'scipy._lib', 'scipy.special', 'scipy.linalg', 'scipy.special._orthogonal'}"
    assert succeeds(
        f"import sys\nfrom sim.special_functions import ndtri\nassert not {heavy} & set(sys.modules)"
    )


def test_a_name_that_scipy_lacks():
    with pytest.raises(ImportError):
        from sim.special_functions import no_such_function  # noqa: F401
