from odoo import api, models
from odoo.tools import SQL


class CobrancaSimulationWords(models.AbstractModel):
    """Names and explanations of why customers would get nothing."""

    _name = "cobranca.dunning.simulation.words"
    _description = "Words of a Dunning Simulation"

    # === BUSINESS METHODS === #

    @api.model
    def _get_label(self, key, items):
        """The name of a reason."""
        labels = {
            "too_many": self.env._("Contacted enough this week"),
            "promise": self.env._("Promise not due yet"),
            "dispute": self.env._("Open dispute"),
            "callback": self.env._("Callback agreed"),
            "already_paid": self.env._("Says it is paid"),
            "charge_back": self.env._("Payment taken back"),
            "held": self.env._("Collection paused"),
            "probably_paid": self.env._("Probably paid"),
            "pending_payment": self.env._("Payment in progress"),
            "stale_statement": self.env._("Statement out of date"),
            "no_channel": self.env._("No valid channel"),
            "refused": self.env._("Does not want to be contacted so"),
            "undelivered": self.env._("Last message did not arrive"),
            "in_progress": self.env._("Another message is on its way"),
            "prescribed": self.env._("Prescribed"),
            "blocked": self.env._("Marked “no follow-up”"),
            "below_minimum": self.env._("Below the minimum amount"),
            "hours": self.env._("No contact hours on this day"),
            "control": self.env._("Control group"),
            "not_business_day": self.env._("Not a business day"),
            "paused": self.env._("Ladder paused"),
            "observing": self.env._("Ladder not started yet"),
        }
        if key == "too_soon":
            days = {item.ladder.min_days for item in items}
            if len(days) == 1:
                return self.env._("Contact less than %(days)s days ago", days=days.pop())
            return self.env._("Contact too recent")
        return labels.get(key, key)

    @api.model
    def _get_text(self, company, day, key, items):
        """What a reason means, or when it is over; in a few words."""
        teller = getattr(self, f"_tell_{key}", None)
        if teller:
            return teller(company, day, items)
        return {
            "promise": self.env._("comes back if it does not come in"),
            "callback": self.env._("until the day agreed"),
            "already_paid": self.env._("while the payment is looked for"),
            "charge_back": self.env._("somebody speaks with the customer first"),
            "probably_paid": self.env._("money came in that fits"),
            "pending_payment": self.env._("waits for the bank to confirm"),
            "no_channel": self.env._("e-mail, phone or address is missing"),
            "refused": self.env._("and no other channel of the step is possible"),
            "undelivered": self.env._("complete the data: the step is tried again"),
            "in_progress": self.env._("one message at a time"),
            "prescribed": self.env._("to look at only"),
            "blocked": self.env._("on the invoice or its item"),
            "below_minimum": self.env._("of the step"),
            "hours": self.env._("by the law of the customer's state"),
            "control": self.env._("drawn to measure what the step is worth"),
            "not_business_day": self.env._("their steps wait for the next day"),
            "paused": self.env._("start it again to send"),
            "observing": self.env._("sends from its first day on"),
        }.get(key, "")

    @api.model
    def _tell_too_soon(self, company, day, items):
        days = sorted(set(self._get_free_days(company, day, items).values()))
        if len(days) == 1:
            return self.env._("leave on %(day)s", day=self._day(days[0]))
        if len(days) == 2:
            first, last = days
            same_month = first.month == last.month
            return self.env._(
                "leave on %(first)s and %(last)s",
                first=f"{first.day:02d}" if same_month else self._day(first),
                last=self._day(last),
            )
        return self.env._("leave from %(first)s to %(last)s", first=self._day(days[0]), last=self._day(days[-1]))

    @api.model
    def _tell_too_many(self, company, day, items):
        most = {item.ladder.max_week for item in items}
        return self.env._("at most %(count)s in seven days", count=" / ".join(map(str, sorted(most))))

    @api.model
    def _tell_dispute(self, company, day, items):
        """The earliest answer that is owed."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(deadline) FROM cobranca_dispute
                 WHERE company_id = %s AND partner_id = ANY(%s) AND state = 'open'
                """,
                company.id,
                [item.debtor for item in items],
            )
        )
        first = rows[0][0] if rows else None
        if first:
            return self.env._("answer owed by %(day)s", day=self._day(first))
        return self.env._("until it is decided")

    @api.model
    def _tell_held(self, company, day, items):
        reasons = dict(self.env["cobranca.hold"]._fields["reason"]._description_selection(self.env))
        return ", ".join(sorted({reasons[item.detail] for item in items if item.detail in reasons}))

    @api.model
    def _tell_stale_statement(self, company, day, items):
        """Up to which day the bank statements are known."""
        last = self.env["cobranca.paid.guard"]._get_last_imported_day(company, day)
        if last:
            return self.env._("last imported day: %(day)s", day=self._day(last))
        return self.env._("import the statement first")
