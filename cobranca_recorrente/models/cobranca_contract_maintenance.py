import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every
from odoo.tools.misc import format_date

from .cobranca_contract_billing import is_passing

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200


class CobrancaContractMaintenance(models.AbstractModel):
    """What time alone does to contracts: they end, are renewed, start to cost, leave a pause, are mended."""

    _name = "cobranca.contract.maintenance"
    _description = "Daily Work on Billing Contracts"

    # === CRON === #

    @api.model
    def _cron_maintain(self, batch_size=BATCH_SIZE):
        """Bring the active contracts up to the day, one committed batch after the other."""
        Contract = self.env["cobranca.contract"]
        ids = Contract.search(self._get_contracts_to_maintain_domain(), order="id").ids
        batches = [Contract.browse(part) for part in split_every(batch_size, ids)]
        self.env["cobranca.batch.run"]._cron_each(batches, self._maintain)

    @api.model
    def _get_contracts_to_maintain_domain(self):
        """Contracts that a day may change.

        :return: Domain
        """
        soon = fields.Date.to_date(fields.Datetime.add(fields.Datetime.now(), days=181))
        bounded = Domain("date_end", "<=", soon) | Domain("line_ids.date_end", "!=", False)
        moving = Domain("line_ids.date_start", "!=", False) | Domain("pause_ids", "!=", False)
        other = Domain("park_reason", "!=", False) | Domain("index_id", "!=", False)
        return Domain("state", "=", "active") & (bounded | moving | other)

    @api.model
    def _maintain(self, contracts):
        contracts = contracts.try_lock_for_update()
        for company, found in contracts.grouped("company_id").items():
            maintenance = company._cobranca_localize(self)
            of_company = found.with_env(maintenance.env)
            today = company._cobranca_today()
            for contract in of_company:
                maintenance._maintain_one(contract, today)
            of_company._close_finished()
            for name in ("amount_total", "monthly_amount", "is_paused"):
                self.env.add_to_compute(contracts._fields[name], of_company)

    # === BUSINESS METHODS === #

    @api.model
    def _maintain_one(self, contract, today):
        try:
            with self.env.cr.savepoint():
                self._maintain_renewal(contract, today)
                contract._propose_readjustment(today)
                self._retry_parked(contract)
        except Exception as error:  # one that cannot be seen to must not keep the others from it
            if is_passing(error):
                raise
            _logger.exception("Contract %s could not be brought up to the day.", contract.name)

    @api.model
    def _maintain_renewal(self, contract, today):
        """Tell of an end that comes near; renew in time for the next invoice."""
        if not contract.date_end or contract.close_reason_id:
            return
        is_told = contract.renewal_alert_date == contract.date_end
        if contract.renewal == "auto" and today >= contract._get_renewal_day():
            contract._renew()
            contract.activity_unlink(["cobranca_recorrente.mail_activity_renewal"])
            if not is_told:
                # It was activated, or given this end, too late to be told of it before.
                summary = self.env._(
                    "The contract was renewed until %(day)s without an alert before: tell the customer.",
                    day=format_date(self.env, contract.date_end),
                )
                self._schedule_renewal(contract, today, summary)
        elif not is_told and today >= contract._get_renewal_alert_day():
            self._alert_renewal(contract)

    @api.model
    def _alert_renewal(self, contract):
        contract.sudo().renewal_alert_date = contract.date_end  # sudo: a guarded field
        texts = {
            "auto": self.env._("It is renewed by itself. Tell the customer, or stop the renewal."),
            "notice": self.env._("It ends unless someone renews it: ask the customer."),
            "none": self.env._("It ends: offer the customer a new contract."),
        }
        summary = self.env._(
            "The contract runs until %(day)s. %(what)s",
            day=format_date(self.env, contract.date_end),
            what=texts[contract.renewal],
        )
        self._schedule_renewal(contract, contract.date_end, summary)

    @api.model
    def _schedule_renewal(self, contract, deadline, summary):
        contract.activity_schedule(
            "cobranca_recorrente.mail_activity_renewal",
            date_deadline=deadline,
            user_id=contract._get_user_to_ask().id,
            summary=summary,
        )

    @api.model
    def _retry_parked(self, contract):
        """Return a contract to the queue when what a check found is mended."""
        if not (contract.park_reason and contract.is_park_checkable):
            return
        charge = contract._get_next_charges()(contract)
        try:
            if charge:
                self.env["cobranca.contract.billing"]._check_billable(charge)
        except UserError as still_wrong:
            if str(still_wrong) != contract.park_reason:
                contract.sudo().park_reason = str(still_wrong)  # sudo: a guarded field
        else:
            contract.action_unpark()
