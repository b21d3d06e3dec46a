from odoo import api, fields, models, tools

# Modules whose fields and methods the factory was proved with, column by column.
KNOWN_MODULES = frozenset(
    """account account_debit_note account_edi_ubl_cii account_payment analytic base base_vat
    cobranca_recorrente l10n_br l10n_latam_base l10n_latam_invoice_document mail payment phone_validation
    portal product resource sms snailmail snailmail_account uom web""".split()
)
# Methods that make the items of an invoice, by model: another module's override may make other items.
MAKING_METHODS = {
    "account.move": """_compute_amount _compute_fiscal_position_id _compute_needed_terms
        _get_discount_allocation_account _get_sync_stack _prepare_product_base_line_for_taxes_computation
        _sync_dynamic_line _sync_dynamic_lines _sync_invoice _sync_tax_lines""",
    "account.move.line": """_compute_account_id _compute_amount_residual _compute_analytic_distribution _compute_balance
        _compute_name _compute_price_unit _compute_product_uom_id _compute_tax_ids _compute_totals
        _get_analytic_distribution_arguments _get_computed_taxes _prepare_create_values _sync_invoice""",
    "account.tax": """_add_tax_details_in_base_line _prepare_base_line_for_taxes_computation _prepare_tax_lines
        _round_base_lines_tax_details""",
    "account.payment.term": "_compute_terms",
    "account.fiscal.position": "_get_fiscal_position _get_first_matching_fpos _get_fpos_validation_functions",
}
# Header fields that do not decide any journal item: each invoice keeps its own.
FREE_HEADER = frozenset(
    """delivery_date incoterm_location invoice_date_due invoice_incoterm_id invoice_origin invoice_user_id narration
    partner_bank_id partner_id partner_shipping_id preferred_payment_method_line_id ref""".split()
)
# Header fields of `account` that decide items: part of the key by their value. Others of `account` are not known.
KEY_HEADER = frozenset(
    """company_id currency_id date fiscal_position_id invoice_date invoice_payment_term_id journal_id move_type
    payment_reference""".split()
)
# What differs between lines of the same structure.
FREE_LINE = frozenset(("discount", "name", "price_unit", "quantity"))
KEY_LINE = frozenset(
    """account_id analytic_distribution collapse_composition collapse_prices deductible_amount display_type product_id
    product_uom_id sequence tax_ids""".split()
)
TEXT_TYPES = ("line_section", "line_subsection", "line_note")
MOVE_TYPES = ("out_invoice", "out_refund")


def freeze(value):
    """A value of a `create` as something that can be compared and looked up: lists, commands and dicts too."""
    if isinstance(value, dict):
        return tuple(sorted((str(key), freeze(item)) for key, item in value.items()))
    if isinstance(value, list | tuple | set):
        return tuple(freeze(item) for item in value)
    return value


class CobrancaInvoiceShape(models.AbstractModel):
    """Which invoices have the same structure, so that the items of one are a pattern for the others.

    The key holds everything that decides the items but the amounts: two invoices with the
    same key differ in names, prices, quantities, discounts and in whose they are, nothing else.
    """

    _name = "cobranca.invoice.shape"
    _description = "Invoice Shape"

    @api.model
    def _get_key(self, vals, memo):
        """The shape of an invoice to be made.

        :param dict vals: for account.move, with commands in `invoice_line_ids`
        :param dict memo: of this call: what was looked up already
        :return: tuple, or None when the invoice must go Odoo's ordinary way
        """
        lines = self._get_lines(vals)
        if not lines or not self._is_known_header(vals) or not all(map(self._is_known_line, lines)):
            return None
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        if company.account_storno or self._is_foreign_journal(vals, company) or self._get_unknown_code():
            return None
        facts = self._get_partner_facts(vals, company, memo)
        if not facts["term"] and not vals.get("invoice_date_due"):
            return None  # Odoo would say when it is due from what it knows later
        return (
            company.id,
            freeze({key: value for key, value in vals.items() if self._is_key_field(key)}),
            freeze(facts),
            # With a term the due date follows from it; without, it is each invoice's own.
            fields.Date.to_date(vals.get("invoice_date_due") or None) if facts["term"] else None,
            vals.get("ref") if vals.get("payment_reference") else None,
            tuple(self._get_line_key(line) for line in lines),
        )

    @api.model
    def _get_lines(self, vals):
        """Values of the invoice lines; empty when they are not given by commands that create."""
        commands = vals.get("invoice_line_ids") or []
        if any(not isinstance(command, list | tuple) or command[0] != fields.Command.CREATE for command in commands):
            return []
        return [command[2] for command in commands]

    @api.model
    def _get_free_header_fields(self):
        """Header fields that do not decide items. An addon adds those of its own that differ between invoices.

        :return: frozenset of names
        """
        return FREE_HEADER

    @api.model
    def _get_free_line_fields(self):
        """Fields of lines that do not decide items but the amounts.

        :return: frozenset of names
        """
        return FREE_LINE

    def _is_key_field(self, name):
        return name not in self._get_free_header_fields() and name != "invoice_line_ids"

    def _is_known_header(self, vals):
        known = FREE_HEADER | KEY_HEADER | {"invoice_line_ids"}
        return (
            vals.get("move_type") in MOVE_TYPES
            and vals.get("partner_id")
            and vals.get("invoice_date")
            and all(name in known or self._is_other_modules("account.move", name) for name in vals)
        )

    def _is_known_line(self, values):
        kind = values.get("display_type") or "product"
        known = FREE_LINE | KEY_LINE
        return (
            (kind in TEXT_TYPES or kind == "product" and (values.get("product_id") or values.get("account_id")))
            and all(name in known or self._is_other_modules("account.move.line", name) for name in values)
            and values.get("deductible_amount", 100) == 100
        )

    def _is_other_modules(self, model, name):
        """A field that a module adds on top of `account`: kept by its value, each invoice with its own shape."""
        field = self.env[model]._fields.get(name)
        return bool(field) and "account" not in field._modules

    def _is_foreign_journal(self, vals, company):
        journal = self.env["account.journal"].browse(vals.get("journal_id"))
        return bool(journal) and journal.company_id not in company.parent_ids

    def _get_line_key(self, values):
        """Structure of a line: all but amounts, and of the amounts and the name whether they are given.

        What is given empty stays empty; what is not given is filled by Odoo.
        """
        free = self._get_free_line_fields()
        given = tuple(
            (name, values[name] is None or values[name] is False or values[name] == "")
            for name in sorted(free)
            if name in values
        )
        return given, freeze({name: value for name, value in values.items() if name not in free})

    # === FACTS OF THE CUSTOMER === #

    def _get_partner_facts(self, vals, company, memo):
        """What Odoo would take from the customer and put into the items."""
        partner = self.env["res.partner"].with_company(company).browse(vals["partner_id"])
        partner = partner.with_prefetch(memo["partner_ids"])
        commercial = partner.commercial_partner_id
        term = vals.get("invoice_payment_term_id", partner.property_payment_term_id.id)
        position = (
            vals["fiscal_position_id"]
            if "fiscal_position_id" in vals
            else self._get_fiscal_position(vals, partner, company, memo).id
        )
        return {
            "account": commercial.property_account_receivable_id.id,
            "term": term or False,
            "position": position or False,
            "lang": partner.lang or False,
            "line_lang": commercial.lang or False,
            "analytic": self._get_analytic_facts(commercial, memo),
        }

    def _get_analytic_facts(self, commercial, memo):
        """The customer himself and his tags, as far as rules of analytic distribution look at them."""
        if "analytic" not in memo:
            # sudo: only whom they name
            rules = (
                self.env["account.analytic.distribution.model"]
                .sudo()
                .search(["|", ("partner_id", "!=", False), ("partner_category_id", "!=", False)])
            )
            memo["analytic"] = set(rules.partner_id.ids), set(rules.partner_category_id.ids)
        customers, tags = memo["analytic"]
        named = tags and tuple(sorted(tags.intersection(commercial.category_id.ids)))
        return commercial.id in customers and commercial.id, named or ()

    def _get_fiscal_position(self, vals, partner, company, memo):
        """The fiscal position that Odoo would find, looked up once for customers alike."""
        shipping = vals.get("partner_shipping_id") or partner.address_get(["delivery"])["delivery"]
        delivery = partner.browse(shipping or partner.id).with_prefetch(partner._prefetch_ids)
        alike = tuple(self._get_position_facts(one) for one in (partner, delivery))
        if (company, alike) not in memo:
            Position = self.env["account.fiscal.position"].with_company(company)
            memo[company, alike] = Position._get_fiscal_position(partner, delivery=delivery)
        return memo[company, alike]

    def _get_position_facts(self, partner):
        """All that Odoo looks at to find a fiscal position; of a VAT number only its country's letters."""
        letters = (partner.vat or "")[:2]
        return (
            partner.property_account_position_id.id,
            partner.country_id.id,
            partner.state_id.id,
            partner.zip,
            bool(partner.vat),
            letters if letters.isalpha() else "",
            partner.vies_valid,
        )

    # === WHAT IS NOT KNOWN === #

    @api.model
    def _get_known_modules(self):
        """Modules whose fields and methods do not disturb the factory; an addon that was proved adds itself.

        :return: frozenset of names
        """
        return KNOWN_MODULES

    @api.model
    @tools.ormcache()
    def _get_unknown_code(self):
        """Stored computed fields and overrides of modules that the factory was not proved with.

        While there are any, all invoices go Odoo's ordinary way.

        :return: tuple of "module: model.name"
        """
        known = self._get_known_modules()
        found = set()
        for model in ("account.move", "account.move.line"):
            for name, field in self.env[model]._fields.items():
                if field.store and field.compute:
                    found |= {f"{module}: {model}.{name}" for module in set(field._modules) - known}
        for model, methods in MAKING_METHODS.items():
            for layer in self.env.registry[model].mro():
                module = getattr(layer, "_module", None)
                if module and module not in known:
                    found |= {f"{module}: {model}.{name}" for name in methods.split() if name in vars(layer)}
        return tuple(sorted(found))
