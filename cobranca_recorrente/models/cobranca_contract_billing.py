import logging

import psycopg2
import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
# Lost races in a row after which a run gives up; the next one goes on.
MAX_CONFLICTS = 5
CONCURRENCY_ERRORS = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)
# Classes of SQL states that are nobody's fault but the moment's: lost races, lost connections, no memory.
PASSING_CLASSES = ("08", "40", "53", "55", "57")
# One message of ours on the contract replaces the log notes of every draft and posting.
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


def is_passing(error):
    """Will the same work succeed at another moment? Then no contract is to blame, and none is parked."""
    if isinstance(error, psycopg2.InterfaceError):
        return True
    return isinstance(error, psycopg2.OperationalError) and (
        error.pgcode is None or error.pgcode.startswith(PASSING_CLASSES)
    )


class CobrancaContractBilling(models.AbstractModel):
    """Pipeline of a billing run: select, prepare, create, post, notify.

    Addons extend the hooks `_get_contracts_to_bill_domain`, `_check_billable`,
    `_prepare_invoice_values` and the contract line's `_prepare_invoice_line_values`.
    What prepares changes nothing.
    """

    _name = "cobranca.contract.billing"
    _description = "Contract Billing"

    # === CRON === #

    @api.model
    def _cron_bill(self, batch_size=BATCH_SIZE):
        """Bill everything that is due, one committed batch after the other.

        A contract with several missed periods comes back in the next batch with its next
        one, each with its own dates.
        """
        # Fast billing compares one invoice of each shape in a run, not in each batch.
        self = self.with_context(cobranca_checked_shapes=set())  # noqa: PLW0642
        progress = self.env["ir.cron"]._commit_progress
        conflicts = 0
        while conflicts < MAX_CONFLICTS:
            try:
                billed = self._bill_next_batch(batch_size)
                remaining = self._count_contracts_to_bill() if billed else 0
            except CONCURRENCY_ERRORS:
                # Another run was faster with some of these: its result stands, look again.
                self.env.cr.rollback()
                self.env.invalidate_all()
                conflicts += 1
                continue
            conflicts = 0
            # Committing frees the locks and starts a new snapshot for the next batch.
            if not progress(billed, remaining=remaining) or not billed:
                return

    @api.model
    def _bill_next_batch(self, batch_size):
        """Bill the next due period of up to a batch of contracts nobody else is billing.

        :return: number of contracts that left the queue (billed or parked)
        """
        contracts = self._select_contracts(batch_size)
        for company, of_company in contracts.grouped("company_id").items():
            # The reasons are read by the company's people, and a cron has no language.
            billing = self.with_company(company).with_context(lang=company.partner_id.lang or self.env.user.lang)
            billing._bill(of_company.with_env(billing.env))
        return len(contracts)

    # === SELECT === #

    @api.model
    def _get_contracts_to_bill_domain(self, companies=None):
        """Which contracts have a period to bill today, each by its company's own day.

        :return: Domain on cobranca.contract
        """
        # Every company has contracts to bill, and there are few.
        companies = companies or self.env["res.company"].search([("active", "=", True)])
        by_day = Domain.OR(
            Domain("company_id", "in", same_day.ids) & Domain("next_issue_date", "<=", day)
            for day, same_day in companies.grouped(lambda company: company._cobranca_today()).items()
        )
        return Domain("state", "=", "active") & Domain("park_reason", "=", False) & by_day

    @api.model
    def _select_contracts(self, limit):
        domain = self._get_contracts_to_bill_domain()
        candidates = self.env["cobranca.contract"].search(domain, order="next_issue_date, id", limit=limit)
        # Locked by another run: skipped. Changed since we looked: filtered out after the lock.
        return candidates.try_lock_for_update().filtered_domain(domain)

    @api.model
    def _count_contracts_to_bill(self):
        return self.env["cobranca.contract"].search_count(self._get_contracts_to_bill_domain())

    # === BILL === #

    @api.model
    def _bill(self, contracts):
        """Bill the next period of locked contracts of one company.

        All at once; when that fails, one by one, and what fails alone is parked with its
        reason: one bad contract costs one contract.

        :param contracts: cobranca.contract, locked by this transaction
        :return: account.move, posted
        """
        billable = self._park_unbillable(contracts)
        if not billable:
            return self.env["account.move"]
        try:
            with self.env.cr.savepoint():
                return self._create_and_post(billable)
        except Exception as error:  # whatever it is, each contract is tried alone and tells its own
            if is_passing(error):
                raise
            _logger.info("A batch of %s contracts failed as a whole: billing one by one.", len(billable))
        moves = self.env["account.move"]
        for contract in billable:
            moves |= self._bill_one(contract)
        return moves

    @api.model
    def _bill_one(self, contract):
        try:
            with self.env.cr.savepoint():
                return self._create_and_post(contract)
        except Exception as error:  # parked with its reason, which people see
            if is_passing(error):
                raise
            _logger.warning("Contract %s could not be billed.", contract.name, exc_info=True)
            contract._park(self._get_reason(error))
            return self.env["account.move"]

    @api.model
    def _park_unbillable(self, contracts):
        """Park what is not fit to be billed, each with its reason.

        :return: the contracts that can be billed
        """
        try:
            with self.env.cr.savepoint(flush=False):
                reasons = self._collect_reasons(contracts)
        except psycopg2.Error as error:
            if is_passing(error):
                raise
            # One check broke the transaction for all: each on its own then.
            reasons = {}
            for contract in contracts:
                reasons |= self._collect_reasons_of_one(contract)
        for contract, reason in reasons.items():
            contract._park(reason)
        return contracts.filtered(lambda contract: contract not in reasons)

    @api.model
    def _collect_reasons(self, contracts):
        """{contract: why it cannot be billed} of those that cannot."""
        reasons = {}
        for contract in contracts:
            try:
                self._check_billable(contract)
            except psycopg2.Error:
                raise
            except Exception as error:  # noqa: BLE001 - also what another addon did not foresee
                reasons[contract] = self._get_reason(error)
        return reasons

    @api.model
    def _collect_reasons_of_one(self, contract):
        try:
            with self.env.cr.savepoint(flush=False):
                return self._collect_reasons(contract)
        except psycopg2.Error as error:
            if is_passing(error):
                raise
            return {contract: self._get_reason(error)}

    @api.model
    def _get_reason(self, error):
        """What a user can do something with, in words."""
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, psycopg2.errors.UniqueViolation):
            return self.env._("This period of the contract is billed already.")
        return self.env._(
            "Unexpected error (%(error)s). Ask the administrator to look at the server log.",
            error=f"{type(error).__name__}: {error}",
        )

    @api.model
    def _check_billable(self, contract):
        """Everything that can be wrong with one contract, before a batch depends on it.

        :raise UserError: with what is wrong and what to do
        """
        contract._check_complete()
        period = contract._get_next_period()
        lock_date = contract.company_id._get_user_fiscal_lock_date(contract.journal_id)
        if period["date_issue"] <= lock_date:
            raise UserError(
                self.env._(
                    "The invoice would be dated %(date)s, in a period locked until %(lock)s. "
                    "Open the period or set 'billed until' on the contract.",
                    date=fields.Date.to_string(period["date_issue"]),
                    lock=fields.Date.to_string(lock_date),
                )
            )

    @api.model
    def _create_and_post(self, contracts):
        """Claim the periods, create the invoices, post them last.

        :return: account.move in the order of the contracts
        """
        periods = self._claim_periods(contracts)
        Factory = self.env["cobranca.invoice.factory"].with_context(**QUIET)
        moves = Factory._create([self._prepare_invoice_values(period.with_env(self.env)) for period in periods])
        for period, move in zip(periods, moves, strict=True):
            period.write({"move_id": move.id, "amount_total": move.amount_total})
        Factory._post(moves)
        return moves.with_env(self.env)

    @api.model
    def _claim_periods(self, contracts):
        """Write the ledger rows first: the unique index refuses what is billed already."""
        Period = self.env["cobranca.contract.period"]
        contracts.check_access("write")
        return Period.sudo().create(  # sudo: nobody writes the ledger but its own methods
            [{"contract_id": contract.id, **contract._get_next_period()} for contract in contracts]
        )

    @api.model
    def _prepare_invoice_values(self, period):
        """Values of the invoice of a claimed period.

        :param period: cobranca.contract.period
        :return: dict for account.move, with its lines
        """
        contract = period.contract_id
        return {
            "move_type": "out_invoice",
            "company_id": contract.company_id.id,
            "journal_id": contract.journal_id.id,
            "currency_id": contract.currency_id.id,
            "partner_id": contract.partner_id.id,
            "invoice_user_id": contract.user_id.id,
            "invoice_origin": contract.name,
            "ref": contract.reference,
            "invoice_date": period.date_issue,
            # Always explicit: without a payment term Odoo would make it due at once.
            "invoice_date_due": period.date_due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                fields.Command.create(values)
                for line in contract.line_ids
                if (values := line._prepare_invoice_line_values(period))
            ],
        }
