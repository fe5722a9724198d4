"""How Sphinx builds the documentation: ``make docs``. Nothing is fetched from the network."""

import logging
import shutil
from pathlib import Path

from sim.version import __version__

logging.getLogger("numexpr").setLevel(logging.WARNING)

project = "sim"
author = "the authors of sim"
version = release = __version__
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "myst_parser",
    "numpydoc",
    "docs.hooks",
    "docs.mathml",
]
exclude_patterns = ["generate", "_templates"]
suppress_warnings = ["misc.highlighting_failure"]  # Pygments has no lexer for csv
templates_path = ["_templates"]

html_theme = "furo"
html_title = f"sim {version}"
html_static_path: list[str] = []
html_math_renderer = "mathml"
html_show_copyright = False
html_show_sphinx = False
autodoc_default_options = {"exclude-members": "model_config"}
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

autosummary_generate = True
shutil.rmtree(Path(__file__).parent / "reference/api", ignore_errors=True)  # of modules that are gone
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
python_use_unqualified_type_names = True
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
