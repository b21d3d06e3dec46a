"""Real processes for tests: Odoo, PostgreSQL, mail server, outside services, browser.

Nothing in here imports Odoo into the process of the tests (`call.py` and `faults.py` run
in processes of their own): what is proved is proved of programs as they run in production.
"""
