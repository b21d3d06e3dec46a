import psycopg2.errors
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .res_company import DEFAULT_TIMEZONE


class CobrancaContractBillingBounds(models.AbstractModel):
    """What keeps a wrong setting from becoming a thousand wrong invoices."""

    _name = "cobranca.contract.billing.bounds"
    _description = "Safety Bounds of Contract Billing"

    # === ONE CONTRACT === #

    @api.model
    def _check_billable(self, charge, allow_credit=False):
        """Everything that can be wrong with one contract, before a batch depends on it.

        :param charge: ContractCharge
        :param bool allow_credit: may the charge give money back?
        :raise UserError: with what is wrong and what to do
        """
        contract = charge.contract
        contract._check_complete(charge)
        self._check_not_restored(charge)
        self._check_lock_date(charge)
        self._check_rate(contract, charge.issue)
        self._check_backlog(charge)
        if charge.amount < 0 and not allow_credit:
            raise UserError(
                self.env._(
                    "The credits of the next invoice exceed its charges by %(amount)s. Use “Settle now” to issue a "
                    "credit note.",
                    amount=contract.currency_id.format(-float(charge.amount)),
                )
            )

    @api.model
    def _check_not_restored(self, charge):
        """A reopened period whose invoice is good again would be billed twice."""
        if charge.restored:
            raise UserError(
                self.env._(
                    "The period %(period)s was reopened, but its invoice %(invoice)s is good again. Cancel it or issue "
                    "a full credit note before the period is billed again.",
                    period=charge.restored[:1].display_name,
                    invoice=charge.restored[:1].move_id.display_name,
                )
            )

    @api.model
    def _check_lock_date(self, charge):
        """Odoo would move the accounting date to a later day without a word."""
        contract, issue = charge.contract, charge.issue
        lock_date = contract.company_id._get_user_fiscal_lock_date(contract.journal_id)
        if any(item.line.tax_ids for item in charge.items):
            lock_date = max(lock_date, contract.company_id.user_tax_lock_date)
        if issue <= lock_date:
            raise UserError(
                self.env._(
                    "The invoice would be dated %(date)s, in a period locked until %(lock)s. "
                    "Open the period or set 'billed until' on the contract.",
                    date=format_date(self.env, issue),
                    lock=format_date(self.env, lock_date),
                )
            )

    @api.model
    def _check_rate(self, contract, issue):
        """Odoo converts a currency without rate at 1:1, and takes a later rate for an earlier day."""
        if missing := self._explain_missing_rate(contract.company_id, contract.currency_id, issue):
            raise UserError(missing)

    @api.model
    def _explain_missing_rate(self, company, currency, day):
        """Why an amount cannot be converted to a company's currency on a day.

        :return: str, empty when it can
        """
        if currency == company.currency_id:
            return ""
        domain = [
            ("currency_id", "=", currency.id),
            ("name", "<=", day),
            ("company_id", "in", [False, company.root_id.id]),
        ]
        if self.env["res.currency.rate"].search_count(domain, limit=1):
            return ""
        return self.env._(
            "There is no exchange rate of %(currency)s on %(date)s: enter it in the currency.",
            currency=currency.name,
            date=format_date(self.env, day),
        )

    @api.model
    def _check_backlog(self, charge):
        contract = charge.contract
        allowed = contract.catch_up_until and charge.issue <= contract.catch_up_until
        if charge.backlog > contract.company_id.cobranca_max_catch_up and not allowed:
            raise UserError(
                self.env._(
                    "%(count)s invoices wait to be issued, more than the %(limit)s that one run issues for a contract. "
                    "Use “Bill the backlog” if that is right, or set 'Billed until'.",
                    count=charge.backlog,
                    limit=contract.company_id.cobranca_max_catch_up,
                )
            )

    # === ONE DAY OF A COMPANY === #

    @api.model
    def _without_stopped(self, companies):
        """The companies whose billing is not stopped today."""
        return companies - self._get_stops(companies).company_id

    @api.model
    def _get_stops(self, companies):
        """What keeps these companies from billing today.

        :return: cobranca.billing.stop
        """
        stopped_today = [("state", "=", "stopped"), ("company_id", "in", companies.ids)]
        stops = self.env["cobranca.billing.stop"].sudo().search(stopped_today)  # sudo: every run heeds every stop
        return stops.filtered(lambda stop: stop.date == stop.company_id._cobranca_today())

    @api.model
    def _stop_without_guard(self, company):
        """Stop a company's billing while the database would let a period be billed twice; no release lets it go on.

        :return: bool, whether it is stopped
        """
        Period = self.env["cobranca.contract.period"]
        if Period._has_guard():
            return False
        self._stop_day(company, Period._explain_missing_guard())
        return True

    @api.model
    def _keep_within_bounds(self, company, invoices):
        """The invoices that the bounds of a day leave room for; beyond them billing stops and asks.

        :param list invoices: lists of ContractCharge, one list for each invoice
        :return: list, the first of them
        """
        limit, amount_limit = company.cobranca_max_run_invoices, company.cobranca_max_run_amount
        if not invoices or not (limit or amount_limit):
            return invoices
        count, amount = self._get_billed_today(company)
        for place, charges in enumerate(invoices):
            following = self._get_amount_of_bound(company, charges)
            if following and (
                (limit and count + 1 > limit)
                or (amount_limit and company.currency_id.compare_amounts(amount + following, amount_limit) > 0)
            ):
                if self._is_released_today(company):
                    return invoices
                is_count = bool(limit and count + 1 > limit)
                self._stop_day(company, self._explain_bound(company, is_count, count, amount, following))
                return invoices[:place]
            count, amount = count + bool(following), amount + following
        return invoices

    @api.model
    def _get_amount_of_bound(self, company, charges):
        """What an invoice adds to the amount of a day, in the company's currency; zero when it gives back."""
        total = sum(float(charge.amount) for charge in charges)
        currency, day = charges[0].contract.currency_id, max(charge.issue for charge in charges)
        return max(currency._convert(total, company.currency_id, company, day), 0.0)

    @api.model
    def _explain_bound(self, company, is_count, count, amount, following):
        if is_count:
            return self.env._("%(count)s invoices were issued today, the bound of a day.", count=count)
        return self.env._(
            "%(amount)s were billed today, and the next invoice is of %(following)s: the bound of a day is %(limit)s.",
            amount=company.currency_id.format(amount),
            following=company.currency_id.format(following),
            limit=company.currency_id.format(company.cobranca_max_run_amount),
        )

    @api.model
    def _is_released_today(self, company):
        """Did someone look at the stop of this day and let billing go on?"""
        today = [("company_id", "=", company.id), ("date", "=", company._cobranca_today())]
        Stop = self.env["cobranca.billing.stop"].sudo()  # sudo: every run heeds every stop
        return Stop.search(today, limit=1).state == "released"

    @api.model
    def _stop_day(self, company, reason):
        """Stop a company's billing for the day, and ask its people."""
        Stop = self.env["cobranca.billing.stop"].sudo()  # sudo: the run itself stops, whoever started it
        stop = Stop.search([("company_id", "=", company.id), ("date", "=", company._cobranca_today())], limit=1)
        values = {"reason": reason, "state": "stopped", "released_by_id": False}
        if stop:
            stop.write(values)
        else:
            try:
                with self.env.cr.savepoint():
                    stop = Stop.create({"company_id": company.id, "date": company._cobranca_today(), **values})
            except psycopg2.errors.UniqueViolation:
                return  # another run came to the same at this moment, and asks
        if not stop.activity_ids:
            for user in self._get_people_to_ask(company):
                stop.activity_schedule("mail.mail_activity_data_todo", user_id=user.id, summary=reason)

    @api.model
    def _get_billed_today(self, company):
        """(Number of invoices, amount before taxes) that the company's contracts were billed since its midnight.

        The amount is in the company's currency; what was given back does not make room for more.
        """
        zone = pytz.timezone(company.cobranca_tz or DEFAULT_TIMEZONE)
        midnight = zone.localize(fields.Datetime.to_datetime(company._cobranca_today())).astimezone(pytz.utc)
        self.env["cobranca.contract.period"].flush_model(["move_id", "company_id"])
        self.env["account.move"].flush_model(["amount_untaxed_signed"])
        return self.env.execute_query(
            SQL(
                """
                SELECT count(*), COALESCE(sum(GREATEST(amount_untaxed_signed, 0)), 0)
                  FROM account_move
                 WHERE id IN (
                       SELECT move_id FROM cobranca_contract_period WHERE company_id = %s AND create_date >= %s)
                """,
                company.id,
                midnight.replace(tzinfo=None),
            )
        )[0]

    @api.model
    def _get_people_to_ask(self, company):
        """Up to three supervisors of a company."""
        group = self.env.ref("cobranca_recorrente.cobranca_group_supervisor").sudo()  # sudo: who they are, no more
        people = group.all_user_ids.filtered(lambda user: company in user.company_ids and user.active)
        return (people - self.env.ref("base.user_root"))[:3]
