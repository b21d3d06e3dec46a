from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .cobranca_charge_memo import OWED

KINDS = [
    ("interest", "Interest"),
    ("fine", "Fine"),
    ("correction", "Correction"),
    ("discount", "Discount"),
    ("recovery", "Recovery of a loss"),
]
STATES = [("open", "Open"), ("paid", "Paid"), ("waived", "Waived"), ("undone", "Undone")]


class CobrancaCharge(models.Model):
    """Memo of a charge on a debt: no journal item until money comes for it, so that nothing is charged twice.

    While a debt is open its charges are computed, not kept here. A row says what was settled (paid or
    waived), or what stayed open when the principal was paid. Rows are written by methods only.
    """

    _name = "cobranca.charge"
    _inherit = ["cobranca.charge.memo", "cobranca.charge.gap"]
    _description = "Late Charge"
    _order = "date desc, id desc"

    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Debt",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice", store=True, index=True)
    partner_id = fields.Many2one(related="line_id.partner_id", string="Customer", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_due = fields.Date(
        related="line_id.date_maturity", string="Due date", help="The day on which the debt was to be paid."
    )
    date = fields.Date(required=True, readonly=True, help="The day on which it was paid, waived or left open.")
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    state = fields.Selection(selection=STATES, default="open", required=True, readonly=True, index=True)
    terms = fields.Text(string="Conditions", readonly=True, help="The conditions by which it was computed.")
    credit_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Paid by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The money that paid it.",
    )
    item_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    account_id = fields.Many2one(comodel_name="account.account", readonly=True, ondelete="restrict")
    entry_id = fields.Many2one(related="item_id.move_id", string="Entry", store=True, index="btree_not_null")
    reason = fields.Char(readonly=True)
    waived_by_id = fields.Many2one(comodel_name="res.users", string="Waived by", readonly=True)

    _check_amount = models.Constraint("CHECK (amount > 0)", "The amount of a charge is above zero.")
    _check_paid = models.Constraint(
        "CHECK (state != 'paid' OR item_id IS NOT NULL)", "A charge that is paid has its journal item."
    )
    _uniq_open = models.UniqueIndex(
        "(line_id, kind) WHERE state = 'open'", "This debt has an open charge of this kind already."
    )
    # The same money pays a charge of a debt once: what two runs at the same moment would do twice.
    _uniq_paid = models.UniqueIndex(
        "(line_id, kind, credit_id) WHERE state = 'paid' AND credit_id IS NOT NULL",
        "This money has paid this charge already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "move_id", "amount", "currency_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for charge in self:
            amount = charge.currency_id.format(charge.amount) if charge.currency_id else charge.amount
            charge.display_name = f"{kinds.get(charge.kind)} · {charge.move_id.name or '–'} · {amount}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su or self.filtered(lambda charge: charge.state in ("paid", "waived")):
            raise UserError(self.env._("Charges that were paid or waived stay as they are."))

    # === ACTIONS === #

    def action_waive(self):
        """Open the waiver of the open ones among these charges.

        :raise UserError: when none is open
        """
        charges = self.filtered(lambda charge: charge.state == "open")
        if not charges:
            raise UserError(self.env._("Nothing to waive: choose charges that are open."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive charges"),
            "res_model": "cobranca.charge.waive",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_charge_ids": charges.ids},
        }

    def action_view_move(self):
        """Open the invoice of this charge."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _waive(self, reason):
        """Forgive open charges; there is no way back. Nothing is booked: they were no income yet.

        :param str reason: kept with them and in the history of the invoice
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason, or when one is not open any more
        """
        self._check_may_waive(reason)
        self.line_id._cobranca_claim()
        closed = self.filtered(lambda charge: charge.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "%(charge)s is not open any more. Open the list again and choose what you still want to waive.",
                    charge=closed[0].display_name,
                )
            )
        self.sudo().write(  # sudo: nobody writes charges but their methods; the right was checked
            {"state": "waived", "reason": reason.strip(), "waived_by_id": self.env.uid}
        )
        self._log_waiver(reason)

    @api.model
    def _waive_accrued(self, lines, date, reason, kinds=OWED):
        """Forgive what open debts cost by their delay until a day. They go on: interest of later days is owed.

        :param lines: account.move.line
        :param date date: today or before
        :param str reason: kept with them and in the history of the invoice
        :param kinds: which kinds are forgiven
        :return: cobranca.charge
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason, or when nothing is due
        """
        self._check_may_waive(reason)
        lines.check_access("read")
        lines._cobranca_claim()
        charges = self.env["cobranca.receipt"]._get_accrued(lines, date)
        values = [
            {
                "line_id": line.id,
                "date": date,
                "kind": kind,
                "amount": float(amount),
                "state": "waived",
                "reason": reason.strip(),
                "waived_by_id": self.env.uid,
            }
            for line, amounts in charges.items()
            for kind, amount in amounts.items()
            if kind in kinds and amount > 0
        ]
        if not values:
            raise UserError(self.env._("Nothing to waive: these debts have no charges on this day."))
        # sudo: nobody writes charges but their methods; the right was checked
        waived = self.sudo().create(values).with_env(self.env)
        waived._log_waiver(reason)
        return waived

    def _check_may_waive(self, reason):
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            raise AccessError(self.env._("Only a supervisor of Cobrança waives charges."))
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Write why these charges are waived."))

    def _log_waiver(self, reason):
        for move, charges in self.grouped("move_id").items():
            amount = sum(charges.mapped("amount"))
            move.message_post(
                body=self.env._(
                    "Late charges of %(amount)s waived: %(reason)s",
                    amount=move.company_id.currency_id.format(amount),
                    reason=reason.strip(),
                )
            )

    @api.model
    def _get_settled(self, lines, date):
        """What was paid and waived of the charges of debts until a day.

        :param lines: account.move.line
        :return: {line: [(date, kind, amount)]}, the lines without any left out
        """
        self.flush_model()
        # By SQL, for as many debts as there are: what one still costs does not depend on who asks.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line_id, date, kind, amount
                  FROM cobranca_charge
                 WHERE line_id = ANY(%s) AND state IN ('paid', 'waived') AND kind = ANY(%s) AND date <= %s
                 ORDER BY date, id
                """,
                list(lines.ids),
                list(OWED),
                date,
            )
        )
        settled = {}
        for line, *row in rows:
            settled.setdefault(lines.browse(line), []).append(tuple(row))
        return settled

    @api.model
    def _get_open(self, lines):
        """The open charges of debts.

        :return: {line: {kind: cobranca.charge}}
        """
        found = {}
        # sudo: what a debt still costs does not depend on who asks
        for charge in self.sudo().search([("line_id", "in", lines.ids), ("state", "=", "open")]):
            found.setdefault(lines.browse(charge.line_id.id), {})[charge.kind] = charge
        return found
