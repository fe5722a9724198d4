"""Surveys in the form of the source, and commands run in this process."""

from tests.cli.conftest import sim
from tests.evidence.conftest import shipped_dir, survey_dir, write_source

__all__ = ["shipped_dir", "sim", "survey_dir", "write_source"]
