from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..tools import brazilian
from .agreement_common import HALF, SECOND_DUE, SIGNED, TODAY, AgreementCommon
from .paper_common import make_pdf

FOLLOW = "cobranca_negociacao.ir_cron_cobranca_agreement_follow"
LETTERS = "cobranca_negociacao.ir_cron_cobranca_agreement_quittance"
OUTCOMES = ("agreement_signed", "agreement_broken", "agreement_restored", "agreement_paid", "agreement_cancelled")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementMessages(AgreementCommon):
    """What is told of an agreement: a warning before it breaks, a letter when it is paid, and the register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "vat": "11.222.333/0001-81",
                "street": "Rua do Amparo, 10",
                "city": "São Paulo",
                "email": "cobranca@example.com",
                "phone": "+55 11 3333-4444",
                "cobranca_agreement_break_days": 15,
                "cobranca_agreement_break_count": 2,
                "cobranca_agreement_warn_days": 3,
            }
        )
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.customer.write({"email": "ana@example.com", "state_id": cls.env.ref("base.state_br_sp").id})
        cls.papers = []
        case = cls("setUp")
        with freeze_time(TODAY):
            lines = case.invoice(1000.0) | case.invoice(585.0, SECOND_DUE)
            cls.agreement = case.sign(lines, percents=HALF)

    def setUp(self):
        super().setUp()
        self.papers = papers = []

        def render(model, report, values, label):
            papers.append(values)
            return make_pdf(f"paper {len(papers)}")

        self.patch(type(self.env["cobranca.paper"]), "_render_paper", render)

    def run_cron(self, moment, cron=FOLLOW):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(cron).method_direct_trigger()
        self.env.invalidate_all()

    def warnings(self):
        return self.env["cobranca.message"].search([("agreement_id", "=", self.agreement.id)], order="id")

    def outcomes(self):
        """What the register of contacts says of agreements, the oldest first."""
        found = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)], order="id")
        return [row.outcome.removeprefix("agreement_") for row in found if row.outcome in OUTCOMES]

    def letters(self):
        domain = [("res_model", "=", "cobranca.agreement"), ("res_id", "=", self.agreement.id)]
        return self.env["cobranca.quittance"].search(domain, order="id")

    def tasks(self):
        kind = self.env.ref("cobranca_negociacao.mail_activity_agreement")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id), ("res_id", "=", self.customer.id)])

    def pay_all(self, amount=None):
        lines = self.agreement.installment_ids._get_open().sorted("due").line_id
        return self.pay(lines, amount or sum(lines.mapped("amount_residual")))

    # === WARNING === #

    def test_customer_is_warned_once_at_a_lawful_hour(self):
        self.pay(self.installment(self.agreement, 0).line_id, self.installment(self.agreement, 0).amount)
        # 20:30 in São Paulo: it is written down at once, and leaves in the morning.
        self.run_cron("2026-05-19 23:30:00")
        message = self.warnings()
        late = self.installment(self.agreement, 1)
        self.assertEqual((message.state, message.kind, message.channel), ("queued", "notice", "email"))
        self.assertEqual((message.line_ids.line_id, message.address), (late.line_id, "ana@example.com"))
        self.assertGreaterEqual(str(message.send_at), "2026-05-20 10:00:00")
        self.assertEqual(len(self.tasks()), 1, "who works the customer is told too")
        self.run_cron("2026-05-20 15:00:00")
        self.assertEqual(self.warnings(), message, "once for each announcement")
        with freeze_time("2026-05-20 15:00:00"):
            self.assertEqual(message._prepare_delivery(), message)
        self.assertEqual(
            message.subject,
            f"Your payment from {message.creditor}: let us keep what we agreed",
        )
        for part in (
            f"the payment {self.agreement.name}, Installment 1 of 5, due on 05/06/2026",
            f"agreement {self.agreement.name} with you",
            "paying what is overdue until",
            "05/22/2026",
            message.currency_id.format(message.amount),
        ):
            self.assertIn(part, message.body)
        self.assertGreater(message.amount, late.amount, "with what the delay costs on that day")
        self.assertNotIn("invoice FAT", message.body)
        with freeze_time("2026-05-20 15:00:00"):
            message._note_sent()
        self.run_cron("2026-05-22 15:00:00")
        self.assertEqual(self.agreement.state, "active", "three days since it left")
        self.run_cron("2026-05-23 15:00:00")
        self.assertEqual(self.agreement.state, "broken")
        with freeze_time("2026-05-23 16:00:00"):
            self.agreement.with_user(self.supervisor)._restore("He called")
        self.assertEqual(self.outcomes(), ["signed", "broken", "restored"])
        note = self.env["cobranca.interaction"].search([("outcome", "=", "agreement_broken")])
        self.assertIn("Late installments: 1, ", note.note)
        self.assertEqual((note.channel, note.line_ids), ("system", self.agreement.origin_ids.line_id))

    def test_warning_has_its_own_day(self):
        """A customer has one message a day, and none by a way that is closed."""
        debtor, line = self.customer, self.installment(self.agreement, 0).line_id
        with freeze_time("2026-05-19 12:00:00"):
            self.env["cobranca.message"]._make_chosen(self.company, date(2026, 5, 19), debtor, debtor, line)
        self.run_cron("2026-05-19 15:00:00")
        self.assertEqual(self.warnings().date, date(2026, 5, 20))
        self.assertGreaterEqual(str(self.warnings().send_at), "2026-05-20 10:00:00")
        with freeze_time("2026-05-20 15:00:00"):
            self.agreement.with_user(self.supervisor)._break(date(2026, 5, 20), "He asked for it")
            self.assertFalse(self.warnings()._prepare_delivery(), "nothing is asked for any more")
        self.assertEqual(self.warnings().state, "cancelled")

    def test_what_does_not_arrive_is_no_warning(self):
        self.run_cron("2026-05-19 15:00:00")
        message = self.warnings()
        self.run_cron("2026-05-25 15:00:00")
        self.assertEqual((self.agreement.state, self.warnings()), ("active", message), "it has not left yet")
        self.assertIn("not sent yet", self.agreement._get_warning_text())
        message._update_state("cancelled", reason="withdrawn")
        self.run_cron("2026-05-26 15:00:00")
        again = self.warnings() - message
        self.assertEqual((again.state, self.agreement.warned_on), ("queued", date(2026, 5, 26)))
        with freeze_time("2026-05-26 15:00:00"):
            again._prepare_delivery()
            again._note_sent()
            self.assertIn("until 05/28/2026", self.agreement._get_warning_text())
        self.assertNotIn("by phone", self.tasks().note)
        with freeze_time("2026-05-27 15:00:00"):
            again._note_bounces([again.email_message_id], "550 no such mailbox")
        self.run_cron("2026-05-29 15:00:00")
        # That address is none: the days count from the task to call him.
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", date(2026, 5, 29)))
        self.assertEqual(self.warnings(), message | again)
        self.assertIn("Tell him by phone", self.tasks().note)
        self.assertIn("05/31/2026", self.tasks().note)
        self.run_cron("2026-05-31 15:00:00")
        self.assertEqual(self.agreement.state, "active")
        self.run_cron("2026-06-01 15:00:00")
        self.assertEqual(self.agreement.state, "broken")

    def test_paid_before_it_left(self):
        """One of two late payments is enough: a warning that did not leave yet would speak of no day."""
        self.run_cron("2026-05-19 15:00:00")
        with freeze_time("2026-05-20 08:00:00"):
            lines = self.agreement.installment_ids._get_open().sorted("due").line_id[:2]
            self.pay(lines, sum(lines.mapped("amount_residual")) - 10.0, date(2026, 5, 20))
            self.agreement.break_days = 0
        self.run_cron("2026-05-20 09:00:00")
        self.assertEqual((self.warnings().state, self.agreement.warned_on), ("cancelled", False))

    def test_another_message_on_each_of_the_next_days(self):
        debtor, line = self.customer, self.installment(self.agreement, 0).line_id
        with freeze_time("2026-05-19 12:00:00"):
            for day in (19, 20, 21):
                self.env["cobranca.message"]._make_chosen(self.company, date(2026, 5, day), debtor, debtor, line)
        self.run_cron("2026-05-19 15:00:00")
        self.assertEqual((self.agreement.warned_on, self.warnings()), (False, self.warnings().browse()))
        self.run_cron("2026-05-20 15:00:00")
        self.assertEqual((self.agreement.warned_on, self.warnings().date), (date(2026, 5, 20), date(2026, 5, 22)))

    def test_nobody_is_written_to_by_a_closed_way(self):
        self.customer._cobranca_write_preferences(False, False, {"email"}, "x")
        self.run_cron("2026-05-19 15:00:00")
        self.assertEqual(self.agreement.warned_on, date(2026, 5, 19))
        self.assertIn("unless what is overdue is paid until", self.agreement.with_user(self.collector).warning_text)
        self.assertFalse(self.warnings())
        self.assertEqual(len(self.tasks()), 1)

    # === LETTER === #

    def test_letter_when_paid_and_taken_back(self):
        credit = self.pay_all()
        total = self.agreement.total
        self.assertEqual((self.agreement.state, self.outcomes()), ("paid", ["signed", "paid"]))
        self.assertFalse(self.papers, "who receives money waits for no PDF")
        self.run_cron("2026-04-06 16:00:00", LETTERS)
        letter = self.letters()
        self.assertEqual((letter.kind, letter.amount, letter.state), ("agreement", total, "issued"))
        self.assertEqual(letter.line_ids, self.agreement.origin_ids.line_id)
        self.assertEqual(letter.sent_to, "a***@example.com")
        [paper] = self.papers
        self.assertEqual(paper["subject"], f"Acordo {self.agreement.name}")
        self.assertEqual([debt["name"] for debt in paper["debts"]], self.agreement.origin_ids.move_id.mapped("name"))
        forgiven = self.agreement.before - self.agreement.agreed
        kinds = {row["kind"] for row in paper["rows"]}
        self.assertEqual(kinds, {"payment", "discount"}, "what was forgiven is told, and is no payment")
        self.assertGreater(forgiven, 0)
        # Who may, opens the same one; the cron makes no other.
        action = self.agreement.with_user(self.collector).action_quittance()
        self.assertEqual(action["res_id"], letter.id)
        self.run_cron("2026-04-06 17:00:00", LETTERS)
        self.assertEqual(self.letters(), letter)
        # The bank takes the money back: the letter is not true any more.
        credit.remove_move_reconcile()
        self.assertEqual((self.agreement.state, letter.state), ("active", "revoked"))
        self.assertIn("went back", letter.revoke_reason)
        self.assertIn(letter.name, self.tasks().summary)
        with self.assertRaisesRegex(UserError, "is not paid"):
            self.agreement.with_user(self.collector).action_quittance()
        self.run_cron("2026-04-06 17:30:00", LETTERS)
        self.assertEqual(self.letters(), letter)

    def test_what_keeps_the_letter_is_told_once(self):
        """Charges of an installment that stayed open: a letter without a word of them would give them up."""
        self.pay_all()
        memo = self.env["cobranca.charge"].create(
            {"line_id": self.installment(self.agreement, 2).line_id.id, "date": SIGNED, "kind": "fine", "amount": 5.0}
        )
        before = self.agreement.message_ids
        for hour in (16, 17):
            self.run_cron(f"2026-04-06 {hour}:00:00", LETTERS)
            self.assertIn("are open", self.agreement.quittance_error)
        self.assertEqual(len(self.agreement.message_ids - before), 1)
        self.assertFalse(self.letters())
        memo.write({"state": "waived", "reason": "x", "waived_by_id": self.manager.id})
        self.run_cron("2026-04-06 18:00:00", LETTERS)
        self.assertEqual((len(self.letters()), self.agreement.quittance_error), (1, False))

    def test_letter_of_a_chain(self):
        """The debts that it names are the first ones; what an agreement took over is told by the later one."""
        first = self.agreement
        down = self.installment(first, 0).line_id
        credit = self.pay(down, down.balance)
        lines = first.installment_ids._get_open().sorted("due").line_id
        self.agreement = self.sign(lines, down=None, count=2, method="none", rate="0", first=date(2026, 5, 4))
        self.pay_all()
        self.run_cron("2026-04-06 16:00:00", LETTERS)
        letter = self.letters()
        self.assertEqual(letter.line_ids, first.origin_ids.line_id)
        self.assertEqual(letter.amount, round(self.installment(first, 0).amount + self.agreement.total, 2))
        [paper] = self.papers
        # Two payments for the down payment and the rest, and what the first one forgave: no transfer beside them.
        kinds = sorted({row["kind"] for row in paper["rows"]})
        given = [row["amount"] for row in paper["rows"] if row["kind"] == "discount"]
        self.assertEqual((kinds, given), (["discount", "payment"], [brazilian.money(first.before - first.agreed)]))
        # Money of the first one goes back: no letter is true, and so much is owed beside the later one.
        other = self.env["cobranca.quittance"].with_user(self.collector)._issue_for_move(first.origin_ids.move_id[0])
        self.receipt._charge_back(credit, SIGNED, "Taken back by the bank")
        self.assertEqual((first.state, self.agreement.state), ("renegotiated", "paid"))
        self.assertEqual({letter.state, other.state}, {"revoked"})
        for number in (letter.name, other.name):
            self.assertIn(number, self.tasks().summary)
        told = self.env["mail.activity"].search([("summary", "like", self.agreement.name)])
        self.assertEqual(told.user_id, self.env["cobranca.dunning.engine"]._get_supervisor(self.company))
        self.assertIn(first.move_id.name, told.note)
        # What is open of it is a debt like others, and there is a letter when that is paid too.
        again = self.sign(down, down=None, count=1, method="none", rate="0")
        self.assertFalse(again.parent_id)
        self.run_cron("2026-04-06 17:00:00", LETTERS)
        self.assertIn("not paid yet", self.agreement.quittance_error)
        last = self.pay(again.installment_ids.line_id, again.total)
        self.run_cron("2026-04-06 18:00:00", LETTERS)
        self.assertEqual(self.letters().mapped("state"), ["revoked", "issued"])
        last.remove_move_reconcile()
        self.assertEqual(self.letters().mapped("state"), ["revoked", "revoked"])

    # === PERSONAL DATA === #

    def test_person_gets_what_was_negotiated(self):
        partner = self.customer.with_user(self.supervisor)
        data = partner._cobranca_get_person_data()
        [told] = data["agreements"]
        self.assertEqual((told["name"], told["total"]), (self.agreement.name, self.agreement.total))
        for section in ("proposals", "acceptances", "one_time_codes", "quittances"):
            self.assertEqual(data[section], [])
        self.assertTrue(partner._cobranca_get_person_workbook(data).startswith(b"PK"))
