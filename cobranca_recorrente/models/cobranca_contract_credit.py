from dataclasses import dataclass

from odoo import models
from odoo.exceptions import AccessError, UserError

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


@dataclass(frozen=True)
class Doubt:
    """Why a contract of this customer should be thought over."""

    is_block: bool
    text: str


class CobrancaContractCredit(models.AbstractModel):
    """Credit looked at before a contract starts: how the customer pays, what he owes, what he may owe.

    Part of the activation alone; billing never asks.
    """

    _name = "cobranca.contract.credit"
    _description = "Credit Check of a Billing Contract"

    # === BUSINESS METHODS === #

    def _find_credit_doubts(self):
        """What speaks against activating these contracts, by the rules of their segments and companies.

        :return: {cobranca.contract: list of Doubt}, only those with any; a few queries for each company
        """
        found = {}
        for company, own in self.grouped("company_id").items():
            contracts = own.with_company(company)
            debtors = contracts.commercial_partner_id
            told = {}
            for reader in (self._read_doubts_of_block, self._read_doubts_of_segment, self._read_doubts_of_overdue):
                for debtor, doubt in reader(company, debtors).items():
                    told.setdefault(debtor, []).append(doubt)
            for contract in contracts:
                doubts = [*told.get(contract.commercial_partner_id, []), *contract._get_doubts_of_limit()]
                if doubts:
                    found[contract.with_env(self.env)] = doubts
        return found

    def _read_doubts_of_block(self, company, debtors):
        """{debtor: Doubt} of those whose credit a step of the ladder blocked."""
        blocks = self.env["cobranca.credit.block"]._get_live(company, debtors)
        return {debtor: Doubt(True, block._get_text()) for debtor, block in blocks.items()}

    def _read_doubts_of_segment(self, company, debtors):
        """{debtor: Doubt} of those whose way of paying asks for one."""
        Behavior = self.env["cobranca.behavior"].sudo()  # sudo: the rule holds, whoever activates
        rows = Behavior.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", debtors.ids),
                ("segment_id.on_activation", "in", ("warn", "block")),
            ]
        )
        return {
            row.partner_id: Doubt(
                row.segment_id.on_activation == "block",
                self.env._(
                    "Segment “%(segment)s”: %(sentence)s",
                    segment=row.segment_id.name,
                    sentence=" ".join(row._get_history()),
                ),
            )
            for row in rows
        }

    def _read_doubts_of_overdue(self, company, debtors):
        """{debtor: Doubt} of those with debts overdue for too long."""
        decision = company.cobranca_activation_overdue
        if decision == "none":
            return {}
        known = debtors.sudo().with_company(company)  # sudo: what is overdue, whoever activates
        summaries = known._cobranca_get_debt_summaries(company._cobranca_today())
        return {
            debtor: Doubt(
                decision == "block",
                self.env._(
                    "%(amount)s overdue, the oldest for %(days)s days.",
                    amount=company.currency_id.format(float(summary["overdue"])),
                    days=summary["days_late"],
                ),
            )
            for debtor, summary in summaries.items()
            if summary["days_late"] > company.cobranca_activation_overdue_days
        }

    def _get_doubts_of_limit(self):
        """Would this contract lift what is open above the customer's credit limit?

        :return: list of Doubt
        """
        self.ensure_one()
        company = self.company_id
        decision = company.cobranca_activation_limit
        if decision == "none" or not company.account_use_credit_limit:
            return []
        debtor = self.commercial_partner_id.sudo().with_company(company)  # sudo: limit and balance, whoever activates
        limit, first_charge = debtor.credit_limit, self.amount_total
        # Odoo speaks of limits in the currency of the company.
        if self.currency_id != company.currency_id:
            first_charge = self.currency_id._convert(
                first_charge, company.currency_id, company, company._cobranca_today()
            )
        if limit <= 0 or company.currency_id.compare_amounts(debtor.credit + first_charge, limit) <= 0:
            return []
        shown = company.currency_id.format
        return [
            Doubt(
                decision == "block",
                self.env._(
                    "%(open)s open and %(charge)s of this contract are more than the credit limit of %(limit)s.",
                    open=shown(debtor.credit),
                    charge=shown(first_charge),
                    limit=shown(limit),
                ),
            )
        ]

    def _get_credit_warnings(self):
        """The same in words, for the form of a draft.

        :return: list of str
        """
        self.ensure_one()
        contract = self._origin
        if contract.state != "draft":
            return []
        return [doubt.text for doubt in contract._find_credit_doubts().get(contract, [])]

    def _require_supervisor_for(self, doubts):
        """:raise UserError: with all doubts, for who may write contracts and is no supervisor"""
        if self.env.user.has_group(SUPERVISOR):
            return
        lines = [
            f"{contract.name} ({contract.partner_id.display_name}): {doubt.text}"
            for contract, told in doubts.items()
            for doubt in told
        ]
        raise UserError("\n".join([self.env._("A supervisor of Cobrança activates these contracts:"), *lines]))

    def _activate_despite(self, reason):
        """Start contracts whose customers give cause for doubt; why is written in each.

        :param str reason: of who decides
        :return: texts of what is billed at once, see `_activate`
        :raise UserError: without a reason
        :raise AccessError: for a blocked one, unless the user is a supervisor
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason for activating all the same: it is written in the contract."))
        doubts = self._find_credit_doubts()
        is_supervisor = self.env.user.has_group(SUPERVISOR)
        if not is_supervisor and any(doubt.is_block for told in doubts.values() for doubt in told):
            raise AccessError(self.env._("Blocked by the credit rules: only a supervisor activates this contract."))
        self._check_may_start()
        told = self._activate()
        for contract, texts in doubts.items():
            contract.message_post(body=self._explain_override(texts, reason.strip()))
        return told

    def _explain_override(self, doubts, reason):
        values = {"doubts": " ".join(doubt.text for doubt in doubts), "reason": reason}
        if any(doubt.is_block for doubt in doubts):
            return self.env._("Credit block overridden: %(doubts)s Reason: %(reason)s", **values)
        return self.env._("Activated all the same: %(doubts)s Reason: %(reason)s", **values)
