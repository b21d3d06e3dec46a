from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_list
from odoo.tools.misc import format_date

from ..tools.debt import Debt
from ..tools.late_charges import ZERO, Charges

# What a debt costs by its delay; the other kinds of charges say what was given and got without being owed.
OWED = ("interest", "fine", "correction")


class CobrancaChargeMemo(models.AbstractModel):
    """Charges that stayed open when the invoice itself was paid: owed like the rest, and received alone."""

    _name = "cobranca.charge.memo"
    _description = "Open Charges of Paid Invoices"

    # === ACTIONS === #

    def action_receive(self):
        """Open the receipt of money for the open ones among these charges.

        :raise UserError: when none is open, or when they are of several customers
        """
        charges = self.filtered(lambda charge: charge.state == "open")
        charges._check_receivable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive charges"),
            "res_model": "cobranca.charge.receive",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_charge_ids": charges.ids},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _search_memos(self, company, date, partners=None, lines=None):
        """The open charges of invoices that are paid.

        :param company: res.company
        :param date date: those that stayed open until this day
        :param partners: res.partner, commercial ones, whose charges; anybody's when None
        :param lines: account.move.line, of which debts; of all when None
        :return: cobranca.charge, by the day of the payment
        """
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "open"),
            ("date", "<=", date),
            ("line_id.reconciled", "=", True),
        ]
        if partners is not None:
            domain.append(("partner_id.commercial_partner_id", "in", partners.ids))
        if lines is not None:
            domain.append(("line_id", "in", lines.ids))
        # sudo: what a customer still owes does not depend on who asks
        return self.sudo().search(domain, order="date, id").with_env(self.env)

    def _get_memo_debts(self):
        """These charges as debts without a principal, one for each line.

        :return: {account.move.line: tools.debt.Debt}
        """
        debts = {}
        # sudo: the amounts are for who may see the invoice
        for line, memos in self.sudo().grouped("line_id").items():
            amounts = dict.fromkeys(OWED, ZERO)
            for memo in memos:
                amounts[memo.kind] += self.env["cobranca.receipt"]._to_decimal(line, memo.amount)
            debts[line.with_env(self.env)] = Debt(Charges(ZERO, **amounts), line.date_maturity or line.date)
        return debts

    def _get_memo_sentence(self):
        """What these charges of one invoice are, for the customer as well.

        :return: str
        """
        memos = self.sudo()  # sudo: the words are for who may see the invoice
        labels = dict(self._fields["kind"]._description_selection(self.env))
        kinds = [labels[kind] for kind in ("fine", "interest", "correction") if kind in memos.mapped("kind")]
        return self.env._(
            "%(charges)s still open of invoice %(invoice)s, paid on %(day)s.",
            charges=format_list(self.env, kinds).capitalize(),
            invoice=memos.move_id[:1].name or "",
            day=format_date(self.env, max(memos.mapped("date"))),
        )

    def _check_receivable(self):
        """:raise UserError: when there is nothing to receive, or not from one customer"""
        if not self:
            raise UserError(self.env._("Nothing to receive: choose charges that are open."))
        if len(self.company_id) > 1 or len(self.partner_id.commercial_partner_id) > 1:
            raise UserError(self.env._("Choose charges of one customer: a payment comes from one."))

    def _register_payment(self, journal, date, amount):
        """Register money for open charges; they become income by it.

        :param journal: account.journal, a bank or cash journal
        :param date date: on which the money came
        :param float amount: less pays a part of them, what is more stays as the customer's credit
        :return: account.payment
        :raise UserError: when one is not open any more, or without an amount
        """
        self._check_receivable()
        self.line_id._cobranca_claim()
        self.invalidate_recordset(["state", "amount"])
        if closed := self.filtered(lambda charge: charge.state != "open"):
            raise UserError(
                self.env._(
                    "%(charge)s is not open any more. Open the list again and choose what you still want to receive.",
                    charge=closed[0].display_name,
                )
            )
        if amount <= 0:
            raise UserError(self.env._("Write how much was paid."))
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.commercial_partner_id.id,
                "amount": amount,
                "date": date,
                "journal_id": journal.id,
                "memo": self.env._("Late charges: %(invoices)s", invoices=", ".join(self.move_id.mapped("name"))),
            }
        )
        payment.action_post()
        self._receive_from(payment)
        return payment

    def _receive_from(self, payment):
        """Let a payment pay these charges, the oldest invoice first."""
        charges = {}
        for charge in self:
            charges.setdefault(charge.line_id, {})[charge.kind] = charge.amount
        lines = self.line_id.sorted(lambda line: (line.date_maturity or line.date, line.id))
        credits = payment.move_id._cobranca_get_credits()
        self.env["cobranca.receipt"]._receive(credits, lines, payment.date, charges=charges)
