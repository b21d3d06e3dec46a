from contextlib import contextmanager
from datetime import date

from odoo.sql_db import db_connect

from .common import ReportCommon

DAY = date(2026, 6, 30)


def write_worked_example(ledger, first, second, third, fourth):
    """The ledger of the definitions, as of 30 June 2026."""
    april, may, june = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
    last_april, last_may = date(2026, 4, 30), date(2026, 5, 31)
    paid = ledger.invoice(first, april, last_april, 1000)
    ledger.pay(paid, date(2026, 4, 28), 1000)
    ledger.pay(ledger.invoice(first, may, last_may, 1000), date(2026, 6, 10), 1000)
    ledger.pay(ledger.invoice(second, date(2026, 3, 1), date(2026, 3, 31), 2000), date(2026, 6, 29), 500)
    ledger.invoice(second, april, last_april, 500)
    ledger.invoice(third, may, last_may, 800)
    ledger.invoice(third, june, DAY, 800)
    ledger.invoice(fourth, date(2026, 6, 5), date(2026, 7, 5), 1200)
    ledger.pay(ledger.invoice(fourth, april, last_april, 400), date(2026, 6, 19), 400)


class SnapshotCommon(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Snapshot = cls.env["cobranca.portfolio.snapshot"]
        cls.fourth_customer = cls.make_customer("Delta Ltda", "12.345.678/0001-95")
        cls.people = (cls.customer, cls.other_customer, cls.third_customer, cls.fourth_customer)

    @contextmanager
    def other_transaction(self):
        """A cursor of another transaction, which sees nothing of this one."""
        with db_connect(self.env.cr.dbname).cursor() as cursor:
            yield cursor
            cursor.rollback()

    def take(self, day=DAY, company=None):
        """The position as a supervisor reads it."""
        return self.Snapshot._take(company or self.company, day).with_user(self.supervisor)
