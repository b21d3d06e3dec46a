from odoo import api, fields, models
from odoo.tools.misc import format_date

CONTACTS_SHOWN = 4
ICONS = {
    "call": "phone",
    "email": "envelope-o",
    "sms": "commenting-o",
    "whatsapp": "whatsapp",
    "visit": "map-marker",
    "letter": "file-text-o",
    "portal": "globe",
    "system": "cog",
}


class CobrancaCaseScreen(models.AbstractModel):
    """What a collector sees of a customer, readable in ten seconds, and what to say."""

    _name = "cobranca.case.screen"
    _inherit = ["cobranca.case.channels"]
    _description = "Screen of a Customer in Collection"

    head_html = fields.Html(compute="_compute_screen")
    debts_html = fields.Html(compute="_compute_screen")
    contacts_html = fields.Html(compute="_compute_screen")
    behavior_html = fields.Html(compute="_compute_screen")
    script_html = fields.Html(compute="_compute_screen")
    prefill = fields.Json(compute="_compute_screen")
    attended_by = fields.Char(compute="_compute_attended_by")

    # === COMPUTE METHODS === #

    def _compute_screen(self):
        """Read anew each time it is shown: the stored queue may be a minute old, a person on the phone may not."""
        for case in self:
            facts = case._origin._get_screen_facts() if case._origin else {}
            for part in ("head", "debts", "contacts", "behavior", "script"):
                template = f"cobranca_recorrente.case_{part}"
                case[f"{part}_html"] = self.env["ir.qweb"]._render(template, facts) if facts else False
            case.prefill = facts.get("prefill")

    @api.depends("attendant_id", "attended_until")
    @api.depends_context("uid")
    def _compute_attended_by(self):
        for case in self:
            other = case._get_other_attendant()
            case.attended_by = other.sudo().name if other else False  # sudo: the name of a colleague

    # === ACTIONS === #

    def action_contacts(self):
        """Open all contacts made with this customer."""
        self.ensure_one()
        return self.partner_id.action_cobranca_interactions()

    def action_other_day(self):
        """Open what is owed on another day."""
        self.ensure_one()
        return self.partner_id.action_cobranca_simulate()

    def action_register_other(self):
        """Open the whole register of a contact."""
        self.ensure_one()
        return self.partner_id.action_cobranca_register()

    # === BUSINESS METHODS === #

    def _get_screen_facts(self):
        """All that the screen shows of one customer.

        :return: dict of values for its templates
        """
        self.ensure_one()
        case = self.with_company(self.company_id)
        debts = case._get_debt_facts()
        facts = {
            "case": case,
            "partner": case.partner_id,
            "document": case.partner_id.cobranca_masked_document,
            "why": dict(case._fields["why"]._description_selection(self.env)).get(case.why),
            "day": self._day(case.company_id._cobranca_today()),
            "figure_of": case.partner_id._cobranca_figure,
            "amount_of": case._amount,
            "concessions": case._get_concessions(),
            **debts,
            **case._get_contact_facts(),
            **case._get_person_facts(),
            "behavior": case.partner_id.cobranca_behavior_text,
            "advice": case.partner_id.cobranca_segment_advice,
            "bars": case.partner_id._cobranca_get_bars(),
        }
        return {
            **facts,
            "channels": case._get_channels(facts["person"]),
            "script": case._get_script(facts),
            "prefill": case._get_prefill(debts),
        }

    def _get_debt_facts(self):
        """The late lines with their parts, and in words why it is this amount."""
        if self.is_training:
            return self._get_practice_debts()
        today = self.company_id._cobranca_today()
        summary = self.partner_id._cobranca_get_debt_summary(today)
        debts = {line: debt for line, debt in summary["debts"].items() if line.currency_id == self.currency_id}
        late = {line: debt for line, debt in debts.items() if debt.days_late}
        is_home = self.currency_id == self.company_id.currency_id
        rows = [self.partner_id._prepare_cobranca_debt_row(line, debt) for line, debt in late.items()]
        if not is_home:
            rows = [{**row, **self._get_foreign_amounts(line)} for row, line in zip(rows, late, strict=True)]
        coming = [line.amount_residual_currency for line, debt in debts.items() if not debt.days_late]
        sentences = [text for line, debt in late.items() for text in line._cobranca_get_charge_sentences(debt)]
        return {
            "rows": rows,
            "sums": {name: sum(row[name] for row in rows) for name in ("original", "fine", "interest", "amount")},
            "has_correction": any(row["correction"] for row in rows),
            "days": max((row["days"] for row in rows), default=0),
            "oldest": min((debt.due for debt in late.values()), default=today),
            "sentences": list(dict.fromkeys(sentences)),
            "coming": {"count": len(coming), "amount": sum(coming)},
            "credit": float(summary["credit"]),
        }

    @api.model
    def _get_foreign_amounts(self, line):
        """Amounts in the customer's currency; charges are not asked for in it."""
        amount = line.amount_residual_currency
        return {"original": amount, "amount": amount, "fine": 0.0, "interest": 0.0, "correction": 0.0}

    def _get_concessions(self):
        """What the collector may concede today, in sentences; later addons tell what they offer.

        :return: list of str
        """
        return []

    def _get_contact_facts(self):
        """The last contacts, the newest first, and how many there are."""
        own = [("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id)]
        if self.is_training:
            return {"contacts": [], "contact_count": 0, "reminder": ""}
        Interaction = self.env["cobranca.interaction"]
        found = Interaction.search(own, limit=CONTACTS_SHOWN)
        outcomes = dict(Interaction._fields["outcome"]._description_selection(self.env))
        return {
            "contacts": [
                {
                    "when": self.company_id._cobranca_local(record.date).strftime("%d/%m %H:%M"),
                    "icon": ICONS[record.channel],
                    "outcome": outcomes[record.outcome],
                    "is_bad": record.outcome == "broken",
                    "is_retracted": bool(record.retracted_on),
                    "note": record.note or "",
                    "who": record.user_id.name or "",
                    "reason": record.reason_text or "",
                }
                for record in found
            ],
            "contact_count": Interaction.search_count(own),
            "reminder": self._get_last_reminder(own),
        }

    def _get_last_reminder(self, own):
        """The last message that was on its way to the customer, in a line.

        :param list own: domain of what concerns this customer
        """
        message = self.env["cobranca.message"].search(
            [*own, ("currency_id", "=", self.currency_id.id), ("state", "!=", "cancelled")], limit=1
        )
        return message._get_outcome_text() if message else ""

    def _get_person_facts(self):
        """With whom to speak: who pays, among the customer's people."""
        person = self.partner_id._cobranca_get_payer()
        roles = dict(person._fields["cobranca_role"]._description_selection(self.env))
        is_other = person != self.partner_id
        role = (roles.get(person.cobranca_role) or person.function or "") if is_other else ""
        return {"person": person, "role": role.lower(), "is_other_person": is_other}

    def _get_script(self, facts):
        """What to say in this situation.

        :return: dict of the playbook, empty when there is none
        """
        partner = self.partner_id
        playbook = self.env["cobranca.playbook"]._find(
            self.company_id, self.why, partner._cobranca_is_consumer(), facts["days"], self.segment_id
        )
        return playbook._get_script(self._get_names(facts)) if playbook else {}

    def _get_names(self, facts):
        """What stands for the placeholders of a playbook."""
        return {
            "contact": self._get_first_name(facts["person"]),
            "me": (self.env.user.name or "").split(" ")[0],
            # Texts end their sentences themselves.
            "company": self.company_id.name.rstrip("."),
            "total": self._amount(facts["sums"]["amount"]),
            "oldest_due": self._day(facts["oldest"]),
            "days": str(facts["days"]),
        }

    @api.model
    def _get_first_name(self, person):
        """How to speak to somebody: people by their first name; in a company nobody is known by name."""
        if person.is_company:
            return self.env._("finance team")
        return (person.name or "").split(" ")[0]

    def _get_prefill(self, debts):
        """What the outcome bar proposes: a promise of everything in three business days, another call tomorrow.

        :return: dict of texts as the browser's inputs take them
        """
        company = self.company_id
        today = company._cobranca_today()
        Promise = self.env["cobranca.promise"]
        day = Promise._add_business_days(company, today, 3)
        tomorrow = Promise._add_business_days(company, today, 1)
        lines = self.env["account.move.line"] if self.is_training else self._get_lines()
        amount = Promise._get_highest_amount(lines, day) if lines else debts["sums"]["amount"]
        return {
            "today": fields.Date.to_string(today),
            "promise_date": fields.Date.to_string(day),
            "promise_amount": round(amount, 2),
            "next_date": f"{fields.Date.to_string(tomorrow)}T10:00",
            "tz": company.cobranca_tz,
            "currency_id": self.currency_id.id,
        }

    def _amount(self, amount):
        return self.partner_id._cobranca_amount(amount, self.currency_id)

    @api.model
    def _day(self, day):
        return format_date(self.env, day, date_format="dd/MM")
