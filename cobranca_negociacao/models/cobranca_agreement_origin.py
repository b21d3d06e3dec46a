from odoo import api, fields, models
from odoo.exceptions import UserError


class CobrancaAgreementOrigin(models.Model):
    """A debt in an agreement, as it was when that was signed: what a break goes back to."""

    _name = "cobranca.agreement.origin"
    _description = "Debt of an Agreement"
    _order = "due, id"
    _check_company_auto = True

    agreement_id = fields.Many2one(
        comodel_name="cobranca.agreement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Debt",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice", store=True, index=True, precompute=True)
    due = fields.Date(string="Original due date", required=True, readonly=True)
    principal = fields.Monetary(readonly=True)
    fine = fields.Monetary(readonly=True)
    interest = fields.Monetary(readonly=True)
    correction = fields.Monetary(readonly=True)
    given_principal = fields.Monetary(string="Principal forgiven", readonly=True)
    given_fine = fields.Monetary(string="Fine forgiven", readonly=True)
    given_interest = fields.Monetary(string="Interest forgiven", readonly=True)
    given_correction = fields.Monetary(string="Correction forgiven", readonly=True)
    before = fields.Monetary(compute="_compute_amounts")
    given = fields.Monetary(string="Forgiven", compute="_compute_amounts")
    agreed = fields.Monetary(compute="_compute_amounts")
    transfer_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Closed by", readonly=True, ondelete="restrict"
    )
    mirror_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Opened again by", readonly=True, ondelete="restrict"
    )
    is_live = fields.Boolean(
        string="In force", default=True, readonly=True, help="The agreement has this debt; false after a break."
    )

    _uniq_live = models.UniqueIndex("(line_id) WHERE is_live", "This debt is in an agreement already.")
    _uniq_line = models.UniqueIndex("(agreement_id, line_id)", "A debt is in an agreement once.")

    # === COMPUTE METHODS === #

    @api.depends("principal", "fine", "interest", "correction", "given_principal", "given_fine", "given_interest")
    def _compute_amounts(self):
        for origin in self:
            origin.before = origin.principal + origin.fine + origin.interest + origin.correction
            origin.given = origin.given_principal + origin.given_fine + origin.given_interest + origin.given_correction
            origin.agreed = origin.before - origin.given

    @api.depends("move_id", "agreement_id")
    def _compute_display_name(self):
        for origin in self:
            origin.display_name = f"{origin.agreement_id.name} · {origin.move_id.name}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The debts of an agreement stay as they were signed."))

    # === BUSINESS METHODS === #

    def _get_live(self):
        """Those that an agreement has now."""
        return self.filtered("is_live")

    @api.model
    def _get_of_lines(self, lines):
        """The debts among some lines that an agreement has now.

        :param lines: account.move.line
        """
        # sudo: whether an agreement has a debt does not depend on who asks
        return self.sudo().search([("line_id", "in", lines.ids), ("is_live", "=", True)])

    @api.model
    def _find_never_paid(self, lines):
        """Those of some debts of which an agreement broke before anything of it was paid.

        :param lines: account.move.line
        :return: account.move.line
        """
        # sudo: how an agreement ended does not depend on who asks
        broken = self.sudo().search([("line_id", "in", lines.ids), ("agreement_id.state", "=", "broken")])
        unpaid = broken.filtered(lambda origin: not origin.agreement_id._get_mirror_money())
        return unpaid.line_id.with_env(lines.env)

    @api.model
    def _get_successors(self, lines):
        """What is open in the place of debts that agreements took over, and of installments that a break closed.

        Followed from agreement to agreement; what is open itself is not among them.

        :param lines: account.move.line
        :return: account.move.line
        """
        # sudo: what became of a debt does not depend on who asks
        Installment = self.env["cobranca.agreement.installment"].sudo()
        seen = todo = lines.sudo()  # sudo: as for the installments
        while todo:
            void = Installment.search([("line_id", "in", todo.ids), ("mirror_line_id", "!=", False)])
            taken = self._get_of_lines(todo)
            todo = taken.agreement_id.installment_ids.line_id | void.agreement_id.origin_ids.line_id
            todo -= seen
            seen |= todo
        found = (seen - lines).filtered(lambda line: not line.reconciled and line.amount_residual > 0)
        return found.with_env(lines.env)

    @api.model
    def _get_replaced(self, lines):
        """Some installments, and all that they are in the place of, back to the first debts.

        :param lines: account.move.line
        :return: account.move.line
        """
        # sudo: what became of a debt does not depend on who asks
        Installment = self.env["cobranca.agreement.installment"].sudo()
        seen = todo = lines.sudo()  # sudo: as for the installments
        while todo:
            agreements = Installment.search([("line_id", "in", todo.ids)]).agreement_id
            todo = agreements.origin_ids._get_live().line_id - seen
            seen |= todo
        return seen.with_env(lines.env)

    @api.model
    def _follow_refunds(self, lines):
        """Debts that are open again beside the agreement that has them, or beside the one that came later.

        :param lines: account.move.line, of which something went back
        """
        lines = lines.filtered(lambda line: not line.reconciled)
        origins = self._get_of_lines(lines)
        # sudo: whoever takes money back need not know of agreements
        Installment = self.env["cobranca.agreement.installment"].sudo()
        paid_before = [("line_id", "in", lines.ids), ("agreement_id.state", "=", "renegotiated")]
        for agreement, own in Installment.search(paid_before).grouped("agreement_id").items():
            agreement._take_letters_back()
            if own.line_id - origins.line_id:
                agreement._tell_revived(own.line_id - origins.line_id)
        for agreement, own in origins.grouped("agreement_id").items():
            agreement._collect_again(own.line_id)
