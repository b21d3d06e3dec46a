from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..tools.conference import CAUSES

SUMS = ["previous", *CAUSES, "current", "billed"]
GUARDED_FIELDS = {
    "company_id",
    "month",
    "state",
    "line_ids",
    "difference",
    "contract_count",
    "held_count",
    "computed_at",
    "rate_gaps",
    "released_by_id",
    "released_at",
}


class CobrancaBillingConference(models.Model):
    """A month before it is billed: proved against the month before, and released."""

    _name = "cobranca.billing.conference"
    _description = "Billing Check"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cobranca.billing.conference.figures",
        "cobranca.billing.conference.run",
    ]
    _order = "month desc, id desc"
    _rec_name = "month"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(self.env.company._cobranca_today(), "month"),
        help="Its first day. What falls due in a month is billed in it, whenever it is issued.",
    )
    state = fields.Selection(
        selection=[("open", "To be checked"), ("released", "Released")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    mode = fields.Selection(related="company_id.cobranca_conference_mode")
    line_ids = fields.One2many(
        comodel_name="cobranca.billing.conference.line", inverse_name="conference_id", string="Contracts"
    )
    previous = fields.Monetary(string="Previous month", readonly=True)
    new = fields.Monetary(readonly=True)
    price = fields.Monetary(string="Prices and items", readonly=True)
    readjusted = fields.Monetary(readonly=True)
    prorated = fields.Monetary(string="Days and pauses", readonly=True)
    cadence = fields.Monetary(string="Periodicity", readonly=True)
    once = fields.Monetary(string="One-off and adjustments", readonly=True)
    usage = fields.Monetary(readonly=True)
    ended = fields.Monetary(readonly=True)
    current = fields.Monetary(string="This month", readonly=True)
    billed = fields.Monetary(string="Billed so far", readonly=True)
    difference = fields.Monetary(
        readonly=True, help="What the causes do not explain of the difference between the two months: must be zero."
    )
    contract_count = fields.Integer(string="Number of contracts", readonly=True)
    held_count = fields.Integer(string="Held", readonly=True)
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    rate_gaps = fields.Text(
        string="Not counted", readonly=True, help="Contracts that billing sets aside: their currency has no rate."
    )
    released_by_id = fields.Many2one(comodel_name="res.users", string="Released by", readonly=True, copy=False)
    released_at = fields.Datetime(string="Released on", readonly=True, copy=False)

    _uniq_month = models.UniqueIndex("(company_id, month)", "This month has its billing check already.")
    _check_month = models.Constraint(
        "CHECK (EXTRACT(day FROM month) = 1)", "A billing check is of a whole month, from its first day."
    )

    # === COMPUTE METHODS === #

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for conference in self:
            name = conference.month and format_date(self.env, conference.month, date_format="MMMM y")
            conference.display_name = name and name[0].upper() + name[1:]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create and compute; any day of a month stands for the month."""
        for values in vals_list:
            self._refuse_guarded_fields(values.keys() - {"company_id", "month"})
            if values.get("month"):
                values["month"] = fields.Date.start_of(fields.Date.to_date(values["month"]), "month")
        conferences = super().create(vals_list)
        for conference in conferences:
            conference._refresh()
        return conferences

    def write(self, vals):
        self._refuse_guarded_fields(vals.keys())
        return super().write(vals)

    @api.model
    def _refuse_guarded_fields(self, written):
        """:raise AccessError: for what only the buttons and the run write"""
        guarded = set(written) & {*SUMS, *GUARDED_FIELDS}
        if guarded and not self.env.su:
            labels = sorted(self._fields[field]._description_string(self.env) for field in guarded)
            raise AccessError(
                self.env._("%(fields)s cannot be written directly: use the buttons.", fields=", ".join(labels))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        if any(conference.state == "released" for conference in self):
            raise UserError(self.env._("A released month stays as a record of who released it."))

    # === ACTIONS === #

    def action_refresh(self):
        """Compute the month again, as it stands now."""
        self.check_access("write")
        for conference in self:
            conference.lock_for_update()
            conference._recheck_held(conference.company_id)
            conference._refresh()
        return True

    def action_release(self):
        """Release the month: where months are released by hand, its contracts are billed from now on.

        What is held stays held until it is released itself.
        """
        self.check_access("write")
        self.lock_for_update()
        for conference in self.filtered(lambda c: c.state == "open"):
            conference._refresh()
            if conference.difference:
                raise UserError(self.env._("The equation of this month does not hold: find out why before releasing."))
        values = {"state": "released", "released_by_id": self.env.uid, "released_at": fields.Datetime.now()}
        self.filtered(lambda c: c.state == "open").sudo().write(values)  # sudo: read-only fields, access checked
        self._alert()
        self._start_billing()
        return True

    def action_reopen(self):
        """Take a release back: what is billed stays, the rest waits again where months are released by hand."""
        self.check_access("write")
        self.sudo().write(  # sudo: read-only fields, access checked
            {"state": "open", "released_by_id": False, "released_at": False}
        )
        return True

    def action_release_held(self):
        """Release all that is held in these months."""
        self.check_access("write")
        self.line_ids.filtered("is_held").action_release()
        return True

    def action_view_lines(self):
        """Open the contracts behind a figure; the context's `cause` names it."""
        self.ensure_one()
        cause = self.env.context.get("cause")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cobranca_recorrente.cobranca_billing_conference_line_action"
        )
        domain = [("conference_id", "=", self.id)]
        if cause == "held":
            domain.append(("is_held", "=", True))
        elif cause in SUMS:
            domain.append((cause, "!=", 0))
        field = self._fields["held_count" if cause == "held" else cause if cause in SUMS else "line_ids"]
        label = field._description_string(self.env)
        return {
            **action,
            "display_name": f"{self.display_name} · {label}",
            "domain": domain,
            "context": {"only_reason": cause == "held"},
        }

    def _start_billing(self):
        # sudo: only starts the run, after an access check
        self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_billing").sudo()._trigger()

    # === BUSINESS METHODS === #

    def _refresh(self):
        """Write down the figures of the month, in the company's currency."""
        self.ensure_one()
        rows = self._get_figures(self.company_id, self.month)
        gaps = self._get_rate_gaps(rows)
        lines = self._prepare_lines(rows, gaps)
        Line = self.env["cobranca.billing.conference.line"].sudo()  # sudo: written by this method only
        Line.search([("conference_id", "=", self.id)]).unlink()
        difference = sum(line.pop("difference") for line in lines)
        Line.create(lines)
        sums = {name: sum(line[name] for line in lines) for name in SUMS}
        self.sudo().write(  # sudo: read-only fields, computed here
            {
                **sums,
                "difference": self.currency_id.round(difference),
                "contract_count": len(lines),
                "held_count": sum(1 for line in lines if line["is_held"]),
                "computed_at": fields.Datetime.now(),
                "rate_gaps": "\n".join(sorted(gaps.values())) or False,
            }
        )

    def _get_rate_gaps(self, rows):
        """{currency: why amounts in it cannot be converted today}, as billing finds it.

        :param list rows: see `_get_figures`
        """
        Billing, today = self.env["cobranca.contract.billing"], self.company_id._cobranca_today()
        currencies = {row["contract"].currency_id for row in rows}
        gaps = {currency: Billing._explain_missing_rate(self.company_id, currency, today) for currency in currencies}
        return {currency: gap for currency, gap in gaps.items() if gap}

    def _prepare_lines(self, rows, gaps):
        """Values of the lines; who released one is kept when it is computed anew.

        :param list rows: see `_get_figures`
        :param dict gaps: see `_get_rate_gaps`
        :return: list of dict for cobranca.billing.conference.line, with their `difference`
        """
        released = {line.contract_id: line for line in self.line_ids if line.released_by_id}
        lines = []
        for row in rows:
            contract, findings, before = row["contract"], row["findings"], released.get(row["contract"])
            gap = gaps.get(contract.currency_id)
            reasons = ([gap] if gap else []) + [finding.reason for finding in findings]
            # Zero is told from an amount at a glance; one converted at 1:1 would be believed.
            amounts = dict.fromkeys([*SUMS, "difference"], 0.0) if gap else self._in_company_currency(contract, row)
            lines.append(
                {
                    "conference_id": self.id,
                    "contract_id": contract.id,
                    **amounts,
                    "deviation": float(row["deviation"]),
                    "deviation_size": abs(float(row["deviation"])),
                    "is_held": bool(findings),
                    "reason": "\n".join(reasons) or (before and before.reason),
                    "hold_key": "\n".join(finding.key for finding in findings),
                    "released_by_id": before and not findings and before.released_by_id.id,
                    "released_at": before and not findings and before.released_at,
                }
            )
        return lines

    def _in_company_currency(self, contract, row):
        """The amounts of a row, at the rate of today; what rounding leaves over goes to where the month's amount is."""
        amounts = {name: float(row[name]) for name in [*SUMS, "difference"]}
        if contract.currency_id == self.currency_id:
            return amounts
        today = self.company_id._cobranca_today()
        for name, amount in amounts.items():
            amounts[name] = contract.currency_id._convert(amount, self.currency_id, self.company_id, today)
        amounts["current"] = sum(amounts[name] for name in ["previous", *CAUSES, "difference"])
        return amounts

    def _alert(self):
        """One activity for each supervisor while something of the month waits for them, none after it."""
        for conference in self:
            waits = conference._get_what_waits()
            given = conference.activity_search(["cobranca_recorrente.mail_activity_conference"])
            if not waits:
                given.unlink()
            elif not given:
                for user in self.env["cobranca.contract.billing"]._get_people_to_ask(conference.company_id):
                    conference.activity_schedule(
                        "cobranca_recorrente.mail_activity_conference",
                        date_deadline=conference.company_id._cobranca_today(),
                        user_id=user.id,
                        summary=waits,
                    )

    def _get_what_waits(self):
        """What a supervisor has to do about this month, in words; empty when there is nothing."""
        self.ensure_one()
        if self.state == "open" and self.mode == "manual" and (self.current != self.billed or self.rate_gaps):
            return self.env._("%(month)s waits to be checked and released.", month=self.display_name)
        if self.held_count:
            return self.env._(
                "%(month)s: %(count)s held to be checked.", month=self.display_name, count=self.held_count
            )
        return ""
