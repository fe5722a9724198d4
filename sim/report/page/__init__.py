"""The report page: one HTML file that says what a run found, to a reader who has never seen the program."""

from sim.report.page.write import render_report, write_report

__all__ = ["render_report", "write_report"]
