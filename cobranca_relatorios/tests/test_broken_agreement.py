from datetime import date

from freezegun import freeze_time

from .payer_common import PayerCommon
from .work_writer import WorkWriter

DUE, SIGNED, TALKED, PAID, BROKEN = (
    date(2026, 4, 10),
    date(2026, 4, 20),
    date(2026, 5, 15),
    date(2026, 5, 20),
    date(2026, 6, 10),
)


@freeze_time("2026-06-30 15:00:00")
class TestBrokenAgreement(PayerCommon):
    """After a break the debts stand for what was owed all along: the installments beside them would count twice."""

    def break_one(self):
        """A debt of 1,000.00 in an agreement of 300.00, which were paid, and 700.00, which were not."""
        work = WorkWriter(self.ledger)
        title = self.ledger.invoice(self.customer, date(2026, 3, 10), DUE, 1000)
        dues = [(date(2026, 5, 10), 300), (date(2026, 5, 12), 700)]
        agreement, items = self.ledger.agree([title], SIGNED, dues)
        self.ledger.pay(items[0], PAID, 300)
        work.end_agreement(agreement, items, BROKEN)
        work.impute(title, PAID, BROKEN, 300)
        self.env.invalidate_all()

    def test_what_was_overdue_when_a_cause_was_told(self):
        reason = self.env["cobranca.delinquency.reason"].create({"name": "Forgot"})
        self.env.flush_all()
        self.talk(TALKED, self.customer, reason_id=reason.id)
        self.break_one()
        [row] = self.report("cobranca.cause.report").search([])
        # 300.00 of the debt until they came, and 700.00 that are open still.
        self.assertEqual(row.amount_overdue, 1000)

    def test_how_good_the_forecast_was(self):
        """What came for the debt came once, and once it was expected."""
        self.break_one()
        forecast = self.env["cobranca.cash.forecast"]._refresh(self.company)
        came = {}
        for row in forecast.test_ids:
            came[row.cutoff] = came.get(row.cutoff, 0) + row.amount_actual
        self.assertEqual(came[date(2026, 4, 30)], 300)
        pasts = forecast._get_pasts(self.company, date(2026, 6, 30))
        [title] = forecast._get_past_titles(self.company, pasts, date(2026, 5, 31))
        self.assertEqual((title.open, title.kind), (700, "invoice"))
