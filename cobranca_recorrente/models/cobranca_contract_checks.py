from datetime import timedelta
from itertools import islice, takewhile

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

MONTHS_BILLED_AHEAD = 13
MOST_DATES_TOLD = 12


class CobrancaContractChecks(models.AbstractModel):
    """What must be in order before a contract is billed, in words that say what to do."""

    _name = "cobranca.contract.checks"
    _description = "Checks of a Billing Contract"
    _inherit = ["cobranca.contract.activation", "cobranca.contract.credit"]

    def _check_complete(self, charge):
        """:raise UserError: with all gaps of this contract for a charge in one message"""
        if gaps := self._get_gaps(charge):
            raise UserError("\n".join(gaps))

    def _get_gaps(self, charge=None):
        """What is missing or wrong for billing, in words that say what to do.

        :param charge: ContractCharge whose lines must be in order; those of all lines without it
        :return: list of str, empty when the contract can be billed
        """
        self.ensure_one()
        return list(self._iter_gaps(charge))

    def _iter_gaps(self, charge):
        if not self.partner_id.active:
            yield self.env._("The customer is archived: restore him or close the contract.")
        if not self._get_receivable_account() and not self._has_other_receivable_account():
            yield self.env._(
                "%(company)s has no receivable account: install its chart of accounts.", company=self.company_id.name
            )
        if any(not account.active for account in self._get_receivable_account()):
            yield self.env._("The receivable account of the customer is archived: choose another on the customer.")
        yield from self._iter_gaps_of_lines(charge)
        if self.due_mode == "term" and not (self.payment_term_id.active and self.payment_term_id.line_ids):
            yield self.env._("The payment term is archived or has no due date: choose another.")
        if not self.journal_id.active:
            yield self.env._("The journal is archived: choose another.")
        if not self.currency_id.active:
            yield self.env._("The currency is archived: choose another.")

    def _iter_gaps_of_lines(self, charge):
        lines = self.line_ids.filtered(lambda line: not line.display_type)
        if not lines:
            yield self.env._("There are no lines: add what is to be billed.")
        # What was billed and is over cannot be mended any more, and need not.
        billed = lines & lines.browse().union(*(item.line for item in charge.items)) if charge else lines
        # Read together with those of the other contracts of the batch.
        billed = billed.with_prefetch(self.line_ids._prefetch_ids)
        if any(not line.product_id.active for line in billed):
            yield self.env._("A product of the lines is archived: replace it.")
        if any(not line.account_id for line in billed):
            yield self.env._("A line has no income account: choose one.")
        if any(not account.active for account in billed.account_id):
            yield self.env._("An income account of the lines is archived: choose another.")
        if any(not tax.active for tax in billed.with_context(active_test=False).tax_ids):
            yield self.env._("A tax of the lines is archived: replace or remove it.")

    def _get_receivable_account(self):
        debtor = self.commercial_partner_id.with_company(self.company_id)
        return debtor.property_account_receivable_id

    def _has_other_receivable_account(self):
        """Is there one that Odoo takes for a customer who has none?"""
        Account = self.env["account.account"]
        domain = [*Account._check_company_domain(self.company_id), ("account_type", "=", "asset_receivable")]
        return bool(Account.search_count(domain, limit=1))

    def _get_gaps_before_activation(self):
        """What else must be clear before a contract starts: price, dates, conditions.

        :return: list of str
        """
        self.ensure_one()
        recurring = self.line_ids.filtered(lambda line: line.recurrence == "recurring" and not line.display_type)
        is_free = recurring and self.currency_id.compare_amounts(sum(recurring.mapped("price_total")), 0) <= 0
        schedule = self._get_schedule()
        checks = [
            (is_free, self.env._("The amount per period is zero: give the lines a price.")),
            (
                self._is_fee_all_that_remains() and self._is_consumer(),
                self.env._(
                    "A consumer cannot be charged all that remains until the minimum term: it is void by CDC, art. 51. "
                    "Choose a lower percentage."
                ),
            ),
            (
                self.termination_fee != "none" and not self.minimum_months,
                self.env._("There is a termination fee but no minimum term: fill in its months or remove the fee."),
            ),
        ]
        checks += self._get_checks_of_billed_until(schedule)
        gaps = [message for is_wrong, message in checks if is_wrong]
        return gaps + self._get_gaps_of_items() + self._get_gaps_of_conditions() + self._get_gaps_of_past()

    def _get_checks_of_billed_until(self, schedule):
        return [
            (
                self.billed_until and not schedule.is_last_day_of_period(self.billed_until),
                self.env._(
                    "“Billed until” is %(day)s, which is not the last day of a period: use %(before)s or %(after)s.",
                    **self._get_period_ends_around(schedule, self.billed_until),
                ),
            ),
            (
                self.arrears_billed_until and not schedule.is_last_day_of_period(self.arrears_billed_until),
                self.env._(
                    "“In arrears billed until” is %(day)s, which is not the last day of a period: use %(before)s or "
                    "%(after)s.",
                    **self._get_period_ends_around(schedule, self.arrears_billed_until),
                ),
            ),
            (
                self.billed_until and self.billed_until > self._get_latest_billed_until(schedule),
                self.env._(
                    "“Billed until” is %(day)s, more than %(months)s months ahead: nothing would be billed before. "
                    "Correct it, or let the contract start on the day after.",
                    months=MONTHS_BILLED_AHEAD,
                    day=self.billed_until and format_date(self.env, self.billed_until),
                ),
            ),
        ]

    def _get_latest_billed_until(self, schedule):
        """Nobody has billed beyond it: a year ahead and some days, or the period of now where that is longer."""
        today = self.company_id._cobranca_today()
        _first, last = schedule.period(schedule.index_of(max(today, self.date_start)))
        return max(fields.Date.add(today, months=MONTHS_BILLED_AHEAD), last)

    def _is_fee_all_that_remains(self):
        return self.termination_fee == "remaining" or (
            self.termination_fee == "percent" and self.termination_fee_percent >= 100
        )

    def _get_period_ends_around(self, schedule, day):
        day = day or self.date_start
        first, last = schedule.period(schedule.index_of(day))
        days = {"day": day, "before": first - timedelta(days=1), "after": last}
        return {name: format_date(self.env, value) for name, value in days.items()}

    def _get_gaps_of_past(self):
        """Refuse to bill a customer's past all at once because of an old start date."""
        missed = self._count_missed()
        # A single one is an ordinary contract that was typed in a little late.
        if missed <= 1:
            return []
        return [
            self.env._(
                "%(count)s periods were due before today and would be billed at once. Set 'Billed until' to the last "
                "day that was billed elsewhere.",
                count=missed,
            )
        ]

    def _explain_past_dates(self):
        """What is billed as soon as the contract starts, with dates of days before: each period keeps its own.

        :return: str, empty when there is nothing
        """
        self.ensure_one()
        today = self.company_id._cobranca_today()
        dates = self._iter_postponed_dates(self._get_taken()[self._origin.id])
        past = list(islice(takewhile(lambda charge: charge.issue < today, dates), MOST_DATES_TOLD))
        if not past:
            return ""
        return self.env._(
            "Once this contract is active, invoices with past dates are issued at once (%(count)s): %(dates)s. Set "
            "“Billed until” if they were billed elsewhere.",
            count=len(past),
            dates=", ".join(
                self.env._(
                    "%(issue)s (due %(due)s)",
                    issue=format_date(self.env, charge.issue),
                    due=format_date(self.env, charge.due),
                )
                for charge in past
            ),
        )

    def _count_missed(self, limit=100):
        """How many charges fell due before today and are not billed."""
        today = self.company_id._cobranca_today()
        missed = 0
        for charge in self._iter_dates(self._get_taken()[self.id]):
            if charge.due >= today or missed >= limit:
                break
            missed += 1
        return missed

    def _get_warnings(self):
        """What may be right but deserves a second look.

        :return: list of str
        """
        self.ensure_one()
        services = self.line_ids.filtered(lambda line: line.product_id.type == "service")
        checks = [
            (
                any(self.env["cobranca.contract.line"]._is_icms(tax) for tax in services.tax_ids),
                self.env._("A service line has ICMS, which is owed on goods. Check its taxes."),
            ),
            (
                any(self._earns_as_resale(line) for line in services),
                self.env._(
                    "A service line earns on the account of resold goods, the default of the chart. Choose the "
                    "account of services."
                ),
            ),
            (
                self.termination_fee != "none" and self._is_consumer(),
                self.env._(
                    "Courts often reduce termination fees of consumers: above 10 % of what remains is doubtful "
                    "(CDC, art. 51 and 54)."
                ),
            ),
            (
                not self.partner_id.vat and not self.commercial_partner_id.vat,
                self.env._("The customer has no CPF or CNPJ: he cannot get a fiscal document."),
            ),
            (
                self.send_invoices and not self._get_invoice_recipient().email,
                self.env._("Who receives the invoices has no e-mail address."),
            ),
        ]
        doubts = [message for is_doubtful, message in checks if is_doubtful]
        past = self._explain_past_dates() if self.state == "draft" else ""
        doubts += self._get_credit_warnings()
        return [past] * bool(past) + doubts + self._get_doubts_of_conditions() + self._get_warning_of_unlinked()

    def _earns_as_resale(self, line):
        """Is this the default income account of the chart, though the company has another one for services?"""
        of_services, of_chart = self.company_id.cobranca_service_account_id, self.company_id.income_account_id
        return bool(of_services) and of_services != of_chart and line.account_id == of_chart

    def _explain_nothing_due(self):
        if len(self) != 1:
            return self.env._("None of these contracts has anything to bill today.")
        if self.park_reason:
            return self.env._("This contract waits for a correction: %(reason)s", reason=self.park_reason)
        if self.state != "active":
            return self.env._("Only an active contract is billed: activate it first.")
        if not self.next_issue_date:
            return self.env._("Everything of this contract is billed.")
        if waits := self._explain_hold():
            return waits
        if stop := self.env["cobranca.contract.billing"]._get_stops(self.company_id):
            return self.env._(
                "Billing is stopped today, until a supervisor releases it: %(reason)s", reason=stop.reason
            )
        if self.next_issue_date <= self.company_id._cobranca_today():
            return self.env._("This contract is being billed or changed at this moment: try again.")
        return self.env._(
            "Nothing is due today. The next invoice is issued on %(date)s.",
            date=format_date(self.env, self.next_issue_date),
        )
