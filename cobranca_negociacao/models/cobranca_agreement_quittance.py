import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cobranca_recorrente.models.cobranca_charge_memo import OWED
from odoo.addons.cobranca_recorrente.models.cobranca_contract_billing import is_passing

from .cobranca_quittance_settlement import Settled

_logger = logging.getLogger(__name__)

CRON = "cobranca_negociacao.ir_cron_cobranca_agreement_quittance"


class CobrancaAgreementQuittance(models.AbstractModel):
    """The letter of quittance of an agreement that is paid (CC, art. 319 and 320).

    Made right after the last payment, not in it: who receives money never waits for a PDF, nor fails by one.
    """

    _name = "cobranca.agreement.quittance"
    _description = "Quittance of an Agreement"

    is_quittance_due = fields.Boolean(string="Letter of quittance to be issued", readonly=True, copy=False)
    quittance_error = fields.Char(string="Letter of quittance could not be issued", readonly=True, copy=False)

    # === ACTIONS === #

    def action_quittance(self):
        """Issue the letter of quittance, and show it.

        :raise UserError: with all that keeps the agreement from being called paid
        """
        self.ensure_one()
        quittance = self._issue_quittance()
        # sudo: agreements are written by their own methods only; who may issue was checked
        self.sudo().write({"is_quittance_due": False, "quittance_error": False})
        return quittance._open()

    # === BUSINESS METHODS === #

    def _on_paid(self):
        super()._on_paid()
        self.write({"is_quittance_due": True, "quittance_error": False})
        self.env.ref(CRON)._trigger()

    def _on_reopened(self):
        super()._on_reopened()
        self.is_quittance_due = False
        self._take_letters_back()

    def _take_letters_back(self):
        """Money of this went back: letters that rest on it are true no more, also those of later agreements."""
        letters = self.env["cobranca.quittance"]._follow_money_back(self.installment_ids.line_id, self.name)
        # Of a later agreement that is paid itself there is a letter again when this is.
        later = self.browse(letters.filtered(lambda letter: letter.res_model == self._name).mapped("res_id"))
        later.filtered(lambda agreement: agreement.state == "paid").is_quittance_due = True

    def _get_quittances(self):
        """The letters of these agreements that are valid.

        :return: cobranca.quittance
        """
        return self.env["cobranca.quittance"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "=", "issued")]
        )

    def _issue_quittance(self):
        """The letter of an agreement that is paid; the same one when it was issued before.

        :return: cobranca.quittance
        :raise AccessError: for who does not work with this customer
        :raise UserError: when it is not paid, or charges of its installments are open
        """
        self.ensure_one()
        if self.state != "paid":
            raise UserError(
                self.env._("%(agreement)s is not paid: there is nothing to give quittance of.", agreement=self.name)
            )
        chain = self.sudo()._get_chain()  # sudo: the agreements before it, for who may read it
        return self.env["cobranca.quittance"]._issue_for_record(
            self,
            self.company_id,
            self.partner_id,
            chain._get_root_debts().with_env(self.env),
            chain._get_settled_rows(),
            f"Acordo {self.name}",  # papers are in Portuguese
        )

    def _get_root_debts(self):
        """The debts that a chain of agreements began with: no installments of one another.

        :return: account.move.line
        """
        return self.origin_ids.line_id - self.installment_ids.line_id

    def _get_settled_rows(self):
        """What was paid for the installments of a chain, and what was let off, the oldest first.

        What a later agreement took over is told by that one.

        :return: list of Settled
        """
        Quittance, lines = self.env["cobranca.quittance"], self.installment_ids.line_id
        rows = [
            Settled(agreement.date, "discount", agreement.before - agreement.agreed, agreement.name)
            for agreement in self
            if agreement.before > agreement.agreed
        ]
        for partial in lines.matched_credit_ids:
            credit, name = partial.credit_move_id, partial.debit_move_id.move_id.name
            role = credit.move_id.cobranca_agreement_role
            if role == "rebate":
                rows.append(Settled(partial.max_date, "discount", partial.amount, name))
            elif not role:
                rows.append(Settled(partial.max_date, Quittance._get_credit_kind(credit), partial.amount, name))
        paid = [
            ("line_id", "in", lines.ids),
            ("state", "=", "paid"),
            ("kind", "in", OWED),
            ("agreement_id", "=", False),
        ]
        charges = self.env["cobranca.charge"].search(paid)
        rows += [Settled(item.date, item.kind, item.amount, item.line_id.move_id.name) for item in charges]
        return sorted(rows, key=lambda row: (row.day, row.name or "", row.kind))

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_issue_quittances(self):
        """Issue and send the letters of agreements that are paid; what keeps one from it is told once, and tried on."""
        due = self.search([("is_quittance_due", "=", True)], order="id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(due))
        for agreement in due:
            agreement.company_id._cobranca_localize(agreement)._try_quittance()
            if not progress(1):
                break

    def _try_quittance(self):
        """Issue one letter and send it where an e-mail can be sent."""
        try:
            with self.env.cr.savepoint():
                quittance = self._issue_quittance()
                self.write({"is_quittance_due": False, "quittance_error": False})
                if not quittance._find_mail_gap():
                    quittance._send()
        except UserError as error:
            self.env.invalidate_all()
            self._note_quittance_error(str(error))
        except Exception as error:
            if is_passing(error):
                raise
            _logger.exception("The letter of quittance of agreement %s could not be issued", self.id)
            self.env.invalidate_all()
            self._note_quittance_error(self.env._("Something went wrong: see the log of the server."))

    def _note_quittance_error(self, text):
        if text != self.quittance_error:
            self.quittance_error = text
            self.message_post(body=self.env._("The letter of quittance could not be issued yet: %(why)s", why=text))
