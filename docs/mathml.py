"""Equations as MathML, which browsers show by themselves: no script, and none fetched from the network."""

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxTranslator

MINUS = ("<mi>&#x029F5;</mi>", "<mo>&#x02216;</mo>")
"""The sign for ``\\setminus`` that few fonts have, and the one they do."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer, chosen by ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def inline(self: SphinxTranslator, node: nodes.math) -> None:
    """Write an equation in a line."""
    self.body.append(convert(node.astext().strip()).replace(*MINUS))
    raise nodes.SkipNode


def block(self: SphinxTranslator, node: nodes.math_block) -> None:
    """Write an equation of its own."""
    equation = convert(node.astext().strip(), display="block").replace(*MINUS)
    self.body.append(f'<div class="equation">{equation}</div>\n')
    raise nodes.SkipNode
