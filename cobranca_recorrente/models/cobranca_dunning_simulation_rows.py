from collections import defaultdict

from odoo import api, models
from odoo.tools import formatLang

from ..tools import ladder

ICONS = {
    "email": "envelope-o",
    "sms": "commenting-o",
    "whatsapp": "whatsapp",
    "call": "phone",
    "letter": "file-text-o",
}
PAID_STATES = ("paid", "in_payment", "reversed")
# Who is left out for these might have paid.
PERHAPS_PAID = ("probably_paid", "pending_payment", "stale_statement")


class CobrancaSimulationRows(models.AbstractModel):
    """Who would get what on a simulated day: by step, with the amounts of that day."""

    _name = "cobranca.dunning.simulation.rows"
    _inherit = ["cobranca.dunning.simulation.reasons"]
    _description = "Who Gets What on a Simulated Day"

    # === BUSINESS METHODS === #

    @api.model
    def _get_groups(self, company, plan):
        """The steps of the day with their customers.

        :param plan: tools.ladder_plan.Plan
        :return: list of dict
        """
        asked = self._read_asked(plan)
        by_level = defaultdict(list)
        for item in plan.messages:
            by_level[item.level.key].append(item)
        levels = (
            self.env["cobranca.dunning.level"]
            .browse(by_level)
            .sorted(lambda level: (level.is_event, level.days, level.policy_id.sequence, level.id))
        )
        names = [level.display_name for level in levels]
        channels = self._get_channel_labels()
        groups = []
        for level in levels:
            rows = [self._prepare_row(company, plan.day, item, asked, channels) for item in by_level[level.id]]
            rows.sort(key=lambda row: (-row["amount"], row["name"], row["id"]))
            is_double = names.count(level.display_name) > 1
            used = dict.fromkeys(row["icon"] for row in sorted(rows, key=lambda row: row["order"]))
            groups.append(
                {
                    "id": level.id,
                    "name": f"{level.display_name} ({level.policy_id.name})" if is_double else level.display_name,
                    "icons": list(used),
                    "customers": len({row["partner_id"] for row in rows}),
                    "amount": self._sum_up(company, rows),
                    "rows": rows,
                }
            )
        return groups

    @api.model
    def _read_asked(self, plan):
        """What would be asked of each line, as the run writes it down.

        :return: {id of the line: dict of values of cobranca.message.line}
        """
        ids = {line.key for item in plan.messages for line in item.lines}
        lines = self.env["account.move.line"].browse(sorted(ids))
        debts = lines._cobranca_read_debts(plan.day)
        Message = self.env["cobranca.message"]
        return {line.id: Message._prepare_line(line, debts[line]) for line in lines}

    @api.model
    def _get_channel_labels(self):
        return dict(self.env["cobranca.message"]._fields["channel"]._description_selection(self.env))

    @api.model
    def _prepare_row(self, company, day, item, asked, channels):
        """One message that would be made."""
        main = max(item.claims, key=lambda line: (line.level.rank, -line.due.toordinal()))
        others = [asked[line.key]["name"] for line in item.lines if line is not main]
        first = asked[main.key]["name"]
        amount = sum(asked[line.key]["amount"] for line in item.lines)
        currency = self.env["res.currency"].browse(item.currency)
        partner = self.env["res.partner"].browse(item.debtor)
        recipient = self.env["res.partner"].browse(item.recipient)
        is_home = currency == company.currency_id
        return {
            "id": f"{item.debtor}-{item.currency}",
            "partner_id": item.debtor,
            "name": partner.name or "",
            "recipient": recipient.name or "" if recipient != partner else "",
            "invoice": f"{first} +{len(others)}" if others else first,
            "invoices": ", ".join([first, *others]),
            "channel": channels[item.channel],
            "icon": ICONS[item.channel],
            "order": list(ICONS).index(item.channel),
            "hour": self._tell_hour(company, day, recipient, item.hour),
            "days": (day - main.due).days,
            "days_text": self._tell_days((day - main.due).days),
            "amount": amount,
            "amount_text": self._figure(amount) if is_home else self._money(amount, currency),
            "original": sum(asked[line.key]["residual"] for line in item.lines),
            "currency": currency.name,
        }

    @api.model
    def _tell_hour(self, company, day, recipient, hour):
        """The hour by the customer's clock; with his state where it is another one than the company's."""
        state = recipient.state_id or recipient.commercial_partner_id.state_id
        local = ladder.at_hour(day, hour)
        moment = self.env["cobranca.contact.window"]._to_utc(state, local)
        text = local.strftime("%H:%M")
        is_same = company._cobranca_local(moment).replace(tzinfo=None) == local
        return text if is_same else f"{text} ({state.code or 'BR'})"

    @api.model
    def _tell_days(self, days):
        if days < 0:
            return self.env._("in %(days)s d", days=-days)
        return self.env._("%(days)s d", days=days) if days else self.env._("due today")

    @api.model
    def _sum_up(self, company, rows):
        """Amounts of rows as a text; of each currency apart."""
        sums = defaultdict(float)
        for row in rows:
            sums[row["currency"]] += row["amount"]
        home = company.currency_id
        texts = [self._figure(sums.pop(home.name, 0.0))]
        currencies = self.env["res.currency"].search([("name", "in", list(sums))])
        return " + ".join([*texts, *(self._money(sums[currency.name], currency) for currency in currencies)])

    @api.model
    def _get_total(self, company, plan, groups):
        """The figures on top, and of the last row."""
        rows = [row for group in groups for row in group["rows"]]
        return {
            "customers": len({row["partner_id"] for row in rows}),
            "messages": len(rows),
            "amount": self._sum_up(company, rows),
            "left_out": len({item.debtor for item in (*plan.left_out, *plan.control)}),
        }

    @api.model
    def _get_paid(self, plan, reasons):
        """Notices to who has paid: none, and how that is known.

        :return: dict(count, text)
        """
        lines = self.env["account.move.line"].browse([line.key for item in plan.messages for line in item.lines])
        settled = lines.filtered(
            lambda line: line.reconciled
            or line.currency_id.compare_amounts(line.amount_residual_currency, 0) <= 0
            or line.move_id.payment_state in PAID_STATES
        )
        waiting = sum(reason["count"] for reason in reasons if reason["key"] in PERHAPS_PAID)
        text = self.env._(
            "Looked up just now: all %(count)s invoices are open in the books. Waiting, as they may have paid: "
            "%(waiting)s customers.",
            count=len(lines),
            waiting=waiting,
        )
        return {"count": len(settled.partner_id.commercial_partner_id), "text": text}

    # --- words ---

    @api.model
    def _figure(self, amount):
        return formatLang(self.env, amount, digits=self.env.company.currency_id.decimal_places)

    @api.model
    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)
