"""One or two keys of a scenario moved over a grid."""
