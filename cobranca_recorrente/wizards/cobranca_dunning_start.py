from collections import Counter, defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..models.cobranca_dunning_policy import ENTRIES
from ..tools import ladder


class CobrancaDunningStart(models.TransientModel):
    """Start a ladder: from which day on, at which step late invoices enter, and whom it writes to first."""

    _name = "cobranca.dunning.start"
    _description = "Start a Dunning Ladder"

    policy_id = fields.Many2one(
        comodel_name="cobranca.dunning.policy", string="Ladder", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    date = fields.Date(string="First day", required=True, default=lambda self: self.env.company._cobranca_today())
    entry_rule = fields.Selection(selection=ENTRIES, string="Late invoices enter", required=True)
    entry_level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level",
        string="Step of entry",
        domain="[('policy_id', '=', policy_id), ('is_event', '=', False), ('days', '>', 0)]",
    )
    preview_html = fields.Html(string="Who is first", compute="_compute_preview")
    first_count = fields.Integer(string="Customers on the first day", compute="_compute_preview")
    warning_html = fields.Html(string="What is missing", compute="_compute_missing")
    is_blocked = fields.Boolean(string="Cannot start", compute="_compute_missing")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("policy_id", "date", "entry_rule", "entry_level_id")
    def _compute_preview(self):
        """Whom the ladder would write to on its first day, by what is owed now."""
        for wizard in self:
            facts = wizard._get_first_day() if wizard.policy_id and wizard.date else {}
            wizard.first_count = facts.get("total", 0)
            render = self.env["ir.qweb"]._render
            wizard.preview_html = render("cobranca_recorrente.dunning_start", facts) if facts else ""

    @api.depends_context("lang")
    @api.depends("policy_id")
    def _compute_missing(self):
        """What keeps messages from leaving: without the creditor's data none may, without a server they wait."""
        for wizard in self:
            company = wizard.company_id
            missing = company._cobranca_get_creditor_gap() if company else ""
            channels = wizard.policy_id.level_ids.channel_ids.mapped("channel")
            waiting = self.env["cobranca.invoice.delivery"]._get_mail_gap(company) if "email" in channels else ""
            wizard.is_blocked = bool(missing)
            wizard.warning_html = (
                self.env["ir.qweb"]._render(
                    "cobranca_recorrente.dunning_start_missing", {"missing": missing, "waiting": waiting}
                )
                if missing or waiting
                else ""
            )

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Late invoices enter as the ladder says."""
        values = super().default_get(fields)
        policy = self.env["cobranca.dunning.policy"].browse(values.get("policy_id"))
        if policy:
            values["date"] = policy.company_id._cobranca_today()
            values["entry_rule"] = policy.entry_rule
            values["entry_level_id"] = policy.entry_level_id.id
        return values

    # === ACTIONS === #

    def action_start(self):
        """Start the ladder.

        :raise UserError: while it may not be started
        :raise AccessError: for who is no manager
        """
        self.ensure_one()
        self.policy_id._start(self.date, self.entry_rule, self.entry_level_id)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_first_day(self):
        """:return: dict for the template: is_moved, headline, rows of steps, total, left, reasons"""
        self.ensure_one()
        policy = self.policy_id
        engine = self.env["cobranca.dunning.engine"]
        day = self._get_first_sending_day()
        entry = {
            "date_from": self.date,
            "entry": self.entry_rule or ladder.CURRENT,
            "entry_level": self.entry_level_id.id or None,
        }
        plan = engine._select(policy.company_id, day, as_active=policy, entry=entry)
        own = [item for item in plan.messages if item.ladder.key == policy.id]
        left = [item for item in plan.left_out if item.ladder and item.ladder.key == policy.id]
        left += [item for item in plan.control if item.ladder.key == policy.id]
        amount = sum((line.home for item in own for line in item.lines), Decimal(0))
        return {
            "is_moved": day != self.date,
            "headline": self._get_headline(len({item.debtor for item in own}), day, float(amount)),
            "rows": self._get_rows(own),
            "reasons": self._get_reasons(left),
            "total": len({item.debtor for item in own}),
            "left": len({item.debtor for item in left}),
        }

    def _get_headline(self, count, day, amount):
        """How many customers are written to on a day."""
        values = {
            "count": count,
            "day": format_date(self.env, day, date_format="EEEE, d MMM"),
            "amount": self.company_id.currency_id.format(amount),
        }
        if not count:
            return self.env._("%(day)s: nobody is written to", **values)
        if count == 1:
            return self.env._("%(day)s: 1 customer is written to, who owes %(amount)s", **values)
        return self.env._("%(day)s: %(count)s customers are written to, who owe %(amount)s", **values)

    def _get_first_sending_day(self):
        """The first day, from the chosen one on, on which the ladder writes to anybody."""
        rule = self.policy_id.business_day_rule
        holidays = self.env["cobranca.dunning.engine"]._get_holidays(self.company_id, self.date)
        days = (self.date + ahead * ladder.ONE_DAY for ahead in range(ladder.LONGEST_WAIT))
        return next((day for day in days if ladder.is_sending_day(day, holidays, rule)), self.date)

    def _get_rows(self, planned):
        """How many customers get which step by which channel."""
        steps = defaultdict(list)
        for item in planned:
            steps[item.level].append(item)
        channels = dict(self.env["cobranca.dunning.channel"]._fields["channel"]._description_selection(self.env))
        rows = []
        for level, items in sorted(steps.items(), key=lambda pair: pair[0].rank):
            record = self.env["cobranca.dunning.level"].browse(level.key)
            counts = Counter(item.channel for item in items)
            rows.append(
                {
                    "name": record.display_name,
                    "count": len({item.debtor for item in items}),
                    "channels": ", ".join(f"{channels[name]} {count}" for name, count in counts.most_common()),
                    "is_reviewed": record.is_reviewed,
                    "amount": self.company_id.currency_id.format(
                        float(sum((line.home for item in items for line in item.lines), Decimal(0)))
                    ),
                }
            )
        return rows

    def _get_reasons(self, left):
        """:return: [(reason in words, number of customers)], the most frequent first"""
        groups = defaultdict(list)
        for item in left:
            reason = getattr(item, "reason", "control")
            groups[getattr(item, "detail", None) if reason == "held" else reason].append(item)
        words = self.env["cobranca.dunning.simulation.words"]
        rows = [(words._get_label(key or "held", items), len(items)) for key, items in groups.items()]
        return sorted(rows, key=lambda row: -row[1])
