from odoo import Command, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cobranca_recorrente.models.account_chart_template import TRANSFER_JOURNAL

GROUP = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaAgencyMoney(models.AbstractModel):
    """Money that customers paid to an agency: they have paid, and the agency owes it to the company."""

    _name = "cobranca.agency.money"
    _description = "Money Held by an Agency"

    # === BUSINESS METHODS === #

    def _receive_money(self, placement, amount, date):
        """Book what a customer paid to this agency, and let it pay his debts as of that day.

        :param placement: cobranca.placement of this agency
        :param float amount: what the agency got
        :param date date: on which it got it
        :return: account.move, the entries that were posted
        :raise AccessError: for who is no supervisor
        :raise UserError: for another agency's customer, without an amount, or for more than he owes
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group(GROUP):
            raise AccessError(self.env._("Money of agencies is registered by a supervisor of Cobrança."))
        placement.check_access("read")
        agency = self.sudo()  # sudo: the right was checked; entries are for methods only
        company, record = agency.company_id, placement.sudo()  # sudo: as for the agency
        if record.agency_id != agency or not record.placed_on or date < record.placed_on:
            raise UserError(agency.env._("Choose a customer that was with %(agency)s on that day.", agency=agency.name))
        if date > company._cobranca_today() or amount <= 0:
            raise UserError(agency.env._("Write how much the agency received, and on which day until today."))
        lines = record.line_ids.line_id.filtered(lambda line: not line.reconciled).sorted("date_maturity")
        lines._cobranca_claim()
        lines = lines.filtered(lambda line: not line.reconciled)
        owed = sum(debt.charges.total for debt in lines._cobranca_read_debts(date).values())
        if record.currency_id.compare_amounts(amount, float(owed)) > 0:
            raise UserError(
                agency.env._(
                    "%(customer)s owed %(owed)s on that day: no more can be registered. Let the agency give back the "
                    "rest.",
                    customer=record.customer_name,
                    owed=record.currency_id.format(float(owed)),
                )
            )
        Receipt = agency.env["cobranca.receipt"].with_company(company)
        items = agency._prepare_money_items(record, lines[:1], amount, date)
        entry = Receipt._post_entry(company, TRANSFER_JOURNAL, date, items, record.name)
        credit = entry.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        return entry | Receipt._receive(credit, lines, date)

    def _prepare_money_items(self, placement, line, amount, date):
        """:return: list of dict of values: what the agency owes, against the account of the customer"""
        company = self.company_id
        text = self.env._("%(agency)s received for %(number)s", agency=self.name, number=placement.name)
        common = {"name": text, "date_maturity": date, "tax_ids": [Command.clear()]}
        return [
            {
                **common,
                "account_id": company._cobranca_get_account("agency_money").id,
                "partner_id": self.partner_id.id,
                "balance": amount,
            },
            {**common, "account_id": line.account_id.id, "partner_id": line.partner_id.id, "balance": -amount},
        ]
