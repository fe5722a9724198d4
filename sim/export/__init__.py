"""Draws, summary and tables of a run as files for other programs."""

from sim.export.contents import Sheet, contents
from sim.export.formats import FORMATS, export, require_formats

__all__ = ["FORMATS", "Sheet", "contents", "export", "require_formats"]
