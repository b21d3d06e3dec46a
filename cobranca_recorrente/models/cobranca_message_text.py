import base64

from markupsafe import Markup
from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools import message_text

# Of a day that the customer chose himself, which belongs to no step.
CHOSEN_TEMPLATE = "cobranca_recorrente.mail_template_chosen_day"
SHORT, LONG = ("sms", "whatsapp"), ("email", "letter")
SAID = {"subject": "", "body": "", "text": ""}  # a call has a playbook, no text
# What a template may name without a right to run code: {{ object.… }} in subjects, t-out="object.…" in bodies.
NAMES = ("greeting", "salutation", "invoices", "topic", "pay_link", "creditor", "creditor_document", "creditor_phone")
NAMES += ("amount_text", "day_text")
PATHS = ("recipient_id.name", "recipient_id.lang", "partner_id.name", "company_id.name")
NOTHING = {"rows": [], "total_label": "", "total": ""}


class CobrancaMessageText(models.AbstractModel):
    """The words of a message: what a template says, filled with the facts of one customer, inside of our layout."""

    _name = "cobranca.message.text"
    _description = "Words of a Message to a Customer"
    _inherit = ["cobranca.message.words", "cobranca.message.pix"]

    greeting = fields.Char(compute="_compute_words")
    salutation = fields.Char(string="Formal greeting", compute="_compute_words")
    topic = fields.Char(string="Neutral subject", compute="_compute_words")
    invoices = fields.Char(string="Invoices in words", compute="_compute_words")
    amount_text = fields.Char(string="Amount with currency", compute="_compute_words")
    day_text = fields.Char(string="Day of the amount", compute="_compute_words")
    pay_link = fields.Char(string="Link to see and pay", compute="_compute_pay_link")
    creditor = fields.Char(compute="_compute_creditor")
    creditor_document = fields.Char(string="CNPJ of the creditor", compute="_compute_creditor")
    creditor_phone = fields.Char(string="Phone of the creditor", compute="_compute_creditor")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("recipient_id", "line_ids", "amount", "amount_on")
    def _compute_words(self):
        for message in self:
            name = message._get_first_name()
            message.greeting = self.env._("Hello, %(name)s,", name=name) if name else self.env._("Hello!")
            message.salutation = self.env._(
                "For the attention of %(name)s,",
                name=message_text.one_line((message.recipient_id or message.partner_id).name),
            )
            message.topic = message._get_topic()
            message.invoices = message._get_invoices_in_words()
            message.amount_text = message.currency_id.format(message.amount)
            message.day_text = format_date(self.env, message.amount_on) if message.amount_on else ""

    @api.depends_context("uid")
    def _compute_pay_link(self):
        """Whoever has the link is taken for the customer: people who preview a text see only where it leads."""
        links = self._get_links() if self.env.su else {}
        for message in self:
            message.pay_link = links[message]["pay"] if links else f"{message.get_base_url()}/…"

    @api.depends_context("lang")
    @api.depends("company_id")
    def _compute_creditor(self):
        creditors = {company: company._cobranca_get_creditor() for company in self.company_id}
        for message in self:
            creditor = creditors[message.company_id]
            message.creditor = creditor["name"]
            message.creditor_document = creditor["document"]
            message.creditor_phone = creditor["phone"]

    # === BUSINESS METHODS === #

    @api.model
    def mail_allowed_qweb_expressions(self):
        """What whoever may edit the texts can name in them, without a right to run code."""
        return super().mail_allowed_qweb_expressions() + tuple(f"object.{name}" for name in (*NAMES, *PATHS))

    def _get_text_template(self):
        """The text of this message.

        :return: mail.template or sms.template
        :raise UserError: when the step has none for the channel
        """
        self.ensure_one()
        if self._is_chosen():
            return self.env.ref(CHOSEN_TEMPLATE)
        rows = self.channel_id | self.level_id.channel_ids
        row = rows.filtered(lambda row: row.channel == self.channel)[:1]
        template = row.sms_template_id if self.channel in SHORT else row.mail_template_id
        if not template:
            raise UserError(
                self.env._(
                    "The step “%(step)s” has no text for this channel. Choose one in the ladder.",
                    step=self.level_id.name or "",
                )
            )
        return template

    def _get_text_lang(self):
        """The language of who receives it, as far as it is installed."""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (self.recipient_id.lang, self.partner_id.lang, self.company_id.partner_id.lang, self.env.lang)
        return next((lang for lang in wanted if lang in installed), "en_US")

    def _render_texts(self, debts=None, template=None, codes=None):
        """What each message says.

        :param dict debts: {account.move.line: tools.debt.Debt} of the day of the amounts, which explain percentages
            and days; read when they are not given. The amounts are always those of the message's own lines
        :param template: mail.template or sms.template, instead of that of the step
        :param dict codes: {message: its Pix code} of messages that leave; None = they are only looked at
        :return: {message: dict(subject, body, text)}; subject and body of an e-mail or letter, text of the others
        """
        if debts is None:
            debts = self._read_explaining_debts()
        groups = {}
        written = self.filtered(lambda message: template or message.channel in SHORT + LONG)
        for message in written:
            key = (template or message._get_text_template(), message._get_text_lang(), message.channel)
            groups.setdefault(key, []).append(message.id)
        result = {}
        for (source, lang, channel), ids in groups.items():
            # One set for all: what is read for one message is read for the others too.
            messages = self.with_context(lang=lang).browse(ids)
            text = source.sudo().with_context(lang=lang)  # sudo: who sends may not be who edits texts
            render = messages._render_long if text._name == "mail.template" else messages._render_short
            result.update(render(text, channel, debts, codes))
        return {message: result.get(message.id, SAID) for message in self}

    def _read_explaining_debts(self):
        """:return: {account.move.line: tools.debt.Debt}"""
        debts = {}
        for day, messages in self.grouped("amount_on").items():
            debts.update(messages.line_ids.line_id._cobranca_read_debts(day) if day else {})
        return debts

    def _render_short(self, template, channel, _debts, _codes):
        texts = template._render_field("body", list(self._ids))
        form = message_text.as_sms if channel == "sms" else message_text.one_line
        return {id_: {"subject": "", "body": "", "text": form(str(text))} for id_, text in texts.items()}

    def _render_long(self, template, channel, debts, codes):
        subjects = template._render_field("subject", list(self._ids))
        words = template._render_field("body_html", list(self._ids))
        bodies = self._render_layout(words, template.cobranca_content or "pay", channel, debts, codes)
        return {
            message.id: {
                "subject": message_text.one_line(str(subjects[message.id])),
                "body": bodies[message.id],
                "text": "",
            }
            for message in self
        }

    def _render_layout(self, words, content, channel, debts, codes=None):
        """Put the words into the layout.

        :param dict words: {id: Markup}
        :param str content: of a mail.template, what the layout adds
        :param dict codes: as of :meth:`_render_texts`
        :return: {id: Markup}
        """
        name = "cobranca_recorrente.message_letter" if channel == "letter" else "cobranca_recorrente.message_email"
        qweb, links = self.env["ir.qweb"], self._get_links()
        creditors = {company: company._cobranca_get_creditor() for company in self.company_id}
        bodies = {}
        for message in self:
            values = {
                "message": message,
                "words": words[message.id],  # rendered by Odoo, which escapes what it puts in
                "content": content,
                "links": links[message],
                "creditor": creditors[message.company_id],
                "contact": message._get_contact_words(creditors[message.company_id]),
                "preview": message._get_preview(),
                "colors": message._get_colors(),
                "pix": message._get_pix_values(None if codes is None else codes.get(message, ""))
                if content == "pay"
                else {},
                **(message._get_debt_table(debts) if content != "words" and message.line_ids else NOTHING),
            }
            bodies[message.id] = self._without_gaps(qweb._render(name, values, minimal_qcontext=True))
        return bodies

    @api.model
    def _without_gaps(self, html):
        """Without the indentation of the layout, of which the plain text of an e-mail would have blank lines."""
        return Markup("\n").join(line.strip() for line in html.splitlines() if line.strip())

    def _get_preview(self):
        """What the list of messages shows: long enough to keep the words of the message out of it."""
        name = self._get_first_name()
        if name:
            return self.env._(
                "Message of %(creditor)s for %(name)s. If it is not meant for you, please disregard it and delete this "
                "e-mail without opening its links.",
                creditor=self.creditor,
                name=name,
            )
        return self.env._(
            "Message of %(creditor)s for its customer. If it is not meant for you, please disregard it and delete this "
            "e-mail without opening its links.",
            creditor=self.creditor,
        )

    def _get_contact_words(self, creditor):
        """Whom the customer reaches, where and when."""
        ways = ", ".join(filter(None, (creditor["phone"], creditor["email"], creditor["hours"])))
        if creditor["contact"]:
            return self.env._("Speak with %(contact)s: %(ways)s", contact=creditor["contact"], ways=ways)
        return self.env._("Speak with us: %(ways)s", ways=ways)

    def _get_colors(self):
        """Colours of the button, as the company chose them for its e-mails."""
        company = self.company_id
        return {
            "text": company.email_primary_color or "#FFFFFF",
            "button": company.email_secondary_color or "#714B67",
        }

    def _get_links(self):
        """Where the customer pays, says that he has paid, and refuses the channel; signed, by one query for all.

        A message in memory, which is only looked at, has links that open nothing.

        :return: {message: dict(pay, paid, refuse)}
        """
        Link = self.env["cobranca.debt.link"]
        real = self.filtered("id")
        expires = {company: Link._get_expiry(company) for company in real.company_id}
        rows = [(m.company_id.id, m.partner_id.id, m.line_ids.line_id.ids, expires[m.company_id]) for m in real]
        links = dict(zip(real, Link._make_links(rows), strict=True))
        bases = {company: company.get_base_url() for company in self.company_id}
        return {
            message: self._prepare_links(
                links.get(message) or f"{bases[message.company_id]}/…", bases[message.company_id]
            )
            for message in self
        }

    @api.model
    def _prepare_links(self, link, base):
        return {"pay": link, "paid": f"{link}/ja-paguei", "refuse": f"{base}/my/dados"}

    def _get_postal_lines(self):
        """Where a letter goes, below the name.

        :return: list of texts
        """
        recipient = self.recipient_id or self.partner_id
        place = "/".join(filter(None, [recipient.city, recipient.state_id.code]))
        return list(filter(None, [recipient.street, recipient.street2, place, recipient.zip]))

    def _get_link_picture(self):
        """The link as a QR code for paper, drawn without a bitmap: those need libraries that Odoo does not ask for.

        :return: data URI
        """
        drawing = createBarcodeDrawing("QR", value=self._get_links()[self]["pay"], barBorder=0, barLevel="L")
        return f"data:image/svg+xml;base64,{base64.b64encode(drawing.asString('svg').encode()).decode()}"

    def _get_first_name(self):
        """How the recipient is greeted; empty for a company."""
        recipient = self.recipient_id or self.partner_id
        return "" if recipient.is_company else message_text.first_name(recipient.name)
