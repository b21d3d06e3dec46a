from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import frozendict

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"
ROLES = [
    ("document", "Agreement"),
    ("transfer", "Transfer of the debts"),
    ("recognition", "Interest earned"),
    ("rebate", "Rebate of an early pay-off"),
    ("break", "Break"),
    ("restore", "Restoring"),
]
STATUSES = [
    ("renegotiated", "Renegotiated"),
    ("broken", "Agreement broken"),
    ("cancelled", "Agreement cancelled"),
    ("replaced", "Agreement renegotiated"),
]


class CobrancaMoveAgreement(models.AbstractModel):
    """Documents and entries of agreements, and the invoices that were renegotiated.

    Odoo calls both "paid" what an agreement closed and what its break closed: this says what it is.
    """

    _name = "cobranca.move.agreement"
    _description = "Agreement of an Invoice"

    cobranca_agreement_id = fields.Many2one(
        comodel_name="cobranca.agreement",
        string="Agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=COLLECTOR,
    )
    cobranca_agreement_role = fields.Selection(
        selection=ROLES, string="Part of the agreement", readonly=True, copy=False, groups=COLLECTOR
    )
    cobranca_agreement_turn = fields.Integer(string="Break number", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_origin_ids = fields.One2many(
        comodel_name="cobranca.agreement.origin",
        inverse_name="move_id",
        string="Renegotiated debts",
        groups=COLLECTOR,
    )
    cobranca_agreement_status = fields.Selection(
        selection=STATUSES,
        string="Status in the agreement",
        compute="_compute_cobranca_agreement_status",
        groups="base.group_user",
    )
    cobranca_agreement_count = fields.Integer(
        string="Agreements", compute="_compute_cobranca_agreement_count", groups=COLLECTOR
    )

    # Behind the row lock: no agreement is booked, broken or restored twice.
    _cobranca_agreement_uniq = models.UniqueIndex(
        "(cobranca_agreement_id, cobranca_agreement_role, cobranca_agreement_turn) "
        "WHERE cobranca_agreement_role IN ('document', 'transfer', 'break', 'restore')",
        "This was booked for the agreement already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("cobranca_agreement_id.state", "cobranca_agreement_role", "cobranca_origin_ids.is_live")
    def _compute_cobranca_agreement_status(self):
        ended = {"broken": "broken", "cancelled": "cancelled", "renegotiated": "replaced"}
        for move in self.sudo():  # sudo: a status for all who see the invoice
            if move.cobranca_agreement_role == "document":
                move.cobranca_agreement_status = ended.get(move.cobranca_agreement_id.state, False)
            else:
                move.cobranca_agreement_status = "renegotiated" if move.cobranca_origin_ids._get_live() else False

    @api.depends("cobranca_agreement_id", "cobranca_origin_ids")
    def _compute_cobranca_agreement_count(self):
        for move in self:
            move.cobranca_agreement_count = len(move._cobranca_get_agreements())

    def _compute_needed_terms(self):
        """One receivable line for each installment, as it was agreed."""
        super()._compute_needed_terms()
        # sudo: whoever makes an invoice need not know of agreements
        for move in self.sudo().filtered(lambda move: move.cobranca_agreement_role == "document"):
            move.needed_terms = {
                frozendict({"move_id": move.id, "date_maturity": item.due, "discount_date": False}): {
                    "balance": item.amount,
                    "amount_currency": item.amount,
                    "discount_date": False,
                    "discount_balance": 0.0,
                    "discount_amount_currency": 0.0,
                }
                for item in move.cobranca_agreement_id.installment_ids
            }

    # === ACTIONS === #

    def button_draft(self):
        """:raise UserError: for what belongs to an agreement, or was paid by one"""
        self._cobranca_refuse_of_agreement()
        if paid := self._cobranca_get_paid_by_agreement()[:1]:
            raise UserError(
                self.env._(
                    "%(invoice)s was paid by the agreement %(agreement)s and stays as it is. Make a credit note, whose "
                    "amount is a credit of the customer then.",
                    invoice=paid.name,
                    agreement=paid.cobranca_origin_ids._get_live().agreement_id[:1].name,
                )
            )
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """What an agreement paid stays paid: the credit of its reversal is the customer's."""
        self._cobranca_refuse_of_agreement()
        paid = self._cobranca_get_paid_by_agreement() if cancel else self.browse()
        if not paid:
            return super()._reverse_moves(default_values_list, cancel=cancel)
        reversals = self.browse()
        for move, values in zip(self, default_values_list or [{} for _move in self], strict=True):
            is_paid = move in paid
            reversal = super(CobrancaMoveAgreement, move)._reverse_moves([values], cancel=not is_paid)
            if is_paid:
                reversal._post(soft=False)
            reversals |= reversal
        return reversals

    def action_view_cobranca_agreement(self):
        """Open the agreements of this invoice."""
        return self._cobranca_get_agreements()._get_action()

    # === BUSINESS METHODS === #

    def _cobranca_get_agreements(self):
        """The agreement that this is a document of, and those in which it was renegotiated.

        :return: cobranca.agreement
        """
        return self.cobranca_agreement_id | self.cobranca_origin_ids.agreement_id

    def _cobranca_postpone(self, due, reason):
        """An installment gets a later due date by its agreement; debts keep theirs while an agreement has them.

        :raise UserError: also where the agreement has to say which installment is meant
        """
        self.ensure_one()
        if self.cobranca_agreement_role != "document":
            self._cobranca_refuse_of_agreement()
            return super()._cobranca_postpone(due, reason)
        agreement = self.cobranca_agreement_id
        items = agreement.installment_ids._get_open()
        if len(items) != 1:
            raise UserError(
                self.env._(
                    "Open the agreement %(agreement)s and postpone the installment there: each has its own due date.",
                    agreement=agreement.name,
                )
            )
        return agreement._postpone(items, due, reason)

    def _cobranca_get_portal_status(self):
        """What the customer is told of an invoice that is closed in the books and was not paid.

        :return: str, empty when it was paid, or is open
        """
        move = self.sudo()  # sudo: what became of the customer's own invoice
        if not move or not move.currency_id.is_zero(move.amount_residual):
            return ""
        if move.cobranca_agreement_role == "document" and move.cobranca_agreement_id.state in ("broken", "cancelled"):
            return self.env._("Without effect")
        is_taken = move.cobranca_origin_ids._get_live() and not move._cobranca_get_paid_by_agreement()
        return self.env._("Renegotiated") if is_taken else ""

    def _cobranca_get_paid_by_agreement(self):
        """Those whose debts an agreement has that is paid, itself or by the one that renegotiated it.

        :return: account.move
        """
        live = self.sudo().cobranca_origin_ids._get_live()  # sudo: what agreements have, whoever asks
        waiting = live.filtered(lambda origin: not origin.agreement_id._is_settled())
        return (live.move_id - waiting.move_id).with_env(self.env)

    def _cobranca_refuse_of_agreement(self):
        """:raise UserError: for entries of agreements, and for invoices while they are in one that is not paid"""
        moves = self.sudo()  # sudo: whether an agreement wants it as it is does not depend on who asks
        live = moves.cobranca_origin_ids._get_live().agreement_id
        agreement = (moves.cobranca_agreement_id | live.filtered(lambda one: not one._is_settled()))[:1]
        if agreement:
            raise UserError(
                self.env._(
                    "%(invoice)s belongs to the agreement %(agreement)s: break or cancel the agreement instead, and "
                    "its entries go with it.",
                    invoice=moves[:1].name,
                    agreement=agreement.name,
                )
            )
