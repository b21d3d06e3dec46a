import io
from datetime import date
from decimal import Decimal

import openpyxl

from odoo.tests import tagged

from ..models.cobranca_negotiation_page import Wish
from ..tools.plan import Terms, make_plan
from .agency_money_common import TODAY, AgencyMoneyCommon

D = date.fromisoformat


@tagged("post_install", "-at_install")
class TestAgencyFee(AgencyMoneyCommon):
    """Fees of an agency (honorários): on top of what it offers, owed to it as they come in, gone with a break."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency.fee_percent = 10.0
        known = cls.env["cobranca.offer.authority"].search([("role", "=", "collector")])
        known.copy({"role": "agency", "agency_id": cls.agency.id, "max_count": 6})
        cls.placement = cls.place(cls.agency, cls.lines)
        cls.own = cls.placement.with_user(cls.worker)
        cls.Page = cls.env["cobranca.placement.page"].with_user(cls.worker)
        cls.env.flush_all()

    def shown(self, **wish):
        return self.Page._get_negotiation(self.own.sudo(), Wish(**wish) if wish else None)

    def offer(self, plan="short", **wish):
        return self.own._offer(Wish(plan=plan, seen=self.shown(plan=plan, **wish)["seen"], **wish), "email")

    def agree(self, plan="short", **wish):
        proposal = self.offer(plan, **wish).with_user(self.collector)
        return proposal._accept({"channel": "portal", "text": "On his page"}).sudo()

    def collect(self, day):
        with self.on(day):
            added = self.Ledger._collect(self.company)
            self.assertFalse(self.Ledger._collect(self.company))
        return added

    def state(self, until, made):
        with self.on(made):
            statements = self.env["cobranca.agency.statement"]._prepare_month(self.company, until)
        statement = statements.filtered(lambda one: one.date_to == until)
        with self.on(made):
            statement.with_user(self.supervisor)._send()
            statement.with_user(self.admin)._answer()
            statement.with_user(self.manager)._agree()
        return statement

    def bill(self, statement, made):
        with self.on(made):
            bill = statement.with_user(self.manager)._bill().sudo()
            bill.l10n_latam_document_number = bill.ref = f"{bill.id:09}"
            bill.action_post()
        return bill

    def get_balance(self, kind="agency_fee"):
        account = self.company._cobranca_get_account(kind)
        domain = [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        [(balance,)] = self.env["account.move.line"]._read_group(domain, [], ["balance:sum"])
        return round(balance or 0.0, 2)

    def cents(self, amount):
        return Decimal(str(amount)).quantize(Decimal("0.01"))

    # --- what is offered ---

    def test_none_as_shipped(self):
        self.assertEqual(self.env["cobranca.agency"].default_get(["fee_percent"]).get("fee_percent", 0.0), 0.0)
        self.agency.fee_percent = 0.0
        agreement = self.agree()
        self.assertEqual((agreement.fee, agreement.total), (0.0, agreement.agreed + agreement.financing))
        self.assertEqual(self.get_balance(), 0.0)
        with self.on("2026-11-30"):
            self.receive(agreement.installment_ids[0].line_id, agreement.installment_ids[0].amount, TODAY)
        [row] = self.collect("2026-11-30")
        self.assertEqual(row.fee, 0.0)

    def test_on_top_of_each_payment(self):
        self.agency.fee_percent = 0.0
        plain = self.offer()
        self.agency.fee_percent = 10.0
        dearer = self.offer()
        self.assertEqual((dearer.before, dearer.given, dearer.agreed), (plain.before, plain.given, plain.agreed))
        pairs = list(zip(plain.installment_ids, dearer.installment_ids, strict=True))
        for before, after in pairs:
            self.assertEqual(after.due, before.due)
            self.assertAlmostEqual(after.fee, round(before.amount / 10, 2), delta=0.005)
            self.assertAlmostEqual(after.amount, before.amount + after.fee)
        self.assertAlmostEqual(dearer.fee, sum(after.fee for _before, after in pairs))
        self.assertAlmostEqual(dearer.amount, plain.amount + dearer.fee)
        self.assertEqual(self.offer(), dearer, "sent twice it is the same one")

    def test_whoever_reads_it_is_told(self):
        proposal = self.offer()
        fee = proposal.currency_id.format(proposal.fee)
        self.assertIn(fee, proposal.plan_text)
        self.assertIn((self.env._("Collection fees of the agency"), fee), proposal._get_figure_rows())
        Page = self.env["cobranca.negotiation.page"]
        [card] = Page._get_sent_cards(Page._find_sent(self.company, self.bakery))
        self.assertIn(f"with {fee} of collection fees (10 %)", card["total_label"])
        self.assertIn(f"with {fee} of collection fees", self.shown(plan="short")["chosen"]["plan"]["total_label"])
        agreement = proposal.with_user(self.collector)._accept({"channel": "portal", "text": "Yes"}).sudo()
        Term = self.env["cobranca.agreement.term"]
        terms = Term._get_terms_of_plan(
            self.company, self.bakery, proposal._get_plan(), proposal.line_ids.line_id, TODAY, break_days=15
        )
        paper = Term._get_values(terms)
        text = self.env["ir.qweb"]._render("cobranca_negociacao.agreement_term_plan", {"paper": paper})
        self.assertIn("honorários de cobrança", " ".join(str(text).split()))
        self.assertIn(paper["fee"]["figures"], str(text))
        self.assertEqual(agreement.fee, proposal.fee)

    def test_pocket_holds_the_fee_too(self):
        agreement = self.agree("fit", monthly="700,00")
        self.assertLessEqual(max(agreement.installment_ids.mapped("amount")), 700.0)
        self.assertGreater(agreement.fee, 0.0)
        request = self.env["cobranca.proposal"].search([("placement_id", "=", self.placement.id)])
        self.assertEqual(request.agreement_id, agreement)

    def test_only_what_the_agency_offers(self):
        """The customer who chooses by himself, and our own desk, have none: the agency did not bring that about."""
        Page = self.env["cobranca.negotiation.page"]
        scene = Page._look(self.company, self.bakery, self.lines)
        self.assertEqual(scene.fee, 0)
        self.assertEqual({plan.fee for plan in Page._get_ready(scene).values()} - {Decimal(0)}, set())

    # --- books ---

    def test_booked_as_owed_and_passed_on(self):
        agreement = self.agree()
        self.assertEqual(self.get_balance(), -agreement.fee)
        self.assertEqual(agreement.move_id.amount_total, agreement.total)
        self.assertFalse(self.get_balance("transit"))
        for item in agreement.installment_ids:
            self.receive(item.line_id, item.amount, item.due)
        last = max(agreement.installment_ids.mapped("due"))
        rows = self.collect(last)
        self.assertAlmostEqual(sum(rows.mapped("fee")), agreement.fee)
        for row in rows:
            due = self.cents(row.amount) - self.cents(row.fee)
            self.assertEqual(
                self.cents(row.commission), (due * self.cents(row.percent) / 100).quantize(Decimal("0.01"))
            )
        until = last.replace(day=28)
        statement = self.env["cobranca.agency.statement"]
        with self.on(until):
            statement = statement._prepare_month(self.company, until).filtered("receipt_count")
        self.assertAlmostEqual(statement.amount_fee, agreement.fee)
        with self.on(until):
            statement.with_user(self.supervisor)._send()
            statement.with_user(self.admin)._answer()
            statement.with_user(self.manager)._agree()
        bill = self.bill(statement, until)
        self.assertAlmostEqual(bill.amount_untaxed, statement.amount_commission + statement.amount_fee)
        self.assertEqual(self.get_balance(), 0.0, "all of it was passed on")

    def test_paid_in_parts(self):
        agreement = self.agree()
        item = agreement.installment_ids.sorted("due")[0]
        fees = []
        for amount in (33.33, 0.01, item.amount - 33.34):
            self.receive(item.line_id, round(amount, 2), TODAY)
            fees += self.collect("2026-11-20").mapped("fee")
        self.assertEqual(len(fees), 3)
        self.assertAlmostEqual(sum(fees), item.fee)

    def test_money_with_the_agency(self):
        self.agency.money_to = "agency"
        agreement = self.agree()
        item = agreement.installment_ids.sorted("due")[0]
        self.receive(item.line_id, item.amount, TODAY)
        statement = self.state(D("2026-11-30"), "2026-12-01")
        left = statement.amount_received - statement.amount_commission - statement.amount_fee
        self.assertAlmostEqual(statement.amount_transfer, left)
        self.assertAlmostEqual(statement.amount_fee, item.fee)
        heads = list(statement._get_heads())
        self.assertEqual(heads.index("fee"), heads.index("amount") + 1)
        self.assertIn(self.cents(item.fee), [self.cents(row["fee"]) for row in statement._get_rows()])
        sheet = openpyxl.load_workbook(io.BytesIO(statement._get_workbook())).active
        self.assertAlmostEqual(sheet.cell(2, heads.index("fee") + 1).value, item.fee)
        page = statement.with_user(self.admin).sudo()._get_page()
        self.assertEqual(page["fee"], statement.currency_id.format(item.fee))
        figures = self.env["cobranca.agency.performance"]._get_portal_figures(self.agency)
        self.assertEqual(len(figures), 3)

    def test_break_and_restore(self):
        """Who pays and then breaks has paid his debts, not the agency; what it got of the fee goes back."""
        agreement = self.agree()
        item = agreement.installment_ids.sorted("due")[0]
        self.receive(item.line_id, item.amount, TODAY)
        [paid] = self.collect("2026-11-20")
        statement = self.state(D("2026-11-30"), "2026-12-01")
        self.bill(statement, "2026-12-01")
        self.assertAlmostEqual(self.get_balance(), round(item.fee - agreement.fee, 2))
        before = sum(self.lines.mapped("amount_residual"))
        day = D("2026-12-10")
        with self.on(day):
            agreement.with_user(self.supervisor)._break(day, "Not paid")
        self.env.flush_all()
        principal = sum(agreement.origin_ids.mapped("principal"))
        self.assertEqual(before, 0.0)
        # All of the money counts for the debts and their charges, the fee in it too.
        charges = self.env["cobranca.charge"].search([("line_id", "in", self.lines.ids), ("state", "=", "paid")])
        left = sum(self.lines.mapped("amount_residual"))
        self.assertAlmostEqual(principal - left + sum(charges.mapped("amount")), item.amount)
        [back] = self.collect(day)
        self.assertEqual((back.kind, back.amount, back.fee), ("fee", 0.0, -paid.fee))
        self.assertAlmostEqual(back.commission, round(paid.amount * 0.15, 2) - paid.commission)
        with self.on(day):
            agreement.with_user(self.supervisor)._restore("Paid the next day", day)
        [again] = self.collect(day)
        self.assertEqual((again.kind, again.fee, again.commission), ("fee", paid.fee, -back.commission))

    def test_broken_before_the_bill(self):
        agreement = self.agree()
        day = D("2026-12-10")
        with self.on(day):
            agreement.with_user(self.supervisor)._break(day, "Not paid")
        self.assertEqual(self.get_balance(), 0.0)

    def test_renegotiated(self):
        """What of the fee was not paid lapses: first of what is forgiven, and none of it stays in the books."""
        agreement = self.agree()
        first, *later = agreement.installment_ids.sorted("due")
        self.receive(first.line_id, first.amount, TODAY)
        day = D("2026-11-25")
        lines = agreement.installment_ids._get_open().sorted("due").line_id
        self.assertEqual(lines, agreement.installment_ids.browse([item.id for item in later]).line_id)
        with self.on(day):
            parts = self.env["cobranca.agreement"]._get_parts(lines, day)
            terms = Terms({"principal": Decimal(20)}, None, 2, "none", Decimal(0), day)
            child = agreement.with_user(self.collector)._renegotiate(make_plan(parts, terms), day).sudo()
        self.assertEqual((agreement.state, child.fee), ("renegotiated", 0.0))
        self.assertAlmostEqual(self.get_balance(), -first.fee)
        items = child.transfer_id.line_ids
        given = items.filtered(lambda one: one.account_id == self.company._cobranca_get_account("discount"))
        unpaid = sum(item.fee for item in later)
        self.assertAlmostEqual(sum(given.mapped("balance")), child.given_principal - unpaid)
        self.assertAlmostEqual(sum(items.mapped("balance")), 0.0)
        # With a break of the new one the earlier one is in force again, and its fee with it; a break of that ends it.
        for broken, left in ((child, agreement.fee), (agreement, 0.0)):
            with self.on("2026-12-20"):
                broken.with_user(self.supervisor)._break(D("2026-12-20"), "Not paid")
            self.assertEqual(self.get_balance(), -left)
