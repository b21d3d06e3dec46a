from odoo import Command, models
from odoo.tools.misc import clean_context

from odoo.addons.cobranca_recorrente.models.account_chart_template import TRANSFER_JOURNAL
from odoo.addons.cobranca_recorrente.models.cobranca_charge import OWED

from ..tools.fee import fee_of
from ..tools.money import ZERO
from ..tools.settlement import rebates
from .account_chart_template import AGREEMENT_JOURNAL
from .cobranca_agreement_guard import BY_AGREEMENT

# By this the agreement itself opens what it has closed; a client can send the key, but not the object.
OURS, ON = "cobranca_agreement_opens", object()


class CobrancaAgreementEntries(models.AbstractModel):
    """The entries of an agreement: a document with the installments, and a transfer that closes the old debts.

    Both meet on the transit account. Results are in the transfer, without a partner.
    """

    _name = "cobranca.agreement.entries"
    _description = "Entries of an Agreement"

    def _book(self, plan, lines):
        """Post both entries, reconcile pair by pair, and keep in mind which charges were agreed and forgiven.

        :param tools.plan.Plan plan: what was agreed
        :param lines: account.move.line, the debts in the order of the plan
        """
        self.ensure_one()
        document = self._post_document()
        rows = self._get_transfer_rows(plan, lines)
        transfer, items = self._post_rows("transfer", TRANSFER_JOURNAL, self.date, rows)
        self.write(
            {
                "move_id": document.id,
                "transfer_id": transfer.id,
                "unearned_account_id": self.company_id._cobranca_get_account("unearned").id,
                "fee_account_id": self.company_id._cobranca_get_account("agency_fee").id if plan.fee else False,
            }
        )
        for origin in self.origin_ids:
            origin.transfer_line_id = items["origin", origin.line_id]
        transit = document.line_ids.filtered(lambda item: item.display_type == "product")
        self._keep_memos(plan, lines, items)
        self.env["account.move.line"]._reconcile_plan(
            [transit | items["transit"], *(items["origin", line] | line for line in lines)]
        )
        self.env["cobranca.loss"]._follow_payments(lines)

    # === DOCUMENT === #

    def _post_document(self):
        """The agreement as an invoice without taxes: each installment is an ordinary debt of the customer.

        :return: account.move
        """
        context = {**clean_context(self.env.context), **BY_AGREEMENT}
        move = self.env["account.move"].with_context(**context).create(self._prepare_document())
        move._post(soft=False)
        by_due = {line.date_maturity: line for line in move._cobranca_get_debt_lines()}
        for item in self.installment_ids:
            item.line_id = by_due[item.due]
        move.line_ids.cobranca_agreement_id = self
        return move.with_env(self.env)

    def _prepare_document(self):
        """:return: dict of values of an account.move"""
        company = self.company_id
        return {
            "move_type": "out_invoice",
            "partner_id": self.partner_id.id,
            "journal_id": company._cobranca_get_journal(AGREEMENT_JOURNAL).id,
            "company_id": company.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.date,
            "date": self.date,
            "invoice_origin": self.name,
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "cobranca_agreement_id": self.id,
            "cobranca_agreement_role": "document",
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self._get_document_text(),
                        "quantity": 1,
                        "price_unit": self.total,
                        "account_id": company._cobranca_get_account("transit").id,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    # === TRANSFER === #

    def _get_transfer_rows(self, plan, lines):
        """What closes the old debts: charges net of what was forgiven are income, principal forgiven is expense.

        :return: list of (key, values of an item)
        """
        company = self.company_id
        rows = [("transit", self._item(company._cobranca_get_account("transit"), plan.total))]
        unearned = self._get_parent_rebate(lines)
        lapsed, lost = self._get_lapsed_fees(lines), self._get_lost(lines)
        for line, parts, given in zip(lines, plan.debts, plan.given_each, strict=True):
            due = line.date_maturity or line.date
            closing = self._item(line.account_id, -parts.principal, due, line.move_name)
            rows.append((("origin", line), {**closing, "partner_id": line.partner_id.id}))
            back = min(given["principal"], unearned) if line in self.parent_id.installment_ids.line_id else ZERO
            unearned -= back
            rows += self._get_forgiven_rows(line, given["principal"], back, lapsed.get(line, ZERO))
            for kind in OWED:
                if net := getattr(parts, kind) - given[kind]:
                    account = company._cobranca_get_account(kind)
                    rows.append(((kind, line), self._item(account, -net, due, line.move_name)))
            if amount := lost.get(line):
                # Lei 9.430/1996, art. 12: what was deducted as lost is income again, whatever way it comes back.
                for kind, sign in (("estimate", 1), ("recovery", -1)):
                    account = company._cobranca_get_account(kind)
                    rows.append(((kind, line), self._item(account, sign * amount, due, line.move_name)))
        if plan.financing:
            rows.append(("financing", self._item(company._cobranca_get_account("unearned"), -plan.financing)))
        if plan.fee:
            rows.append(("fee", self._item(company._cobranca_get_account("agency_fee"), -plan.fee)))
        return rows

    def _get_forgiven_rows(self, line, forgiven, unearned, lapsed):
        """What is forgiven of a principal: first what nobody earned or has to pass on, the rest is an expense.

        :param Decimal unearned: interest of months to come in it
        :param Decimal lapsed: an agency's fee in it, which nobody passes on any more
        :return: list of (key, values of an item)
        """
        parent, own = self.parent_id, self.company_id._cobranca_get_account("discount")
        parts = [
            ("unearned", parent.unearned_account_id, unearned, parent),
            ("lapsed", parent.fee_account_id, lapsed, parent),
            ("given", own, forgiven - unearned - lapsed, self),
        ]
        due = line.date_maturity or line.date
        return [
            ((key, line), self._item(account, amount, due, line.move_name, owner))
            for key, account, amount, owner in parts
            if amount
        ]

    def _get_parent_rebate(self, lines):
        """Interest in installments that are renegotiated before their time: what is forgiven of them was not earned.

        :return: Decimal
        """
        items = self.parent_id.installment_ids
        to_come = rebates(items._get_plan(), self.date)
        return sum((to_come.get(item.number, ZERO) for item in items if item.line_id in lines), ZERO)

    def _get_lapsed_fees(self, lines):
        """Fees of an agency in what is open of installments that are renegotiated.

        :return: {line: amount}
        """
        found = {}
        for item in self.parent_id.installment_ids.filtered(lambda item: item.fee and item.line_id in lines):
            amount, fee, left = (
                self._to_cents(value) for value in (item.amount, item.fee, item.line_id.amount_residual)
            )
            found[item.line_id] = fee - fee_of(amount - left, amount, fee)
        return found

    def _get_lost(self, lines):
        """What was deducted as a loss beside debts that stayed open.

        :return: {line: amount}
        """
        left = self.env["cobranca.loss"]._get_left(lines)
        return {line: amount for line, (amount, is_open) in left.items() if is_open}

    # === MEMOS === #

    def _keep_memos(self, plan, lines, items):
        """Charges that were agreed are booked, those that were forgiven are waived: none is charged again."""
        values = []
        for line, parts, given in zip(lines, plan.debts, plan.given_each, strict=True):
            for kind in OWED:
                if net := getattr(parts, kind) - given[kind]:
                    values.append(self._memo(line, kind, net, items[kind, line]))
                if given[kind]:
                    values.append(self._memo(line, kind, given[kind]))
            if item := items.get(("recovery", line)):
                values.append(self._memo(line, "recovery", -item.balance, item))
        self.env["cobranca.charge"].sudo().create(values)  # sudo: nobody writes charges but methods

    def _memo(self, line, kind, amount, item=None):
        """:return: dict of values of a cobranca.charge: paid by an item, or waived"""
        values = {
            "line_id": line.id,
            "date": self.date,
            "kind": kind,
            "amount": float(amount),
            "agreement_id": self.id,
        }
        if item:
            return {**values, "state": "paid", "item_id": item.id, "account_id": item.account_id.id}
        reason = self.env._("Forgiven in the agreement %(agreement)s", agreement=self.name)
        return {**values, "state": "waived", "reason": reason, "waived_by_id": self.env.uid}

    # === ITEMS === #

    def _item(self, account, balance, due=None, label="", owner=None):
        """Values of a journal item of this agreement.

        No partner on results: Odoo would propose the account on his next invoice.

        :param owner: cobranca.agreement whose interest it is, where it is of another one
        """
        is_balance = account.internal_group in ("asset", "liability")
        return {
            "account_id": account.id,
            "balance": float(balance),
            "date_maturity": due or self.date,
            "name": " · ".join(filter(None, (account.name, self.name, label))),
            "partner_id": self.partner_id.id if is_balance else False,
            "tax_ids": [Command.clear()],
            "cobranca_agreement_id": (owner or self).id,
        }

    def _post_rows(self, role, journal, date, rows):
        """Post an entry of this agreement.

        :param str role: what it is to the agreement
        :param str journal: its xmlid
        :param list rows: of (key, values of an item)
        :return: (account.move, {key: account.move.line})
        """
        Receipt = self.env["cobranca.receipt"].with_company(self.company_id)
        values = [values for _key, values in rows]
        move = Receipt.with_context(**BY_AGREEMENT)._post_entry(self.company_id, journal, date, values, self.name)
        move.write(
            {"cobranca_agreement_id": self.id, "cobranca_agreement_role": role, "cobranca_agreement_turn": self.turn}
        )
        move = move.with_env(Receipt.env)
        items = move.line_ids.sorted("id")
        return move, {key: item for (key, _values), item in zip(rows, items, strict=True)}
