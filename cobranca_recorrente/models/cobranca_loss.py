from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..tools.credit_loss import IN_FORCE, SMALL_RULE, is_loss_on, rule_of
from .account_chart_template import LOSS_JOURNAL

CASES = [
    ("small", "Up to R$ 15,000, over 6 months"),
    ("medium", "Up to R$ 100,000, over 1 year, collection kept up"),
    ("large", "Above R$ 100,000, over 1 year, lawsuit"),
    ("secured", "Secured, up to R$ 50,000, over 2 years"),
    ("secured_large", "Secured, above R$ 50,000, over 2 years, lawsuit"),
]
# Those that were not undone.
VALID = [("state", "!=", "undone")]


class CobrancaLoss(models.Model):
    """A debt that was deducted as a loss (Lei 9.430/1996, art. 9 to 12), and what came of it afterwards.

    In the first case the debt itself is credited (art. 10, I). In the others a contra account is: the
    debt stays open and is collected on, until it is closed.
    """

    _name = "cobranca.loss"
    _inherit = ["cobranca.loss.proof", "cobranca.loss.undoing"]
    _description = "Loss on a Receivable"
    _order = "date desc, id desc"
    _rec_name = "move_id"

    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Debt",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice", store=True, index=True)
    partner_id = fields.Many2one(related="line_id.partner_id", string="Customer", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_due = fields.Date(
        related="line_id.date_maturity", string="Due date", help="The day on which the debt was to be paid."
    )
    date = fields.Date(string="Written off on", required=True, readonly=True)
    amount = fields.Monetary(string="Loss", required=True, readonly=True)
    recovered = fields.Monetary(compute="_compute_recovered")
    case = fields.Selection(selection=CASES, string="Rule", required=True, readonly=True)
    is_direct = fields.Boolean(
        string="Debt closed at once", readonly=True, help="Otherwise the debt stays open beside a contra account."
    )
    state = fields.Selection(
        selection=[("open", "Still collected"), ("closed", "Closed"), ("undone", "Reversed")],
        required=True,
        readonly=True,
        index=True,
    )
    proof = fields.Char(readonly=True, help="What was done to collect it: kept-up collection or the lawsuit.")
    entry_id = fields.Many2one(comodel_name="account.move", required=True, readonly=True, ondelete="restrict")

    _check_amount = models.Constraint("CHECK (amount > 0)", "The amount of a loss is above zero.")
    _uniq_line = models.UniqueIndex("(line_id) WHERE state != 'undone'", "This debt is written off already.")

    # === COMPUTE METHODS === #

    def _compute_recovered(self):
        recovered = self._get_recovered(self.line_id)
        for loss in self:
            loss.recovered = recovered.get(loss.line_id, 0.0)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Losses that were booked stay as they are."))

    # === ACTIONS === #

    def action_close(self):
        """Close debts that stayed open beside a contra account: nobody collects them any more."""
        self._check_supervisor()
        losses = self.filtered(lambda loss: loss.state == "open")
        if not losses:
            raise UserError(self.env._("Nothing to close: choose losses that are still collected."))
        for company, its_losses in losses.grouped("company_id").items():
            its_losses._close(company._cobranca_today())
        return True

    # === BUSINESS METHODS === #

    def _check_supervisor(self):
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            raise AccessError(self.env._("Only a supervisor of Cobrança writes debts off."))
        self.check_access("read")

    @api.model
    def _get_candidates(self, company, date, limit=None):
        """The open debts of customers that the law admits as a loss on a day, the oldest first.

        Proofs are not looked at: each rule says which one it wants.

        :return: {account.move.line: (tools.credit_loss.LossRule, amount of the operation)}
        """
        lines = self.env["account.move.line"].search(
            self._get_candidates_domain(company, date), order="date_maturity, id", limit=limit
        )
        totals = self._get_operations(lines.move_id)
        candidates = {}
        for line in lines:
            amount = self.env["cobranca.receipt"]._to_decimal(line, totals[line.move_id])
            rule = rule_of(amount)
            if is_loss_on(line.date_maturity, date, rule):
                candidates[line] = (rule, totals[line.move_id])
        return candidates

    @api.model
    def _get_candidates_domain(self, company, date):
        written_off = self.sudo()._search(VALID)  # sudo: whether there is one, whoever asks
        return [
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("account_id", "!=", company.account_default_pos_receivable_account_id.id),
            ("partner_id", "!=", False),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
            ("currency_id", "=", company.currency_id.id),
            ("move_id.payment_state", "not in", ("in_payment", "paid", "reversed", "blocked")),
            ("date_maturity", ">=", IN_FORCE),
            ("date_maturity", "<", date - relativedelta(months=SMALL_RULE.months)),
            ("id", "not in", written_off.subselect("line_id")),
        ]

    @api.model
    def _get_operations(self, moves):
        """What is open of whole operations: the bands of the law are for these, not for an instalment.

        :return: {account.move: amount}
        """
        domain = [
            ("move_id", "in", moves.ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("amount_residual", ">", 0),
        ]
        return dict(self.env["account.move.line"]._read_group(domain, ["move_id"], ["amount_residual:sum"]))

    @api.model
    def _write_off(self, lines, date, proof="", secured=False):
        """Deduct debts as losses.

        :param lines: account.move.line, open debts of one company
        :param date date: of the entries
        :param str proof: of the lawsuit, or of a collection that the register of contacts does not prove
        :param bool secured: have these debts a real security?
        :return: cobranca.loss
        :raise AccessError: for who is no supervisor
        :raise UserError: with the debt that the law does not admit yet, and why
        """
        self._check_supervisor()
        lines._cobranca_claim()
        rules = self._get_rules(lines, date, secured)
        proofs = self._get_proofs(rules, date, (proof or "").strip())
        receipt = self.env["cobranca.receipt"]
        direct = lines.filtered(lambda line: rules[line].is_direct)
        contra = lines - direct
        amounts = {line: line.amount_residual for line in lines}
        entries = {}
        if direct:
            concessions = {line: {"loss": amounts[line]} for line in direct}
            move = receipt._receive(direct.browse(), direct, date, charges={}, concessions=concessions)
            entries.update(dict.fromkeys(direct, move))
        if contra:
            entries.update(dict.fromkeys(contra, self._post_contra(contra, date)))
        # sudo: nobody writes losses but their methods; the right was checked
        return (
            self.sudo()
            .create(
                [
                    {
                        "line_id": line.id,
                        "date": date,
                        "amount": amounts[line],
                        "case": rules[line].case,
                        "is_direct": rules[line].is_direct,
                        "state": "closed" if rules[line].is_direct else "open",
                        "proof": proofs[line],
                        "entry_id": entries[line].id,
                    }
                    for line in lines
                ]
            )
            .with_env(self.env)
        )

    @api.model
    def _get_rules(self, lines, date, secured):
        """:raise UserError: with the debt that the law does not admit yet, and why"""
        totals = self._get_operations(lines.move_id)
        # sudo: whether there is one, whoever asks
        done = self.sudo().search([("line_id", "in", lines.ids), *VALID]).line_id
        rules = {}
        for line in lines:
            name = line.move_name
            if line in done or line.reconciled or line.amount_residual <= 0:
                raise UserError(self.env._("%(debt)s is not open, or written off already.", debt=name))
            amount = self.env["cobranca.receipt"]._to_decimal(line, totals[line.move_id])
            rule = rules[line] = rule_of(amount, secured)
            if not is_loss_on(line.date_maturity, date, rule):
                raise UserError(
                    self.env._(
                        "%(debt)s fell due on %(due)s: the law wants more than %(months)s months of delay (Lei 9.430, "
                        "art. 9).",
                        debt=name,
                        due=format_date(self.env, line.date_maturity),
                        months=rule.months,
                    )
                )
        return rules

    @api.model
    def _post_contra(self, lines, date):
        """Loss against the contra account: the debts stay as they are.

        :return: account.move
        """
        receipt = self.env["cobranca.receipt"]
        company = lines.company_id
        items = []
        for line in lines:
            for kind, sign in (("loss", 1), ("estimate", -1)):
                account = company._cobranca_get_account(kind)
                items.append(receipt._item(line, account, sign * line.amount_residual, date))
        return receipt._post_entry(company, LOSS_JOURNAL, date, items)

    def _close(self, date):
        """Credit the debts themselves, against the contra account."""
        lines = self.line_id
        lines._cobranca_claim()
        concessions = {line: {"estimate": line.amount_residual} for line in lines if not line.reconciled}
        self.env["cobranca.receipt"]._receive(lines.browse(), lines, date, charges={}, concessions=concessions)
        self.sudo().state = "closed"  # sudo: nobody writes losses but their methods; the right was checked

    # === RECOVERY === #

    @api.model
    def _get_recovered(self, lines):
        """What customers paid of debts after they were written off.

        :return: {line: amount}
        """
        # sudo: what was paid does not depend on who asks
        rows = (
            self.env["cobranca.charge"]
            .sudo()
            ._read_group(
                [("line_id", "in", lines.ids), ("kind", "=", "recovery"), ("state", "=", "paid")],
                ["line_id"],
                ["amount:sum"],
            )
        )
        return {lines.browse(line.id): amount for line, amount in rows}

    @api.model
    def _get_left(self, lines):
        """What was lost of debts and not recovered since.

        :return: {line: (amount, is the debt itself still open?)}
        """
        # sudo: what was lost does not depend on who asks
        losses = self.sudo().search([("line_id", "in", lines.ids), *VALID])
        recovered = self._get_recovered(losses.line_id)
        left = {}
        for loss in losses:
            amount = loss.currency_id.round(loss.amount - recovered.get(loss.line_id, 0.0))
            if amount > 0:
                left[lines.browse(loss.line_id.id)] = (amount, loss.state == "open")
        return left

    @api.model
    def _follow_payments(self, lines):
        """A debt that is paid is not collected any more; one whose payment was taken back is again."""
        # sudo: nobody writes losses but their methods
        for loss in self.sudo().search([("line_id", "in", lines.ids), ("is_direct", "=", False), *VALID]):
            state = "closed" if loss.line_id.reconciled else "open"
            if loss.state != state:
                loss.state = state
