import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

GUARD = "cobranca_dunning_notice_uniq_claim"


class CobrancaDunningNotice(models.Model):
    """The claim that a receivable line has reached a step of a ladder: made once, before anything is sent."""

    _name = "cobranca.dunning.notice"
    _description = "Line at a Dunning Step"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "line_id"

    line_id = fields.Many2one(
        comodel_name="account.move.line", string="Receivable line", required=True, readonly=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level",
        string="Step",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    source = fields.Integer(
        required=True, readonly=True, default=0, help="Number of the event that caused it; 0 for days.", aggregator=None
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    date = fields.Date(required=True, readonly=True)
    message_id = fields.Many2one(
        comodel_name="cobranca.message", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    is_control = fields.Boolean(
        string="Control group", readonly=True, help="Drawn to get nothing at this step, to see what the step is worth."
    )

    _uniq_claim = models.UniqueIndex("(line_id, level_id, source)", "This line has been at this step already.")

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("What was sent stays in the register."))

    # === BUSINESS METHODS === #

    @api.model
    def _has_guard(self):
        """Does the database refuse to claim a step twice? On rows that are double Odoo leaves its index out.

        :return: bool; the log says what to do when it does not
        """
        query = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisunique AND indisvalid"
        if self.env.execute_query(SQL(query, GUARD)):
            return True
        _logger.critical(
            "The database has lost the index %s, which keeps a customer from being reminded twice. Nobody is reminded "
            "until double rows of cobranca_dunning_notice are removed and the module is updated.",
            GUARD,
        )
        return False
