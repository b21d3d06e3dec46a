from odoo import api, fields, models


class CobrancaPlaybookCard(models.Model):
    """What a customer may say, and how a collector answers."""

    _name = "cobranca.playbook.card"
    _description = "Objection and Answer"
    _inherit = ["cobranca.playbook.text"]
    _order = "sequence, id"
    _rec_name = "objection"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    objection = fields.Char(
        string="If the customer says…", required=True, translate=True, help="In his words, without quotes."
    )
    answer = fields.Text(required=True, translate=True, help="In your words, without quotes.")
    playbook_ids = fields.Many2many(
        comodel_name="cobranca.playbook",
        relation="cobranca_playbook_card_rel",
        column1="card_id",
        column2="playbook_id",
        string="Playbooks",
    )

    @api.constrains("objection", "answer")
    def _check_words_in_braces(self):
        self._check_texts()

    @api.model
    def _get_text_fields(self):
        return {"objection": (), "answer": ()}
