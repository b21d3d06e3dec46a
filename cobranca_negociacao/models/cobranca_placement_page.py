from odoo import api, models
from odoo.tools import formatLang
from odoo.tools.misc import format_amount, format_date

from odoo.addons.cobranca_recorrente.tools import identification

from .cobranca_placement_work import OUTCOMES

CONTACT_OUTCOMES = tuple(outcome for outcome in OUTCOMES if outcome != "promised")
# Which playbook fits, after a contact that ended so.
SITUATIONS = {"says_paid": "says_paid", "no_answer": "retry", "left_message": "retry", "wrong_contact": "retry"}


class CobrancaPlacementPage(models.AbstractModel):
    """What people of an agency see of a customer: plain values that these methods choose, never records.

    The callers found the placement with the rights of who looks, and hand it over with those of the system.
    """

    _name = "cobranca.placement.page"
    _description = "Pages of an Agency"
    _inherit = [
        "cobranca.placement.page.list",
        "cobranca.placement.page.words",
        "cobranca.placement.page.ways",
        "cobranca.placement.page.forms",
        "cobranca.placement.page.negotiation",
    ]

    # === BUSINESS METHODS === #

    @api.model
    def _get_case(self, placement):
        """All that the page of a customer shows; that somebody read it is written down.

        :param placement: cobranca.placement with the rights of the system
        :return: dict of plain values
        """
        placement.ensure_one()
        company = placement.company_id
        placement = placement.with_company(company)
        self.env["cobranca.access.log"]._log(placement.partner_id, "agency_case")
        debts = self._get_debts(placement)
        script = self._get_script(placement, debts)
        return {
            "id": placement.id,
            "number": placement.name,
            "name": placement.customer_name,
            "document": self._get_document(placement),
            "speak_with": self._get_speak_with(placement),
            "callback": self._tell_callback(company, placement),
            "contact": self._tell_contact(company, placement),
            "is_due": self._is_callback_due(placement),
            "company": company.name,
            "day": format_date(self.env, company._cobranca_today(), date_format="dd/MM/yyyy"),
            **self._get_ways(placement, script.get("message", "")),
            "debts": debts["rows"],
            "sums": debts["sums"],
            "total": debts["total"],
            "script": script,
            "history": self._get_history(placement),
            "terms": self._get_terms(placement),
            "promise": self._get_promise(placement),
            "form": self._get_form(placement),
            "negotiation": self._get_negotiation(placement),
        }

    @api.model
    def _get_debts(self, placement):
        """What is open, with what it costs today.

        :return: dict: rows and sums (texts), total (text), amount (Decimal), days, oldest
        """
        company, currency = placement.company_id, placement.currency_id
        lines = placement._get_lines()
        debts = lines._cobranca_read_debts(company._cobranca_today())
        keys = {item.line_id: item.id for item in placement.line_ids if item.is_live}
        what = placement.env["cobranca.debt.page"]._get_what
        parts = {
            line: (debt.charges.principal, debt.charges.total - debt.charges.principal, debt.charges.total)
            for line, debt in debts.items()
        }
        ordered = sorted(debts, key=lambda line: (debts[line].due, line.id))
        sums = [sum(amounts) for amounts in zip(*parts.values(), strict=True)] or [0, 0, 0]
        return {
            "rows": [
                {
                    "key": keys[line],
                    "what": what(line.move_id) or line.move_id.name,
                    "due": format_date(self.env, debts[line].due, date_format="dd/MM/yyyy"),
                    "days": debts[line].days_late,
                    **self._format_parts(parts[line]),
                }
                for line in ordered
            ],
            "sums": self._format_parts(sums),
            "total": format_amount(self.env, float(sums[2]), currency),
            "days": max((debt.days_late for debt in debts.values()), default=0),
            "oldest": min((debt.due for debt in debts.values()), default=company._cobranca_today()),
        }

    @api.model
    def _format_parts(self, amounts):
        names = ("original", "charges", "total")
        return {
            name: formatLang(self.env, float(amount), digits=2) for name, amount in zip(names, amounts, strict=True)
        }

    @api.model
    def _get_document(self, placement):
        """The masked number, with what kind of number it is."""
        kind = identification.kind(placement.partner_id.vat or "") or ""
        return f"{kind.upper()} {placement.document or ''}".strip()

    @api.model
    def _get_speak_with(self, placement):
        """Who pays, where that is somebody else than the customer."""
        person = placement.partner_id._cobranca_get_payer()
        return (person.name or "") if person != placement.partner_id else ""

    # --- what to say ---

    @api.model
    def _get_script(self, placement, debts):
        """The words of the company for this situation.

        :return: dict(opening, steps, message, cards) of texts; empty where there are none
        """
        partner, company = placement.partner_id, placement.company_id
        book = placement.env["cobranca.playbook"]._find(
            company,
            self._get_situation(placement),
            partner._cobranca_is_consumer(),
            debts["days"],
            partner.cobranca_segment_id,
        )
        if not book:
            return {}
        person = partner._cobranca_get_payer()
        first_name = placement.env["cobranca.debt.page"]._get_first_name(person)
        names = {
            "contact": first_name,
            "me": self._get_first_name_of(self.env.user),
            "company": company.name.rstrip("."),
            "total": debts["total"],
            "oldest_due": format_date(self.env, debts["oldest"], date_format="dd/MM"),
            "days": str(debts["days"]),
        }
        script = book._get_script(names)
        # Who speaks is of the agency, and says so.
        speaker = self.env._(
            "%(agency)s, on behalf of %(company)s", agency=placement.agency_id.name, company=names["company"]
        )
        opening = book._get_script({**names, "company": speaker})["opening"]
        return {"opening": opening, **{name: script[name] for name in ("steps", "message", "cards")}}

    @api.model
    def _get_situation(self, placement):
        """:return: a situation of `cobranca.playbook`"""
        if not placement.contacted_at:
            return "first"
        if self._is_callback_due(placement):
            return "promise_broken" if placement.last_outcome == "promised" else "callback"
        return SITUATIONS.get(placement.last_outcome, "follow")

    # --- what is asked ---

    @api.model
    def _get_form(self, placement):
        """What the forms of the page offer.

        :return: dict: channels, outcomes, reasons (lists of (key, label)), seen, promise_day, promise_amount, today
        """
        company = placement.company_id
        today = company._cobranca_today()
        channels, outcomes = self._get_channel_labels(), self._get_outcomes()
        Promise = placement.env["cobranca.promise"]
        day = Promise._add_business_days(company, today, 3)
        highest = Promise._get_highest_amount(placement._get_lines(), day)
        reasons = placement.env["cobranca.dispute"]._fields["reason"]._description_selection(self.env)
        return {
            "channels": [(channel, channels[channel]) for channel in placement.agency_id._get_channels()],
            "outcomes": [(outcome, outcomes[outcome]) for outcome in CONTACT_OUTCOMES],
            "reasons": reasons,
            "seen": self._get_seen(placement),
            "promise_day": day.isoformat(),
            "promise_amount": formatLang(self.env, highest, digits=2),
            "today": today.isoformat(),
        }

    @api.model
    def _get_promise(self, placement):
        """The promise that is awaited, if any.

        :return: dict(text, may_cancel); empty where there is none
        """
        promise = self._find_promise(placement)
        if not promise:
            return {}
        return {"text": self._tell_promise(promise), "may_cancel": self._is_of_agency(placement, promise.user_id)}
