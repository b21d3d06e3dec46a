from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import oca_contract as mapping


class CobrancaOcaContractGaps(models.AbstractModel):
    """What must be over at the other addon before a contract that was adopted from it bills here."""

    _name = "cobranca.oca.contract.gaps"
    _description = "Checks of Contracts Adopted from the OCA Addon"

    # === BUSINESS METHODS === #

    @api.model
    def _get_gaps_of(self, contract):
        """What would make both addons bill the same days.

        :param contract: cobranca.contract
        :return: list of str, empty for one of another origin
        """
        key = contract.sudo().origin_key or ""  # sudo: where a contract comes from decides, whoever activates it
        if not key.startswith("oca/") or not self._is_present():
            return []
        # sudo: only days of the other addon's contract are compared, whoever activates ours
        origin = self.sudo()
        query = SQL("SELECT to_jsonb(t) FROM contract_contract t WHERE id = %s", int(key.split("/")[1]))
        return [gap for row in self._read(query) for gap in origin._get_gaps_of_origin(contract, row, key)]

    def _get_gaps_of_origin(self, contract, row, key):
        name, gaps = self._new_plan(row).name, []
        if row.get("active") is not False and not row.get("is_terminated"):
            gaps.append(
                self.env._(
                    "“%(name)s” of the OCA addon is still active and would go on billing: archive it there.", name=name
                )
            )
        billed, begin = self._get_billed_there(row, key), self._get_first_day_to_bill(contract)
        if billed and begin and begin <= billed:
            gaps.append(
                self.env._(
                    "“%(name)s” of the OCA addon was billed there until %(day)s: set “Billed until” to that day, or "
                    "link its invoices.",
                    name=name,
                    day=format_date(self.env, billed),
                )
            )
        return gaps

    def _get_first_day_to_bill(self, contract):
        """First day of the next charge here, None when there is none."""
        charges = contract._iter_dates(contract._get_taken()[contract.id])
        charge = next((charge for charge in charges if charge.parts), None)
        return charge and min(part.span[0] for part in charge.parts)

    def _get_billed_there(self, row, key):
        """Last day that the other addon has billed by now of what became one contract here; None when unknown."""
        query = SQL("SELECT to_jsonb(t) FROM contract_line t WHERE contract_id = %s ORDER BY sequence, id", row["id"])
        lines = [line for line in self._read(query) if not line.get("is_canceled")]
        try:
            plans = self._plan_bundles(self._new_plan(row), row, lines)
        except ValueError:
            return None
        plan = next((plan for plan in plans if plan.key == key), None)
        if plan and plan.values:
            return plan.values["billed_until"] or plan.values["date_start"] - mapping.ONE_DAY
        # Billed to its end there.
        return max((line["date_end"] for line in lines if line["date_end"]), default=None) if plan else None
