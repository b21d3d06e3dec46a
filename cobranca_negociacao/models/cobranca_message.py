from odoo import api, fields, models
from odoo.tools.misc import format_date

from .cobranca_debt_words import without_rebate

WARNING = "cobranca_negociacao.mail_template_agreement_warning"
# What the text of the warning may name besides what all messages offer.
NAMES = ("agreement_name", "agreement_until")


class CobrancaMessage(models.Model):
    """Messages call installments by their numbers, and warn before an agreement breaks."""

    _inherit = "cobranca.message"

    agreement_id = fields.Many2one(
        comodel_name="cobranca.agreement",
        string="Warns of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The agreement that breaks when nothing is paid.",
    )
    agreement_name = fields.Char(string="Number of the agreement", related="agreement_id.name")
    agreement_until = fields.Char(string="Last day of the agreement", compute="_compute_agreement_until")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("agreement_id.warned_on", "state", "sent_at")
    def _compute_agreement_until(self):
        for message in self:
            agreement = message.agreement_id
            message.agreement_until = format_date(self.env, agreement._get_last_day()) if agreement.warned_on else ""

    # === BUSINESS METHODS === #

    @api.model
    def mail_allowed_qweb_expressions(self):
        """What whoever may edit the text of the warning can name in it, without a right to run code."""
        return super().mail_allowed_qweb_expressions() + tuple(f"object.{name}" for name in NAMES)

    @api.model
    def _prepare_line(self, line, debt):
        """A reminder asks for what was agreed: it is worth that until the due day, whenever it is read."""
        return super()._prepare_line(line, without_rebate(debt))

    def _get_kept(self):
        return {**super()._get_kept(), "agreement_id": self.agreement_id.id}

    def _is_chosen(self):
        return bool(self.agreement_id) or super()._is_chosen()

    def _get_text_template(self):
        return self.env.ref(WARNING) if self.agreement_id else super()._get_text_template()

    def _get_document_name(self, line):
        """An installment is called by its number: that of its document says nothing to the customer."""
        agreement = line.line_id.sudo().cobranca_agreement_id  # sudo: what he agreed, in his own message
        item = agreement.installment_ids.filtered(lambda item: item.line_id == line.line_id)
        return item.with_env(self.env)._get_full_label() if item else super()._get_document_name(line)

    def _is_about_invoices(self):
        lines = self.line_ids.line_id.sudo()  # sudo: whether they are of an agreement, in his own message
        return not lines.cobranca_agreement_id and super()._is_about_invoices()
