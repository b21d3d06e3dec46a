from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang
from odoo.tools.misc import format_date


class CobrancaContractReadjustment(models.Model):
    """One yearly readjustment of one contract: computed, approved by a supervisor, kept as evidence."""

    _name = "cobranca.contract.readjustment"
    _description = "Readjustment of a Contract"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        comodel_name="cobranca.contract", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    recipient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Letter to",
        compute="_compute_recipient_id",
        help="Who receives the invoices of the contract.",
    )
    date = fields.Date(string="Anniversary", required=True, readonly=True)
    date_effective = fields.Date(
        string="New price from",
        required=True,
        tracking=True,
        help="First day of the new price: the first period that begins on the anniversary or after it.",
    )
    index_id = fields.Many2one(comodel_name="cobranca.price.index", required=True, readonly=True, ondelete="restrict")
    first_month = fields.Date(readonly=True)
    last_month = fields.Date(readonly=True)
    factor = fields.Float(
        digits=(14, 10), readonly=True, aggregator=None, help="Compound variation of the twelve months."
    )
    percent_index = fields.Float(string="Index (%)", digits=(9, 4), readonly=True, aggregator=None)
    percent_applied = fields.Float(string="Applied (%)", digits=(9, 4), readonly=True, aggregator=None)
    amount_before = fields.Monetary(string="Monthly before", readonly=True)
    amount_after = fields.Monetary(string="Monthly after", readonly=True)
    details = fields.Json(readonly=True, help="Old and new price of each line.")
    details_html = fields.Html(string="Prices", compute="_compute_details_html")
    problem = fields.Text(readonly=True, help="Why it cannot be computed yet.")
    state = fields.Selection(
        selection=[("proposed", "To approve"), ("approved", "Approved"), ("refused", "Not applied")],
        default="proposed",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Decided by", readonly=True)
    decided_on = fields.Datetime(readonly=True)

    _uniq_date = models.UniqueIndex(
        "(contract_id, date)", "There is a readjustment of this contract for that anniversary already."
    )

    # === COMPUTE METHODS === #

    @api.depends("contract_id.name", "date")
    def _compute_display_name(self):
        for readjustment in self:
            day = format_date(self.env, readjustment.date)
            readjustment.display_name = f"{readjustment.contract_id.name} · {day}"

    @api.depends("contract_id.responsible_id", "contract_id.partner_id")
    def _compute_recipient_id(self):
        for readjustment in self:
            readjustment.recipient_id = readjustment.contract_id._get_invoice_recipient()

    @api.depends_context("lang")
    @api.depends("details")
    def _compute_details_html(self):
        """A table of the lines with both prices; texts of the contract are escaped."""
        head = Markup("<tr><th>%s</th><th class='text-end'>%s</th><th class='text-end'>%s</th></tr>") % (
            self.env._("Item"),
            self.env._("Price until now"),
            self.env._("New price"),
        )
        row = Markup("<tr><td>%s</td><td class='text-end'>%s</td><td class='text-end'><strong>%s</strong></td></tr>")
        for readjustment in self:
            rows = Markup().join(
                row % (line["name"], line["old"], line["new"]) for line in readjustment._get_price_lines()
            )
            readjustment.details_html = Markup("<table class='table table-sm mb-0'>%s%s</table>") % (head, rows)

    def _get_price_lines(self):
        """What the letter and the form show of each line.

        :return: list of dict(name, old, new), prices as text
        """
        self.ensure_one()
        Line = self.env["cobranca.contract.line"]
        prices = {detail["line"]: detail for detail in self.details or []}

        def text(price):
            return formatLang(self.env, price, currency_obj=self.currency_id)

        return [
            {
                "name": line.product_id.display_name or line.name,
                "old": text(prices[line.id]["old"]),
                "new": text(prices[line.id]["new"]),
            }
            for line in Line.browse(prices).exists()
        ]

    # === CRUD METHODS === #

    def write(self, vals):
        """The day may be chosen until it is decided; everything else is computed."""
        if not self.env.su and (vals.keys() - {"date_effective"} or any(r.state != "proposed" for r in self)):
            raise UserError(self.env._("A readjustment is decided by its buttons, and then stays as it is."))
        for readjustment in self:
            day = fields.Date.to_date(vals.get("date_effective"))
            if day and day < readjustment.date:
                raise UserError(
                    self.env._(
                        "The new price cannot count before %(day)s: twelve months must have passed.",
                        day=format_date(self.env, readjustment.date),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A readjustment stays as evidence: do not apply it instead."))

    # === ACTIONS === #

    def action_approve(self):
        """Put these readjustments into force.

        :raise UserError: for those that cannot be computed yet
        """
        for readjustment in self._locked_to_decide():
            readjustment._refresh()
            if readjustment.problem:
                which_and_why = f"{readjustment.display_name}: {readjustment.problem}"
                raise UserError(which_and_why)
            readjustment.contract_id._readjust(readjustment)
            readjustment._decide("approved")
        return True

    def action_refuse(self):
        """Leave the prices of these contracts as they are this year."""
        self._locked_to_decide()._decide("refused")
        return True

    def action_send_letter(self):
        """Write to who receives the invoices, with the letter, in the composer.

        :return: action
        """
        self.ensure_one()
        template = self.env.ref("cobranca_recorrente.mail_template_readjustment", raise_if_not_found=False)
        context = {
            "default_model": self._name,
            "default_res_ids": self.ids,
            "default_template_id": template and template.id,
            "default_composition_mode": "comment",
            "default_email_layout_xmlid": "mail.mail_notification_light",
        }
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    # === BUSINESS METHODS === #

    def _locked_to_decide(self):
        """These, locked, still to be decided; only who may change contracts decides.

        :raise UserError: when one is decided already
        """
        self.contract_id.check_access("write")
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if decided := self.filtered(lambda r: r.state != "proposed"):
            raise UserError(self.env._("%(name)s is decided already.", name=decided[:1].display_name))
        return self

    def _refresh(self):
        """Compute once more, with the conditions and the index as they are now; a day chosen by hand stays."""
        self.ensure_one()
        values = self.contract_id._prepare_readjustment(self.date, self.date_effective)
        self.sudo().write(values)  # sudo: computed, after the access check

    def _decide(self, state):
        decision = {"state": state, "decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
        self.sudo().write(decision)  # sudo: read-only fields, after the access check

    def _get_reason(self):
        """The readjustment in a few words, for the register of changes."""
        self.ensure_one()
        percent = formatLang(self.env, self.percent_applied, digits=2)
        return f"{self.index_id.display_name} {percent} %"
