from odoo import models
from odoo.tools import SQL

# Put into the context by who runs the actions of a step; see `cobranca.dunning.action`.
LEVEL = "cobranca_level_id"


class CobrancaCaseActions(models.AbstractModel):
    """What a step of the ladder does besides its message, on the cases that reached it.

    Each method is the whole code of a shipped server action; managers choose among those, see
    `ir.actions.server.cobranca_is_dunning`.
    """

    _name = "cobranca.case.actions"
    _description = "Actions of a Step"

    # === BUSINESS METHODS === #

    def _dunning_block_credit(self):
        """New contracts of these customers ask for a supervisor until nothing is late."""
        Block = self.env["cobranca.credit.block"]
        for company, cases in self.grouped("company_id").items():
            Block._start(company, cases.partner_id, cases._get_step_text())

    def _dunning_ask_for_call(self):
        """Whoever works a customer is to call him."""
        for case in self:
            self.env["cobranca.dunning.engine"]._schedule(
                case.company_id,
                case.partner_id,
                self.env._("Call: %(step)s", step=case._get_step_text()),
                case._get_debt_text(),
                "cobranca_recorrente.mail_activity_callback",
            )

    def _dunning_tell_salesperson(self):
        """The customer's salesperson reads of it in his inbox; the customer does not."""
        for case in self:
            for seller in case._get_salespeople():
                words = case.with_context(lang=seller.lang or self.env.lang)
                values = {
                    "customer": case.partner_id.name or "",
                    "step": words._get_step_text(),
                    "debt": words._get_debt_text(),
                }
                case.partner_id.message_notify(
                    partner_ids=seller.partner_id.ids,
                    subject=words.env._("In collection: %(customer)s", **values),
                    body=words.env._("%(customer)s: %(debt)s. Step reached: %(step)s.", **values),
                )

    def _dunning_post_note(self):
        """It is written on the customer, for the people of the company."""
        for case in self:
            case.partner_id.message_post(
                body=self.env._(
                    "Collection, step “%(step)s”: %(debt)s.", step=case._get_step_text(), debt=case._get_debt_text()
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _dunning_call_webhooks(self):
        """Other systems are told, once this transaction is committed."""
        Endpoint = self.env["cobranca.webhook.endpoint"].sudo()  # sudo: addresses of the company, whoever runs the step
        for company, cases in self.grouped("company_id").items():
            if endpoints := Endpoint._search_of_company(company):
                payloads = [case._prepare_webhook_payload() for case in cases]
                self.env["cobranca.webhook.event"]._queue(endpoints, payloads)

    def _dunning_put_on_bureau_list(self):
        """Late invoices of these customers go to the bureau list, to be notified first."""
        for case in self:
            case.env["cobranca.bureau.listing"]._put(case._get_late_lines(), case._get_step_text())

    # --- what they say ---

    def _get_step(self):
        """The level whose actions run; empty by hand."""
        level = self.env.context.get(LEVEL)
        return self.env["cobranca.dunning.level"].browse(level or [])

    def _get_step_text(self):
        step = self._get_step()
        return step.name if step else self.env._("Collection")

    def _get_debt_text(self):
        self.ensure_one()
        return self.env._(
            "%(amount)s open, late for %(days)s days",
            amount=self.currency_id.format(self.amount),
            days=self.days_late,
        )

    def _get_late_lines(self):
        """The late receivables of this case.

        :return: account.move.line
        """
        self.ensure_one()
        today = self.company_id._cobranca_today()
        # sudo: what is late, whoever runs the step
        lines = self.env["account.move.line"].sudo()
        return lines._cobranca_search_open_lines(
            self.company_id,
            today,
            SQL("partner.id = %s", self.partner_id.id),
            SQL("line.currency_id = %s", self.currency_id.id),
            SQL("COALESCE(line.date_maturity, line.date) < %s", today),
        )

    def _prepare_webhook_payload(self):
        """Numbers, references, amounts and days; no name, document or address of a person."""
        self.ensure_one()
        step = self._get_step()
        return {
            "event": "dunning.step",
            "case": self.id,
            "customer": self.partner_id.id,
            "step": {"id": step.id, "days": step.days} if step else None,
            "currency": self.currency_id.name,
            "amount": f"{self.amount:.{self.currency_id.decimal_places}f}",
            "amount_original": f"{self.amount_original:.{self.currency_id.decimal_places}f}",
            "days_late": self.days_late,
            "invoices": [
                {"id": line.move_id.id, "reference": line.move_id.name, "due": str(line.date_maturity or line.date)}
                for line in self._get_late_lines()
            ],
        }

    # --- who is told ---

    def _get_salespeople(self):
        """The customer's salesperson; else who sold what is late.

        :return: res.users, people of the company only
        """
        self.ensure_one()
        company = self.company_id
        users = self.partner_id.user_id or self._get_late_lines().move_id.invoice_user_id
        return users.filtered(lambda user: user.active and not user.share and company in user.company_ids)
