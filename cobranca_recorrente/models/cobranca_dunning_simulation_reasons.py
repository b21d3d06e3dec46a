from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import ladder

# The kinds of pause that are told apart; all others are one row.
PAUSES = ("promise", "dispute", "callback", "already_paid", "charge_back")
ICONS = {
    "too_soon": "clock-o",
    "too_many": "clock-o",
    "promise": "calendar-check-o",
    "dispute": "question-circle-o",
    "callback": "phone",
    "already_paid": "check-circle-o",
    "charge_back": "undo",
    "held": "pause-circle-o",
    "probably_paid": "search",
    "pending_payment": "credit-card",
    "stale_statement": "university",
    "no_channel": "ban",
    "refused": "bell-slash-o",
    "undelivered": "envelope-open-o",
    "in_progress": "paper-plane-o",
    "prescribed": "hourglass-end",
    "blocked": "minus-circle",
    "below_minimum": "arrow-down",
    "hours": "moon-o",
    "control": "flask",
    "not_business_day": "calendar-times-o",
    "paused": "pause",
    "observing": "eye",
}
# Days named at most.
DAYS_NAMED = 3


class CobrancaSimulationReasons(models.AbstractModel):
    """Who would get nothing on a simulated day although a step of his has come, and why."""

    _name = "cobranca.dunning.simulation.reasons"
    _inherit = ["cobranca.dunning.simulation.words"]
    _description = "Who Gets Nothing on a Simulated Day"

    # === BUSINESS METHODS === #

    @api.model
    def _get_reasons(self, company, plan):
        """The reasons of the day with their customers, the most frequent first.

        :param plan: tools.ladder_plan.Plan
        :return: list of dict
        """
        refusing = self._find_refusing(plan)
        by_key = defaultdict(list)
        for item in plan.left_out:
            by_key[self._get_key(item, refusing)].append(item)
        if plan.control:
            by_key["control"] = list(plan.control)
        most = max(map(len, by_key.values()), default=0)
        reasons = [self._prepare_reason(company, plan.day, key, items, most) for key, items in by_key.items()]
        return sorted(reasons, key=lambda reason: (-reason["count"], reason["label"]))

    @api.model
    def _get_key(self, item, refusing):
        """Which row of the screen a debtor belongs to."""
        if item.reason == "held":
            return item.detail if item.detail in PAUSES else "held"
        if item.reason == "no_channel" and item.debtor in refusing:
            return "refused"
        return item.reason

    @api.model
    def _find_refusing(self, plan):
        """:return: ids of debtors without a channel who do not want one that their step has"""
        items = [item for item in plan.left_out if item.reason == "no_channel"]
        partners = self.env["res.partner"].browse([item.debtor for item in items])
        refused = partners._cobranca_get_refused_channels()
        return {
            item.debtor
            for item, partner in zip(items, partners, strict=True)
            if {channel for channel, _row in item.level.channels} & set(refused[partner])
        }

    @api.model
    def _prepare_reason(self, company, day, key, items, most):
        found = self._get_found(company, day, key, items)
        rows = [self._prepare_left_out(company, item, found) for item in items]
        rows.sort(key=lambda row: (-row["amount"], row["name"], row["id"]))
        count = len({item.debtor for item in items})
        return {
            "key": key,
            "icon": ICONS.get(key, "ban"),
            "label": self._get_label(key, items),
            "text": self._get_text(company, day, key, items),
            "count": count,
            "percent": round(100 * len(items) / most) if most else 0,
            "rows": rows,
        }

    @api.model
    def _prepare_left_out(self, company, item, found):
        """One customer who gets nothing."""
        currency = self.env["res.currency"].browse(item.currency)
        amount = float(sum(line.residual for line in item.lines))
        level = self.env["cobranca.dunning.level"].browse(item.level.key if item.level else [])
        is_home = currency == company.currency_id
        return {
            "id": f"{item.debtor}-{item.currency}",
            "partner_id": item.debtor,
            "name": self.env["res.partner"].browse(item.debtor).name or "",
            "step": level.display_name or "",
            "amount": amount,
            "amount_text": self._figure(amount) if is_home else self._money(amount, currency),
            "currency": currency.name,
            "found": found.get(item.debtor, ""),
        }

    # --- what is known of each ---

    @api.model
    def _get_found(self, company, day, key, items):
        """What speaks against a notice to each of these debtors, in words.

        :return: {id of the debtor: str}
        """
        finder = getattr(self, f"_find_{key}", None)
        if finder:
            return finder(company, day, items)
        if key in (*PAUSES, "held"):
            return self._find_pauses(company, day, items)
        if key in ("probably_paid", "pending_payment", "stale_statement"):
            return self._find_money(day, items)
        return {}

    @api.model
    def _find_too_soon(self, company, day, items):
        """The last contact, and the day on which the step is taken."""
        free = self._get_free_days(company, day, items)
        contacts = self._read_contacts(company, day, items)
        return {
            item.debtor: self.env._(
                "Last contact on %(day)s; leaves on %(next)s",
                day=self._day(contacts[item.debtor].last_contact),
                next=self._day(free[item.debtor]),
            )
            for item in items
        }

    @api.model
    def _find_too_many(self, company, day, items):
        contacts = self._read_contacts(company, day, items)
        return {
            item.debtor: self.env._(
                "%(count)s contacts in the last seven days, the last on %(day)s",
                count=contacts[item.debtor].week,
                day=self._day(contacts[item.debtor].last_contact),
            )
            for item in items
        }

    @api.model
    def _read_contacts(self, company, day, items):
        """:return: {id of the debtor: tools.ladder_plan.Contact}"""
        return self.env["cobranca.dunning.engine"]._get_contacts(company, day, {item.debtor: None for item in items})

    @api.model
    def _get_free_days(self, company, day, items):
        """When the days between two contacts are over, on a day on which the ladder sends.

        :return: {id of the debtor: date}
        """
        engine = self.env["cobranca.dunning.engine"]
        holidays = engine._get_holidays(company, day + timedelta(days=ladder.WEEK))
        contacts = self._read_contacts(company, day, items)
        free = {}
        for item in items:
            moment = contacts[item.debtor].last_contact + timedelta(days=item.ladder.min_days)
            while not ladder.is_sending_day(moment, holidays, item.ladder.rule):
                moment += ladder.ONE_DAY
            free[item.debtor] = moment
        return free

    @api.model
    def _find_pauses(self, company, day, items):
        """The pause of each debtor and how long it lasts."""
        Hold = self.env["cobranca.hold"]
        debtors = {item.debtor for item in items}
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM cobranca_hold hold WHERE company_id = %s AND partner_id = ANY(%s) AND %s",
                company.id,
                list(debtors),
                Hold._get_live_condition(day, "hold"),
            )
        )
        wanted = {item.debtor: item.detail for item in items}
        reasons = dict(Hold._fields["reason"]._description_selection(self.env))
        found = {}
        for hold in Hold.browse([key for (key,) in rows]):
            if hold.reason == wanted[hold.partner_id.id]:
                found[hold.partner_id.id] = self._tell_pause(hold, reasons[hold.reason])
        return found

    @api.model
    def _tell_pause(self, hold, reason):
        if hold.reason == "dispute" and hold.res_model == "cobranca.dispute":
            deadline = self.env["cobranca.dispute"].browse(hold.res_id).deadline
            return self.env._("%(reason)s, answer until %(day)s", reason=reason, day=self._day(deadline))
        if hold.date_to:
            return self.env._("%(reason)s, until %(day)s", reason=reason, day=self._day(hold.date_to))
        return self.env._("%(reason)s, without an end date", reason=reason)

    @api.model
    def _find_money(self, day, items):
        """Which money came in that may pay for it."""
        lines = self.env["account.move.line"].browse([line.key for item in items for line in item.lines if line.reason])
        words = self.env["cobranca.paid.guard"]._explain(lines, day)
        found = {}
        for line, text in words.items():
            found.setdefault(line.partner_id.commercial_partner_id.id, text)
        return found

    @api.model
    def _find_undelivered(self, company, day, items):
        """What the last attempt failed by."""
        messages = self.env["cobranca.message"].search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", [item.debtor for item in items])
            & Domain("state", "=", "undelivered"),
            order="id",
        )
        contacts = self._read_contacts(company, day, items)
        found = {}
        for message in messages:
            debtor = message.partner_id.id
            found[debtor] = message._get_outcome_text()
            if any(contacts[debtor].is_possible(row.channel) for row in message.level_id.channel_ids):
                text = self.env._("%(message)s; the data were completed: tried again by the run", message=found[debtor])
                found[debtor] = text
        return found

    @api.model
    def _find_in_progress(self, company, day, items):
        messages = self.env["cobranca.message"].search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", [item.debtor for item in items])
            & Domain("state", "in", ("review", "queued", "todo")),
            order="id",
        )
        return {message.partner_id.id: message._get_outcome_text() for message in messages}

    @api.model
    def _day(self, day):
        return format_date(self.env, day, date_format="dd/MM") if day else ""
