from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError

from .cobranca_agency import AGENCY

GROUP = "cobranca_recorrente.cobranca_group_"
AGENCY_ADMIN = f"{AGENCY}_admin"
MAIL = "cobranca_negociacao.mail_template_agency_statement"
LONGEST_REASON = 2000


class CobrancaAgencyStatementLife(models.AbstractModel):
    """How a statement is agreed: we send it, the agency agrees or contests, we agree and are billed."""

    _name = "cobranca.agency.statement.life"
    _description = "Life of a Statement of an Agency"

    # === ACTIONS === #

    def action_refresh(self):
        """Take into a draft what came in since."""
        self._check_right("supervisor", self.env._("Statements are prepared by a supervisor of Cobrança."))
        for statement in self._claim("draft"):
            statement._prepare_month(statement.company_id, statement.month)

    def action_send(self):
        """Let the agency see it, and tell it."""
        self._send()

    def action_agree(self):
        """Agree for the company."""
        self._agree()

    def action_bill(self):
        """Make the draft bill and open it."""
        self._bill()
        return self.action_view_bill()

    def action_view_bill(self):
        """Open the bill."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.bill_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _send(self):
        """Give statements to their agencies: drafts, and contested ones that were explained.

        :raise AccessError: for who is no supervisor
        :raise UserError: for what was sent before
        """
        self._check_right("supervisor", self.env._("Statements are sent by a supervisor of Cobrança."))
        records = self._claim("draft", "disputed")
        # Agreed to is what was seen: a contested one begins anew.
        records.write(
            {
                "state": "sent",
                "sent_at": fields.Datetime.now(),
                "agency_agreed_at": False,
                "agency_agreed_by_id": False,
            }
        )
        # Who sent them is told what the agencies answer.
        records.message_subscribe(self.env.user.partner_id.ids)
        template = self.env.ref(MAIL, raise_if_not_found=False)
        for record in records if template else ():
            template.sudo().send_mail(record.id)  # sudo: the text is ours, whoever sends it

    def _agree(self):
        """Agree for the company, after the agency did.

        :raise AccessError: for who is no manager
        :raise UserError: before the agency agreed, or when it is not with the agency
        """
        self._check_right("manager", self.env._("Statements are agreed by a manager of Cobrança."))
        records = self._claim("sent")
        if waiting := records.filtered(lambda record: not record.agency_agreed_at)[:1]:
            raise UserError(
                self.env._(
                    "%(agency)s has not answered %(statement)s yet: it agrees first, in its portal.",
                    agency=waiting.agency_id.name,
                    statement=waiting.name,
                )
            )
        records.write({"state": "agreed", "agreed_at": fields.Datetime.now(), "agreed_by_id": self.env.uid})

    def _bill(self):
        """Make the draft bill of commission and fees; where more went back than came in, its refund.

        :return: account.move
        :raise AccessError: for who is no manager
        :raise UserError: where nothing is to be billed, or the company has no account for it
        """
        self._check_right("manager", self.env._("Statements are billed by a manager of Cobrança."))
        bills = self.env["account.move"].sudo()  # sudo: the right was checked; the draft is for who does the books
        for record in self._claim("agreed"):
            if not record.amount_commission and not record.amount_fee:
                raise UserError(self.env._("%(statement)s has no commission to bill.", statement=record.name))
            bill = bills.with_company(record.company_id).create(record._prepare_bill())
            record.write({"state": "billed", "bill_id": bill.id})
            bills |= bill
        return bills.with_env(self.env)

    def _prepare_bill(self):
        """:return: dict of values of an account.move"""
        self.ensure_one()
        values = {"month": self._get_month_name(), "statement": self.name}
        sign = 1 if self.amount_commission + self.amount_fee >= 0 else -1
        rows = [
            ("agency_commission", self.env._("Commission of %(month)s, statement %(statement)s", **values)),
            ("agency_fee", self.env._("Collection fees of %(month)s, statement %(statement)s", **values)),
        ]
        amounts = {"agency_commission": self.amount_commission, "agency_fee": self.amount_fee}
        return {
            "move_type": "in_invoice" if sign > 0 else "in_refund",
            "partner_id": self.agency_id.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.company_id._cobranca_today(),
            "invoice_origin": self.name,
            **self._get_bill_document(),
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": text,
                        "quantity": 1,
                        "price_unit": sign * amounts[kind],
                        "account_id": self.company_id._cobranca_get_account(kind).id,
                        # What is withheld from services is for who does the books to say.
                        "tax_ids": [Command.clear()],
                    }
                )
                for kind, text in rows
                if amounts[kind]
            ],
        }

    def _get_bill_document(self):
        """What an agency sends for its service in Brazil: an NFS-e, where Odoo proposes the NF-e of goods."""
        document = self.env.ref("l10n_br.dt_SE", raise_if_not_found=False)
        is_home = self.company_id.account_fiscal_country_id.code == "BR"
        return {"l10n_latam_document_type_id": document.id} if document and is_home else {}

    # --- the agency ---

    def _answer(self, reason=None):
        """The administrator of the agency agrees, or contests.

        :param str reason: what is contested; None: agreed
        :raise AccessError: for anybody else
        :raise UserError: without a reason, or where it is not to be answered any more
        """
        self.ensure_one()
        own = self.sudo()  # sudo: compared, and answered only where it is of the user's agency
        if not self.env.user.has_group(AGENCY_ADMIN) or own not in self._search_own():
            raise AccessError(self.env._("Statements are answered by the administrator of the agency."))
        record = own._claim("sent")
        if reason is None:
            record.write({"agency_agreed_at": fields.Datetime.now(), "agency_agreed_by_id": self.env.uid})
            record.message_post(body=self.env._("The agency agreed."), subtype_xmlid="mail.mt_comment")
            return
        text = reason.replace("\0", "").strip()[:LONGEST_REASON]
        if len(text) < 3:
            raise UserError(self.env._("Say what is wrong: which payment, or what is missing."))
        record.write(
            {
                "state": "disputed",
                "dispute_reason": text,
                "agency_agreed_at": False,
                "agency_agreed_by_id": False,
            }
        )
        body = self.env._("Contested by the agency: %(reason)s", reason=text)
        record.message_post(body=body, subtype_xmlid="mail.mt_comment")

    # --- parts ---

    def _check_right(self, role, message):
        """:raise AccessError: for who has not the role, or may not read these"""
        if not self.env.su and not self.env.user.has_group(GROUP + role):
            raise AccessError(message)
        self.check_access("read")

    def _claim(self, *states):
        """Keep these for this transaction.

        :return: the same with the rights of the system
        :raise UserError: where one is in another state by now
        """
        records = self.sudo()  # sudo: statements are written by their own methods only, after the checks of rights
        records.lock_for_update()
        records.invalidate_recordset(["state", "agency_agreed_at"])
        if changed := records.filtered(lambda record: record.state not in states)[:1]:
            raise UserError(self.env._("%(statement)s has changed meanwhile: open it again.", statement=changed.name))
        return records
