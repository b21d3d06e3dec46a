from datetime import timedelta

from odoo.tests import tagged

from .debt_common import CNPJ
from .paid_common import TODAY
from .statement_common import DIGITS, PAID, StatementCommon

CERTAIN, LIKELY, POSSIBLE = "1", "2", "3"


@tagged("post_install", "-at_install")
class TestStatementFinder(StatementCommon):
    """What money may be for: certain only where nothing else is as good."""

    def assertBest(self, line, grade, reason, debts):
        self.assertEqual(self.best(line), (grade, reason, debts))

    def test_document_and_amount(self):
        for amount in (self.cost, 318.0):
            line = self.money(f"PIX RECEBIDO {DIGITS} ANA", amount)
            self.assertBest(line, CERTAIN, "document", self.line)
            line.unlink()
        line = self.money(f"PIX RECEBIDO {DIGITS} ANA", self.cost + 0.02)
        self.assertBest(line, LIKELY, "near", self.line)
        line = self.money(f"PIX RECEBIDO {DIGITS} ANA", self.cost + 0.03)
        self.assertBest(line, POSSIBLE, "customer", self.line)

    def test_amount_of_another_day(self):
        """What it cost on another day is not what it costs on the day of the money."""
        later = self.line._cobranca_read_debts(PAID + timedelta(days=3))[self.line].charges.total
        self.assertNotEqual(float(later), self.cost)
        line = self.money(f"PIX {DIGITS}", float(later))
        self.assertNotEqual(self.best(line)[0], CERTAIN)

    def test_two_that_fit_are_not_certain(self):
        self.owe(318.0, "2026-11-10")
        line = self.money(f"PIX {DIGITS}", 318.0)
        self.assertEqual({(each.grade, each.reason) for each in line.cobranca_suggestion_ids}, {(LIKELY, "document")})
        self.assertEqual(len(line.cobranca_suggestion_ids), 2)

    def test_two_documents_are_not_certain(self):
        other = self.other.vat.replace(".", "").replace("-", "")
        line = self.money(f"PIX {DIGITS} {other}", 318.0)
        self.assertBest(line, LIKELY, "document", self.line)

    def test_two_movements_for_one_debt_are_not_certain(self):
        first = self.money(f"PIX {DIGITS}", 318.0)
        self.assertEqual(self.best(first)[0], CERTAIN)
        second = self.money(f"PIX {DIGITS}", self.cost)
        self.env.invalidate_all()
        self.assertEqual([self.best(line)[0] for line in (first, second)], [LIKELY, LIKELY])

    def test_pix_code_is_stronger_than_all_else(self):
        self.owe(318.0, "2026-11-10")
        quote = self.env["cobranca.payment.quote"]._make(self.company, self.customer, self.line, date=PAID)
        line = self.money(f"PIX RECEBIDO {DIGITS} {quote.txid.lower()} ANA", quote.amount)
        self.assertBest(line, CERTAIN, "txid", self.line)
        self.assertEqual(line.cobranca_suggestion_ids.sorted("rank")[0].quote_id.id, quote.id)
        others = line.cobranca_suggestion_ids.sorted("rank")[1:]
        self.assertNotIn(CERTAIN, others.mapped("grade"))
        line = self.money(f"PIX QR {quote.txid}", 100.0)
        self.assertBest(line, LIKELY, "txid_amount", self.line)
        quote.state = "paid"
        line = self.money(f"PIX QR {quote.txid}", quote.amount)
        self.assertBest(line, LIKELY, "txid_paid", self.line)

    def test_pix_code_within_other_letters_or_its_own_field(self):
        quote = self.env["cobranca.payment.quote"]._make(self.company, self.customer, self.line, date=PAID)
        line = self.money(f"PIXREC{quote.txid}00", quote.amount)
        self.assertBest(line, CERTAIN, "txid", self.line)
        line.unlink()
        line = self.money("PIX", quote.amount, transaction_details={"txid": quote.txid})
        self.assertBest(line, CERTAIN, "txid", self.line)
        line = self.money(f"PIX {quote.txid[:-1]}", 1.0)
        self.assertFalse(line.cobranca_suggestion_ids)

    def test_number_of_the_invoice(self):
        name = self.line.move_name
        for text in (name, name.replace("/", " "), name.replace("/", ""), name.lower()):
            with self.subTest(text=text):
                line = self.money(f"TED REF {text} OBRIGADO", self.cost)
                self.assertBest(line, CERTAIN, "number", self.line)
                line.unlink()
        line = self.money(f"TED {name}", 100.0)
        self.assertBest(line, LIKELY, "number_amount", self.line)
        line = self.money(f"TED {name}1", 100.0)
        self.assertFalse(line.cobranca_suggestion_ids)

    def test_number_against_document(self):
        """The CPF of one, the invoice of another: a person looks at it."""
        debt = self.owe(200.0, "2026-11-12", partner=self.other)
        line = self.money(f"PIX {DIGITS} {debt.move_name}", 200.0)
        self.assertBest(line, LIKELY, "number", debt)

    def test_account_of_the_customer_is_likely(self):
        line = self.money("TED", 318.0, partner_id=self.customer.id)
        self.assertBest(line, LIKELY, "known", self.line)

    def test_several_invoices(self):
        newer, newest = self.owe(100.0, "2026-11-17"), self.owe(55.5, "2026-11-30")
        debts = self.line | newer
        total = sum(float(debt.charges.total) for debt in debts._cobranca_read_debts(PAID).values())
        for amount in (total, 418.0):
            line = self.money(f"PIX {DIGITS}", amount)
            self.assertBest(line, LIKELY, "sum", debts)
        line = self.money(f"PIX {DIGITS}", 318.0 + 55.5)
        self.assertBest(line, LIKELY, "sum", self.line | newest)

    def test_customer_who_pays_something_else(self):
        newer = self.owe(100.0, "2026-11-17")
        line = self.money(f"PIX {DIGITS}", 50.0)
        self.assertBest(line, POSSIBLE, "customer", self.line)
        line = self.money(f"PIX {DIGITS}", 400.0)
        self.assertBest(line, POSSIBLE, "customer", self.line | newer)
        line = self.money(f"PIX {DIGITS}", 9000.0)
        self.assertBest(line, POSSIBLE, "customer", self.line | newer)

    def test_nobody_known(self):
        for amount in (318.0, self.cost):
            line = self.money("PIX RECEBIDO", amount)
            self.assertBest(line, LIKELY, "amount", self.line)
        line = self.money("PIX RECEBIDO", 317.98)
        self.assertBest(line, POSSIBLE, "near_amount", self.line)
        self.assertFalse(self.money("PIX RECEBIDO", 317.97).cobranca_suggestion_ids)
        twin = self.owe(318.0, "2026-11-11", partner=self.other)
        line = self.money("PIX RECEBIDO", 318.0)
        self.assertEqual({each.reason for each in line.cobranca_suggestion_ids}, {"amounts"})
        self.assertEqual(line.cobranca_suggestion_ids.line_ids, self.line | twin)
        line = self.money("PIX RECEBIDO CAIO A NOGAL", 318.0)
        self.assertBest(line, LIKELY, "name", twin)

    def test_one_of_many_with_the_same_amount(self):
        """Of a fee that everybody pays the oldest are shown; who is named, with or without accents, comes first."""
        debts = self.env["account.move.line"]
        names = [f"Bruna Teste{number}" for number in range(8)] + ["José Aparecido D'Ávila"]
        for number, name in enumerate(names):
            partner = self.env["res.partner"].create({"name": name})
            debts |= self.owe(77.0, f"2026-11-{10 + number}", partner=partner)
        line = self.money("PIX RECEBIDO", 77.0)
        suggestions = line.cobranca_suggestion_ids
        self.assertEqual((set(suggestions.mapped("reason")), suggestions.line_ids), ({"amounts"}, debts[:5]))
        for said in ("PIX RECEBIDO JOSE A D AVILA", "Pix recebido José Ávila"):
            self.assertBest(self.money(said, 77.0), LIKELY, "name", debts[-1])
        line = self.money("PIX RECEBIDO JOSEFINA AVILAR", 77.0)
        self.assertEqual(set(line.cobranca_suggestion_ids.mapped("reason")), {"amounts"}, "another name that begins so")

    def test_business_and_its_people(self):
        debt = self.owe(900.0, "2026-11-10", partner=self.business)
        line = self.money(f"TED {CNPJ}", 900.0)
        self.assertBest(line, CERTAIN, "document", debt)

    def test_what_is_not_looked_at(self):
        going_out = self.money(f"PIX {DIGITS}", -318.0)
        aside = self.statement(318.0, PAID, payment_ref=f"PIX {DIGITS}")
        aside.cobranca_aside = "transfer"
        matched = self.money(f"PIX {DIGITS}", 318.0)
        self.take(matched)
        self.finder._refresh(self.company)
        self.assertFalse((going_out | aside | matched).cobranca_suggestion_ids)

    def test_hostile_texts(self):
        for text in ("'; DROP TABLE res_partner; --", "%s %(x)s {0}", "\\", "%" * 50, "A" * 400, "1" * 300):
            self.money(text, 1.0)
        self.assertTrue(self.money(f"PIX {DIGITS}", 318.0).cobranca_suggestion_ids)

    def test_few_queries_for_many(self):
        lines = self.Line.browse()
        for number in range(12):
            lines |= self.statement(100.0 + number, PAID, payment_ref=f"PIX {DIGITS} {number}")
        self.finder._refresh(self.company, lines[:2])
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self.finder._refresh(self.company, lines)

    def test_company_of_the_movement(self):
        other = self.env["res.company"].create({"name": "Outra"})
        self.finder._refresh(other)
        self.assertEqual(self.best(self.money(f"PIX {DIGITS}", 318.0))[0], CERTAIN)
        self.assertEqual(self.company._cobranca_today(), TODAY)
