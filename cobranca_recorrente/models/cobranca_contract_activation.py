from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..tools import identification, placeholders

ADDRESS = ("street", "zip", "city", "state_id")


class CobrancaContractActivation(models.AbstractModel):
    """What must be clear before a contract starts: who, what, from when, and that the customer knows it."""

    _name = "cobranca.contract.activation"
    _description = "Activation of a Billing Contract"

    policy_explained = fields.Boolean(
        string="Collection conditions explained to the customer",
        tracking=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Due dates, late charges and the conditions for leaving were explained before the contract started.",
    )
    policy_explained_date = fields.Date(
        string="Explained on",
        compute="_compute_policy_explained_date",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === COMPUTE METHODS === #

    @api.depends("policy_explained")
    def _compute_policy_explained_date(self):
        for contract in self:
            if not contract.policy_explained:
                contract.policy_explained_date = False
            elif not contract.policy_explained_date:
                contract.policy_explained_date = (contract.company_id or self.env.company)._cobranca_today()

    # === ACTIONS === #

    def action_tick_policy(self):
        """Record for these contracts that the collection conditions were explained, today where no day is given."""
        self.filtered(lambda contract: not contract.policy_explained).policy_explained = True
        return True

    # === BUSINESS METHODS === #

    def _needs_policy_tick(self):
        """Does the company ask for the tick here? Who was billed elsewhere before was told elsewhere."""
        self.ensure_one()
        return self.company_id.cobranca_require_policy and not self.billed_until and not self.policy_explained

    def _get_gaps_of_items(self):
        """What is wrong or ambiguous in the items of a contract that is to start.

        :return: list of str, one for each item and cause
        """
        self.ensure_one()
        gaps = []
        for line in self.line_ids.filtered(lambda line: not line.display_type):
            is_once, is_usage = line.recurrence == "once", line.recurrence == "usage"
            checks = [
                (self._is_outside(line), self.env._("its dates lie outside the contract: correct them.")),
                (
                    is_once and self.billed_until and line.date_start <= self.billed_until,
                    self.env._(
                        "it is dated in the time that was billed elsewhere and would be billed again: remove it or "
                        "give it a later date."
                    ),
                ),
                (self._has_open_braces(line.name), self.env._("its description has braces that mean nothing.")),
                (
                    is_usage and line.price_unit <= 0,
                    self.env._("what is used has no price: fill it in."),
                ),
                (
                    is_usage and self._get_usage_twin(line),
                    self.env._("two usage items have this product at the same time: leave one of them."),
                ),
            ]
            gaps += [f"{self._get_item_label(line)}: {message}" for is_wrong, message in checks if is_wrong]
        return gaps

    def _get_item_label(self, line):
        return (line.name or line.product_id.display_name).split("\n")[0]

    def _is_outside(self, line):
        days = [day for day in (line.date_start, line.date_end) if day]
        return any(day < self.date_start or (self.date_end and day > self.date_end) for day in days)

    def _has_open_braces(self, text):
        """Is anything left in braces that no word replaces, such as {mes de referencia} or a brace alone?"""
        meanings = dict.fromkeys(placeholders.MEANINGS.values(), "")
        return any(brace in placeholders.fill(text or "", meanings) for brace in "{}")

    def _get_usage_twin(self, line):
        return self.line_ids.filtered(
            lambda other: other != line
            and other.recurrence == "usage"
            and other.product_id == line.product_id
            and (not other.date_end or not line.date_start or other.date_end >= line.date_start)
            and (not line.date_end or not other.date_start or line.date_end >= other.date_start)
        )

    def _get_gaps_of_conditions(self):
        """What is wrong or ambiguous in the customer and the conditions of a contract that is to start.

        :return: list of str
        """
        self.ensure_one()
        today = self.company_id._cobranca_today()
        document = self.commercial_partner_id.vat
        is_fee_empty = (self.termination_fee == "percent" and not self.termination_fee_percent) or (
            self.termination_fee == "fixed" and not self.termination_fee_amount
        )
        checks = [
            (
                document and self._is_brazilian() and not identification.is_valid(document),
                self.env["res.partner"]._cobranca_invalid_document_message(document),
            ),
            (
                self.trial_end and self.date_end and self.trial_end >= self.date_end,
                self.env._("The trial lasts as long as the contract: nothing would ever be billed."),
            ),
            (is_fee_empty, self.env._("The termination fee is zero: give it a value or choose “None”.")),
            (
                self.date_signed and self.date_signed > today,
                self.env._("The day of signing lies in the future: correct it."),
            ),
            (
                self._needs_policy_tick(),
                self.env._(
                    "Explain due dates, late charges and the conditions for leaving to the customer, then tick "
                    "“Collection conditions explained to the customer”."
                ),
            ),
            (
                self.policy_explained_date and self.policy_explained_date > today,
                self.env._("The day on which the conditions were explained lies in the future: correct it."),
            ),
        ]
        return [message for is_wrong, message in checks if is_wrong]

    def _is_brazilian(self):
        country = self.commercial_partner_id.country_id
        return not country or country.code == "BR"

    def _get_doubts_of_conditions(self):
        """What may be right in the customer's address and the conditions but deserves a second look.

        :return: list of str
        """
        self.ensure_one()
        debtor = self.commercial_partner_id
        missing = [name for name in ADDRESS if not debtor[name]]
        minimum_end = self.date_start + relativedelta(months=self.minimum_months) - timedelta(days=1)
        checks = [
            (
                missing and self._is_brazilian(),
                self.env._(
                    "The customer's address is not complete for a fiscal document. Missing: %(fields)s.",
                    fields=", ".join(debtor._fields[name]._description_string(self.env) for name in missing),
                ),
            ),
            (
                self.minimum_months and self.date_end and self.date_end < minimum_end,
                self.env._(
                    "The minimum term goes to %(day)s, beyond the end of the contract.",
                    day=format_date(self.env, minimum_end),
                ),
            ),
            (
                not self.policy_explained and not self.billed_until,
                self.env._("Nobody has ticked that the collection conditions were explained to the customer."),
            ),
        ]
        return [message for is_doubtful, message in checks if is_doubtful]
