"""Invoices of many shapes, five of each, for the tests of the factory."""

from odoo import Command

COPIES = 5
PRICES = (100.0, 25.12, 33.333333333333336, 7.999999999999, 1234.565, 0.07)


class InvoiceCases:
    """Makes what the invoices need, and the values of all of them.

    :param env: of a Brazilian company with its chart
    """

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.chart = env["account.chart.template"]
        self.account = self.chart.ref("account_template_30101010106")
        self.journal = self.company.cobranca_contract_journal_id
        env["res.lang"]._activate_lang("pt_BR")
        self.partners = env["res.partner"].create(
            [{"name": f"Customer {number}", "lang": "en_US"} for number in range(COPIES)]
        )
        self.product = self.make_product("Fee")
        self.taxes = self.make_taxes()
        self.make_terms()

    def make_product(self, name, **values):
        product = self.env["product.product"].create(
            {"name": name, "type": "service", "list_price": 77.7, "taxes_id": [Command.clear()], **values}
        )
        product.property_account_income_id = self.account
        product.with_context(lang="pt_BR").name = f"{name} em português"
        return product

    # === TAXES === #

    def make_tax(self, name, amount, **values):
        return self.env["account.tax"].create(
            {"name": name, "amount": amount, "type_tax_use": "sale", "company_id": self.company.id, **values}
        )

    def make_taxes(self):
        """{name: account.tax of a line}"""
        ten = self.make_tax("10 %", 10)
        included = self.make_tax("10 % included", 10, price_include_override="tax_included")
        cascade = self.make_tax("4 % base", 4, include_base_amount=True, sequence=1)
        after = self.make_tax("3 % after", 3, sequence=2)
        fixed = self.make_tax("2.50 fixed", 2.5, amount_type="fixed")
        division = self.make_tax("15 % of the total", 15, amount_type="division")
        held = self.make_tax("-1.5 % held", -1.5)
        children = self.make_tax("5 %", 5) | self.make_tax("0.65 %", 0.65)
        group = self.make_tax("group", 0, amount_type="group", children_tax_ids=[Command.set(children.ids)])
        return {
            "none": self.env["account.tax"],
            "ten": ten,
            "included": included,
            "fixed": fixed,
            "division": division,
            "group": group,
            "cascade": cascade | after,
            "held": ten | held,
            "zero": self.make_tax("0 %", 0),
            "split": self.make_split(),
            "tagged": self.make_tagged(),
            "issqn": self.chart.ref("tax_template_out_issqn2"),
            "icms": self.chart.ref("tax_template_out_icms_externo17"),
            "analytic": self.make_tax("7 % analytic", 7, analytic=True),
            "many": ten | fixed | held,
        }

    def make_split(self):
        parts = [{"repartition_type": "base"}]
        parts += [
            {"repartition_type": "tax", "factor_percent": share, "account_id": account}
            for share, account in ((60, self.account.id), (40, False))
        ]
        commands = [Command.create(part) for part in parts]
        return self.make_tax(
            "9 % split", 9, invoice_repartition_line_ids=commands, refund_repartition_line_ids=commands
        )

    def make_tagged(self):
        tax = self.make_tax("6 % tagged", 6)
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            for line in lines:
                line.tag_ids = self.env["account.account.tag"].create(
                    {"name": f"tag {line.repartition_type} {line.id}", "applicability": "taxes"}
                )
        return tax

    # === TERMS AND OTHERS === #

    def make_term(self, name, parts, **values):
        lines = [
            Command.create({"value": kind, "value_amount": amount, "nb_days": days}) for kind, amount, days in parts
        ]
        return self.env["account.payment.term"].create({"name": name, "line_ids": lines, **values})

    def make_terms(self):
        whole = [("percent", 100, 30)]
        discount = {"early_discount": True, "discount_percentage": 2, "discount_days": 7}
        self.terms = {
            "one": self.make_term("30 days", whole),
            "two": self.make_term("two", [("percent", 33.33, 10), ("percent", 66.67, 40)]),
            "three": self.make_term("three", [("percent", 30, 0), ("percent", 30, 30), ("percent", 40, 60)]),
            "fixed": self.make_term("fixed", [("fixed", 20, 0), ("percent", 100, 30)]),
            "same_day": self.make_term("same", [("percent", 50, 30), ("percent", 50, 30)]),
        }
        for kind in ("included", "excluded", "mixed"):
            self.terms[kind] = self.make_term(kind, whole, **discount, early_pay_discount_computation=kind)

    def make_partners(self, **values):
        return self.env["res.partner"].create(
            [{"name": f"Other customer {number}", "lang": "en_US", **values} for number in range(COPIES)]
        )

    # === VALUES === #

    def line(self, k=0, price=None, tax="ten", **values):
        return {
            "product_id": self.product.id,
            "name": f"Fee of {k}",
            "quantity": 1,
            "price_unit": PRICES[k % len(PRICES)] * (k + 1) if price is None else price,
            "account_id": self.account.id,
            "tax_ids": [Command.set(self.taxes[tax].ids)],
            **values,
        }

    def invoice(self, k, lines, **values):
        return {
            "move_type": "out_invoice",
            "company_id": self.company.id,
            "journal_id": self.journal.id,
            "currency_id": self.company.currency_id.id,
            "partner_id": self.partners[k].id,
            "invoice_origin": f"C{k}",
            "ref": f"PO {k}",
            "invoice_date": "2026-01-05",
            "invoice_date_due": f"2026-01-{10 + k}",
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create(line) for line in lines],
            **values,
        }

    def five(self, lines, **values):
        """Invoices of one shape: `lines(k)` gives the lines of each; so may any value."""
        return [
            self.invoice(k, lines(k), **{name: v(k) if callable(v) else v for name, v in values.items()})
            for k in range(COPIES)
        ]

    def all_cases(self):
        """{name: list of five values for account.move}"""
        return self.tax_cases() | self.line_cases() | self.term_cases() | self.header_cases() | self.partner_cases()

    def tax_cases(self):
        cases = {f"tax {tax}": self.five(lambda k, tax=tax: [self.line(k, tax=tax)] * 2) for tax in self.taxes}
        cases["tax each line"] = self.five(lambda k: [self.line(k + n, tax=tax) for n, tax in enumerate(self.taxes)])
        cases["included twice"] = self.five(lambda k: [self.line(k, 21.53 + k, "included")] * 2)
        cases["tax comes and goes"] = self.five(lambda k: [self.line(k, (0.01, 0.02, 9.0, 0.0, 0.03)[k])])
        return cases

    def line_cases(self):
        text = {"display_type": "line_section", "name": "Section"}
        note = {"display_type": "line_note", "name": "Note"}
        analytic = {"analytic_distribution": {str(self.make_analytic().id): 100}}
        return {
            "one line": self.five(lambda k: [self.line(k)]),
            "forty lines": self.five(lambda k: [self.line(k + n) for n in range(40)]),
            "twelve lines": self.five(lambda k: [self.line(k + n, tax="issqn", sequence=n) for n in range(12)]),
            "sections": self.five(lambda k: [text, self.line(k), note, self.line(k + 1, tax="none"), text]),
            "discount": self.five(lambda k: [self.line(k, discount=10.55 + k), self.line(k, discount=0)]),
            "fractions": self.five(lambda k: [self.line(k, quantity=1 / 3 + k), self.line(k, quantity=0.125)]),
            "prorated": self.five(lambda k: [self.line(k, price=1000 * (k + 7) / 31), self.line(k, price=10 / 3)]),
            "negative line": self.five(lambda k: [self.line(k, 500 + k), self.line(k, -20.5 - k)]),
            "zero total": self.five(lambda k: [self.line(k, 5 + k), self.line(k, -5 - k)]),
            "one is zero": self.five(lambda k: [self.line(k, (3, 0, 5, 0, 7)[k], tax="none")]),
            "analytic": self.five(lambda k: [self.line(k, tax="analytic", **analytic), self.line(k)]),
            "no name": self.five(lambda k: [self.without(self.line(k), "name")]),
            "empty name": self.five(lambda k: [self.line(k, name=False)]),
            "no price": self.five(lambda k: [self.without(self.line(k), "price_unit"), self.line(k)]),
            "product only": self.five(lambda k: [{"product_id": self.product.id}]),
            "no product": self.five(lambda k: [self.without(self.line(k), "product_id")]),
            "equal": self.five(lambda k: [self.line(1), self.line(2)]),
        }

    def without(self, values, name):
        return {key: value for key, value in values.items() if key != name}

    def make_analytic(self):
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        return self.env["account.analytic.account"].create({"name": "Unit", "plan_id": plan.id})

    def term_cases(self):
        return {
            f"term {name}": self.five(
                lambda k: [self.line(k), self.line(k + 1, tax="none")],
                invoice_payment_term_id=term.id,
                invoice_date_due=False,
            )
            for name, term in self.terms.items()
        }

    def header_cases(self):
        journal = self.journal.copy({"name": "Other", "code": "OTHR"})
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create({"name": "2025-12-01", "currency_id": dollar.id, "rate": 0.1873})
        position = self.env["account.fiscal.position"].create({"name": "Position"})
        rounding = self.env["account.cash.rounding"].create(
            {"name": "0.05", "rounding": 0.05, "strategy": "add_invoice_line", "profit_account_id": self.account.id}
        )
        two = {"lines": lambda k: [self.line(k), self.line(k + 1, tax="issqn")]}
        return {
            "refund": self.five(**two, move_type="out_refund"),
            "refund tagged": self.five(lambda k: [self.line(k, tax="tagged")], move_type="out_refund"),
            "other date": self.five(**two, invoice_date="2025-11-30"),
            "dates of each": self.five(**two, invoice_date=lambda k: f"2026-01-0{1 + k % 2}"),
            "other journal": self.five(**two, journal_id=journal.id),
            "dollar": self.five(**two, currency_id=dollar.id),
            "dollar refund": self.five(**two, currency_id=dollar.id, move_type="out_refund"),
            "position": self.five(**two, fiscal_position_id=position.id),
            "payment reference": self.five(**two, payment_reference=lambda k: f"REF{k % 2}"),
            "narration": self.five(**two, narration=lambda k: f"<p>Note {k}</p>"),
            "cash rounding": self.five(**two, invoice_cash_rounding_id=rounding.id),
            "no due date": self.five(**two, invoice_date_due=False),
            "documents": self.five(**two, journal_id=self.chart.ref("sale").id),
        }

    def partner_cases(self):
        receivable = self.company.partner_id.property_account_receivable_id.copy({"name": "Other receivables"})
        parent = self.make_partners(is_company=True)
        children = self.make_partners()
        for child, company in zip(children, parent, strict=True):
            child.parent_id = company
        groups = {
            "own account": self.make_partners(property_account_receivable_id=receivable.id),
            "portuguese": self.make_partners(lang="pt_BR"),
            "children": children,
            "own term": self.make_partners(property_payment_term_id=self.terms["two"].id),
            "brazilian": self.make_partners(country_id=self.env.ref("base.br").id),
        }
        cases = {
            f"customer {name}": self.five(
                lambda k: [self.without(self.line(k), "name"), self.line(k)],
                partner_id=lambda k, partners=partners: partners[k].id,
            )
            for name, partners in groups.items()
        }
        for vals in cases["customer own term"]:
            del vals["invoice_payment_term_id"], vals["invoice_date_due"]
        mixed = [group[place].id for place, group in enumerate(groups.values())]
        cases["customers mixed"] = self.five(lambda k: [self.line(k)], partner_id=lambda k: mixed[k])
        return cases
