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
        self._check_lock_date(contract, charge.issue)
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
    def _check_lock_date(self, contract, issue):
        lock_date = contract.company_id._get_user_fiscal_lock_date(contract.journal_id)
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
        company, currency = contract.company_id, contract.currency_id
        if currency == company.currency_id:
            return
        domain = [
            ("currency_id", "=", currency.id),
            ("name", "<=", issue),
            ("company_id", "in", [False, company.root_id.id]),
        ]
        if not self.env["res.currency.rate"].search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "There is no exchange rate of %(currency)s on %(date)s: enter it in the currency.",
                    currency=currency.name,
                    date=format_date(self.env, issue),
                )
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
        stopped_today = [("state", "=", "stopped"), ("company_id", "in", companies.ids)]
        stops = self.env["cobranca.billing.stop"].sudo().search(stopped_today)  # sudo: every run heeds every stop
        stopped = stops.filtered(lambda stop: stop.date == stop.company_id._cobranca_today())
        return companies - stopped.company_id

    @api.model
    def _stop_beyond_bounds(self, company):
        """Stop a company's billing for the day when it has reached its bounds, and ask its people.

        :return: bool, whether it is stopped
        """
        reason = self._get_bound_reached(company)
        if not reason:
            return False
        Stop = self.env["cobranca.billing.stop"].sudo()  # sudo: the run itself stops, whoever started it
        today = company._cobranca_today()
        if Stop.search_count([("company_id", "=", company.id), ("date", "=", today)], limit=1):
            return False  # released by someone who looked
        stop = Stop.create({"company_id": company.id, "date": today, "reason": reason})
        for user in self._get_people_to_ask(company):
            stop.activity_schedule("mail.mail_activity_data_todo", user_id=user.id, summary=reason)
        return True

    @api.model
    def _get_bound_reached(self, company):
        limit, amount_limit = company.cobranca_max_run_invoices, company.cobranca_max_run_amount
        if not limit and not amount_limit:
            return False
        count, amount = self._get_billed_today(company)
        if limit and count >= limit:
            return self.env._("%(count)s invoices were issued today, the bound of a day.", count=count)
        if amount_limit and amount >= amount_limit:
            return self.env._(
                "%(amount)s were billed today, the bound of a day.", amount=company.currency_id.format(amount)
            )
        return False

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
