from odoo import api, fields, models
from odoo.exceptions import UserError

from .cobranca_company_agreement import IMPUTATIONS

STATES = [
    ("active", "In force"),
    ("paid", "Paid"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
    ("renegotiated", "Renegotiated"),
]
METHODS = [("none", "No interest"), ("simple", "Simple interest"), ("price", "Price"), ("sac", "SAC")]


class CobrancaAgreement(models.Model):
    """An accepted negotiation: old debts are replaced in the books by installments, for as long as these are kept.

    Booked by a document with a receivable line for each installment and an entry that closes the old debts
    (no novation: Código Civil, art. 361). A break opens them again. Rows are written by methods only.
    """

    _name = "cobranca.agreement"
    _inherit = [
        "cobranca.agreement.checks",
        "cobranca.agreement.signing",
        "cobranca.agreement.entries",
        "cobranca.agreement.ending",
        "cobranca.agreement.holding",
        "cobranca.agreement.interruption",
        "cobranca.agreement.mirror",
        "cobranca.agreement.restoring",
        "cobranca.agreement.refund",
        "cobranca.agreement.payoff",
        "cobranca.agreement.rebate",
        "cobranca.agreement.postponement",
        "cobranca.agreement.recognition",
        "cobranca.agreement.warning",
        "cobranca.agreement.rule",
        "cobranca.agreement.quittance",
        "cobranca.agreement.register",
        "cobranca.agreement.words",
        "cobranca.agreement.screen",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Agreement"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Signed by", readonly=True)
    date = fields.Date(string="Signed on", required=True, readonly=True)
    state = fields.Selection(
        selection=STATES, default="active", required=True, readonly=True, index=True, tracking=True
    )
    # --- what was agreed ---
    before = fields.Monetary(string="Debt before", readonly=True, help="With all charges of the day of signing.")
    given_fine = fields.Monetary(string="Fine forgiven", readonly=True)
    given_interest = fields.Monetary(string="Interest forgiven", readonly=True)
    given_correction = fields.Monetary(string="Correction forgiven", readonly=True)
    given_principal = fields.Monetary(string="Principal forgiven", readonly=True)
    agreed = fields.Monetary(readonly=True, help="What is left after the discounts.")
    financing = fields.Monetary(string="Interest of the installments", readonly=True)
    fee = fields.Monetary(
        string="Collection fees of the agency",
        readonly=True,
        help="Asked on top of each payment, and passed on to the agency as they come in. They lapse with a break.",
    )
    fee_percent = fields.Float(string="Collection fees (%)", digits=(5, 2), readonly=True)
    total = fields.Monetary(string="To be paid", readonly=True)
    method = fields.Selection(selection=METHODS, string="Installment interest", required=True, readonly=True)
    rate = fields.Float(string="Rate (% a month)", digits=(16, 4), readonly=True)
    amount_open = fields.Monetary(string="Open", compute="_compute_amounts")
    amount_settled = fields.Monetary(string="Settled", compute="_compute_amounts")
    amount_given = fields.Monetary(string="Forgiven", compute="_compute_amounts")
    # --- its rules, as they were when it was signed ---
    break_days = fields.Integer(string="Breaks after (days late)", readonly=True)
    break_count = fields.Integer(string="Breaks with (late installments)", readonly=True)
    imputation = fields.Selection(
        selection=IMPUTATIONS, string="Payments of a broken agreement pay", required=True, readonly=True
    )
    # --- its parts ---
    origin_ids = fields.One2many(
        comodel_name="cobranca.agreement.origin", inverse_name="agreement_id", string="Debts", readonly=True
    )
    installment_ids = fields.One2many(
        comodel_name="cobranca.agreement.installment",
        inverse_name="agreement_id",
        string="Installments",
        readonly=True,
    )
    parent_id = fields.Many2one(
        comodel_name="cobranca.agreement",
        string="Renegotiates",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The agreement whose installments are the debts of this one.",
    )
    placement_id = fields.Many2one(
        comodel_name="cobranca.placement",
        string="Offered by an agency",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The customer that was with it when it made the offer.",
    )
    child_ids = fields.One2many(comodel_name="cobranca.agreement", inverse_name="parent_id", readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move", string="Document", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    transfer_id = fields.Many2one(
        comodel_name="account.move", string="Transfer entry", readonly=True, ondelete="restrict"
    )
    unearned_account_id = fields.Many2one(
        comodel_name="account.account",
        readonly=True,
        ondelete="restrict",
        help="Where the interest of months to come stands.",
    )
    fee_account_id = fields.Many2one(
        comodel_name="account.account", readonly=True, ondelete="restrict", help="Where the fees of the agency stand."
    )
    entry_ids = fields.One2many(comodel_name="account.move", inverse_name="cobranca_agreement_id", string="Entries")
    # --- its end ---
    paid_on = fields.Date(readonly=True)
    warned_on = fields.Date(string="Break announced on", readonly=True)
    turn = fields.Integer(string="Times broken", readonly=True)
    ended_on = fields.Date(string="Broken or cancelled on", readonly=True)
    ended_by_id = fields.Many2one(comodel_name="res.users", string="Broken by", readonly=True)
    end_reason = fields.Char(string="Reason of the break", readonly=True)
    mirror_id = fields.Many2one(comodel_name="account.move", string="Break entry", readonly=True, ondelete="restrict")
    restored_on = fields.Date(readonly=True)
    follow_error = fields.Char(string="Could not be broken", readonly=True)

    _uniq_name = models.UniqueIndex("(company_id, name)", "There is an agreement with this number already.")
    _check_amounts = models.Constraint(
        "CHECK (total > 0 AND fee >= 0 AND total = agreed + financing + fee)",
        "What is to be paid is what was agreed, with its interest and fees.",
    )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Agreements stay in the register: cancel or break what does not count any more."))

    # === BUSINESS METHODS === #

    def _set_state(self, allowed, state, **values):
        """The one way from a state to another.

        :param allowed: states from which this may happen
        :param values: what is written with it
        :raise UserError: from any other state
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            if agreement.state not in allowed:
                raise UserError(
                    self.env._(
                        "Agreement %(agreement)s is %(state)s: this cannot be done with it any more.",
                        agreement=agreement.name,
                        state=states[agreement.state].lower(),
                    )
                )
        # Who is in force anew is warned anew; of what broke it stays known when it was announced.
        told = {} if state == "broken" else {"warned_on": False}
        # sudo: agreements are written by their own methods only, after the checks of who calls them
        self.sudo().write({"state": state, **told, **values})
        for company, agreements in self.grouped("company_id").items():
            self.env["cobranca.case.touch"]._touch(company, agreements.partner_id)

    def _claim(self):
        """Wait until nobody else works on these agreements and their money, then keep them for this transaction.

        The lines first, as who receives money does: two who want the same never wait for one another.
        """
        lines = self.installment_ids.line_id | self.origin_ids.line_id
        lines._cobranca_claim()
        ids = tuple(sorted(self.ids))
        if not ids:
            return
        self.env.flush_all()
        for query in (
            "SELECT id FROM cobranca_agreement WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
            # Who waited in vain gets a serialization failure, begins again and finds what was done.
            "UPDATE cobranca_agreement SET write_date = write_date WHERE id IN %s RETURNING id",
        ):
            self.env.cr.execute(query, [ids])
        self.invalidate_recordset(["state", "turn", "mirror_id", "paid_on"])

    @api.model
    def _follow_payments(self, lines, is_back=False):
        """What is paid is done with; what is open again, because money went back, is in force again.

        :param lines: account.move.line, of installments among others
        :param bool is_back: did money go back?
        """
        # sudo: whoever receives money need not know of agreements
        agreements = self.env["cobranca.agreement.installment"].sudo().search([("line_id", "in", lines.ids)])
        for agreement in agreements.agreement_id:
            is_settled = agreement._are_paid()
            if agreement.state == "active" and is_settled and not agreement.installment_ids._is_replaced():
                agreement._set_state(("active",), "paid", paid_on=agreement._get_last_payment())
                agreement._release_debts()
                agreement._on_paid()
            elif agreement.state == "paid" and not is_settled:
                agreement._set_state(("paid",), "active", paid_on=False)
                agreement._hold_debts(agreement.company_id._cobranca_today())
                agreement._on_reopened()
            # Of one that was renegotiated since, installments that its pay-off had paid are open beside the later one.
            if is_back and agreement.state in ("active", "renegotiated"):
                agreement._take_rebates_back()

    def _is_settled(self):
        """Is nothing of this owed any more, under whichever later agreement?"""
        self.ensure_one()
        if not self._are_paid():
            return False
        if self.state == "renegotiated":
            later = self.env["cobranca.agreement.origin"]._get_of_lines(self.installment_ids.line_id).agreement_id
            return all(agreement._is_settled() for agreement in later)
        return self.state == "paid"

    def _are_paid(self):
        """Is no installment open, nor lost?"""
        lines = self.installment_ids.line_id
        return all(lines.mapped("reconciled")) and not self.env["cobranca.loss"]._get_left(lines)

    def _get_last_payment(self):
        """:return: date of the last money"""
        credits = self.installment_ids.line_id.matched_credit_ids.credit_move_id
        return max(credits.mapped("date"), default=self.date)
