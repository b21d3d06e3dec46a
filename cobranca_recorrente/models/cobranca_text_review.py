from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import message_text, tone

KINDS = [(tone.REMINDER, "Reminder"), (tone.NOTICE, "Notice"), (tone.NOTIFICATION, "Notification")]
MESSAGE = "cobranca.message"
# What each line of the review looks at.
CHECKS = {
    "creditor": (tone.CREDITOR, tone.CONTACT),
    "tone": (tone.THREAT, tone.SHAME, tone.BUREAU, tone.PEOPLE),
    "subject": (tone.DEBT,),
    "urgency": (tone.URGENCY,),
}


class CobrancaTextReview(models.AbstractModel):
    """Templates of messages to customers: a text that is unlawful or unkind is refused when it is saved."""

    _name = "cobranca.text.review"
    _description = "Review of a Text to Customers"

    cobranca_kind = fields.Selection(
        selection=KINDS,
        string="Sent as",
        groups="base.group_user",
        help="A reminder goes out before the due date, a notice after it. Only a notification may say which steps the "
        "law provides.",
    )
    cobranca_review = fields.Html(
        string="Review of the text", compute="_compute_cobranca_review", groups="base.group_user"
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends(lambda self: self._cobranca_get_text_fields() + ("model", "cobranca_kind"))
    def _compute_cobranca_review(self):
        for template in self:
            template.cobranca_review = (
                self.env["ir.qweb"]._render(
                    "cobranca_recorrente.text_review", {"checks": template._cobranca_get_findings()}
                )
                if template._cobranca_is_message()
                else False
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse unlawful texts."""
        templates = super().create(vals_list)
        templates._cobranca_check_texts()
        return templates

    def write(self, vals):
        """Refuse unlawful texts, and another use for a text of Cobrança."""
        if "model_id" in vals:
            self._cobranca_check_model(vals["model_id"])
        result = super().write(vals)
        if {"cobranca_kind", "model_id", *self._cobranca_get_text_fields()} & vals.keys():
            self._cobranca_check_texts()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Refuse unlawful texts in every language."""
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name in self._cobranca_get_text_fields():
            for lang in translations:
                self.with_context(lang=lang)._cobranca_check_texts()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_text_fields(self):
        """Fields that customers read; of the model that inherits this."""
        return ()

    @api.model
    def _cobranca_get_text_models(self):
        """Models whose templates are looked at."""
        return (MESSAGE,)

    def _cobranca_is_message(self):
        self.ensure_one()
        return self.model in self._cobranca_get_text_models()

    def _cobranca_review(self, kind=None):
        """What speaks against a text, in the language of the environment.

        :param str kind: reminder, notice or notification; by default what the template is for
        :return: list of tools.tone.Finding
        """
        self.ensure_one()
        subject, text, channel, flags = self._cobranca_get_words()
        return tone.review(subject, text, channel, kind or self.cobranca_kind or tone.NOTICE, flags)

    def _cobranca_get_words(self):
        """What is looked at.

        :return: (subject, text, channel, flags), see `tools.tone.review`
        """
        raise NotImplementedError

    def _cobranca_get_findings(self, company=None, kind=None):
        """The review as people read it: what is right and what is not.

        :param company: res.company whose data go into the message, to say what it lacks
        :param str kind: as what it is sent, where that is not what the template says
        :return: list of dict(code, label, is_ok, severity, remarks); `code` one of CHECKS, `severity` of the worst
            remark or empty, `remarks` sentences
        """
        self.ensure_one()
        findings = self._cobranca_review(kind)
        gap = company._cobranca_get_creditor_gap() if company else ""
        labels = self._cobranca_get_check_labels()
        result = []
        for code, parts in CHECKS.items():
            own = [finding for finding in findings if finding.code in parts]
            remarks = [self._cobranca_explain(finding) for finding in own]
            is_error = tone.has_errors(own)
            if code == "creditor" and gap:
                remarks, is_error = [*remarks, gap], True
            severity = (tone.ERROR if is_error else tone.WARNING) if remarks else ""
            result.append(
                {"code": code, "label": labels[code], "is_ok": not remarks, "severity": severity, "remarks": remarks}
            )
        return result

    @api.model
    def _cobranca_get_check_labels(self):
        """What each line of the review says.

        :return: {code: label}
        """
        return {
            "creditor": self.env._("Creditor, CNPJ, address and human contact are there"),
            "tone": self.env._("No threat, nothing embarrassing, no mention of SPC"),
            "subject": self.env._("Neutral subject: it does not reveal the debt"),
            "urgency": self.env._("Calm: no last warnings, no shouting"),
        }

    @api.model
    def _cobranca_get_advice(self, code):
        """What to write instead.

        :param str code: of tools.tone
        """
        advice = {
            tone.THREAT: self.env._(
                "announces steps against the customer. Say what is open and how to pay or speak with you. Only a "
                "notification may say what the law provides, as a possibility (“may”)."
            ),
            tone.SHAME: self.env._("judges the person. Write about the invoice: “the payment has not been found yet”."),
            tone.BUREAU: self.env._(
                "mentions a credit bureau or a protest. That belongs in a notification only, as a possibility (“may”) "
                "and with the period after which it happens (CDC, art. 43, § 2º)."
            ),
            tone.DEBT: self.env._(
                "tells whoever sees the subject, or the first words on a phone, of the debt. Write for example: “Your "
                "invoice of October”."
            ),
            tone.URGENCY: self.env._("presses. Write calmly and name a day instead."),
            tone.PEOPLE: self.env._("speaks of other people. A debt is the customer's own affair (CDC, art. 42)."),
            tone.CREDITOR: self.env._(
                "The name and CNPJ of the creditor are missing (CDC, art. 42-A). Add %(name)s and %(document)s.",
                name="{{ object.creditor }}",
                document="{{ object.creditor_document }}",
            ),
            tone.CONTACT: self.env._(
                "There is no way to answer or to pay. Add the link of the message: %(link)s",
                link="{{ object.pay_link }}",
            ),
        }
        return advice[code]

    @api.model
    def _cobranca_explain(self, finding):
        """A sentence about a finding.

        :param finding: tools.tone.Finding
        """
        advice = self._cobranca_get_advice(finding.code)
        return f"“{finding.excerpt}” {advice}" if finding.excerpt else advice

    def _cobranca_check_texts(self):
        """:raise ValidationError: with the words that must not be sent, and what to write instead"""
        for template in self:
            if not template._cobranca_is_message():
                continue
            wrong = [finding for finding in template._cobranca_review() if finding.severity == tone.ERROR]
            if wrong:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be saved, because customers must not read this:\n%(remarks)s",
                        name=template.name,
                        remarks="\n".join(f"• {self._cobranca_explain(finding)}" for finding in wrong),
                    )
                )

    def _cobranca_check_model(self, model_id):
        """A text of Cobrança stays one: whoever may edit those only does not get at other documents through them."""
        model = self.env["ir.model"].sudo().browse(model_id)  # sudo: its technical name only
        if any(template._cobranca_is_message() and template.model != model.model for template in self):
            raise UserError(self.env._("Texts of Cobrança stay texts of Cobrança: create another template instead."))

    @api.model
    def _cobranca_sampled(self, text):
        return message_text.with_samples(text or "")
