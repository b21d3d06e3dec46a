from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools.mail import plaintext2html

from ..tools import receipt_file

ACTIVITY = "cobranca_recorrente.mail_activity_payment_doubt"
SUBJECTS = [
    ("amount", "I do not agree with the amount"),
    ("unknown", "I do not recognise this charge"),
    ("service", "The service was not as agreed"),
    ("charges", "I do not agree with fine or interest"),
    ("cancelled", "I cancelled the contract"),
    ("data", "Something in the invoice is wrong (name, address, …)"),
    ("how", "How can I pay?"),
    ("other", "Something else"),
]
# Who says this contests the debt: it is not asked for until somebody decided.
CONTESTS = ("amount", "unknown", "service", "charges", "cancelled")
LONGEST_TEXT = 1000


class CobrancaPaymentDoubt(models.AbstractModel):
    """A customer's question about what he is to pay: a task for a person, and a dispute when he contests it."""

    _name = "cobranca.payment.doubt"
    _description = "Question about a Payment"

    # === BUSINESS METHODS === #

    @api.model
    def _get_subjects(self):
        """What a question may be about: list of dict(code, label, contests)."""
        labels = {
            "amount": self.env._("I do not agree with the amount"),
            "unknown": self.env._("I do not recognise this charge"),
            "service": self.env._("The service was not as agreed"),
            "charges": self.env._("I do not agree with fine or interest"),
            "cancelled": self.env._("I cancelled the contract"),
            "data": self.env._("Something in the invoice is wrong (name, address, …)"),
            "how": self.env._("How can I pay?"),
            "other": self.env._("Something else"),
        }
        return [{"code": code, "label": labels[code], "contests": code in CONTESTS} for code, _label in SUBJECTS]

    @api.model
    def _get_deadline(self, company):
        """Until when a person answers a question of today.

        :return: date
        """
        days = company.sudo().cobranca_doubt_days  # sudo: a setting, also for who is not logged in
        return self.env["cobranca.promise"]._add_business_days(company, company._cobranca_today(), days)

    @api.model
    def _record(self, company, debtor, line, subject, text, answer="", files=()):
        """Write a question down; what is sent twice counts once. The caller knows that the line is the customer's.

        :param line: account.move.line it is about; empty = about none of them
        :param str subject: of SUBJECTS
        :param str text: the customer's words
        :param str answer: how he prefers the answer, in words for staff
        :param files: (name, bytes) of up to three PDFs or pictures
        :return: cobranca.dispute, empty for a question that contests nothing
        :raise UserError: without words, without the payment that is contested, for files of another kind
        """
        text = (text or "").replace("\0", "").strip()[:LONGEST_TEXT]
        self._check_told(line, subject, text, files)
        user = self._get_person(company, debtor)
        # sudo: customers have no right on what follows; nor do they become followers of it
        doubts = self.sudo().with_context(
            lang=user.lang or self.env.lang, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        return doubts._write_down(company, debtor, line, subject, text, answer, files, user)

    def _write_down(self, company, debtor, line, subject, text, answer, files, user):
        label = next(item["label"] for item in self._get_subjects() if item["code"] == subject)
        said = "\n".join(filter(None, [f"{label}: {text}", answer]))
        dispute = self.env["cobranca.dispute"]
        # What was paid meanwhile is not contested any more; the question stays.
        is_open = not line.reconciled and line.amount_residual_currency > 0
        if subject in CONTESTS and is_open and not self._is_contested(line):
            evidence = self._keep_files(files, debtor)
            dispute = self._contest(line, subject, said, evidence, self._get_deadline(company), user)
        if not dispute and not self._ask(company, debtor, line, label, said, files, user):
            return dispute
        self.env["cobranca.interaction"]._record(
            company,
            debtor,
            "portal",
            "disputed" if dispute else "other",
            direction="in",
            reached="right",
            user_id=False if self.env.user._is_public() else self.env.uid,
            note=said,
            lines=line,
        )
        return dispute

    @api.model
    def _check_told(self, line, subject, text, files):
        if subject not in dict(SUBJECTS):
            raise UserError(self.env._("Choose what your question is about."))
        if subject in CONTESTS and not line:
            raise UserError(self.env._("Choose the payment that you mean."))
        if len(text) < 3:
            raise UserError(self.env._("Tell us in a few words what happened."))
        self.env["cobranca.payment.claim"]._check_files(files)

    @api.model
    def _get_person(self, company, debtor):
        """Who answers: who works with this customer, else a supervisor.

        :return: res.users
        """
        # sudo: who works a customer, whoever asks
        collector = self.env["cobranca.case"].sudo()._get_collectors(company, debtor).get(debtor.id)
        return collector or self.env["cobranca.dunning.engine"]._get_supervisor(company)

    @api.model
    def _is_contested(self, line):
        return bool(
            self.env["cobranca.dispute"].search_count([("line_id", "=", line.id), ("state", "=", "open")], limit=1)
        )

    @api.model
    def _contest(self, line, subject, said, evidence, deadline, user):
        """The dispute with its pause, for who answers it.

        :return: cobranca.dispute
        """
        return self.env["cobranca.dispute"]._record(
            line, line.amount_residual_currency, subject, said, deadline, evidence, responsible=user
        )

    @api.model
    def _ask(self, company, debtor, line, label, said, files, user):
        """A task for a person, with the day on which the answer is due.

        :return: mail.activity; empty when the same was asked already and is not answered yet
        """
        summary = " · ".join(filter(None, [self.env._("Answer the customer"), label, line.move_id.name]))
        note = plaintext2html(said)
        kind = self.env.ref(ACTIVITY)
        open_ones = self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", debtor.id),
                ("activity_type_id", "=", kind.id),
                ("summary", "=", summary),
            ]
        )
        if any(activity.note == note for activity in open_ones):
            return self.env["mail.activity"]
        activity = debtor.with_env(self.env).activity_schedule(
            ACTIVITY, date_deadline=self._get_deadline(company), summary=summary, note=note, user_id=user.id
        )
        activity.attachment_ids = [Command.set(self._keep_files(files, debtor).ids)]
        return activity

    @api.model
    def _keep_files(self, files, debtor):
        """What the customer sent, on his page, with the type that its content has.

        :return: ir.attachment
        """
        values = []
        for name, content in files:
            ending, mimetype = receipt_file.kind(content)
            values.append(
                {
                    "name": receipt_file.clean_name(name, ending),
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": "res.partner",
                    "res_id": debtor.id,
                }
            )
        return self.env["ir.attachment"].create(values)
