"""Studies around sim: coverage of the evidence methods, import of a survey, the page of scenarios."""
