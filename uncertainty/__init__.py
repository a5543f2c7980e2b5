"""Measurement uncertainty: budgets, coverage, Monte Carlo, conformity, fits, comparisons; no web and no database."""

ENGINE_VERSION = "1.0"
"""Version of the numbers this engine gives; kept with every result, raised whenever a result may change."""
