from datetime import timedelta

from odoo import models
from odoo.tools.misc import format_date

LAST_DAY_OF_MONTH = 31


class CobrancaContractPortalTexts(models.AbstractModel):
    """The state and the conditions of a contract, in the words of its customer."""

    _name = "cobranca.contract.portal.texts"
    _description = "Words on the Portal Page of a Contract"

    # === BUSINESS METHODS === #

    def _day(self, day):
        return format_date(self.env, day)

    def _get_portal_span(self, first, last):
        if first == last:
            return self._day(first)
        return self.env._("%(first)s to %(last)s", first=self._day(first), last=self._day(last))

    # --- state ---

    def _get_portal_status(self):
        """How the contract stands today.

        :return: dict(text, tone), tone being one of Bootstrap's; a word always goes with it
        """
        today = self.company_id._cobranca_today()
        pause = self._get_pause_on(today)
        if self.state == "closed":
            ended = self.env._("Ended on %(day)s", day=self._day(self.date_end)) if self.date_end else ""
            return {"tone": "secondary", "text": ended or self.env._("Closed")}
        if self.state != "active":  # seen by staff only
            return {
                "tone": "secondary",
                "text": dict(self._fields["state"]._description_selection(self.env))[self.state],
            }
        if today < self.date_start:
            return {"tone": "info", "text": self.env._("Begins on %(day)s", day=self._day(self.date_start))}
        if pause and pause.date_end:
            return {"tone": "warning", "text": self.env._("Paused until %(day)s", day=self._day(pause.date_end))}
        if pause:
            return {"tone": "warning", "text": self.env._("Paused, without a day to resume")}
        if self.trial_end and today <= self.trial_end:
            return {"tone": "info", "text": self.env._("In trial until %(day)s", day=self._day(self.trial_end))}
        return {"tone": "success", "text": self._get_portal_term()}

    def _get_pause_on(self, day):
        return self.pause_ids.filtered(lambda p: p.date_start <= day and (not p.date_end or p.date_end >= day))[:1]

    def _get_portal_term(self):
        """Until when an active contract runs and what then."""
        if not self.date_end:
            return self.env._("Active")
        if self.close_reason_id or self.renewal == "none":
            return self.env._("Active, ends on %(day)s", day=self._day(self.date_end))
        if self.renewal == "auto":
            following = self.date_end + timedelta(days=1)
            return self.env._("Active, renews on %(day)s", day=self._day(following))
        return self.env._("Active until %(day)s, goes on if you confirm", day=self._day(self.date_end))

    def _get_portal_notes(self):
        """Pauses that are still to come, told in time.

        :return: list of str
        """
        today = self.company_id._cobranca_today()
        coming = self.pause_ids.filtered(lambda pause: pause.date_start > today).sorted("date_start")
        return [
            self.env._("Pause from %(first)s to %(last)s.", first=self._day(p.date_start), last=self._day(p.date_end))
            if p.date_end
            else self.env._("Pause from %(first)s on.", first=self._day(p.date_start))
            for p in coming
        ]

    # --- conditions ---

    def _get_portal_interval(self):
        """How often the amount is due.

        :return: str
        """
        if self.interval_count == 1:
            words = {
                "day": self.env._("per day"),
                "week": self.env._("per week"),
                "month": self.env._("per month"),
                "quarter": self.env._("per quarter"),
                "semester": self.env._("per semester"),
                "year": self.env._("per year"),
            }
            return words[self.interval_unit]
        count = self.interval_count
        several = {
            "day": self.env._("every %(count)s days", count=count),
            "week": self.env._("every %(count)s weeks", count=count),
            "month": self.env._("every %(count)s months", count=count),
            "quarter": self.env._("every %(count)s quarters", count=count),
            "semester": self.env._("every %(count)s semesters", count=count),
            "year": self.env._("every %(count)s years", count=count),
        }
        return several[self.interval_unit]

    def _get_portal_conditions(self):
        """The conditions in plain words; another addon adds its own.

        :return: list of dict(label, text)
        """
        conditions = [
            (self.env._("Due date"), self._get_portal_due()),
            (self.env._("Late and early payment"), self._get_charge_policy_version().terms_text),
            (self.env._("Minimum term"), self._get_portal_minimum()),
            (self.env._("If you leave earlier"), self._get_portal_fee()),
            (self.env._("Renewal"), self._get_portal_renewal()),
            (self.env._("Right to withdraw"), self._get_portal_withdrawal()),
        ]
        return [{"label": label, "text": text} for label, text in conditions if text]

    def _get_portal_due(self):
        if self.due_mode == "term":
            return self.payment_term_id.name
        if self.due_day == LAST_DAY_OF_MONTH:
            day = self.env._("Last day of the month.")
        else:
            day = self.env._("Day %(day)s.", day=self.due_day)
        if not self.issue_lead_days:
            return day
        return f"{day} " + self.env._("The invoice is sent %(days)s days before.", days=self.issue_lead_days)

    def _get_portal_minimum(self):
        until = self._get_minimum_until()
        if not until:
            return self.env._("None: you may leave at any time.")
        if until < self.company_id._cobranca_today():
            return self.env._("Over since %(day)s: you may leave at any time.", day=self._day(until))
        return self.env._("Until %(day)s (%(months)s months).", day=self._day(until), months=self.minimum_months)

    def _get_portal_fee(self):
        """What leaving costs, as a rule and as of today; empty when it costs nothing."""
        today = self.company_id._cobranca_today()
        until = self._get_minimum_until()
        if self.state != "active" or self.termination_fee == "none" or not until or until <= today:
            return ""
        amount, explanation = self._get_fee_to_charge(max(today, self.date_start), None)
        if not amount:
            return ""
        return self.env._(
            "Leaving today would cost %(amount)s: %(explanation)s From %(until)s on it costs nothing.",
            amount=self.currency_id.format(amount),
            explanation=explanation,
            until=self._day(until),
        )

    def _get_portal_renewal(self):
        if self.state != "active" or not self.date_end:
            return ""
        if self.close_reason_id or self.renewal == "none":
            return self.env._("None: the contract ends on %(day)s.", day=self._day(self.date_end))
        values = {"months": self.renewal_months, "day": self._day(self.date_end)}
        if self.renewal == "auto":
            return self.env._("By itself after %(day)s, for %(months)s months, unless you ask us not to.", **values)
        return self.env._("Only if you confirm, for %(months)s months after %(day)s.", **values)

    def _get_portal_withdrawal(self):
        until = self._get_withdrawal_until()
        if not until or until < self.company_id._cobranca_today():
            return ""
        return self.env._(
            "Until %(day)s you may withdraw without giving a reason and get back what you paid (CDC, art. 49).",
            day=self._day(until),
        )
