from datetime import date, timedelta

from odoo import api, fields, models

from ..tools import recurrence

SECTORS = [
    ("school", "School"),
    ("gym", "Gym"),
    ("saas", "Software"),
    ("ecommerce", "E-commerce or subscription club"),
    ("other", "Other"),
]


class CobrancaContractTemplate(models.Model):
    """What new contracts start from: copied into them, so that changing it changes no contract."""

    _name = "cobranca.contract.template"
    _description = "Contract Template"
    _inherit = ["cobranca.contract.terms", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    sector = fields.Selection(selection=SECTORS, default="other", required=True)
    company_id = fields.Many2one(
        comodel_name="res.company", index="btree_not_null", help="Empty: offered in all companies."
    )
    description = fields.Text(
        string="When to use it", translate=True, help="For your team: what is particular to these contracts."
    )
    is_due_on_start_day = fields.Boolean(
        string="Due on the day of the start",
        help="Every contract falls due on the day of the month on which it starts, not on one day for all.",
    )
    ends = fields.Selection(
        selection=[("open", "No end"), ("months", "After some months"), ("year", "At the end of the year")],
        string="Contracts end",
        default="open",
        required=True,
    )
    term_months = fields.Integer(string="Length (months)", default=12)
    line_ids = fields.One2many(
        comodel_name="cobranca.contract.template.line", inverse_name="template_id", string="Lines", copy=True
    )
    # Texts of a template are written once in each language and copied in the customer's.
    invoice_note = fields.Text(translate=True)
    policy_text = fields.Text(translate=True)

    _check_term_months = models.Constraint(
        "CHECK (ends != 'months' OR term_months BETWEEN 1 AND 120)", "A contract lasts 1 to 120 months, or has no end."
    )

    # === BUSINESS METHODS === #

    def _prepare_contract_values(self, date_start, lang=None):
        """What a new contract takes from this template.

        :param date date_start: of the contract
        :param str lang: code of the customer's language, in which the texts are copied
        :return: dict for cobranca.contract, with its lines
        """
        template = self.with_context(lang=lang or self.env.lang)
        template.ensure_one()
        values = template._prepare_terms()
        if template.is_due_on_start_day:
            values["due_day"] = date_start.day
        values["date_end"] = template._get_end(date_start)
        values["line_ids"] = [
            fields.Command.create(line._prepare_contract_line_values(date_start)) for line in template.line_ids
        ]
        return values

    def _get_end(self, date_start):
        """Last day of a contract that starts on a day; False for none."""
        if self.ends == "months":
            return recurrence.add_months(date_start, self.term_months, date_start.day) - timedelta(days=1)
        return date(date_start.year, 12, 31) if self.ends == "year" else False

    @api.model
    def _create_from_contract(self, contract):
        """A template with the conditions and items that a contract has now.

        One-off items that settled a change are left out, as are those of the past.

        :param contract: cobranca.contract
        :return: cobranca.contract.template
        :raise AccessError: for who may not write templates
        """
        contract.ensure_one()
        return self.create(
            {
                **contract._prepare_terms(),
                "name": self.env._("Like %(contract)s", contract=contract.name),
                "company_id": contract.company_id.id,
                "sector": contract.template_id.sector or "other",
                "line_ids": [
                    fields.Command.create(self.line_ids._prepare_from_contract_line(line))
                    for line in contract._get_lines_for_template()
                ],
            }
        )

    # === FIRST CONTRACT === #

    def _start_contract(self, partner, date_start, choices):
        """A draft contract by this template, with products chosen or made for its items.

        :param partner: the customer
        :param date date_start: of the contract
        :param list choices: of dict: line (of this template), product (may be empty), new (values of a
            product to be made), price_unit
        :return: cobranca.contract
        """
        self.ensure_one()
        template = self.with_context(lang=partner.lang or self.env.lang)
        lines = []
        for choice in choices:
            line = choice["line"].with_context(lang=template.env.lang)
            product = choice["product"] or self._make_product(choice["new"])
            values = line._prepare_contract_line_values(date_start)
            lines.append({**values, "product_id": product.id, "price_unit": choice["price_unit"]})
        return self.env["cobranca.contract"].create(
            {
                "partner_id": partner.id,
                "template_id": self.id,
                "date_start": date_start,
                "line_ids": [fields.Command.create(values) for values in lines],
            }
        )

    @api.model
    def _make_product(self, values):
        """A product that contracts can bill at once: a service without ICMS, which the chart would give it.

        :param dict values: name, type, list_price
        :return: product.product
        :raise AccessError: for who may make neither products nor rules of contracts
        """
        Product = self.env["product.product"]
        if self.env.user.has_group("cobranca_recorrente.cobranca_group_manager"):
            Product = Product.sudo()  # sudo: a manager makes the rules of contracts, and what they bill with them
        taxes = {"taxes_id": [fields.Command.clear()]} if values["type"] == "service" else {}
        return Product.create({**values, **taxes, "sale_ok": True, "purchase_ok": False}).sudo(False)
