"""Benchmarks that anyone can run: ratios within one run, medians."""
