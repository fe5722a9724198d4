"""The scenario file: schema, overlays, and the faults found."""
