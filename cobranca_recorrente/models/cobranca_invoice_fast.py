from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from .cobranca_invoice_shape import TEXT_TYPES

# Context keys of ours. Without them nothing of this way has any effect.
FAST = "cobranca_fast"
# The one value of that key that counts: a client can send a key, but not this object.
ON = object()
# These two save look-ups on the normal way as well: dicts that one call of posting fills.
FORMATS = "cobranca_sequence_formats"
RANKS = "cobranca_partner_ranks"
# Odoo's own: nothing is left to synchronise in an invoice that has all its items.
NO_SYNC = {"skip_invoice_sync": True, "skip_invoice_line_sync": True}
# Columns of an item that belong to the one invoice.
OWN_COLUMNS = frozenset("id move_id move_name ref create_uid create_date write_uid write_date".split())
# Computed columns that the invoice gets at once, and that posting does not change.
AMOUNTS = """amount_residual amount_residual_signed amount_tax amount_tax_signed amount_total
    amount_total_in_currency_signed amount_total_signed amount_untaxed amount_untaxed_in_currency_signed
    amount_untaxed_signed""".split()
# Computed columns of a draft that are the same in all of a shape, and its customer's own.
OF_DRAFT = """always_tax_exigible checked is_manually_modified made_sequence_gap payment_state sequence_number
    sequence_prefix""".split()
OF_CUSTOMER = ["commercial_partner_id", "invoice_partner_display_name"]
GIVEN_IN_MOVE = [*AMOUNTS, *OF_DRAFT, *OF_CUSTOMER]
# What Odoo would otherwise work out before the INSERT, from a copy of the whole invoice in memory.
BEFORE_INSERT = "date invoice_currency_rate taxable_supply_date".split()
MANY = ("tax_ids", "tax_tag_ids")


class CobrancaInvoiceFast(models.AbstractModel):
    """The company's opt-in: invoices whose every column is given when they are inserted.

    It uses internals of Odoo that a new version may change. Therefore each run checks
    itself (see `cobranca.invoice.check`), and the option goes off with the first difference.
    """

    _name = "cobranca.invoice.fast"
    _description = "Fast Invoice Posting"

    # === VALUES === #

    @api.model
    def _prepare_values(self, prototype, vals):
        """All columns of an invoice of the prototype's shape.

        :return: dict for account.move, or None when the prototype does not tell all columns
        """
        engine = self.env["cobranca.invoice.engine"]
        items = engine._get_items(prototype, vals)
        taxes = self._match_taxes(prototype, items)
        # A draft with a number of its own, as the first of a journal has, is no pattern for others.
        if taxes is None or prototype.move.name not in (False, "/"):
            return None
        amounts = dict(zip(prototype.base_lines, items.products, strict=True))
        lines = [
            self._prepare_given(prototype, line, command[2], amounts.get(line))
            for line, command in zip(prototype.lines, vals["invoice_line_ids"], strict=True)
        ]
        lines += [self._prepare_item(prototype, line, values) for line, values in taxes]
        terms = engine._get_terms(prototype, vals, items)
        lines += [
            self._prepare_item(prototype, line, values) for line, values in zip(prototype.terms, terms, strict=True)
        ]
        partner = self.env["res.partner"].browse(vals["partner_id"]).with_prefetch(prototype.partner_ids)
        commercial = partner.commercial_partner_id
        for values in lines:
            values.update(partner_id=commercial.id, ref=vals.get("ref") or False)
        header = {**self._prepare_draft(prototype, partner), **engine._prepare_header(prototype, vals)}
        return {**header, **items.totals, "line_ids": [Command.create(values) for values in lines]}

    def _prepare_draft(self, prototype, partner):
        """What Odoo computes of a draft."""
        return {
            **{name: prototype.move[name] for name in [*OF_DRAFT, *BEFORE_INSERT]},
            # Each invoice's own, as far as it is given.
            "delivery_date": False,
            "commercial_partner_id": partner.commercial_partner_id.id,
            "invoice_partner_display_name": partner.display_name,
            "partner_shipping_id": partner.address_get(["delivery"])["delivery"],
        }

    def _match_taxes(self, prototype, items):
        """[(tax item of the prototype, values)]; None when a tax came or went, for example by rounding to zero."""
        AccountTax = self.env["account.tax"]
        if prototype.tax_keys is None:
            prototype.tax_keys = {}
            for line in prototype.taxes:
                tax_line = prototype.move._prepare_tax_line_for_taxes_computation(line)
                key = AccountTax._prepare_tax_line_repartition_grouping_key(tax_line)
                prototype.tax_keys[self._hashable(key)] = line
        found = []
        for values in items.taxes:
            key = self._hashable({name: values[name] for name in self._get_key_names()})
            if key not in prototype.tax_keys:
                return None
            found.append((prototype.tax_keys[key], values))
        return found

    def _get_key_names(self):
        return (
            *("account_id", "analytic_distribution", "currency_id", "group_tax_id", "partner_id", "tax_ids"),
            *("tax_repartition_line_id", "tax_tag_ids"),
        )

    def _hashable(self, key):
        return tuple((name, str(key[name] or False)) for name in self._get_key_names())

    def _prepare_given(self, prototype, line, values, amounts):
        """A line of the invoice: what is its own as given, all else as in the prototype."""
        free = self.env["cobranca.invoice.shape"]._get_free_line_fields() & values.keys()
        row = {name: value for name, value in self._get_row(prototype, line).items() if name not in free}
        if line.display_type in TEXT_TYPES:
            # Odoo takes the account out of a text and expects to find it.
            return {**values, **row, "account_id": False}
        return {**values, **row, **self._get_amounts(line, row, amounts)}

    def _prepare_item(self, prototype, line, values):
        """A tax or receivable item with new amounts."""
        row = self._get_row(prototype, line)
        plain = {name: value for name, value in values.items() if name not in MANY or value[0][2] != row[name][0][2]}
        return {**row, **plain, **self._get_amounts(line, row, plain)}

    def _get_amounts(self, line, row, values):
        """The amounts that follow from balance and amount in currency, by Odoo's rules."""
        balance, amount_currency = values["balance"], values["amount_currency"]
        account = line.account_id
        has_residual = account.reconcile or account.account_type in ("asset_cash", "liability_credit_card")
        residual, residual_currency = (balance, amount_currency) if has_residual else (0.0, 0.0)
        amounts = {
            **values,
            "debit": balance if balance > 0.0 else 0.0,
            "credit": -balance if balance < 0.0 else 0.0,
            "amount_residual": residual,
            "amount_residual_currency": residual_currency,
            "reconciled": bool(has_residual) and not residual and not residual_currency,
        }
        # What Odoo leaves empty in such an item stays empty, instead of becoming zero.
        return {name: value for name, value in amounts.items() if value or name in row}

    def _get_row(self, prototype, line):
        """The columns of an item of the prototype that are not empty."""
        if prototype.rows is None:
            lines = prototype.move.line_ids
            lines.flush_recordset()
            rows = self.env.execute_query_dict(
                SQL("SELECT * FROM account_move_line WHERE move_id = %s", lines.move_id.id)
            )
            prototype.rows = {
                row["id"]: {name: value for name, value in row.items() if value is not None and name not in OWN_COLUMNS}
                for row in rows
            }
            for each in lines:
                prototype.rows[each.id] |= {name: [Command.set(each[name].ids)] for name in MANY}
                # Also when there is none: Odoo would look for its rules line by line.
                prototype.rows[each.id].setdefault("analytic_distribution", False)
        return prototype.rows[line.id]

    # === CREATE AND POST === #

    @api.model
    def _create(self, vals_list):
        """Insert invoices with all their columns.

        :param list vals_list: of :meth:`_prepare_values`
        :return: account.move, drafts in the order of the values
        """
        moves = self.env["account.move"].with_context(**NO_SYNC, **{FAST: ON}).create(vals_list)
        return moves.with_env(self.env)

    @api.model
    def _post(self, moves):
        """Post invoices that `_create` made, where nothing is left to synchronise.

        :param moves: account.move, drafts
        :return: dict for `_cobranca_raise_ranks` of res.partner; only the caller knows whether the posting stays
        """
        ranks = {}
        # At once: Odoo asks for them invoice by invoice.
        moves.line_ids.mapped("tax_ids")
        # The state has no part in these: without this Odoo would add up each invoice once more.
        with self.env.protecting([moves._fields[name] for name in AMOUNTS], moves):
            moves.with_context(**NO_SYNC, **{FORMATS: {}, RANKS: ranks}).action_post()
        return ranks

    @api.model
    def _can_post(self, moves):
        """Posting without synchronisation needs that posting changes nothing: no lock date moves the date."""
        return not any(
            journal.restrict_mode_hash_table or same[:1]._get_violated_lock_dates(date, True)
            for (journal, date), same in moves.grouped(lambda move: (move.journal_id, move.date)).items()
        )
