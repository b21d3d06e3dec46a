"""Computations of dates and documents in pure Python: nothing here imports Odoo."""
