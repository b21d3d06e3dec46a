from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged

from ..models.cobranca_payment_quote import Wanted
from ..tools import quote
from .receipt_common import FINE, INTEREST, RECEIVABLE, ReceiptCommon

TODAY = date(2026, 3, 31)
CENTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)


@tagged("post_install", "-at_install")
class TestQuoteKernel(TransactionCase):
    """References and choices, without a database."""

    @settings(max_examples=300, derandomize=True, deadline=None)
    @given(st.text(max_size=30))
    def test_a_reference_is_ours_or_none(self, text):
        found = quote.normalized(text)
        self.assertTrue(found == "" or (len(found) == 25 and found.isascii() and found.isalnum() and found.isupper()))
        self.assertEqual(quote.normalized(found), found)

    def test_references_are_never_twice_the_same(self):
        self.assertEqual(len({quote.new_txid() for _number in range(2000)}), 2000)

    @settings(max_examples=300, derandomize=True, deadline=None)
    @given(CENTS, CENTS)
    def test_a_part_is_more_than_nothing_and_at_most_all(self, total, wanted):
        if wanted > total:
            with self.assertRaises(ValueError):
                quote.chosen(total, wanted)
        else:
            self.assertEqual(quote.chosen(total, wanted), wanted)
        for wrong in (Decimal(0), -wanted, total + Decimal("0.01")):
            with self.assertRaises(ValueError):
                quote.chosen(total, wrong)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestPaymentQuote(ReceiptCommon):
    """What somebody is about to pay is computed here, found again by its reference, and booked once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Quote = cls.env["cobranca.payment.quote"]
        cls.old, cls.new = cls.invoice(cls, 100.0, due="2026-03-01"), cls.invoice(cls, 50.0, due="2026-04-20")
        cls.lines = cls.old | cls.new

    def make(self, lines=None, amount=None, **values):
        return self.Quote._make(self.company, self.customer, self.lines if lines is None else lines, amount, **values)

    def late(self):
        return self.old._cobranca_get_debts(TODAY)[self.old]

    def test_amounts_are_those_of_the_day(self):
        made = self.make()
        late = self.late()
        self.assertGreater(late.charges, 0)
        self.assertEqual(made.amount, made.total)
        self.assertEqual(made.total, float(late.total + 50))
        self.assertEqual(made.quote_line_ids.line_id, self.lines)
        self.assertEqual(made.quote_line_ids.mapped("principal"), [100.0, 50.0])
        self.assertEqual(made.quote_line_ids.mapped("charges"), [float(late.charges), 0.0])
        self.assertEqual((made.date, made.state, made.partner_id), (TODAY, "open", self.customer))
        later = self.make(date=date(2026, 4, 10))
        self.assertGreater(later.total, made.total)

    def test_the_same_asked_again_is_the_same(self):
        made = self.make()
        self.assertEqual(self.make(), made)
        self.assertEqual(self.make(self.new | self.old), made)
        others = [self.make(self.old), self.make(amount=Decimal(30)), self.make(source="online")]
        others.append(self.make(date=date(2026, 4, 1)))
        self.assertEqual(len({made.id, *(other.id for other in others)}), 5)

    def test_many_by_a_few_queries(self):
        wanted = [Wanted(self.company, self.customer, line, "message") for line in self.lines] * 20
        self.Quote._make_all(wanted)
        self.env.cr.execute("DELETE FROM cobranca_payment_quote")
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            found = self.Quote._make_all(wanted)
        self.assertEqual(len(found), 40)
        self.assertEqual(len(set(found)), 2)
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            self.assertEqual(self.Quote._make_all(wanted), found)

    def test_known_debts_are_not_read_again(self):
        wanted = [Wanted(self.company, self.customer, line, "message") for line in self.lines] * 20
        debts = self.lines._cobranca_read_debts(TODAY)
        self.Quote._make_all(wanted, debts)
        self.env.cr.execute("DELETE FROM cobranca_payment_quote")
        self.env.flush_all()
        strange = Wanted(self.company, self.customer, self.old.browse(0), "message")
        with self.assertQueryCount(2):
            *made, none = self.Quote._make_all([*wanted, strange], debts)
        self.assertFalse(none)
        with self.assertQueryCount(0):
            told = [(found.txid, found.amount, found.date, found.company_id.id) for found in made]
        self.env.invalidate_all()
        self.assertEqual([(found.txid, found.amount, found.date, found.company_id.id) for found in made], told)
        self.assertEqual(self.Quote._make_all(wanted), made)

    def test_many_payments_in_one_entry(self):
        quotes = [self.make(line) for line in self.lines]
        rows = [(made, self.money(made.amount, TODAY), TODAY) for made in quotes]
        moves = self.Quote._receive_all(rows)
        self.assertEqual(len(moves), 1)
        self.assertTrue(all(line.reconciled for line in self.lines))
        self.assertEqual({(made.state, made.paid_on) for made in quotes}, {("paid", TODAY)})
        self.assertFalse(self.Quote._receive_all(rows))

    def test_waited_for_again(self):
        made = self.make(self.new)
        credit = self.money(50.0, TODAY)
        made._receive(credit, TODAY)
        credit.remove_move_reconcile()
        made._reopen()
        self.assertEqual((made.state, made.paid_on), ("open", False))
        made._receive(credit, TODAY)
        credit.remove_move_reconcile()
        again = self.make(self.new)
        made._reopen()
        self.assertEqual((made.state, again.state), ("paid", "open"))

    def test_closed_books(self):
        """What the debts cost on that day is booked today."""
        made = self.make()
        late = self.late()
        credit = self.money(made.amount, TODAY)
        self.company.fiscalyear_lock_date = TODAY
        with freeze_time("2026-04-08 15:00:00"):
            moves = made._receive(credit, TODAY)
        self.assertEqual(moves.date, date(2026, 4, 8))
        self.assertEqual(self.items(moves)[("ENCAR", RECEIVABLE)], float(late.charges))
        self.assertTrue(all(line.reconciled for line in self.lines))
        self.assertEqual(self.ledger(), 0.0)

    def charge_with_a_discount(self):
        terms = {"fine_percent": 2.0, "discount_ids": [(0, 0, {"days_before": 0, "percent": 10.0})]}
        self.charge_by(
            self.env["cobranca.charge.policy"].create(
                {"name": "Discount", "audience": "all", "version_ids": [(0, 0, terms)]}
            )
        )

    def test_the_discounts_of_several(self):
        """One is late and two are early: who pays what was asked owes nothing of any of them."""
        self.charge_with_a_discount()
        early = self.invoice(100.0, due="2026-04-20") | self.invoice(50.0, due="2026-05-20")
        made = self.make(self.old | early)
        self.assertEqual(sum(made.quote_line_ids.mapped("discount")), 15.0)
        made._receive(self.money(made.amount, TODAY), TODAY)
        self.assertTrue(all(line.reconciled for line in self.old | early))
        self.assertEqual(made.state, "paid")

    def test_closed_books_and_a_discount(self):
        self.charge_with_a_discount()
        line = self.invoice(100.0, due="2026-04-20")
        made = self.make(line)
        self.assertEqual((made.total, made.quote_line_ids.discount), (90.0, 10.0))
        credit = self.money(90.0, TODAY)
        self.company.fiscalyear_lock_date = TODAY
        with freeze_time("2026-04-22 15:00:00"):
            made._receive(credit, TODAY)
        self.assertTrue(line.reconciled)

    def test_nothing_of_others_and_nothing_settled(self):
        foreign = self.invoice(70.0, due="2026-03-01", partner=self.other)
        made = self.make(self.lines | foreign)
        self.assertEqual(made.quote_line_ids.line_id, self.lines)
        with self.assertRaisesRegex(UserError, "Nothing of this is open"):
            self.make(foreign)
        self.receive(self.money(50.0), self.new)
        self.assertEqual(self.make().quote_line_ids.line_id, self.old)

    def test_parts(self):
        made = self.make(amount=Decimal("30.00"))
        self.assertEqual(made.amount, 30.0)
        self.assertGreater(made.total, 150)
        for wrong in ("0", "-1", "9999"):
            with self.assertRaisesRegex(UserError, "Write an amount between"):
                self.make(amount=Decimal(wrong))

    def test_found_by_its_reference(self):
        made = self.make()
        as_given = f" {made.txid.lower()} "
        found = self.Quote._find(self.company, [as_given, "***", "", "X" * 25, None])
        self.assertEqual(found, {as_given: made})
        self.assertFalse(self.Quote._find(self.env["res.company"].browse(0), [made.txid]))

    def test_money_of_the_day_pays_all_of_it(self):
        made = self.make()
        late = self.late()
        moves = made._receive(self.money(made.amount, TODAY), TODAY)
        self.assertEqual(
            self.items(moves),
            {
                ("ENCAR", RECEIVABLE): float(late.charges),
                ("ENCAR", INTEREST): -float(late.interest),
                ("ENCAR", FINE): -float(late.fine),
            },
        )
        self.assertEqual((made.state, made.paid_on), ("paid", TODAY))
        self.assertTrue(all(line.reconciled for line in self.lines))
        self.assertEqual(self.ledger(), 0.0)

    def test_received_twice_books_once(self):
        made = self.make()
        credit = self.money(made.amount, TODAY)
        self.assertTrue(made._receive(credit, TODAY))
        self.assertFalse(made._receive(credit, TODAY))
        again = self.money(made.amount, TODAY)
        self.assertFalse(made._receive(again, TODAY))
        self.assertEqual(again.amount_residual, -made.amount)

    def test_money_of_another_day_pays_what_it_costs_then(self):
        made = self.make(self.old)
        shown = made.amount
        day = date(2026, 4, 10)
        missing = self.old._cobranca_get_debts(day)[self.old].total - Decimal(str(shown))
        self.assertGreater(missing, 0)
        made._receive(self.money(shown, day), day)
        self.assertAlmostEqual(self.old.amount_residual, float(missing), 2)

    def test_a_part_is_shared_by_the_terms(self):
        made = self.make(amount=Decimal("30.00"))
        made._receive(self.money(30.0, TODAY), TODAY)
        left = Decimal("100.00") + self.late_charges_before - Decimal("30.00")
        self.assertAlmostEqual(self.old.amount_residual, float(left), 2)
        self.assertEqual(self.new.amount_residual, 50.0)

    @property
    def late_charges_before(self):
        """Charges that the first 30.00 paid: they became an entry."""
        memos = self.env["cobranca.charge"].search([("line_id", "=", self.old.id), ("state", "=", "paid")])
        return Decimal(str(round(sum(memos.mapped("amount")), 2)))

    def test_who_may_write(self):
        made = self.make()
        self.assertTrue(made.with_user(self.collector).read(["txid", "amount"]))
        for user in (self.collector, self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                made.with_user(user).write({"amount": 1.0})
            with self.assertRaises(AccessError):
                self.Quote.with_user(user).create({})
        with self.assertRaises(AccessError):
            made.with_user(self.env.ref("base.public_user")).read(["txid"])

    def test_of_its_company_only(self):
        made = self.make()
        other = self.env["res.company"].create({"name": "Outra", "country_id": self.env.ref("base.br").id})
        self.collector.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            made.with_user(self.collector).read(["amount"])
