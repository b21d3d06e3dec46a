from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import identification

# What was paid within so many days is shown, the newest first.
PAID_DAYS, MOST_PAID = 180, 12
# Of a `credit` in its `journal`.
IS_MONEY = "(journal.type IN ('bank', 'cash', 'credit') OR credit.payment_id IS NOT NULL)"
REPORT = "cobranca_recorrente.action_report_payment_receipt"


class CobrancaDebtPagePaid(models.AbstractModel):
    """What a customer has paid lately, on the page of open payments."""

    _name = "cobranca.debt.page.paid"
    _description = "Recent Payments on the Page"

    # === BUSINESS METHODS === #

    @api.model
    def _get_paid(self, company, debtor, lines=None):
        """Receivables that money has settled lately, with the day of the last payment; charges go with their debt.

        :param lines: account.move.line, of which; None: of all of the customer
        :return: {account.move.line: date}, the newest first
        """
        Line = debtor.env["account.move.line"]
        for model in ("account.move.line", "account.partial.reconcile", "account.move", "res.partner"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, max(partial.max_date) AS paid_on
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN res_partner contact ON contact.id = line.partner_id
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = credit.journal_id
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.reconciled
                   AND line.balance > 0 AND account.account_type = 'asset_receivable'
                   AND COALESCE(contact.commercial_partner_id, contact.id) = %(debtor)s
                   AND %(is_money)s
                   AND NOT EXISTS (SELECT FROM cobranca_charge charge WHERE charge.item_id = line.id)
                   AND %(own)s
                 GROUP BY line.id
                HAVING max(partial.max_date) >= %(since)s
                 ORDER BY paid_on DESC, line.id DESC
                 LIMIT %(most)s
                """,
                company=company.id,
                debtor=debtor.id,
                is_money=SQL(IS_MONEY),
                own=SQL("line.id = ANY(%s)", list(lines.ids)) if lines is not None else SQL("TRUE"),
                since=company._cobranca_today() - timedelta(days=PAID_DAYS),
                most=MOST_PAID,
            )
        )
        return {Line.browse(line_id): day for line_id, day in rows}

    @api.model
    def _prepare_paid(self, paid):
        """The rows of the list of recent payments.

        :param dict paid: as of `_get_paid`
        :return: list of dict(id, what, name, day, amount)
        """
        received = self._get_received(paid)
        return [
            {
                "id": line.id,
                "what": self._get_what(line.move_id),
                "name": line.move_id.name or line.name or "",
                "day": format_date(line.env, day),
                "amount": line.currency_id.format(received[line]),
            }
            for line, day in paid.items()
        ]

    @api.model
    def _get_received(self, lines):
        """The money that came for each line, with its charges: neither discounts nor credit notes.

        :param lines: account.move.line, iterable
        :return: {account.move.line: float}
        """
        if not lines:
            return {}
        ids = [line.id for line in lines]
        # sudo: what was paid of these lines besides, for their payer
        Charge = self.env["cobranca.charge"].sudo()
        domain = [("line_id", "in", ids), ("state", "=", "paid"), ("kind", "!=", "discount")]
        charges = {line.id: amount for line, amount in Charge._read_group(domain, ["line_id"], ["amount:sum"])}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, sum(partial.debit_amount_currency)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = credit.journal_id
                 WHERE partial.debit_move_id = ANY(%s) AND %s
                 GROUP BY partial.debit_move_id
                """,
                ids,
                SQL(IS_MONEY),
            )
        )
        money = dict(rows)
        return {line: float(money.get(line.id, 0)) + charges.get(line.id, 0.0) for line in lines}

    # --- receipts ---

    @api.model
    def _make_receipt(self, company, debtor, line):
        """The receipt of what settled a line.

        :return: bytes of a PDF
        """
        report = self.env["ir.actions.report"].with_context(lang=line.env.lang)
        values = self._prepare_receipt(company, debtor, line)
        content, _kind = report._cobranca_render_paper(REPORT, line.ids, {"receipt": values})
        return content

    @api.model
    def _prepare_receipt(self, company, debtor, line):
        """What a receipt says: each payment and credit with its day, and the charges that were paid with it."""
        partials = line.matched_credit_ids.sorted(lambda item: (item.max_date, item.id))
        rows = [
            (item.max_date, self._get_credit_name(item.credit_move_id), item.debit_amount_currency) for item in partials
        ]
        # sudo: what was paid of this line besides, for its payer; what was waived was not paid
        charges = self.env["cobranca.charge"].sudo().search([("line_id", "=", line.id), ("state", "=", "paid")])
        labels = {"fine": line.env._("Fine"), "interest": line.env._("Interest")}
        labels["correction"] = line.env._("Monetary correction")
        rows += [(charge.date, labels[charge.kind], charge.amount) for charge in charges if charge.kind in labels]
        money = line.currency_id
        place = "/".join(filter(None, [company.city, company.state_id.code]))
        return {
            "creditor": company._cobranca_get_creditor(),
            "customer": debtor.name or "",
            "document": identification.masked(debtor.vat or ""),
            "name": line.move_id.name or line.name or "",
            "what": self._get_what(line.move_id),
            "due": format_date(line.env, line.date_maturity or line.date),
            "rows": [
                {"day": format_date(line.env, day), "what": what, "amount": money.format(amount)}
                for day, what, amount in sorted(rows, key=lambda row: row[0])
            ],
            "total": money.format(sum(amount for _day, _what, amount in rows)),
            "place": place or company.name,
            "today": format_date(line.env, company._cobranca_today()),
        }

    @api.model
    def _get_credit_name(self, credit):
        """What a credit is to its customer."""
        if credit.payment_id or credit.journal_id.type in ("bank", "cash", "credit"):
            return credit.env._("Payment")
        if credit.move_id.move_type == "out_refund":
            return credit.env._("Credit note")
        return credit.env._("Discount or credit")
