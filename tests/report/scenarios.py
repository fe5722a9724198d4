"""Scenario files that pages are tested on."""

HEAD = """
seed = 11
[sampling]
n_draws = 4096
n_randomisations = 16
sampler = "sobol"
"""
LAWS = {
    "lognormal": "median = 3.0\nsigma = 0.4",
    "gamma": "shape = 4.0\nscale = 0.5",
    "normal": "mean = 10.0\nsd = 1.0",
    "beta": "alpha = 3.0\nbeta = 27.0",
    "uniform": "low = 2.0\nhigh = 5.0",
    "pert": "low = 1.0\nmode = 1.2\nhigh = 1.6",
    "student-t": "location = 20.0\nscale = 1.0\ndf = 5.0",
    "triangular": "low = 1.0\nmode = 2.0\nhigh = 4.0",
}


def law(family: str) -> str:
    """Return a parameter that bears the name of its family."""
    name = family.replace("-", "_")
    return f'[parameters.p_{name}]\nrationale = "for a test"\ndistribution = "{family}"\n{LAWS[family]}\n'


FAMILIES = (
    'title = "One of each"'
    + HEAD
    + "".join(law(family) for family in LAWS)
    + """
[parameters.shares]
rationale = "for a test"
distribution = "dirichlet"
alphas = { one = 4.0, other = 6.0, third = 2.0 }

[choices.way]
rationale = "for a test"
plain = 1
doubled = 1

[outcomes.product]
formula = "p_lognormal * p_gamma * p_normal * p_beta * p_uniform * p_pert * p_student_t * p_triangular"

[outcomes.total]
title = "Total"
by = "way"
plain = "product * shares.other"
doubled = "2 * product * shares.other"

[report]
outcome = "total"
thresholds = [100, 1000]
"""
)

EVIL = (
    "</script></title><img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
    " $\\\\frac{1}{0}$ &amp; {{ 7*7 }}"
)
HOSTILE = (
    f'title = "{EVIL}"'
    + HEAD
    + f"""
[parameters.a]
title = "{EVIL}"
distribution = "lognormal"
median = 3
sigma = 0.5
source = "{EVIL}"
url = "javascript:window.hacked=1"
rationale = "{EVIL}"

[parameters.b]
title = "{EVIL}"
distribution = "normal"
mean = 10
sd = 1
source = "{EVIL}"
url = "https://example.org/?a=1&b=\\"><script>window.hacked=1</script>"
rationale = "{EVIL}"

[choices.way]
title = "{EVIL}"
rationale = "{EVIL}"
plain = 1
doubled = 1

[outcomes.total]
title = "{EVIL}"
by = "way"
plain = "a * b"
doubled = "2 * a * b"

[report]
outcome = "total"
thresholds = [30]
note = "{EVIL}"

[report.published]
source = "{EVIL}"
values.total = 40
"""
)
CONSTANT = f"""
title = "Nothing is uncertain"
{HEAD}
[parameters.a]
rationale = "for a test"
distribution = "constant"
value = 3
[outcomes.total]
formula = "2 * a"
[report]
outcome = "total"
thresholds = [5]
"""
SIGNED = f"""
title = "Either sign"
{HEAD}
[parameters.a]
rationale = "for a test"
distribution = "normal"
mean = 1
sd = 2
[outcomes.total]
formula = "a"
[report]
outcome = "total"
thresholds = [0]
"""
