from odoo import api, fields, models, tools
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..tools import playbook, script_text

SITUATIONS = [
    ("callback", "Callback agreed"),
    ("promise_due", "Promise due today"),
    ("promise_broken", "Promise broken"),
    ("replied", "Customer replied"),
    ("says_paid", "Says it is paid, not found"),
    ("retry", "Another try"),
    ("high", "High amount"),
    ("first", "First contact"),
    ("follow", "Follow up"),
]
IS_CONSUMER = {"person": True, "company": False}
SAMPLE_DAYS, SAMPLE_TOTAL = 12, 1250.0


class CobrancaPlaybook(models.Model):
    """What a collector says in a situation: first words, steps, a message, answers to objections."""

    _name = "cobranca.playbook"
    _description = "Playbook of a Conversation"
    _inherit = ["cobranca.playbook.text"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(comodel_name="res.company", index=True, help="Empty: for all companies.")
    situation = fields.Selection(selection=SITUATIONS, help="Why this customer now; empty: whatever the reason.")
    audience = fields.Selection(
        selection=[("any", "Persons and companies"), ("person", "Persons"), ("company", "Companies")],
        string="For",
        default="any",
        required=True,
    )
    min_days = fields.Integer(string="Days late, at least", help="Of the oldest open invoice. 0 asks nothing.")
    max_days = fields.Integer(string="Days late, at most", help="Of the oldest open invoice. 0 asks nothing.")
    segment_ids = fields.Many2many(
        comodel_name="cobranca.payer.segment", string="Payer segments", ondelete="restrict", help="Empty: any."
    )
    opening = fields.Text(
        string="First words", translate=True, help="What is said first, without quotes: who calls, for whom, and why."
    )
    steps = fields.Text(translate=True, help="What to do in the conversation, one step a line.")
    message = fields.Text(
        translate=True,
        help="Ready to be sent by WhatsApp, SMS or e-mail. Somebody else may read it: no amount, no delay, no threat.",
    )
    card_ids = fields.Many2many(
        comodel_name="cobranca.playbook.card",
        relation="cobranca_playbook_card_rel",
        column1="playbook_id",
        column2="card_id",
        string="Objections",
    )
    preview = fields.Html(compute="_compute_preview")

    _check_days = models.Constraint(
        "CHECK (min_days >= 0 AND max_days >= 0 AND (max_days = 0 OR min_days <= max_days))",
        "Days late are zero or more, and “at least” is not above “at most”.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "opening", "steps", "message", "card_ids.objection", "card_ids.answer", "card_ids.sequence")
    @api.depends_context("uid", "lang", "company")
    def _compute_preview(self):
        """The playbook as a collector sees it, with invented names."""
        names = self._get_sample_names()
        for record in self:
            record.preview = self.env["ir.qweb"]._render(
                "cobranca_recorrente.playbook_preview", {"script": record._get_script(names)}
            )

    # === CONSTRAINTS === #

    @api.constrains("opening", "steps", "message")
    def _check_words_in_braces(self):
        self._check_texts()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def copy_data(self, default=None):
        """A copy says that it is one."""
        names = {} if default and "name" in default else {record: record.name for record in self}
        copies = super().copy_data(default)
        for record, values in zip(self, copies, strict=True):
            if record in names:
                values["name"] = self.env._("%(name)s (copy)", name=names[record])
        return copies

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, company, situation, is_consumer, days_late, segment):
        """The playbook for a conversation.

        Of the active ones whose criteria all fit, the one that asks most counts: its own company, a situation, persons
        or companies, days late (both bounds are one criterion) and segments each count one. Of equals the first of
        the list is taken. What is empty asks nothing.

        :param company: res.company that is owed
        :param situation: of SITUATIONS, or False
        :param bool is_consumer: is the debtor a natural person
        :param int days_late: of his oldest open invoice
        :param segment: cobranca.payer.segment of the debtor; none when it is not known
        :return: cobranca.playbook; none when nothing fits
        """
        rules = self._get_rules()
        key = playbook.choose(
            rules, playbook.Facts(company.id, situation or None, bool(is_consumer), days_late or 0, segment.id or None)
        )
        # Whoever asks for many conversations reads the texts of all of them at once.
        own = [rule.key for rule in rules if rule.company in (None, company.id)]
        return self.browse(key or []).with_prefetch(own)

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """What all active playbooks ask, in their order.

        :return: tuple of tools.playbook.Rule
        """
        # sudo: only criteria; texts are read by who uses the playbook
        return tuple(
            playbook.Rule(
                key=record.id,
                company=record.company_id.id or None,
                situation=record.situation or None,
                is_consumer=IS_CONSUMER.get(record.audience),
                min_days=record.min_days,
                max_days=record.max_days,
                segments=frozenset(record.segment_ids.ids),
            )
            for record in self.sudo().with_context(active_test=False).search([("active", "=", True)])
        )

    def _get_script(self, names):
        """What to say, with the facts of the moment put in.

        :param dict names: {name of `tools.script_text.NAMES`: text}; a missing or empty one is shown as `…`
        :return: dict(name, opening, steps (list), message, cards (list of dict(objection, answer))): plain texts
            without quotes; all empty for no playbook
        """

        def fill(text):
            return script_text.fill(text or "", names)

        return {
            "name": self.name or "",
            "opening": fill(self.opening),
            "steps": [fill(step) for step in script_text.lines(self.steps or "")],
            "message": fill(self.message),
            "cards": [{"objection": fill(card.objection), "answer": fill(card.answer)} for card in self.card_ids],
        }

    @api.model
    def _get_text_fields(self):
        return {"opening": (), "steps": (), "message": script_text.PRIVATE}

    @api.model
    def _get_sample_names(self):
        """Invented facts, to try a playbook on.

        :return: dict with all names that stand in braces
        """
        company = self.env.company
        due = fields.Date.subtract(company._cobranca_today(), days=SAMPLE_DAYS)
        return {
            "contact": self.env._("Mary"),
            "me": self.env.user.name,
            "company": company.name,
            "total": formatLang(self.env, SAMPLE_TOTAL, currency_obj=company.currency_id),
            "oldest_due": format_date(self.env, due),
            "days": str(SAMPLE_DAYS),
        }
