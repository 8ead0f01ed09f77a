"""Grading: what was handed in, run in a sandbox, compared outside of it, and reported."""
