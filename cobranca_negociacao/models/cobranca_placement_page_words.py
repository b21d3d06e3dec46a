from odoo import api, models
from odoo.tools import formatLang
from odoo.tools.misc import format_amount, format_date

CONTACTS_SHOWN = 30
ICONS = {"call": "phone", "email": "envelope-o", "sms": "commenting-o", "whatsapp": "whatsapp"}


class CobrancaPlacementPageWords(models.AbstractModel):
    """What was done with a placement so far, in words: by this agency, and nobody else."""

    _name = "cobranca.placement.page.words"
    _description = "Words of What an Agency Works"

    # === BUSINESS METHODS === #

    @api.model
    def _tell_callback(self, company, record):
        """When to call again; empty where nothing was agreed."""
        if not record.callback_at:
            return ""
        there = company._cobranca_local(record.callback_at)
        today, hour = company._cobranca_today(), there.strftime("%H:%M")
        if there.date() == today:
            return self.env._("Callback today at %(hour)s", hour=hour)
        day = format_date(self.env, there.date(), date_format="dd/MM")
        if there.date() < today:
            return self.env._("Callback was due on %(day)s at %(hour)s", day=day, hour=hour)
        return self.env._("Callback on %(day)s at %(hour)s", day=day, hour=hour)

    @api.model
    def _is_callback_due(self, record):
        return bool(record.callback_at) and record.callback_at <= self._get_now()

    @api.model
    def _tell_contact(self, company, record):
        """How the last contact ended, and when; or that there was none."""
        if not record.contacted_at:
            return self.env._("Not contacted yet")
        outcome = self._get_outcomes().get(record.last_outcome, "")
        day = format_date(self.env, company._cobranca_day_of(record.contacted_at), date_format="dd/MM")
        return self.env._("%(outcome)s on %(day)s", outcome=outcome, day=day)

    @api.model
    def _get_outcomes(self):
        """:return: {key: label} of how contacts end"""
        # sudo: names of outcomes are no secret; people of agencies have no right on the register itself
        Interaction = self.env["cobranca.interaction"].sudo()
        return dict(Interaction._fields["outcome"]._description_selection(self.env))

    @api.model
    def _get_history(self, placement):
        """What this agency did with it, the newest first; how it came ends the list.

        :param placement: cobranca.placement with the rights of the system
        :return: list of dict(icon, title, when, who, note) of texts
        """
        rows = [(contact.date, self._prepare_contact(contact)) for contact in self._search_contacts(placement)]
        rows += [(dispute.create_date, self._prepare_dispute(dispute)) for dispute in self._search_disputes(placement)]
        rows = [row for _moment, row in sorted(rows, key=lambda item: item[0], reverse=True)][:CONTACTS_SHOWN]
        count = len(placement.line_ids)
        received = {
            "icon": "inbox",
            "title": self.env._("Placement received"),
            "when": format_date(self.env, placement.placed_on, date_format="dd/MM"),
            "who": "",
            "note": self.env._("1 debt") if count == 1 else self.env._("%(count)s debts", count=count),
        }
        return [*rows, received]

    @api.model
    def _search_contacts(self, placement, limit=CONTACTS_SHOWN):
        own = [("placement_id", "=", placement.id), ("retracted_on", "=", False)]
        return placement.env["cobranca.interaction"].search(own, limit=limit)

    @api.model
    def _search_disputes(self, placement):
        """What people of this agency wrote down that the customer contests."""
        lines = placement.line_ids.line_id
        found = placement.env["cobranca.dispute"].search([("line_id", "in", lines.ids)], limit=CONTACTS_SHOWN)
        people = placement.agency_id.partner_id
        return found.filtered(lambda each: each.user_id.partner_id.commercial_partner_id == people)

    @api.model
    def _prepare_contact(self, contact):
        promise = contact.promise_id
        title = self._tell_promise(promise) if promise else self._get_outcomes().get(contact.outcome, "")
        if contact.direction == "in":
            title = self.env._("%(outcome)s (customer called)", outcome=title)
        return {
            "icon": ICONS.get(contact.channel, "comment-o"),
            "title": title,
            "when": self._tell_moment(contact.company_id, contact.date),
            "who": self._get_first_name_of(contact.user_id),
            "note": "" if promise and contact.note == promise._get_text() else contact.note or "",
        }

    @api.model
    def _prepare_dispute(self, dispute):
        reasons = dict(dispute._fields["reason"]._description_selection(self.env))
        return {
            "icon": "question-circle-o",
            "title": self.env._("Contested: %(reason)s", reason=reasons.get(dispute.reason, "")),
            "when": self._tell_moment(dispute.company_id, dispute.create_date),
            "who": self._get_first_name_of(dispute.user_id),
            "note": dispute.description or "",
        }

    @api.model
    def _tell_moment(self, company, moment):
        return company._cobranca_local(moment).strftime("%d/%m, %H:%M")

    @api.model
    def _get_first_name_of(self, user):
        return (user.name or "").split(" ")[0]

    @api.model
    def _get_now(self):
        return self.env["cobranca.dunning.people"]._get_now()

    # --- the terms ---

    @api.model
    def _get_terms(self, placement):
        """Until when it is theirs, what they earn and ask for, and who is paid.

        :return: dict of texts; `fee` is empty where nothing is asked of the customer
        """
        fee = placement.agency_id.fee_percent
        left = (placement.ends_on - placement.company_id._cobranca_today()).days
        percents = placement.line_ids.filtered("is_live").mapped("percent") or [0.0]
        low, high = (self._format_percent(percent) for percent in (min(percents), max(percents)))
        values = {"company": placement.company_id.name, "low": low, "high": high}
        return {
            "ends": self.env._(
                "until %(day)s (%(count)s days)",
                day=format_date(self.env, placement.ends_on, date_format="dd/MM/yyyy"),
                count=left,
            ),
            "commission": self.env._("%(low)s %% of what the customer pays", **values)
            if low == high
            else self.env._("%(low)s to %(high)s %% of what the customer pays", **values),
            "fee": self.env._(
                "%(fee)s %% on top of each payment of your agreements; no commission on them",
                fee=self._format_percent(fee),
            )
            if fee
            else "",
            "paid_to": self.env._("to %(company)s itself", **values)
            if placement.agency_id.money_to == "company"
            else self.env._("to you, who pass it on to %(company)s", **values),
        }

    @api.model
    def _format_percent(self, percent):
        return formatLang(self.env, percent, digits=0 if percent == int(percent) else 2)

    @api.model
    def _tell_promise(self, promise):
        return self.env._(
            "Promised %(amount)s for %(day)s",
            amount=format_amount(self.env, promise.amount, promise.currency_id),
            day=format_date(self.env, promise.date, date_format="dd/MM"),
        )
