from contextlib import contextmanager

from lxml import html as lxml_html
from markupsafe import Markup

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize, formataddr
from odoo.tools.misc import format_date

BY_TEXT = ("sms", "whatsapp")
# The frame runs no scripts; pictures and styles of the e-mail itself are all that it shows.
PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"/>'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data: http: https:; '
    "style-src 'unsafe-inline'\"/>"
    "<style>body {{ margin: 16px; font-family: sans-serif; font-size: 14px; overflow-wrap: anywhere; }}</style>"
    "</head><body>{body}</body></html>"
)
TEST_NOTE = Markup('<p style="padding: 8px; border: 1px solid #999999;"><b>%s</b></p>')


class CobrancaDunningPreview(models.AbstractModel):
    """What a customer would read at a step: a message in memory about real invoices. Nothing of it is kept."""

    _name = "cobranca.dunning.preview"
    _description = "Preview of a Dunning Step"

    # === ACTIONS === #

    def ladder_preview(self, channel, template_id=False, place=0):
        """The message of this step to one of the customers who stand there, or who takes it next.

        :param str channel: of the step
        :param template_id: id of the text, as it is chosen on the screen; by default that of the step
        :param int place: of the customer, from 0 on
        :return: dict; `count` of the customers, `html` or `text`, or `note` when there is nothing to show
        """
        self.ensure_one()
        self.check_access("read")
        with self._reading_only():
            level = self.with_company(self.company_id)
            return level._get_preview(channel, template_id, max(int(place or 0), 0))

    def ladder_test(self, channel, template_id=False, place=0):
        """Mail the preview to oneself, marked as a test, without links. No customer gets anything.

        :return: a sentence on what was done
        :raise AccessError: for who may not change the ladder
        :raise UserError: with what is missing
        """
        self.ensure_one()
        self.check_access("write")
        preview = self.ladder_preview(channel, template_id, place)
        address = email_normalize(self.env.user.email or "")
        if not address:
            raise UserError(self.env._("Fill in your own e-mail address first, in your preferences."))
        if not preview.get("body") and not preview.get("text"):
            raise UserError(preview["note"])
        if gap := self.env["cobranca.invoice.delivery"]._get_mail_gap(self.company_id):
            raise UserError(gap)
        self._mail_test(preview, address)
        return self.env._("Sent to %(address)s, marked as a test.", address=address)

    # === BUSINESS METHODS === #

    @contextmanager
    def _reading_only(self):
        """The database itself refuses to write until this is over, whatever a template does."""
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            self.env.cr.execute(SQL("SET TRANSACTION READ ONLY"))
            yield
            self.env.flush_all()
            savepoint.rollback()

    def _get_preview(self, channel, template_id, place):
        found = self.env["cobranca.dunning.standing"]._find_customer(self, place)
        if not found:
            return {
                "count": 0,
                "place": 0,
                "note": self.env._("Nobody on this ladder owes anything now: there is no invoice to show."),
            }
        debtor, currency, count, is_example = found
        message = self._imagine(channel, debtor, currency)
        return {
            "count": 0 if is_example else count,
            "place": min(place, count - 1) if not is_example else 0,
            "note": self.env._("Nobody at this step today: shown with another customer.") if is_example else "",
            "customer": {"id": debtor, "name": message.partner_id.name},
            "sender": self._get_sender(),
            "recipient": message.recipient_id.name or "",
            "address": message.address or self.env._("no address: the next channel is taken"),
            "day": format_date(self.env, message.amount_on),
            **self._get_words(message, template_id),
        }

    def _get_words(self, message, template_id):
        """:return: dict(subject, body, html, text), or what a person does instead"""
        if message.channel == "call":
            return {"text": self._get_script(message), "subject": ""}
        try:
            template = self._find_template(message, template_id) or message._get_text_template()
            words = message._render_texts(template=template)[message]
        except UserError as error:
            return {"note": str(error)}
        # sudo: who reads the preview may not be who edits texts
        findings = template.sudo()._cobranca_get_findings(self.company_id, message.kind)
        if message.channel in BY_TEXT:
            return {"text": words["text"], "subject": "", "findings": findings}
        body = _without_links(words["body"])
        return {"subject": words["subject"], "body": body, "html": PAGE.format(body=body), "findings": findings}

    def _find_template(self, message, template_id):
        """The text that is chosen on the screen; one of another kind is not looked at."""
        if not template_id:
            return None
        model = "sms.template" if message.channel in BY_TEXT else "mail.template"
        template = self.env[model].browse(int(template_id)).exists()
        return template if template.model == message._name else None

    def _get_script(self, message):
        """What whoever calls has before him, in the name of who looks at it."""
        if not self.playbook_id:
            return self.env._("Somebody calls. Choose a playbook, so that he knows what to say.")
        oldest = min(message.line_ids, key=lambda item: item.due)
        facts = {
            "person": message.recipient_id,
            "sums": {"amount": message.amount},
            "oldest": oldest.due,
            "days": oldest.days_late,
        }
        case = self.env["cobranca.case"].new({"company_id": self.company_id.id, "partner_id": message.partner_id.id})
        script = self.playbook_id._get_script(case._get_names(facts))
        return "\n\n".join(filter(None, [script["name"], script["opening"], "\n".join(script["steps"])]))

    def _get_sender(self):
        company = self.company_id
        return f"{company.name} <{company.email or company.alias_domain_id.default_from_email or ''}>"

    # --- message in memory ---

    @api.model
    def _imagine(self, channel, debtor, currency):
        """A message that is in memory only, with all that its words need.

        :return: cobranca.message
        """
        company, date = self.company_id, self.company_id._cobranca_today()
        people, Message = self.env["cobranca.dunning.people"], self.env["cobranca.message"]
        lines = self.env["cobranca.dunning.standing"]._find_lines(self, debtor, currency)
        recipient = self._find_recipient(lines, debtor, date)
        debts = lines._cobranca_read_debts(date)
        values = [Message._prepare_line(line, debts[line]) for line in lines]
        row = self.channel_ids.filtered(lambda row: row.channel == channel)[:1]
        return Message.new(
            {
                "company_id": company.id,
                "currency_id": currency,
                "partner_id": debtor,
                "recipient_id": recipient.id,
                "address": people._get_address(channel, recipient),
                "date": date,
                "policy_id": self.policy_id.id,
                "level_id": self.id,
                "channel": channel,
                "channel_id": row.id,
                "kind": self._get_kind(),
                "amount_on": date,
                "amount_original": sum(item["residual"] for item in values),
                "amount": sum(item["amount"] for item in values),
                "line_ids": [
                    Command.create({"line_id": line.id, **item}) for line, item in zip(lines, values, strict=True)
                ],
            },
            ref="preview",
        )

    def _find_recipient(self, lines, debtor, date):
        """Who receives it, by the rule of the run."""
        periods = self.env["cobranca.contract.period"].search([("move_id", "in", lines.move_id.ids)])
        named = {line_move: set() for line_move in lines.move_id}
        for period in periods:
            named[period.move_id].add(period.contract_id.responsible_id.id)
        people = {min(filter(None, ids), default=None) for ids in named.values()}
        responsible = people.pop() if len(people) == 1 else None
        engine = self.env["cobranca.dunning.engine"]
        contact = engine._get_contacts(self.company_id, date, {debtor: responsible})[debtor]
        return self.env["res.partner"].browse(contact.recipient)

    # --- test ---

    def _mail_test(self, preview, address):
        note = self.env._(
            "Test of “%(step)s”: only you get it, and its links lead nowhere. The customer would be %(customer)s.",
            step=self.display_name,
            customer=preview["recipient"],
        )
        body = preview.get("body") or str(Markup("<pre>%s</pre>") % preview["text"])
        company = self.company_id
        # sudo: a mail to oneself, whoever may see the queue of mails
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": self.env._("[Test] %(subject)s", subject=preview["subject"] or self.display_name),
                    "body_html": str(TEST_NOTE % note) + body,
                    "email_from": formataddr(
                        (company.name, company.email or company.alias_domain_id.default_from_email)
                    ),
                    "email_to": address,
                    "auto_delete": True,
                    "message_type": "email_outgoing",
                }
            )
        )
        mail.send()
        if mail.exists().state in ("exception", "cancel"):
            raise UserError(self.env._("The mail server did not take it: %(reason)s", reason=mail.failure_reason or ""))


def _without_links(body):
    """The same text, in which nothing leads anywhere."""
    if not body:
        return ""
    root = lxml_html.fragment_fromstring(str(body), create_parent="div")
    for node in list(root.iter("script", "iframe", "object")):
        node.drop_tree()
    for node in root.iter("a", "form"):
        for name in ("href", "action"):
            node.attrib.pop(name, None)
    return lxml_html.tostring(root, encoding="unicode")
