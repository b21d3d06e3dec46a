import logging

import psycopg2
import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .cobranca_contract_period import GUARD

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
# A run looks this many batches ahead, to pass by what other runs hold.
BATCHES_AHEAD = 16
# Lost races in a row after which a run gives up; the next one goes on.
MAX_CONFLICTS = 5
CONCURRENCY_ERRORS = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)
# Classes of SQL states that are nobody's fault but the moment's: lost races, lost connections, no memory.
PASSING_CLASSES = ("08", "40", "53", "55", "57")


def is_passing(error):
    """Will the same work succeed at another moment? Then no contract is to blame, and none is parked."""
    if isinstance(error, psycopg2.InterfaceError):
        return True
    return isinstance(error, psycopg2.OperationalError) and (
        error.pgcode is None or error.pgcode.startswith(PASSING_CLASSES)
    )


class CobrancaContractBilling(models.AbstractModel):
    """Pipeline of a billing run: select, prepare, claim, create, post.

    Any number of runs share the queue: each locks what it takes and leaves the rest. Addons
    extend the hooks `_get_contracts_to_bill_domain`, `_check_billable`, and the contract's
    `_prepare_invoice_values` and its line's `_prepare_invoice_line_values`. What prepares
    changes nothing.
    """

    _name = "cobranca.contract.billing"
    _description = "Contract Billing"
    _inherit = [
        "cobranca.contract.billing.bounds",
        "cobranca.contract.billing.conference",
        "cobranca.contract.billing.invoices",
    ]

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
        conflicts = 0 if self._may_have_work() else MAX_CONFLICTS
        while conflicts < MAX_CONFLICTS:
            try:
                billed = self._bill_next_batch(batch_size)
                remaining = self._count_contracts_to_bill()
            except CONCURRENCY_ERRORS:
                # Another run was faster with some of these: its result stands, look again.
                self.env.cr.rollback()
                self.env.invalidate_all()
                conflicts += 1
                continue
            # Nothing billed though something is due: other runs hold it, or each a part of one customer's contracts.
            conflicts = 0 if billed else conflicts + 1
            # Committing frees the locks and starts a new snapshot for the next batch.
            if not progress(billed, remaining=remaining if billed else 0) or not remaining:
                return

    @api.model
    def _may_have_work(self):
        """Is anything due where on Earth it is latest? One look at an index answers for all companies."""
        furthest_day = fields.Date.to_date(fields.Datetime.add(fields.Datetime.now(), hours=14))
        queue = [
            ("state", "=", "active"),
            ("park_reason", "=", False),
            ("hold_reason", "=", False),
            ("next_issue_date", "<=", furthest_day),
        ]
        return bool(self.env["cobranca.contract"].search(queue, limit=1, order="next_issue_date"))

    @api.model
    def _bill_next_batch(self, batch_size):
        """Bill the next charge of up to a batch of contracts nobody else is billing.

        :return: number of contracts that left the queue (billed or parked)
        """
        contracts = self._select_contracts(batch_size)
        self._bill_by_company(contracts)
        return len(contracts)

    @api.model
    def _bill_by_company(self, contracts):
        """Bill locked contracts, each in its company and that company's language.

        :return: account.move, posted
        """
        moves = self.env["account.move"]
        for company, of_company in contracts.grouped("company_id").items():
            billing = company._cobranca_localize(self)
            if not billing._stop_without_guard(company):
                moves |= billing._bill(of_company.with_env(billing.env)).with_env(self.env)
        return moves

    # === SELECT === #

    @api.model
    def _get_contracts_to_bill_domain(self, companies=None):
        """Which contracts have something to bill today, each by its company's own day.

        :return: Domain on cobranca.contract
        """
        # Every company has contracts to bill, and there are few.
        companies = companies or self.env["res.company"].search([("active", "=", True)])
        by_day = Domain.OR(
            Domain("company_id", "in", same_day.ids) & Domain("next_issue_date", "<=", day)
            for day, same_day in self._without_stopped(companies).grouped(lambda c: c._cobranca_today()).items()
        )
        queue = Domain("state", "=", "active") & Domain("park_reason", "=", False)
        return queue & self._get_conference_domain(companies) & by_day

    @api.model
    def _select_contracts(self, limit):
        domain = self._get_contracts_to_bill_domain()
        Contract = self.env["cobranca.contract"]
        candidates = Contract.search(domain, order="next_issue_date, id", limit=limit * BATCHES_AHEAD)
        # Locked by another run: skipped. Changed since we looked: filtered out after the lock.
        first = candidates.try_lock_for_update(limit=limit)
        joined = first._get_billed_together(domain)
        locked = (first | (joined - first).try_lock_for_update()).filtered_domain(domain)
        # Contracts that share an invoice are billed when one run holds them all.
        torn = (joined - locked).commercial_partner_id
        return locked.filtered(lambda c: c.commercial_partner_id not in torn or c not in joined)

    @api.model
    def _count_contracts_to_bill(self):
        return self.env["cobranca.contract"].search_count(self._get_contracts_to_bill_domain())

    # === PREPARE === #

    @api.model
    def _bill(self, contracts, allow_credit=False):
        """Bill the next charge of locked contracts of one company.

        :param contracts: cobranca.contract, locked by this transaction
        :param bool allow_credit: what is to be given back becomes a credit note
        :return: account.move, posted
        """
        charges = self._prepare_charges(contracts, allow_credit)
        invoices = self._keep_within_bounds(contracts.company_id, self._join_charges(charges))
        moves = self._bill_bisecting(invoices)
        contracts._close_finished()
        return moves

    @api.model
    def _settle_now(self, contract):
        """Bill the open one-off items of a locked contract at once.

        :return: account.move
        :raise UserError: when none has come to its day, or they cannot be billed
        """
        if contract.state not in ("active", "closed"):
            raise UserError(self.env._("%(contract)s is not active.", contract=contract.name))
        today = contract.company_id._cobranca_today()
        waiting, apart = contract._get_once_lines(contract._get_taken()[contract.id])
        open_lines = (waiting | apart).filtered(lambda line: line.date_start <= today)
        if not open_lines:
            raise UserError(self.env._("Everything of %(contract)s is settled.", contract=contract.name))
        charge = contract._get_charge_now(open_lines, today)
        contract.env.flush_all()
        self._check_billable(charge, allow_credit=True)
        return self._create_and_post([[charge]])

    @api.model
    def _prepare_charges(self, contracts, allow_credit=False):
        """The next charge of each contract that is fit to be billed; the others are parked, each with its reason.

        :return: list of ContractCharge
        """
        try:
            with self.env.cr.savepoint(flush=False):
                charges, reasons = self._try_charges(contracts, allow_credit)
        except psycopg2.Error as error:
            if is_passing(error):
                raise
            # One check broke the transaction for all: each on its own then.
            charges, reasons = [], {}
            for contract in contracts:
                charges_of_one, reasons_of_one = self._try_charges_of_one(contract, allow_credit)
                charges += charges_of_one
                reasons |= reasons_of_one
        for contract, (reason, is_check) in reasons.items():
            contract._park(reason, is_check)
        return self._without_held(charges)

    @api.model
    def _try_charges(self, contracts, allow_credit):
        """([ContractCharge], {contract: (why it cannot be billed, whether a check said so)})."""
        charges, reasons = [], {}
        planned = contracts._get_next_charges()
        for contract in contracts:
            try:
                charge = planned(contract)
                if contract._is_out_of_date(charge):
                    contract._recompute_next_dates()
                elif charge:
                    self._check_billable(charge, allow_credit)
                    charges.append(charge)
            except psycopg2.Error:
                raise
            except Exception as error:  # noqa: BLE001 - also what another addon did not foresee
                reasons[contract] = self._get_reason(error)
        return charges, reasons

    @api.model
    def _try_charges_of_one(self, contract, allow_credit):
        try:
            with self.env.cr.savepoint(flush=False):
                return self._try_charges(contract, allow_credit)
        except psycopg2.Error as error:
            if is_passing(error):
                raise
            return [], {contract: self._get_reason(error)}

    @api.model
    def _get_reason(self, error):
        """(What a user can do something with, in words; whether a check foresaw it)."""
        if isinstance(error, UserError):
            return str(error), True
        if isinstance(error, psycopg2.errors.UniqueViolation) and error.diag.constraint_name == GUARD:
            return self.env._("This period of the contract is billed already."), False
        return (
            self.env._(
                "Unexpected error (%(error)s). Ask the administrator to look at the server log.",
                error=f"{type(error).__name__}: {error}",
            ),
            False,
        )

    # === BILL === #

    @api.model
    def _bill_bisecting(self, invoices):
        """Create and post invoices all at once; when that fails, by halves, until who fails is alone and parked.

        :param list invoices: lists of ContractCharge, one list for each invoice
        :return: account.move, posted
        """
        if not invoices:
            return self.env["account.move"]
        try:
            with self.env.cr.savepoint():
                return self._create_and_post(invoices)
        except Exception as error:  # whatever it is, its contract is found by halves and tells it
            if is_passing(error):
                raise
            if len(invoices) == 1:
                self._park_failed(invoices[0], error)
                return self.env["account.move"]
        middle = len(invoices) // 2
        return self._bill_bisecting(invoices[:middle]) | self._bill_bisecting(invoices[middle:])

    @api.model
    def _park_failed(self, charges, error):
        names = ", ".join(charge.contract.name for charge in charges)
        _logger.info("Contract %s could not be billed.", names, exc_info=error)
        for charge in charges:
            # No check can tell when it is mended: a person does.
            charge.contract._park(self._get_reason(error)[0])
