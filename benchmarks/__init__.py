"""The chapters against the reference listings and published figures: `python -m benchmarks`."""
