from odoo import api, fields, models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

LATE_DAYS = 30
GROUP = "cobranca_recorrente.cobranca_group_collector"


class CobrancaPartnerScreen(models.AbstractModel):
    """What the tab "Cobrança" of a customer says first, in words and figures."""

    _name = "cobranca.partner.screen"
    _description = "Collection Tab of a Customer"

    cobranca_sentence = fields.Html(string="In short", compute="_compute_cobranca_screen", groups=GROUP)
    cobranca_debts_html = fields.Html(string="Open invoices", compute="_compute_cobranca_screen", groups=GROUP)
    cobranca_has_charge_memos = fields.Boolean(
        string="Has charges of paid invoices", compute="_compute_cobranca_screen", groups=GROUP
    )
    cobranca_people_html = fields.Html(string="People", compute="_compute_cobranca_people_html", groups=GROUP)

    cobranca_case_id = fields.Many2one(
        comodel_name="cobranca.case", string="Collection case", compute="_compute_cobranca_case_id", groups=GROUP
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company", "uid")
    def _compute_cobranca_case_id(self):
        cases = self.env["cobranca.case"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "=", "open"),
                ("is_training", "=", False),
            ],
            order="amount",
        )
        by_partner = {case.partner_id: case for case in cases}
        for partner in self:
            partner.cobranca_case_id = by_partner.get(partner.commercial_partner_id, cases.browse())

    def _compute_cobranca_screen(self):
        """Read anew each time it is shown: amounts, days and pauses change by themselves."""
        render = self.env["ir.qweb"]._render
        for partner in self:
            facts = partner._origin._cobranca_get_facts() if partner._origin else {}
            has_debts = bool(facts.get("rows"))
            partner.cobranca_has_charge_memos = bool(facts.get("memo_amount"))
            partner.cobranca_sentence = (
                render("cobranca_recorrente.partner_collection_sentence", facts) if facts else False
            )
            partner.cobranca_debts_html = (
                render("cobranca_recorrente.partner_collection_debts", facts) if has_debts else False
            )

    def _compute_cobranca_people_html(self):
        roles = dict(self._fields["cobranca_role"]._description_selection(self.env))
        for partner in self:
            people = partner._origin.child_ids.filtered(lambda child: child.type == "contact" and not child.is_company)
            people = people.sorted(lambda person: (not person.cobranca_role, person.cobranca_role or "", person.name))
            values = {"people": people, "roles": roles}
            template = "cobranca_recorrente.partner_collection_people"
            partner.cobranca_people_html = self.env["ir.qweb"]._render(template, values) if people else False

    # === ACTIONS === #

    def action_cobranca_case(self):
        """Open the case of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cobranca.case",
            "res_id": self.cobranca_case_id.id,
            "views": [(self.env.ref("cobranca_recorrente.cobranca_case_view_form").id, "form")],
        }

    # === BUSINESS METHODS === #

    def _cobranca_get_facts(self):
        """All that the head of the tab shows, as values for its templates.

        :return: dict: rows, total…, status (word, kind of badge), debt_text, texts
        """
        self.ensure_one()
        today = self.env.company._cobranca_today()
        own = [("company_id", "=", self.env.company.id), ("partner_id", "=", self.commercial_partner_id.id)]
        Interaction, Promise = self.env["cobranca.interaction"], self.env["cobranca.promise"]
        talks = [*own, ("retracted_on", "=", False)]
        pause = [("line_id", "=", False), ("state", "=", "active")]
        year = [("state", "=", "broken"), ("date", ">=", fields.Date.subtract(today, years=1))]
        facts = {
            **self._cobranca_get_debt_facts(today),
            "amounts_text": self.env._(
                "Amounts in %(currency)s, of %(date)s.",
                currency=self.env.company.currency_id.symbol,
                date=self._cobranca_day(today),
            ),
            "contact": Interaction.search([*talks, ("channel", "!=", "system")], limit=1),
            "next": Interaction.search(
                [*talks, ("next_date", ">=", fields.Datetime.now())], order="next_date", limit=1
            ),
            "promise": Promise.search([*own, ("state", "=", "open")], order="date", limit=1),
            "broken": Promise.search_count([*own, *year]),
            "dispute": self.env["cobranca.dispute"].search([*own, ("state", "=", "open")], limit=1),
            "hold": self.env["cobranca.hold"].search([*own, *pause], limit=1),
            "figure_of": self._cobranca_figure,
        }
        texts = [text for text in self._cobranca_get_texts(facts) if text]
        return {
            **facts,
            "status": self._cobranca_get_status(facts),
            "debt_text": self._cobranca_get_debt_text(facts),
            "texts": texts,
        }

    def _cobranca_get_debt_facts(self, today):
        """The open receivables of the debtor with the amounts of a day, one row each, and their sums.

        :return: dict: rows, count, total, charges, has_correction, days
        """
        summary = self._cobranca_get_debt_summary(today)
        debts = summary["debts"]
        return {
            "rows": [self._prepare_cobranca_debt_row(line, debts[line]) for line in summary["lines"]]
            + [self._prepare_cobranca_memo_row(*each) for each in summary["charge_memos"]._get_memo_debts().items()],
            "count": len(debts),
            "open": float(summary["open"]),
            "total": float(summary["total"]),
            "charges": float(summary["charges"] + summary["charge_memo_amount"]),
            "due": float(summary["open"] + summary["charges"]),
            "memo_amount": float(summary["charge_memo_amount"]),
            "has_correction": any(debt.charges.correction for debt in debts.values()),
            "credit": float(summary["credit"]),
            "days": summary["days_late"],
        }

    def _prepare_cobranca_debt_row(self, line, debt):
        return {
            "name": line.move_id.name,
            "link": f"/odoo/account.move/{line.move_id.id}",
            "due": format_date(self.env, debt.due, date_format="dd/MM/yyyy"),
            "days": debt.days_late,
            "is_late": debt.days_late > LATE_DAYS,
            "original": line.amount_residual,
            "correction": float(debt.charges.correction),
            "fine": float(debt.charges.fine),
            "interest": float(debt.charges.interest),
            "amount": float(debt.charges.total),
        }

    def _prepare_cobranca_memo_row(self, line, debt):
        """An invoice that is paid, of whose charges something is open."""
        return {**self._prepare_cobranca_debt_row(line, debt), "is_paid": True, "original": 0.0}

    def _cobranca_get_status(self, facts):
        """(word, kind of badge): red over 30 days or after a broken promise, amber while something is decided."""
        if not facts["count"] and facts["memo_amount"]:
            return self.env._("Charges open"), "warning"
        if not facts["count"]:
            return self.env._("Nothing open"), "success"
        if facts["dispute"]:
            return self.env._("Disputed"), "warning"
        if facts["promise"]:
            return self.env._("Promise open"), "warning"
        if facts["hold"]:
            return self.env._("Paused"), "warning"
        if not facts["days"]:
            return self.env._("Not due yet"), "secondary"
        return self.env._("Overdue"), "danger" if facts["days"] > LATE_DAYS or facts["broken"] else "warning"

    def _cobranca_get_debt_text(self, facts):
        """What he owes, and since when."""
        days = facts["days"]
        late = self.env._("1 day") if days == 1 else self.env._("%(days)s days", days=days)
        values = {"total": self._cobranca_amount(facts["due"]), "count": facts["count"], "late": late}
        if not facts["count"] and facts["memo_amount"]:
            return self._cobranca_get_memo_text(facts)
        if not facts["count"]:
            if facts["contact"] or facts["broken"]:
                return self.env._("Nothing is open.")
            return self.env._("Nothing is open, and nobody had to speak with this customer yet.")
        if not facts["days"]:
            return self.env._("%(total)s open, none of it overdue.", **values)
        if facts["count"] == 1:
            return self.env._("%(total)s open in one invoice, overdue by %(late)s.", **values)
        return self.env._("%(total)s open in %(count)s invoices; the oldest is overdue by %(late)s.", **values)

    def _cobranca_get_texts(self, facts):
        """What was said, agreed and paused: one short sentence each."""
        return [
            facts["count"] and facts["memo_amount"] and self._cobranca_get_memo_text(facts),
            facts["contact"] and self._cobranca_get_contact_text(facts["contact"]),
            facts["next"] and self._cobranca_get_next_text(facts["next"]),
            facts["promise"]
            and self.env._(
                "Promised %(amount)s for %(date)s.",
                amount=self._cobranca_amount(facts["promise"].amount, facts["promise"].currency_id),
                date=self._cobranca_day(facts["promise"].date),
            ),
            facts["broken"] and self.env._("Promises broken in 12 months: %(count)s.", count=facts["broken"]),
            facts["dispute"]
            and self.env._(
                "Disputes %(invoice)s: answer until %(date)s.",
                invoice=facts["dispute"].move_id.name,
                date=self._cobranca_day(facts["dispute"].deadline),
            ),
            facts["hold"] and self._cobranca_get_hold_text(facts["hold"]),
            facts["credit"]
            and self.env._("%(amount)s in his favour is not used yet.", amount=self._cobranca_amount(facts["credit"])),
        ]

    def _cobranca_get_memo_text(self, facts):
        return self.env._(
            "%(amount)s of late charges of paid invoices is open.", amount=self._cobranca_amount(facts["memo_amount"])
        )

    def _cobranca_get_contact_text(self, interaction):
        labels = {
            name: dict(interaction._fields[name]._description_selection(self.env)) for name in ("channel", "outcome")
        }
        return self.env._(
            "Last contact on %(date)s (%(channel)s): %(outcome)s.",
            date=self._cobranca_day(self.env.company._cobranca_day_of(interaction.date)),
            channel=labels["channel"][interaction.channel],
            outcome=labels["outcome"][interaction.outcome],
        )

    def _cobranca_get_next_text(self, interaction):
        day = self.env.company._cobranca_day_of(interaction.next_date)
        if day == self.env.company._cobranca_today():
            return self.env._("Next contact today at %(hour)s.", hour=interaction._get_hour())
        return self.env._(
            "Next contact on %(date)s at %(hour)s.", date=self._cobranca_day(day), hour=interaction._get_hour()
        )

    def _cobranca_get_hold_text(self, hold):
        reason = dict(hold._fields["reason"]._description_selection(self.env))[hold.reason]
        if not hold.date_to:
            return self.env._("Collection paused: %(reason)s.", reason=reason)
        return self.env._(
            "Collection paused until %(date)s: %(reason)s.", date=self._cobranca_day(hold.date_to), reason=reason
        )

    @api.model
    def _cobranca_amount(self, amount, currency=None):
        return formatLang(self.env, amount, currency_obj=currency or self.env.company.currency_id)

    @api.model
    def _cobranca_figure(self, amount):
        return formatLang(self.env, amount, digits=self.env.company.currency_id.decimal_places)

    @api.model
    def _cobranca_day(self, day):
        return format_date(self.env, day, date_format="dd/MM")
