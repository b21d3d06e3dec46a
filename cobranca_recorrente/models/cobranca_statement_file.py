from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [("importing", "Being imported"), ("done", "Imported")]
PROBLEMS_SHOWN = 200


class CobrancaStatementFile(models.Model):
    """A file of the bank that was imported: what of it was taken, and what not and why.

    Rows are written by `cobranca.statement.import` only.
    """

    _name = "cobranca.statement.file"
    _description = "Imported Bank Statement"
    _order = "create_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Bank account",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    statement_id = fields.Many2one(comodel_name="account.bank.statement", readonly=True, ondelete="set null")
    name = fields.Char(string="File", required=True, readonly=True)
    digest = fields.Char(string="SHA-256", required=True, readonly=True)
    content = fields.Binary(attachment=True, readonly=True, help="Kept until all of it is imported.")
    columns = fields.Json(string="Columns as chosen", readonly=True)
    takes_alikes = fields.Boolean(string="Takes look-alikes", readonly=True)
    state = fields.Selection(selection=STATES, default="importing", required=True, readonly=True, index=True)
    date_from = fields.Date(string="First day", readonly=True)
    date_to = fields.Date(string="Last day", readonly=True)
    taken_count = fields.Integer(string="Imported", readonly=True)
    known_count = fields.Integer(string="There already", readonly=True)
    alike_count = fields.Integer(string="Look-alikes left out", readonly=True)
    problem_count = fields.Integer(string="Not taken", readonly=True)
    problems = fields.Json(readonly=True)
    problems_text = fields.Text(string="Rows that were not taken", compute="_compute_problems_text")
    amount_in = fields.Monetary(string="Came in", readonly=True)
    amount_out = fields.Monetary(string="Went out", readonly=True)

    _uniq_digest = models.UniqueIndex("(journal_id, digest)", "This file was imported into this bank account already.")

    # === COMPUTE METHODS === #

    @api.depends("problems")
    @api.depends_context("lang")
    def _compute_problems_text(self):
        for record in self:
            found = record.problems or []
            lines = [self.env["cobranca.statement.reader"]._get_problem_words(*each) for each in found[:PROBLEMS_SHOWN]]
            if len(found) > PROBLEMS_SHOWN:
                lines.append(self.env._("and %(count)s more", count=len(found) - PROBLEMS_SHOWN))
            record.problems_text = "\n".join(lines)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Imported files stay in the register: delete the bank statement instead."))

    # === ACTIONS === #

    def action_open_lines(self):
        """The movements of the bank that came with this file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.bank.statement.line",
            "views": [(self.env.ref("cobranca_recorrente.cobranca_statement_line_view_list").id, "list")],
            "domain": [("cobranca_file_id", "=", self.id)],
            "context": {"default_journal_id": self.journal_id.id},
        }
