from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..tools import retention
from .cobranca_partner_quality import SUPERVISOR


class CobrancaPartnerAnonymize(models.AbstractModel):
    """Remove the personal data of a customer for good, where nothing speaks against it (LGPD, art. 16 and 18, VI).

    The books stay: invoices keep their numbers, amounts and dates (LGPD, art. 16, I).
    """

    _name = "cobranca.partner.anonymize"
    _description = "Anonymisation of a Customer"
    _inherit = ["cobranca.partner.wipe"]

    # === ACTIONS === #

    def action_cobranca_anonymize(self):
        """Show what would be removed, or what speaks against it.

        :raise AccessError: for who is no supervisor
        """
        self.ensure_one()
        partner = self.commercial_partner_id
        partner._cobranca_check_may_anonymize()
        wizard = self.env["cobranca.partner.anonymize.confirm"].create({"partner_id": partner.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Anonymise · %(customer)s", customer=partner.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _cobranca_anonymize(self, reason):
        """Remove the personal data of a customer and his people; there is no way back.

        :param str reason: of `cobranca.anonymization`
        :return: cobranca.anonymization
        :raise AccessError: for who is no supervisor, or has nothing to do with this customer
        :raise UserError: with all that speaks against it
        """
        self.ensure_one()
        self._cobranca_check_may_anonymize()
        partner = self.sudo().with_context(  # sudo: after the check above; data of other people's records go too
            tracking_disable=True, mail_notrack=True, no_vat_validation=True, active_test=False
        )
        if not partner.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Somebody works on this customer at this moment: try again."))
        partner.invalidate_recordset()
        if obstacles := partner._cobranca_find_obstacles():
            raise UserError("\n".join(obstacles))
        plan = partner._cobranca_get_wipe_plan()
        partner._cobranca_wipe()
        return partner.env["cobranca.anonymization"].create(
            {
                "company_id": self.env.company.id,
                "partner_id": partner.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "reason": reason,
                "summary": "\n".join(f"{label}: {count}" for label, count in plan),
            }
        )

    def _cobranca_check_may_anonymize(self):
        """:raise AccessError: for who is no supervisor, or has nothing to do with this customer"""
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Personal data are removed by a supervisor of Cobrança."))
        self._cobranca_check_business()

    def _cobranca_find_obstacles(self):
        """All that speaks against it, in words that say what to do; looked for in all companies.

        :return: list of str
        """
        self.ensure_one()
        debtor = self.sudo().with_context(active_test=False)  # sudo: what another company keeps counts too
        people = debtor._cobranca_get_people()
        checks = [
            (
                debtor.env["res.company"].search_count([("partner_id", "in", people.ids)], limit=1)
                or any(not user.share for user in people.user_ids),
                self.env._("This is one of our own companies or people: only customers are anonymised here."),
            ),
            (
                debtor.env["cobranca.anonymization"].search_count([("partner_id", "=", debtor.id)], limit=1),
                self.env._("This person was anonymised already."),
            ),
            *debtor._cobranca_get_open_business(people),
            *debtor._cobranca_get_open_record(people),
        ]
        found = [text for is_found, text in checks if is_found]
        return found + debtor._cobranca_find_recent_documents(people)

    def _cobranca_get_open_business(self, people):
        """What is still going on with these people in contracts and books.

        :return: list of (whether there is any, text)
        """
        own = [("partner_id", "in", people.ids)]
        unpaid = [
            *own,
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "in", ("asset_receivable", "liability_payable")),
            ("reconciled", "=", False),
        ]
        contracts = ["|", "|", "|", ("commercial_partner_id", "=", self.id), ("beneficiary_id", "in", people.ids)]
        contracts += [("responsible_id", "in", people.ids), ("partner_id", "in", people.ids)]
        contracts += [("state", "in", ("draft", "active"))]
        drafts = [*own, ("state", "=", "draft")]
        return [
            (
                self.env["account.move.line"].search_count(unpaid, limit=1),
                self.env._("There are open amounts: they must be paid, credited or written off first."),
            ),
            (
                self.env["account.move"].search_count(drafts, limit=1),
                self.env._("There are draft invoices or entries: post or remove them first."),
            ),
            (
                self.env["cobranca.contract"].search_count(contracts, limit=1),
                self.env._("There are contracts that run or are about to start: end or cancel them first."),
            ),
        ]

    def _cobranca_get_open_record(self, people):
        """What is still going on in their collection.

        :return: list of (whether there is any, text)
        """
        own = [("partner_id", "in", people.ids)]
        today = self.env.company._cobranca_today()
        paused = [*own, ("ended_on", "=", False), "|", ("date_to", "=", False), ("date_to", ">=", today)]
        is_open = [*own, ("state", "=", "open")]
        return [
            (
                self.env["cobranca.case"].search_count([*is_open, ("is_training", "=", False)], limit=1),
                self.env._("The customer is in collection."),
            ),
            (
                self.env["cobranca.promise"].search_count(is_open, limit=1),
                self.env._("There is an open promise to pay."),
            ),
            (self.env["cobranca.dispute"].search_count(is_open, limit=1), self.env._("There is an undecided dispute.")),
            (
                self.env["cobranca.hold"].search_count(paused, limit=1),
                self.env._("Collection is paused for a reason that still holds: end the pause first."),
            ),
        ]

    def _cobranca_find_recent_documents(self, people):
        """Documents that the law asks to keep together with whom they are of.

        :return: list of str, empty when all are old enough
        """
        last = self._cobranca_get_last_document(people)
        if not last:
            return []
        years = max(self.env["res.company"].search([("id", ">", 0)]).mapped("cobranca_retention_years"))
        until = retention.kept_until(last, years)
        if until < self.env.company._cobranca_today():
            return []
        return [
            self.env._(
                "The last document is of %(last)s: it is kept until %(until)s (CTN, art. 173 and 195; LGPD, "
                "art. 16, I).",
                last=format_date(self.env, last),
                until=format_date(self.env, until),
            )
        ]

    def _cobranca_get_last_document(self, people):
        """The day of the latest entry, or the last day of a contract; None without any."""
        own = [("partner_id", "in", people.ids)]
        [[moved]] = self.env["account.move.line"]._read_group(
            [*own, ("parent_state", "=", "posted")], aggregates=["date:max"]
        )
        [[billed]] = self.env["cobranca.contract.period"]._read_group(
            [("contract_id.commercial_partner_id", "=", self.id)], aggregates=["date_end:max"]
        )
        [[ended]] = self.env["cobranca.contract"]._read_group(
            [("commercial_partner_id", "=", self.id), ("state", "=", "closed")], aggregates=["date_end:max"]
        )
        return max(filter(None, (moved, billed, ended)), default=None)
