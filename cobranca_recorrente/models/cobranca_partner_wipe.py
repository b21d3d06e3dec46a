from markupsafe import Markup

from odoo import models
from odoo.tools import SQL

# {model: (path to the person, fields whose words may tell of him)}; emptied below the ORM, for some of these
# registers let nobody change them.
TEXTS = {
    "cobranca.interaction": ("partner_id", ("note", "private_note", "next_step", "review_note")),
    "cobranca.promise": ("partner_id", ("note",)),
    "cobranca.dispute": ("partner_id", ("description", "decision")),
    "cobranca.hold": ("partner_id", ("note",)),
    "cobranca.payment.claim": ("partner_id", ("note", "decision")),
    "cobranca.opt.out": ("partner_id", ("note",)),
    "cobranca.card.mandate": ("partner_id", ("accepted_ip", "accepted_agent")),
    "cobranca.card.charge": ("partner_id", ("message",)),
    "cobranca.partner.change": ("partner_id", ("old_value", "new_value", "reason")),
    "cobranca.charge": ("partner_id", ("reason",)),
    "cobranca.bureau.event": ("listing_id.partner_id", ("note",)),
    "cobranca.credit.block": ("partner_id", ("reason",)),
    "cobranca.dunning.action.run": ("partner_id", ("error",)),
    "cobranca.contract": ("commercial_partner_id", ("note", "cancel_text", "reference", "park_reason", "hold_reason")),
    "cobranca.contract.change": ("contract_id.commercial_partner_id", ("reason",)),
    "cobranca.contract.pause": ("contract_id.commercial_partner_id", ("reason",)),
    "cobranca.message": ("partner_id", ("subject", "body", "text", "address", "detail")),
    "account.bank.statement.line": ("partner_id", ("partner_name", "account_number", "transaction_details")),
}
# Written where a text must not be empty.
REMOVED = "–"
WORDS = ("char", "text", "html", "binary", "date", "datetime", "properties")
MORE = ("city_id", "category_id", "cobranca_role", "cobranca_channel", "cobranca_hour", "partner_latitude")
MORE += ("partner_longitude", "cobranca_verified_by_id")
HEADERS = ("subject", "email_from", "reply_to", "incoming_email_to", "incoming_email_cc", "outgoing_email_to")
# Documents of a customer whose messages are written to him, or by him.
DOCUMENTS = {
    "account.move": "commercial_partner_id",
    "cobranca.contract": "commercial_partner_id",
    "cobranca.dispute": "partner_id",
    "cobranca.bureau.listing": "partner_id",
    "cobranca.partner.change": "partner_id",
    "cobranca.payment.claim": "partner_id",
}
LETTERS = ("email", "email_outgoing", "comment", "sms", "auto_comment", "out_of_office")


class CobrancaPartnerWipe(models.AbstractModel):
    """Which words tell of a person, and how they go. The caller knows that nothing speaks against it."""

    _name = "cobranca.partner.wipe"
    _description = "Removal of Personal Data"

    # === BUSINESS METHODS === #

    def _cobranca_get_people(self):
        """The customer and all his people, archived ones too.

        :return: res.partner
        """
        domain = ["|", ("commercial_partner_id", "=", self.id), ("id", "child_of", self.id)]
        return self | self.with_context(active_test=False).search(domain)

    def _cobranca_get_wiped_texts(self):
        """Which words of which registers tell of a person; later addons add theirs.

        :return: {model: (path to the person, names of fields)}
        """
        return TEXTS

    def _cobranca_get_wipe_plan(self):
        """What is removed and what stays, for people to read before.

        :return: list of (label, number)
        """
        people = self._cobranca_get_people()
        own, letters, kept = self._cobranca_get_messages(people)
        contacts = self.env["cobranca.interaction"].search_count([("partner_id", "in", people.ids)])
        counts = (
            (self.env._("People and addresses"), len(people)),
            (self.env._("Portal users switched off"), len(people.user_ids)),
            (self.env._("Messages removed"), len(own)),
            (self.env._("Letters and e-mails emptied"), len(letters)),
            (self.env._("Contacts whose notes are emptied"), contacts),
            (self.env._("Files removed"), len(self._cobranca_get_files(people, own | letters))),
            (self.env._("Bank accounts"), len(self._cobranca_get_banks(people))),
            (self.env._("Messages that Odoo's audit trail keeps"), len(kept)),
        )
        return [(label, count) for label, count in counts if count]

    def _cobranca_wipe(self):
        """Remove what tells of this customer and his people."""
        people = self._cobranca_get_people()
        people._cobranca_wipe_users()
        for company in self.env["res.company"].search([("active", "=", True)]):
            self.env["cobranca.debt.link"]._revoke(company, people)
        self._cobranca_get_banks(people)._cobranca_wipe()
        # The provider is told to forget the cards, and what was authorised ends.
        self.env["payment.token"].search([("partner_id", "in", people.ids)]).action_archive()
        self.env["cobranca.behavior"].search([("partner_id", "in", people.ids)]).unlink()
        pending = [("partner_id", "in", people.ids), ("state", "=", "pending")]
        self.env["cobranca.partner.change"].search(pending)._withdraw()
        self.env["mail.activity"].search([("res_model", "=", "res.partner"), ("res_id", "in", people.ids)]).unlink()
        self.env["mail.followers"].search([("partner_id", "in", people.ids)]).unlink()
        self.env["cobranca.person.export"].search([("partner_id", "in", people.ids)]).unlink()
        for partner in people:
            partner._cobranca_wipe_partner()
        # Their users are archived: Odoo looks for active ones only where archived ones are not looked for.
        people.with_context(active_test=True).action_archive()
        self._cobranca_wipe_texts(people)
        # After all else: Odoo notes what changed on a bank account.
        own, letters, _kept = self._cobranca_get_messages(people)
        self._cobranca_get_files(people, own | letters).unlink()
        self._cobranca_wipe_messages(people, own, letters)

    # --- the person ---

    def _cobranca_wipe_partner(self):
        values = dict.fromkeys(self._cobranca_get_wiped_fields(), False)
        companies = self.env["res.company"].search([("id", ">", 0)])
        apart = [name for name in values if self._fields[name].company_dependent]
        for company in companies if apart else ():
            self.with_company(company).write(dict.fromkeys(apart, False))
        values = {name: value for name, value in values.items() if name not in apart}
        self.write({**values, "name": self.env._("Anonymised person %(number)s", number=self.id)})

    def _cobranca_get_wiped_fields(self):
        """All words, pictures and days of a contact that people or other addons may have filled.

        Not what follows from others, nor what must not be empty.
        """
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.type in WORDS and not field.required and not field.related
            if not field.compute or field.inverse or not field.readonly
            if name not in models.MAGIC_COLUMNS and name != "name"
        ]
        return [*names, *(name for name in MORE if name in self._fields)]

    def _cobranca_wipe_users(self):
        """Nobody signs in as these people any more.

        Below the ORM: Odoo would write to a user whose login and password change.
        """
        users = self.user_ids
        users.api_key_ids.unlink()
        self.env["res.device.log"].search([("user_id", "in", users.ids)]).unlink()
        users.action_archive()
        users.flush_recordset()
        for user in users:
            self.env.cr.execute(
                SQL(
                    "UPDATE res_users SET login = %s, password = NULL, signature = NULL WHERE id = %s",
                    f"anonymised-{user.id}",
                    user.id,
                )
            )
        users.invalidate_recordset()
        self.env.registry.clear_cache()

    def _cobranca_get_banks(self, people):
        return self.env["res.partner.bank"].search([("partner_id", "in", people.ids)])

    # --- what was written ---

    def _cobranca_get_messages(self, people):
        """Messages on these people, what was written by or to them elsewhere, and what Odoo lets nobody change.

        :return: (mail.message, mail.message, mail.message)
        """
        Message = self.env["mail.message"]
        own = Message.search([("model", "=", "res.partner"), ("res_id", "in", people.ids)])
        banks = self._cobranca_get_banks(people)
        own |= Message.search([("model", "=", "res.partner.bank"), ("res_id", "in", banks.ids)])
        letters = Message.search(["|", ("author_id", "in", people.ids), ("partner_ids", "in", people.ids)])
        for model, field in DOCUMENTS.items():
            documents = self.env[model].search([(field, "in", people.ids)])
            letters |= Message.search(
                [("model", "=", model), ("res_id", "in", documents.ids), ("message_type", "in", LETTERS)]
            )
        letters -= own
        kept = (own | letters).filtered("account_audit_log_restricted")
        return own - kept, letters - kept, kept

    def _cobranca_get_files(self, people, messages):
        """Files on these people, what they sent us, and the evidence of their disputes; never the invoices' own."""
        File = self.env["ir.attachment"]
        disputes = self.env["cobranca.dispute"].search([("partner_id", "in", people.ids)])
        listings = self.env["cobranca.bureau.listing"].search([("partner_id", "in", people.ids)])
        claims = self.env["cobranca.payment.claim"].search([("partner_id", "in", people.ids)])
        sent = messages.filtered(lambda message: message.author_id in people or message.model == "res.partner")
        on_people = [("res_model", "=", "res.partner"), ("res_id", "in", people.ids), ("res_field", "=", False)]
        files = File.search(on_people) | sent.attachment_ids | disputes.attachment_ids | claims.attachment_ids
        files |= listings.evidence_ids
        return files.filtered(lambda file: file.res_model != "account.move")

    def _cobranca_wipe_texts(self, people):
        for model, (path, names) in self._cobranca_get_wiped_texts().items():
            records = self.env[model].search([(path, "in", people.ids)])
            records.flush_recordset()
            for name in names if records else ():
                empty = REMOVED if records._fields[name].required else None
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id IN %s AND %s IS NOT NULL",
                        SQL.identifier(records._table),
                        SQL.identifier(name),
                        empty,
                        tuple(records.ids),
                        SQL.identifier(name),
                    )
                )
        self.env.invalidate_all()

    def _cobranca_wipe_messages(self, people, own, letters):
        """Messages on the person go; elsewhere their words do, so that a document still shows that it was sent."""
        self.env["mail.mail"].search([("mail_message_id", "in", (own | letters).ids)]).unlink()
        self.env["mail.mail"].search([("recipient_ids", "in", people.ids)]).unlink()
        body = Markup("<p>%s</p>") % self.env._("Removed at the person's request or after the lawful term (LGPD).")
        letters = letters.exists()
        letters.write({**dict.fromkeys(HEADERS, False), "body": body})
        letters.notification_ids.filtered("mail_email_address").unlink()
        own.exists().unlink()
        # What Odoo noted when a document changed its customer.
        named = self.env["mail.tracking.value"].search(
            [("field_id.relation", "=", "res.partner"), "|", ("old_value_integer", "in", people.ids)]
            + [("new_value_integer", "in", people.ids)]
        )
        for value in named.filtered(lambda value: not value.mail_message_id.account_audit_log_restricted):
            value.old_value_char = value.old_value_char and REMOVED
            value.new_value_char = value.new_value_char and REMOVED
