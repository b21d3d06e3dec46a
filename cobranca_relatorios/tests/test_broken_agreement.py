from datetime import date

from freezegun import freeze_time

from .payer_common import PayerCommon
from .work_writer import WorkWriter

DUE, SIGNED, TALKED, PAID, BROKEN = (
    date(2026, 4, 10),
    date(2026, 5, 1),
    date(2026, 5, 15),
    date(2026, 5, 20),
    date(2026, 6, 10),
)


@freeze_time("2026-06-30 15:00:00")
class TestBrokenAgreement(PayerCommon):
    """After a break the debts stand for what was owed all along: the installments beside them would count twice."""

    def test_what_was_overdue_when_a_cause_was_told(self):
        work, reason = WorkWriter(self.ledger), self.env["cobranca.delinquency.reason"].create({"name": "Forgot"})
        self.env.flush_all()
        title = self.ledger.invoice(self.customer, date(2026, 3, 10), DUE, 1000)
        dues = [(date(2026, 5, 10), 300), (date(2026, 5, 12), 700)]
        agreement, items = self.ledger.agree([title], SIGNED, dues)
        self.talk(TALKED, self.customer, reason_id=reason.id)
        self.ledger.pay(items[0], PAID, 300)
        work.end_agreement(agreement, items, BROKEN)
        work.impute(title, PAID, BROKEN, 300)
        self.env.invalidate_all()
        [row] = self.report("cobranca.cause.report").search([])
        # 300.00 of the debt until they came, and 700.00 that are open still.
        self.assertEqual(row.amount_overdue, 1000)
