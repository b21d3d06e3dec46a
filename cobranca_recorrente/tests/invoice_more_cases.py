"""More shapes for the tests of the factory: what a customer, a company or a day brings along."""

from odoo import Command

from .invoice_cases import COPIES, InvoiceCases


class MoreInvoiceCases(InvoiceCases):
    """The same five of each, of shapes that depend on something besides the values of the invoice."""

    def more_cases(self):
        """{name: list of five values for account.move}"""
        return (
            self.tax_setup_cases()
            | self.amount_cases()
            | self.language_cases()
            | self.position_cases()
            | self.analytic_cases()
            | self.currency_cases()
            | self.payment_cases()
        )

    def two_lines(self, **values):
        return lambda k: [self.line(k, **values), self.line(k + 1, tax="issqn")]

    def own(self, partners):
        return lambda k: partners[k].id

    # === TAXES AND AMOUNTS === #

    def make_taxes(self):
        taxes = super().make_taxes()
        transition = self.account.copy({"name": "Transition", "reconcile": True})
        self.company.tax_exigibility = True
        taxes["cash"] = self.make_tax(
            "8 % on payment", 8, tax_exigibility="on_payment", cash_basis_transition_account_id=transition.id
        )
        parts = [Command.create({"repartition_type": "base"})]
        parts += [Command.create({"repartition_type": "tax", "factor_percent": factor}) for factor in (100, -100)]
        taxes["reverse"] = self.make_tax(
            "20 % reverse", 20, invoice_repartition_line_ids=parts, refund_repartition_line_ids=parts
        )
        kept = {"price_include_override": "tax_included"}
        taxes["base included"] = self.make_tax("12 % included", 12, include_base_amount=True, sequence=1, **kept)
        taxes["onto it"] = taxes["base included"] | self.make_tax("3 % onto it", 3, sequence=2)
        return taxes

    def tax_setup_cases(self):
        mixed = ("included", "ten", "base included", "none", "division")
        names = ("cash", "reverse", "base included", "onto it")
        return {f"tax {name}": self.five(self.two_lines(tax=name)) for name in names} | {
            "included and not": self.five(lambda k: [self.line(k + n, tax=tax) for n, tax in enumerate(mixed)]),
            "included and discount": self.five(lambda k: [self.line(k, tax="included", discount=33.33)] * 3),
            "many refund": self.five(self.two_lines(tax="onto it"), move_type="out_refund"),
        }

    def amount_cases(self):
        return {
            "large": self.five(lambda k: [self.line(k, price=987654321.98 + k), self.line(k, price=0.01)]),
            "six decimals": self.five(lambda k: [self.line(k, price=1.234567 * (k + 1), quantity=1.234567)]),
            "zero lines": self.five(lambda k: [self.line(k, price=0), self.line(k, price=50 + k)]),
            "nothing but zero": self.five(lambda k: [self.line(k, price=0)]),
            "all given away": self.five(lambda k: [self.line(k, discount=100), self.line(k + 1)]),
            "quantity zero": self.five(lambda k: [self.line(k, quantity=0), self.line(k)]),
            "negative quantity": self.five(lambda k: [self.line(k, price=900), self.line(k, price=7, quantity=-k)]),
            "forty in dollars": self.five(
                lambda k: [self.line(k + n, tax="many") for n in range(40)], currency_id=self.make_currency("USD")
            ),
            "texts only around": self.five(
                lambda k: [
                    {"display_type": "line_section", "name": f"Contract {k}"},
                    self.line(k),
                    {"display_type": "line_subsection", "name": f"Part {k}"},
                    self.line(k),
                    {"display_type": "line_note", "name": f"Note {k}"},
                ]
            ),
        }

    # === CUSTOMERS === #

    def language_cases(self):
        portuguese = self.own(self.make_partners(lang="pt_BR"))
        without = self.own(self.make_partners(lang=False))
        term = {"invoice_payment_term_id": self.terms["three"].id, "invoice_date_due": False}
        early = {"invoice_payment_term_id": self.terms["excluded"].id, "invoice_date_due": False}
        lines = self.two_lines()
        return {
            "portuguese term": self.five(lines, partner_id=portuguese, **term),
            "portuguese early": self.five(lines, partner_id=portuguese, **early),
            "no language term": self.five(lines, partner_id=without, **term),
            "languages in turn": self.five(lines, partner_id=lambda k: (portuguese, without)[k % 2](k), **term),
        }

    def position_cases(self):
        other = self.account.copy({"name": "Income abroad"})
        receivable = self.company.partner_id.property_account_receivable_id
        abroad = receivable.copy({"name": "Receivables abroad"})
        pairs = [(self.account, other), (receivable, abroad)]
        mapping = [Command.create({"account_src_id": src.id, "account_dest_id": dest.id}) for src, dest in pairs]
        position = self.env["account.fiscal.position"].create({"name": "Mapped", "account_ids": mapping})
        found = self.env["account.fiscal.position"].create(
            {"name": "Found", "auto_apply": True, "country_id": self.env.ref("base.pt").id, "account_ids": mapping}
        )
        own = self.own(self.make_partners(property_account_position_id=position.id))
        portugal = self.own(self.make_partners(country_id=found.country_id.id))
        delivered = self.make_partners(country_id=found.country_id.id, type="delivery")
        bare = lambda k: [{"product_id": self.product.id, "price_unit": 10.5 * (k + 1)}, self.line(k)]  # noqa: E731
        in_turn = lambda k: (own, portugal, self.own(self.partners))[k % 3](k)  # noqa: E731
        return {
            "position of the customer": self.five(bare, partner_id=own),
            "position of the country": self.five(bare, partner_id=portugal),
            "position of the address": self.five(bare, partner_shipping_id=self.own(delivered)),
            "positions in turn": self.five(bare, partner_id=in_turn),
            "position and dollars": self.five(bare, partner_id=own, currency_id=self.make_currency("USD")),
            "position refund": self.five(bare, partner_id=in_turn, move_type="out_refund"),
        }

    def analytic_cases(self):
        tag = self.env["res.partner.category"].create({"name": "School"})
        tagged, alone = self.make_partners(category_id=[Command.set(tag.ids)]), self.make_partners()
        rules = [{"partner_category_id": tag.id}, {"partner_id": alone[0].id}, {"account_prefix": "9"}]
        rules += [{"product_id": self.make_product("Ruled").id}]
        self.env["account.analytic.distribution.model"].create(
            [{**rule, "analytic_distribution": {str(self.make_analytic().id): 60}} for rule in rules]
        )
        ruled = rules[-1]["product_id"]
        given = {"analytic_distribution": {f"{self.make_analytic().id}": share for share in (33.33, 66.67)}}
        return {
            "analytic by tag": self.five(self.two_lines(), partner_id=self.own(tagged)),
            "analytic by customer": self.five(self.two_lines(), partner_id=self.own(alone)),
            "analytic by product": self.five(lambda k: [self.line(k, product_id=ruled, tax="analytic"), self.line(k)]),
            "analytic in parts": self.five(lambda k: [self.line(k, tax="analytic", **given), self.line(k, **given)]),
            "analytic nowhere": self.five(lambda k: [self.line(k, analytic_distribution=False), self.line(k)]),
        }

    # === DAYS, CURRENCIES, PAYMENT === #

    def make_currency(self, name):
        """A currency with another rate each day.

        :return: its id
        """
        currency = self.env.ref(f"base.{name}")
        if not currency.active or not currency.rate_ids:
            currency.active = True
            days = [("2025-11-01", 0.2), ("2026-01-01", 0.1873), ("2026-01-02", 0.1911), ("2026-01-05", 0.17777)]
            self.env["res.currency.rate"].create(
                [
                    {"name": day, "currency_id": currency.id, "rate": rate, "company_id": self.company.id}
                    for day, rate in days
                ]
            )
        return currency.id

    def currency_cases(self):
        dates = lambda k: ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-02", "2026-01-05")[k]  # noqa: E731
        cases = {
            f"{name} of many days": self.five(
                self.two_lines(tax="onto it"), currency_id=self.make_currency(name), invoice_date=dates
            )
            for name in ("USD", "EUR", "JPY", "KWD")
        }
        term = {"invoice_payment_term_id": self.terms["two"].id, "invoice_date_due": False}
        journal = self.journal.copy({"name": "Dollars", "code": "USD1", "currency_id": self.make_currency("USD")})
        return cases | {
            "term in dollars": self.five(self.two_lines(), currency_id=self.make_currency("USD"), **term),
            "journal in dollars": self.five(
                self.two_lines(), currency_id=self.make_currency("USD"), journal_id=journal.id
            ),
        }

    def payment_cases(self):
        bank, other = self.env["res.partner.bank"].create(
            [{"acc_number": f"000{number}", "partner_id": self.company.partner_id.id} for number in (1, 2)]
        )
        self.env["res.partner.bank"].create(
            [{"acc_number": f"111{n}", "partner_id": partner.id} for n, partner in enumerate(self.partners[:COPIES])]
        )
        by_customer = self.journal.copy({"name": "By customer", "code": "REFP", "invoice_reference_type": "partner"})
        lines = self.two_lines()
        return {
            "bank given": self.five(lines, partner_bank_id=lambda k: (bank, other)[k % 2].id),
            "no bank": self.five(lines, partner_bank_id=False),
            "bank of a refund": self.five(lines, move_type="out_refund"),
            "reference of each": self.five(lines, payment_reference=lambda k: f"PIX{k}"),
            "reference by customer": self.five(lines, journal_id=by_customer.id),
            "no ref": self.five(lines, ref=False, invoice_origin=False),
            "same ref": self.five(lines, ref="PO", payment_reference="PIX"),
            "accounting date": self.five(lines, date="2026-01-09"),
            "term and due date": self.five(lines, invoice_payment_term_id=self.terms["one"].id),
        }
