from markupsafe import Markup

from odoo import api, fields, models

from ..tools import ladder

# More names than these are a number.
MAX_NAMES = 3


class CobrancaDunningScreen(models.AbstractModel):
    """What the screen of a ladder says about it: for whom, how often, and who stands where."""

    _name = "cobranca.dunning.screen"
    _description = "Screen of a Dunning Ladder"

    # By the system: who may see a ladder may know the names of what it asks for.
    for_words = fields.Char(string="For whom", compute="_compute_for_words", compute_sudo=True)
    summary_html = fields.Html(string="In words", compute="_compute_summary_html")
    step_count = fields.Integer(string="Steps in use", compute="_compute_step_count")
    archived_count = fields.Integer(string="Archived steps", compute="_compute_step_count")
    # {id of the step: {count, amount}}, as of today
    standing = fields.Json(string="Customers at each step", compute="_compute_standing")
    customer_count = fields.Integer(string="Customers on the ladder", compute="_compute_standing")
    today_count = fields.Integer(string="Messages of today", compute="_compute_today")
    left_count = fields.Integer(string="Left out today", compute="_compute_today")
    is_ahead = fields.Boolean(string="Begins later", compute="_compute_is_ahead")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("audience", "payment", "segment_ids", "category_ids", "template_ids", "partner_ids")
    @api.depends("min_amount", "max_amount", "currency_id")
    def _compute_for_words(self):
        for policy in self:
            policy.for_words = ", ".join(policy._get_who_words())

    @api.depends_context("lang")
    @api.depends("for_words", "min_days_between", "max_per_week", "send_hour")
    def _compute_summary_html(self):
        for policy in self:
            days, week = policy.min_days_between, policy.max_per_week
            between = self.env._("1 day") if days == 1 else self.env._("%(days)s days", days=days)
            policy.summary_html = Markup(" · ").join(
                filter(
                    None,
                    [
                        self.env._("To: %(who)s", who=_bold(policy.for_words)),
                        self.env._("at least %(days)s between contacts", days=_bold(between)),
                        week and self.env._("up to %(week)s", week=_bold(self.env._("%(number)s a week", number=week))),
                        self.env._("at %(hour)s", hour=_bold(policy._get_hour_words())),
                    ],
                )
            )

    @api.depends("level_ids", "level_ids.active")
    def _compute_step_count(self):
        levels = self.env["cobranca.dunning.level"].with_context(active_test=False)
        counts = {
            (policy.id, is_active): count
            for policy, is_active, count in levels._read_group(
                [("policy_id", "in", self.ids)], ["policy_id", "active"], ["__count"]
            )
        }
        for policy in self:
            policy.step_count = counts.get((policy._origin.id, True), 0)
            policy.archived_count = counts.get((policy._origin.id, False), 0)

    @api.depends_context("lang")
    @api.depends("level_ids")
    def _compute_standing(self):
        counts = {}
        for company in self.company_id:
            counts |= self.env["cobranca.dunning.standing"]._count_standing(company)
        for policy in self:
            own = counts.get(policy._origin.id, {})
            levels = {level._origin.id: level for level in policy.level_ids}
            policy.customer_count = sum(
                customers for key, (customers, _amount) in own.items() if key in levels and not levels[key].is_event
            )
            policy.standing = {
                str(key): {"count": customers, "amount": policy.currency_id.format(float(amount))}
                for key, (customers, amount) in own.items()
            }

    @api.depends("level_ids", "state", "date_from")
    def _compute_today(self):
        for policy in self:
            if not policy._origin:
                policy.today_count = policy.left_count = 0
                continue
            going, left = policy._get_today()
            policy.today_count, policy.left_count = len(going), len(left)

    @api.depends("state", "date_from")
    def _compute_is_ahead(self):
        for policy in self:
            is_set = policy.state == ladder.ACTIVE and policy.date_from
            policy.is_ahead = bool(is_set and policy.date_from > policy.company_id._cobranca_today())

    # === ACTIONS === #

    def action_open_start(self):
        """Ask from which day on and at which step late invoices enter, and say who would be written to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start “%(ladder)s”", ladder=self.name),
            "res_model": "cobranca.dunning.start",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_policy_id": self.id},
        }

    def action_edit_criteria(self):
        """For whom the ladder is, and its limits."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("For whom, and how often"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("cobranca_recorrente.cobranca_dunning_policy_view_form_criteria").id, "form")],
            "target": "new",
        }

    def action_open_customers(self):
        """Who stands on the ladder."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers on “%(ladder)s”", ladder=self.name),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.env["cobranca.dunning.standing"]._find_standing(self))],
            "context": {"create": False},
        }

    def action_open_simulation(self):
        """Who is written to today and why each other is left out, of this ladder."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("cobranca_recorrente.cobranca_dunning_simulation_action")
        return {**action, "params": {"policy_id": self.id}}

    def action_open_archived(self):
        """Steps that are not in use any more."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Archived steps"),
            "res_model": "cobranca.dunning.level",
            "views": [(False, "list"), (False, "form")],
            "domain": [("policy_id", "=", self.id), ("active", "=", False)],
            "context": {"active_test": False, "create": False},
        }

    # === BUSINESS METHODS === #

    def _get_today(self):
        """Whom the ladder writes to today, and whom it leaves out although a step is reached.

        :return: (ids of customers, ids of customers)
        """
        self.ensure_one()
        policy, company = self._origin, self.company_id
        date = company._cobranca_today()
        plan = self.env["cobranca.dunning.engine"]._select(company, date, as_active=policy)
        going = {item.debtor for item in plan.messages if item.ladder.key == policy.id}
        made = self.env["cobranca.message"].search(
            [("policy_id", "=", policy.id), ("date", "=", date), ("state", "!=", "cancelled")]
        )
        going |= set(made.partner_id.ids)
        left = {item.debtor for item in plan.left_out if item.ladder and item.ladder.key == policy.id}
        return sorted(going), sorted(left - going)

    @api.model
    def _is_waiting(self, company):
        """Is there a ladder that waits to be started, and none that sends? Told to who may start it.

        :return: bool
        """
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_manager"):
            return False
        states = self.search([("company_id", "=", company.id)]).mapped("state")
        return "observing" in states and "active" not in states

    # --- words ---

    def _get_who_words(self):
        """For whom the ladder is, each criterion in words; later addons add theirs.

        :return: list of texts
        """
        self.ensure_one()
        audiences = {
            "person": self.env._("persons"),
            "company": self.env._("companies"),
        }
        payments = {
            "automatic": self.env._("only who pays by automatic debit or card"),
            "manual": self.env._("except automatic debit and card"),
        }
        words = [audiences[self.audience]] if self.audience in audiences else []
        if self.payment in payments:
            words.append(payments[self.payment])
        if self.segment_ids:
            words.append(self.env._("segment %(names)s", names=self._get_names(self.segment_ids)))
        if self.category_ids:
            words.append(self.env._("tag %(names)s", names=self._get_names(self.category_ids)))
        if self.template_ids:
            words.append(self.env._("contracts %(names)s", names=self._get_names(self.template_ids)))
        if self.partner_ids:
            words.append(self.env._("only %(names)s", names=self._get_names(self.partner_ids)))
        words += self._get_amount_words()
        needs_subject = not words or words[0] == payments["manual"]
        return [self.env._("all customers"), *words] if needs_subject else words

    def _get_amount_words(self):
        low, high = (self.currency_id.format(amount) if amount else "" for amount in (self.min_amount, self.max_amount))
        if low and high:
            return [self.env._("owing %(low)s to %(high)s", low=low, high=high)]
        if low:
            return [self.env._("owing %(low)s or more", low=low)]
        return [self.env._("owing %(high)s at most", high=high)] if high else []

    def _get_names(self, records):
        if len(records) > MAX_NAMES:
            return self.env._("%(count)s chosen ones", count=len(records))
        return self.env._(" or ").join(records.mapped("display_name"))

    def _get_hour_words(self):
        return ladder.at_hour(self.env.company._cobranca_today(), self.send_hour).strftime("%H:%M")


def _bold(text):
    return Markup("<b>%s</b>") % text
