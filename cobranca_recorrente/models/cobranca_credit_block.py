from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
END_REASONS = [("paid", "Nothing is late"), ("manual", "By hand"), ("merged", "Customer merged")]


class CobrancaCreditBlock(models.Model):
    """A customer to whom nothing more is sold on credit until nothing of his is late in this company."""

    _name = "cobranca.credit.block"
    _description = "Blocked Credit"
    _order = "ended_on desc nulls first, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(string="Since", required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    ended_on = fields.Date(readonly=True)
    ended_by_id = fields.Many2one(comodel_name="res.users", string="Ended by", readonly=True)
    end_reason = fields.Selection(selection=END_REASONS, string="Ended because", readonly=True)

    _uniq_live = models.UniqueIndex(
        "(company_id, partner_id) WHERE ended_on IS NULL", "The credit of this customer is blocked already."
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_display_name(self):
        for block in self:
            block.display_name = self.env._("Credit of %(customer)s", customer=block.partner_id.name or "")

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Blocks of credit stay in the register: lift them instead."))

    # === ACTIONS === #

    def action_lift(self):
        """Give these customers their credit back before they paid.

        :raise AccessError: for who is no supervisor
        """
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Blocked credit is released by a supervisor of Cobrança."))
        self._end("manual")
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _start(self, company, partners, reason):
        """Block the credit of some customers; whose credit is blocked already keeps the older block.

        :param str reason: in words, as it is shown
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cobranca_credit_block
                       (company_id, partner_id, date_from, reason, create_uid, create_date, write_uid, write_date)
                SELECT %(company)s, id, %(today)s, %(reason)s, %(user)s, now() AT TIME ZONE 'UTC', %(user)s,
                       now() AT TIME ZONE 'UTC'
                  FROM res_partner WHERE id = ANY(%(partners)s) ORDER BY id
                    ON CONFLICT DO NOTHING
                """,
                company=company.id,
                today=company._cobranca_today(),
                reason=reason,
                user=self.env.uid,
                partners=partners.commercial_partner_id.ids,
            )
        )
        self.invalidate_model()

    @api.model
    def _get_live(self, company, partners):
        """{customer: cobranca.credit.block} of those whose credit is blocked."""
        # sudo: the block holds, whoever sells
        live = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("ended_on", "=", False),
            ]
        )
        return {block.partner_id: block for block in live}

    def _get_text(self):
        """The block in a few words."""
        self.ensure_one()
        return self.env._(
            "Credit blocked since %(date)s: %(reason)s",
            date=format_date(self.env, self.date_from),
            reason=self.reason,
        )

    @api.model
    def _end_paid(self, company, partners):
        """Give the credit back to those of whom nothing is late any more.

        :param partners: res.partner, debtors or their people
        """
        live = self._get_live(company, partners) if partners else {}
        if not live:
            return
        today = company._cobranca_today()
        # sudo: whoever receives the payment
        lines = self.env["account.move.line"].sudo()
        late = lines._cobranca_search_open_lines(
            company,
            today,
            SQL("partner.id = ANY(%s)", [partner.id for partner in live]),
            SQL("COALESCE(line.date_maturity, line.date) < %s", today),
        ).partner_id.commercial_partner_id
        self.union(*(block for partner, block in live.items() if partner not in late))._end("paid")

    def _end(self, reason):
        """End blocks that are in force; one that somebody else ends at this moment is his.

        :param str reason: of `END_REASONS`
        """
        # sudo: the register is written by its own methods only, after the checks of who calls them
        live = self.sudo().try_lock_for_update().filtered(lambda block: not block.ended_on)
        for company, blocks in live.grouped("company_id").items():
            values = {"ended_on": company._cobranca_today(), "ended_by_id": self.env.uid, "end_reason": reason}
            blocks.write(values)

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_end(self, batch_size=500):
        """Each night: what was settled otherwise than by a payment: an invoice cancelled, a due date moved."""
        blocks = self.search([("ended_on", "=", False)], order="id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(blocks))
        for start in range(0, len(blocks), batch_size):
            batch = blocks[start : start + batch_size]
            for company, own in batch.grouped("company_id").items():
                self._end_paid(company, own.partner_id)
            if not progress(len(batch)):
                break
