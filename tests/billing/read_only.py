"""Transactions that cannot write, inside of a worker (see `Worker.inject`)."""

from odoo.sql_db import Cursor

from odoo.addons.cobranca_recorrente.models.cobranca_billing_conference_figures import CobrancaBillingConferenceFigures
from odoo.addons.cobranca_recorrente.models.cobranca_billing_forecast import CobrancaBillingForecast


def forbid_writing():
    """Every transaction of this process is READ ONLY from now on."""
    begin = Cursor.__init__

    def begin_read_only(cursor, *args, **kwargs):
        begin(cursor, *args, **kwargs)
        cursor.execute("SET TRANSACTION READ ONLY")

    Cursor.__init__ = begin_read_only


def offer_figures():
    """Let the figures be asked for by what can be sent to a process."""

    def ask_figures(self, month):
        return [{**row, "findings": len(row["findings"])} for row in self._get_figures(self.env.company, month)]

    def ask_forecast(self):
        return self._get_forecast(self.env.company)

    CobrancaBillingConferenceFigures.ask_figures = ask_figures
    CobrancaBillingForecast.ask_forecast = ask_forecast
