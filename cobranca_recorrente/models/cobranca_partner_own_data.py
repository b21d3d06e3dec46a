from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..tools import contact_data, identification, own_data
from .cobranca_opt_out import CHANNELS
from .cobranca_partner_quality import COLLECTOR, WITHOUT_NUMBER
from .cobranca_partner_record import HOURS

# Written at once, and asked for; nothing else is taken from a page.
DIRECT = ("phone", "zip", "street_name", "street_number", "street_number2", "street2", "city")
ASKED = ("email", "name", "vat")
TYPED = (*ASKED, *DIRECT, "state", "payer", "channel", "hour")
# Each one leaves a note, and may give somebody work.
SAVES_A_DAY = 5


class CobrancaPartnerOwnData(models.AbstractModel):
    """A customer in the portal corrects his own data: what is harmless at once, the rest after somebody looked."""

    _name = "cobranca.partner.own.data"
    _description = "Own Data of a Customer"
    _inherit = ["cobranca.partner.own.page"]

    cobranca_change_ids = fields.One2many(
        comodel_name="cobranca.partner.change",
        inverse_name="partner_id",
        string="Changes asked for",
        groups=COLLECTOR,
    )
    cobranca_pending_changes = fields.Integer(
        string="Changes to decide", compute="_compute_cobranca_pending_changes", groups=COLLECTOR
    )
    cobranca_own_saved_on = fields.Date(string="Last corrected by himself on", copy=False, groups=COLLECTOR)
    cobranca_own_saves = fields.Integer(
        string="Times corrected by himself on that day", copy=False, aggregator=None, groups=COLLECTOR
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_pending_changes(self):
        for partner in self:
            pending = partner.cobranca_change_ids.filtered(lambda change: change.state == "pending")
            partner.cobranca_pending_changes = len(pending)

    # === ACTIONS === #

    def action_cobranca_changes(self):
        """Open the changes that this customer asked for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_partner_change_action")
        return {**action, "domain": [("partner_id", "=", self.id)]}

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_own(self):
        """Whose data the current user may correct: the customer's he belongs to. A beneficiary has only his own.

        :return: res.partner, empty for staff and for who is no customer
        """
        user = self.env.user
        debtor = user.commercial_partner_id
        if not user._is_portal() or not debtor._cobranca_is_customer():
            return self.browse()
        own = user.partner_id.with_env(self.env)
        return own if own._cobranca_get_only_beneficiaries() else debtor.with_env(self.env)

    def _cobranca_is_customer(self):
        """Is this somebody whom we bill, or billed?"""
        debtor = self.sudo()  # sudo: whether there is a contract or an invoice, no more
        if debtor.customer_rank > 0:
            return True
        domain = [("commercial_partner_id", "=", debtor.id), ("state", "in", ("active", "closed"))]
        return bool(debtor.env["cobranca.contract"].search_count(domain, limit=1))

    def _cobranca_for_own(self):
        """This record to be worked on for its owner, once it is known that the user is he.

        :return: res.partner with the rights of the system
        :raise AccessError: for anybody else
        """
        if not self or self != self._cobranca_get_own():
            raise AccessError(self.env._("Only the customer himself does this."))
        self.check_access("read")
        return self.sudo()  # sudo: after the checks above, and only for the fields that this file names

    def _cobranca_save_own(self, typed):
        """Take over what the customer corrected.

        :param dict typed: texts of a form; unknown keys are ignored, missing ones leave things as they are
        :return: ({field: what is wrong}, {fields that wait for approval}); with anything wrong nothing is written
        :raise AccessError: unless the user is the customer
        :raise UserError: after too many changes of a day, or while somebody else works on this customer
        """
        partner = self._cobranca_for_own()
        if not partner.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Your data are being worked on. Please try again in a minute."))
        partner.invalidate_recordset()
        texts = partner._cobranca_read_typed(typed)
        changed = partner._cobranca_find_changed(texts)
        refused = partner._cobranca_read_refused(typed)
        if errors := partner._cobranca_find_own_errors(texts, changed, refused):
            return errors, set()
        with self.env.cr.savepoint():
            return {}, partner._cobranca_apply_own(texts, changed, refused)

    def _cobranca_withdraw_own(self, field):
        """The customer takes a change back that waits for approval; nothing happens when none waits.

        :raise AccessError: unless the user is the customer
        """
        partner = self._cobranca_for_own()
        if field in ASKED:
            partner.env["cobranca.partner.change"]._get_pending(partner, field)._withdraw()

    # --- what was typed ---

    def _cobranca_read_typed(self, typed):
        """{field: text} of what this page takes, written as we keep it.

        The CPF or CNPJ is never shown: an empty one means that it is right.
        """
        texts = {name: own_data.clean(typed[name]) for name in TYPED if isinstance(typed.get(name), str)}
        is_debtor = self == self.commercial_partner_id
        if not is_debtor:
            texts = {name: text for name, text in texts.items() if name not in ("vat", "payer", "channel", "hour")}
        if not texts.get("vat"):
            texts.pop("vat", None)
        return {name: self._cobranca_as_kept(name, text) for name, text in texts.items()}

    def _cobranca_as_kept(self, name, text):
        """A text of this page written the one way in which we keep it; what cannot be right stays as it is."""
        if name == "vat":
            return identification.formatted(text)
        if name == "email":
            return email_normalize(text) or text
        if name == "phone":
            return self._phone_format(number=text, force_format="INTERNATIONAL") or text
        if name == "zip" and self._cobranca_get_contact().is_brazilian:
            return contact_data.cep(text) or text
        return text

    def _cobranca_find_changed(self, texts):
        """Names of what differs from what is kept, which may be written in another way."""
        now = self._cobranca_get_own_texts()
        return {name for name, text in texts.items() if text != self._cobranca_as_kept(name, now[name])}

    def _cobranca_read_refused(self, typed):
        """The channels that the customer refuses; None when the form did not ask."""
        if "preferences" not in typed or self != self.commercial_partner_id:
            return None
        return {channel for channel, _label in CHANNELS if typed.get(f"refuses_{channel}")}

    def _cobranca_find_own_errors(self, texts, changed, refused):
        errors = {
            name: self.env._("Too long: up to %(limit)s characters.", limit=own_data.LONGEST)
            for name, text in texts.items()
            if len(text) > own_data.LONGEST
        }
        states = {"", *(state.code for state in self._cobranca_get_own_states())}
        choices = {"state": states, "channel": {"", *dict(CHANNELS)}, "hour": {"", *dict(HOURS)}}
        errors |= {
            name: self.env._("Choose one of the list.")
            for name, known in choices.items()
            if texts.get(name, "") not in known
        }
        if "name" in texts and not texts["name"]:
            errors["name"] = self.env._("A name is needed.")
        if refused and texts.get("channel", self.cobranca_channel) in refused:
            errors["channel"] = self.env._("A channel cannot be preferred and refused: choose another one.")
        if "state" in errors:
            return errors
        contact = self._cobranca_get_typed_contact(texts, changed)
        codes = own_data.blocking(self._cobranca_get_contact(), contact, changed)
        return {**{name: self._cobranca_explain_own(code) for name, code in codes.items()}, **errors}

    def _cobranca_get_typed_contact(self, texts, changed):
        """The data as they would be with what was typed."""
        texts = {**self._cobranca_get_own_texts(), **texts, **self._cobranca_get_place_of_zip(texts, changed)}
        zip_code = contact_data.cep(texts["zip"])
        return replace(
            self._cobranca_get_contact(),
            document=texts.get("vat") or self.vat or self.commercial_partner_id.vat or "",
            is_email_valid=bool(email_normalize(texts["email"])) if texts["email"] else None,
            is_phone_valid=bool(self._phone_format(number=texts["phone"])) if texts["phone"] else None,
            street=texts["street_name"],
            number=texts["street_number"] or ("s/n" if WITHOUT_NUMBER.search(texts["street_name"]) else ""),
            city=texts["city"],
            state=texts["state"],
            zip=texts["zip"],
            zip_state=self._cobranca_get_state_of_zip(zip_code) if zip_code else None,
        )

    def _cobranca_get_place_of_zip(self, texts, changed):
        """City and state of a new CEP, unless the customer gave others."""
        if "zip" not in changed or {"city", "state"} & changed:
            return {}
        city = self._cobranca_get_city_of_zip(texts["zip"])
        return {"city": city.name, "state": city.state_id.code} if city else {}

    def _cobranca_explain_own(self, code):
        if code == "number_missing":
            return self.env._("Write the number of the house, or “s/n”.")
        if code.endswith("_missing"):
            return self.env._("Write the new one here. To have it removed, write to us.")
        return self._cobranca_explain_gap(code)

    # --- what is written ---

    def _cobranca_apply_own(self, texts, changed, refused):
        """:return: names of the fields that wait for approval"""
        asked = {name for name in ASKED if name in changed and self._cobranca_is_new_request(name, texts[name])}
        values = self._prepare_cobranca_own_values(texts, changed)
        before = {name: self._cobranca_show(name) for name in values}
        others = self._cobranca_get_other_changes(texts, changed, refused)
        today = self.env.company._cobranca_today()
        if asked or values or others:
            self._cobranca_count_save(today)
        if values or others or self.cobranca_verified_on != today:
            verified = {"cobranca_verified_on": today, "cobranca_verified_by_id": self.env.uid}
            self.write({**values, **verified, "cobranca_review_on": fields.Date.add(today, years=1)})
            self._cobranca_tell_verified(before)
        if "payer" in others:
            self._cobranca_set_payer(texts["payer"])
        if others - {"payer"}:
            known = self._cobranca_get_refused_channels()[self]
            note = self.env._("By himself, in the portal")
            self._cobranca_write_preferences(
                texts.get("channel", self.cobranca_channel) or False,
                texts.get("hour", self.cobranca_hour) or False,
                known if refused is None else refused,
                note,
            )
        for name in sorted(asked):
            self.env["cobranca.partner.change"]._ask(self, name, texts[name])
        return asked

    def _cobranca_is_new_request(self, name, text):
        return text != self.env["cobranca.partner.change"]._get_pending(self, name).new_value

    def _prepare_cobranca_own_values(self, texts, changed):
        """The values of the fields that change at once."""
        place = self._cobranca_get_place_of_zip(texts, changed)
        texts, changed = {**texts, **place}, changed | place.keys()
        values = {name: texts[name] or False for name in DIRECT if name in changed}
        if "state" in changed:
            states = self._cobranca_get_own_states()
            values["state_id"] = states.filtered(lambda state: state.code == texts["state"]).id
        if "city" in changed or "zip" in changed:
            city = self._cobranca_get_city_of_zip(texts.get("zip") or self.zip)
            values["city_id"] = city.id if city and city.name == values.get("city", self.city) else False
        return {name: value for name, value in values.items() if self._cobranca_is_change(name, value)}

    def _cobranca_get_other_changes(self, texts, changed, refused):
        others = changed & {"payer", "channel", "hour"}
        is_refusal = refused is not None and refused != self._cobranca_get_refused_channels()[self]
        return others | ({"refused"} if is_refusal else set())

    def _cobranca_count_save(self, today):
        """:raise UserError: after too many on one day"""
        count = self.cobranca_own_saves if self.cobranca_own_saved_on == today else 0
        if count >= SAVES_A_DAY:
            raise UserError(
                self.env._(
                    "You changed your data %(count)s times today. Please come back tomorrow, or write to us.",
                    count=count,
                )
            )
        self.write({"cobranca_own_saved_on": today, "cobranca_own_saves": count + 1})

    def _cobranca_set_payer(self, name):
        """Whom to speak with about payments: somebody known, or a new person."""
        before = self._cobranca_get_payer()
        people = self.child_ids.filtered(lambda child: child.type == "contact" and not child.is_company)
        person = people.filtered(lambda child: (child.name or "").casefold() == name.casefold())[:1]
        if name and not person:
            person = self.create({"name": name, "parent_id": self.id, "type": "contact", "lang": self.lang})
        (before - person).cobranca_role = False
        person.cobranca_role = "pays"
