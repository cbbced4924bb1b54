"""Benchmarks. `make bench` prints their figures as ratios to a baseline in the same run."""
