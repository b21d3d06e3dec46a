from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .agreement_common import FIRST_DUE, HALF, SIGNED, TODAY, AgreementCommon

PAID_LATE = date(2026, 4, 21)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestQuittanceOfAgreement(AgreementCommon):
    """A letter says what was received and what was conceded: an agreement that closed a debt paid nothing of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().write({"street": "Rua do Amparo, 10", "city": "São Paulo", "vat": "11.222.333/0001-81"})

    def setUp(self):
        super().setUp()
        self.papers = []

        def render(_model, _report, values, _label):
            self.papers.append(values)
            return b"%PDF-1.4 paper"

        patcher = patch.object(type(self.env["cobranca.paper"]), "_render_paper", render)
        patcher.start()
        self.addCleanup(patcher.stop)

    def issue(self, lines):
        Quittance = self.env["cobranca.quittance"].with_user(self.collector)
        return Quittance._issue_for_move(lines.move_id.with_user(self.collector))

    def rows(self):
        """{kind: amount in cents} of the last paper."""
        found = {}
        for row in self.papers[-1]["rows"]:
            digits = int("".join(filter(str.isdigit, row["amount"])))
            found[row["kind"]] = found.get(row["kind"], 0) + digits
        return found

    def single(self, **terms):
        """An agreement on one debt of 1,000: 20.00 of fine and half of 30.00 of interest forgiven, and 100.00."""
        line = self.invoice(1170.0)
        self.pay(line, 170.0, FIRST_DUE)
        return line, self.sign(
            line, percents=HALF, **{"down": None, "count": 0, "method": "none", "rate": "0", **terms}
        )

    def test_received_and_conceded(self):
        line, agreement = self.single()
        self.assertEqual(agreement.total, 915.0)
        with self.assertRaisesRegex(UserError, "in an agreement that is not paid"):
            self.issue(line)
        self.pay(agreement.installment_ids.line_id, 915.0)
        self.assertEqual(agreement.state, "paid")
        quittance = self.issue(line)
        self.assertEqual(quittance.amount, 1085.0, "170.00 before, 915.00 by the agreement; not what was forgiven")
        came = {"payment": 17000, "agreement": 90000, "interest": 1500}
        self.assertEqual(self.rows(), {**came, "discount": 10000, "forgiven": 3500})
        # The document of the agreement has its own: what came, and nothing else.
        self.assertEqual(self.issue(agreement.installment_ids.line_id).amount, 915.0)

    def test_what_a_later_agreement_conceded(self):
        line, parent = self.single(count=3, down="300", method="price", rate="1")
        self.pay(self.installment(parent, 0).line_id, 300.0)
        child = self.agree_again(parent, parent.installment_ids._get_open().sorted("due").line_id)
        self.pay(child.installment_ids.line_id, child.total)
        self.assertEqual((parent.state, child.state), ("renegotiated", "paid"))
        # Interest of months that never came was not owed: what is less than 915.00 was conceded.
        self.assertEqual(self.issue(line).amount, round(470.0 + child.total, 2))
        self.assertEqual(self.rows()["discount"] + self.rows()["payment"] + self.rows()["agreement"], 117000)

    def test_money_of_a_broken_agreement(self):
        """It was paid when it came, to the agreement, and not when that broke."""
        line, agreement = self.single()
        self.pay(agreement.installment_ids.line_id, 400.0)
        with freeze_time("2026-04-21 15:00:00"):
            agreement.with_user(self.supervisor)._break(PAID_LATE, "Not paid")
            self.pay(line, 653.25, PAID_LATE)
            quittance = self.issue(line)
            self.assertEqual((quittance.amount, self.papers[-1]["rows"][-1]["day"]), (1223.25, "21/04/2026"))
        days = {row["day"] for row in self.papers[-1]["rows"] if row["kind"] == "transfer"}
        self.assertEqual(days, {"06/04/2026"})

    def agree_again(self, parent, lines):
        """All that is open once more, with a tenth of it forgiven, at once."""
        plan = self.plan(lines, percents={"principal": Decimal(10)}, down=None, count=0, method="none", rate="0")
        return parent.with_user(self.collector)._renegotiate(plan, SIGNED).with_env(self.env)

    def test_charges_of_installments(self):
        """Paid late to the cent: the interest of the delay is open, and speaks against the letter of the invoice."""
        line, agreement = self.single()
        with freeze_time("2026-04-21 15:00:00"):
            self.pay(agreement.installment_ids.line_id, 915.0, PAID_LATE)
            self.assertEqual(agreement.state, "paid")
            with self.assertRaisesRegex(UserError, "Charges of .*ACORD.* are open"):
                self.issue(line)

    def test_loss_of_an_installment(self):
        """From the time when it was possible: closed as a loss is not paid."""
        line, agreement = self.single()
        installment = agreement.installment_ids.line_id
        self.receipt._receive(
            installment.browse(), installment, SIGNED, charges={}, concessions={installment: {"loss": 915.0}}
        )
        self.env["cobranca.loss"].sudo().create(
            {
                "line_id": installment.id,
                "date": SIGNED,
                "amount": 915.0,
                "case": "small",
                "is_direct": True,
                "state": "closed",
                "entry_id": installment.matched_credit_ids.credit_move_id.move_id.id,
            }
        )
        with self.assertRaisesRegex(UserError, r"(?s)not paid yet.*written off as a loss"):
            self.issue(line)

    def test_loss_that_was_recovered_before_it_was_closed(self):
        """The contra account of a loss gives back what the payment of the debt is: it came once."""
        line = self.invoice(20000.0, date(2024, 1, 10))
        Loss = self.env["cobranca.loss"].with_user(self.supervisor)
        loss = Loss._write_off(line.with_user(self.supervisor), SIGNED, "Suit 7")
        self.assertEqual(loss.state, "open")
        credit = self.money(20000.0)
        self.receipt._receive(credit, line, SIGNED, charges={line: {}})
        self.assertEqual(self.issue(line).amount, 20000.0)
