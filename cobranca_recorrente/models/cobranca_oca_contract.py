import json
from dataclasses import dataclass, field
from datetime import date

from psycopg2 import IntegrityError

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from ..tools import oca_contract as mapping

CONTRACTS, LINES = "contract_contract", "contract_line"
DATES = ("date_start", "date_end", "recurring_next_date", "last_date_invoiced")


@dataclass
class Plan:
    """What becomes of one contract of the other addon, or of those of its lines that fit together."""

    key: str
    name: str
    partner_id: int
    values: dict = field(default_factory=dict)
    reason: str = ""  # why it cannot be adopted
    notes: list = field(default_factory=list)
    contract: models.BaseModel = None  # made from it before


class CobrancaOcaContract(models.AbstractModel):
    """Goes on with the contracts of OCA's `contract` addon, whose tables are read where it is installed."""

    _name = "cobranca.oca.contract"
    _description = "Contracts of the OCA Addon"
    _inherit = ["cobranca.oca.contract.gaps"]

    # === BUSINESS METHODS === #

    @api.model
    def _is_present(self):
        """Are there contracts of that addon in this database?"""
        return table_exists(self.env.cr, CONTRACTS) and table_exists(self.env.cr, LINES)

    def _require_present(self):
        """:raise AccessError, UserError: for who is no manager, or without that addon"""
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_manager"):
            raise AccessError(self.env._("Only a manager of Cobrança adopts contracts of another addon."))
        if not self._is_present():
            raise UserError(self.env._("The addon “contract” of OCA is not installed: there is nothing to adopt."))

    @api.model
    def _get_plans(self, company):
        """What adopting would make, changing nothing.

        :param company: res.company
        :return: list of Plan, in the order of the other contracts
        """
        self._require_present()
        lines_of = {}
        for line in self._read(SQL("SELECT to_jsonb(t) FROM contract_line t ORDER BY sequence, id")):
            lines_of.setdefault(line["contract_id"], []).append(line)
        query = SQL("SELECT to_jsonb(t) FROM contract_contract t WHERE company_id = %s ORDER BY id", company.id)
        contracts = self._read(query)
        keys = [("origin_key", "=like", "oca/%"), ("company_id", "=", company.id)]
        adopted = {made.origin_key: made for made in self.env["cobranca.contract"].search(keys)}
        plans = [plan for row in contracts for plan in self._plan(row, lines_of.get(row["id"], []))]
        for plan in plans:
            plan.contract = adopted.get(plan.key)
        return plans

    def _read(self, query):
        """Rows as dict: whichever columns that version of the addon has."""
        # Also what the addon itself has not written yet, where it is loaded.
        self.env.flush_all()
        rows = [row if isinstance(row, dict) else json.loads(row) for (row,) in self.env.execute_query(query)]
        for row in rows:
            for name in DATES:
                row[name] = row.get(name) and date.fromisoformat(row[name])
        return rows

    @api.model
    def _adopt(self, company, keys=None):
        """Make the draft contracts that were not made before.

        :param company: res.company
        :param keys: of the plans to carry out; None = all
        :return: {key: contract, or the reason why it could not be made}
        """
        outcome = {}
        for plan in self._get_plans(company):
            if plan.reason or plan.contract or (keys is not None and plan.key not in keys):
                continue
            try:
                with self.env.cr.savepoint():
                    outcome[plan.key] = self._make(company, plan)
            except (UserError, ValidationError) as error:
                outcome[plan.key] = str(error)
            except IntegrityError as error:
                refused = error.diag.message_primary
                outcome[plan.key] = self.env._("The database refused its values: %(error)s", error=refused)
        return outcome

    def _make(self, company, plan):
        Contract = self.env["cobranca.contract"].with_company(company)
        contract = Contract.create({**plan.values, "company_id": company.id, "origin_key": plan.key})
        text = self.env._("Adopted from the contract “%(name)s” of the OCA addon.", name=plan.name)
        contract.message_post(body="\n".join([text, *plan.notes]))
        return contract

    # --- what cannot be adopted ---

    def _plan(self, row, lines):
        """:return: list of Plan: one, or more when its lines have different periodicities"""
        plan = self._new_plan(row)
        lines = [line for line in lines if not line.get("is_canceled")]
        plan.reason = self._get_reason(row, lines)
        if plan.reason:
            return [plan]
        try:
            return self._plan_bundles(plan, row, lines)
        except ValueError as error:
            plan.reason = self.env._("Its periodicity is not known: %(what)s.", what=error)
            return [plan]

    def _new_plan(self, row):
        name = " · ".join(filter(None, [self._text(row.get("name")), row.get("code")]))
        return Plan(f"oca/{row['id']}", name, row.get("partner_id"))

    def _get_reason(self, row, lines):
        billed = [line for line in lines if not line.get("display_type")]
        partner = self.env["res.partner"].browse(row.get("partner_id")).exists()
        is_purchase = row.get("contract_type") == "purchase"
        makes_invoices = row.get("generation_type", "invoice") == "invoice"
        checks = [
            (is_purchase, self.env._("It is a contract of a vendor, not of a customer.")),
            (not makes_invoices, self.env._("It makes other documents than invoices.")),
            (row.get("active") is False or row.get("is_terminated"), self.env._("It is archived or terminated.")),
            (not partner.active, self.env._("Its customer is missing or archived: restore him there.")),
            (not billed, self.env._("It has no lines.")),
            (any(line.get("quantity") == 0 for line in billed), self.env._("A line has the quantity zero.")),
            (
                any(not line.get("product_id") for line in billed),
                self.env._("A line has no product: choose one there and try again."),
            ),
        ]
        return next((message for is_wrong, message in checks if is_wrong), "")

    # --- what becomes of the others ---

    def _plan_bundles(self, plan, row, lines):
        dated = [self._with_dates_of(row, line) for line in lines]
        billed = [line for line in dated if not line.get("display_type")]
        rhythms = [mapping.cadence(line) for line in billed]
        plans = []
        for number, places in enumerate(
            mapping.bundles(zip(rhythms, (line["date_start"] for line in billed), strict=False))
        ):
            key = f"{plan.key}/{number + 1}" if number else plan.key
            bundle = [billed[place] for place in places]
            part = Plan(key, plan.name, plan.partner_id)
            self._fill(part, row, bundle, rhythms[places[0]])
            plans.append(part)
        if len(plans) > 1:
            note = self.env._("Its lines are billed differently: it becomes %(count)s contracts.", count=len(plans))
            for part in plans:
                part.notes.append(note)
        return plans

    def _with_dates_of(self, row, line):
        """A line with its recurrence: the addon bills by what its lines say, and keeps them like their contract."""
        names = (*DATES, "recurring_rule_type", "recurring_interval", "recurring_invoicing_type")
        return {**line, **{name: line.get(name) or row.get(name) for name in names}}

    def _fill(self, plan, row, lines, rhythm):
        start = min(line["date_start"] for line in lines)
        ends = [line["date_end"] for line in lines]
        end = max(ends) if all(ends) else None
        if end and rhythm.billed_until and rhythm.billed_until >= end:
            plan.reason = self.env._("It ended and was billed to its end.")
            return
        dates = mapping.terms(start, rhythm, end)
        plan.values = {
            "partner_id": row["partner_id"],
            "reference": (row.get("code") or "")[:64] or False,
            "user_id": row.get("user_id") or False,
            "date_start": dates.date_start,
            "date_end": end or False,
            "billed_until": dates.billed_until or False,
            "interval_unit": rhythm.unit,
            "interval_count": rhythm.every,
            "billing_day": dates.billing_day,
            "due_day": dates.due_day,
            "issue_lead_days": 0,
            **self._prepare_renewal_values(lines, end),
            **self._prepare_payer_values(row),
            "note": self._text(row.get("note")),
            **self._prepare_journal_values(row),
            **({"currency_id": row["manual_currency_id"]} if row.get("manual_currency_id") else {}),
            **({"due_mode": "term", "payment_term_id": row["payment_term_id"]} if row.get("payment_term_id") else {}),
            "line_ids": [Command.create(self._prepare_line(plan, line, dates, end)) for line in lines],
        }
        plan.notes += self._get_notes(row, lines, dates)

    def _prepare_renewal_values(self, lines, end):
        """A line may renew itself there: then its end is none. Not every version of the addon has these columns."""
        terms = [line for line in lines if line.get("is_auto_renew")]
        if not end or not terms:
            return {"renewal": "none" if end else "auto"}
        of_year = terms[0].get("auto_renew_rule_type") == "yearly"
        months = (terms[0].get("auto_renew_interval") or 1) * (12 if of_year else 1)
        return {"renewal": "auto", "renewal_months": min(months, 120)}

    def _prepare_payer_values(self, row):
        """Whose address the invoices had there receives them here, when he belongs to the customer."""
        payer = self._get_payer(row)
        return {"responsible_id": payer.id} if payer else {}

    def _get_payer(self, row):
        Partner = self.env["res.partner"]
        payer, customer = (Partner.browse(row.get(name)).exists() for name in ("invoice_partner_id", "partner_id"))
        is_own = payer.active and payer != customer and payer.commercial_partner_id == customer.commercial_partner_id
        return payer if is_own else Partner

    def _prepare_journal_values(self, row):
        """Its journal, where contracts of ours may use it: one that numbers fiscal documents they may not."""
        journal = self.env["account.journal"].browse(row.get("journal_id")).exists()
        usable = journal.active and journal.type == "sale" and not journal.l10n_latam_use_documents
        return {"journal_id": journal.id} if usable else {}

    def _prepare_line(self, plan, line, dates, end):
        price = self._get_price(line)
        if price is None:
            plan.notes.append(self.env._("Prices that followed a pricelist are those of the product: check them."))
        return {
            "product_id": line["product_id"],
            "name": mapping.description(self._text(line.get("name"))),
            "sequence": line.get("sequence") or 10,
            "quantity": line.get("quantity") or 1.0,
            **({"price_unit": price} if price is not None else {}),
            "discount": line.get("discount") or 0.0,
            "billing_timing": mapping.cadence(line).timing,
            "date_start": line["date_start"] if line["date_start"] > dates.date_start else False,
            "date_end": line["date_end"] if line["date_end"] and line["date_end"] != end else False,
            **({"analytic_distribution": line["analytic_distribution"]} if line.get("analytic_distribution") else {}),
        }

    def _get_price(self, line):
        """Unit price; one that follows a pricelist is asked of the addon itself, None where it is not loaded."""
        if not line.get("automatic_price"):
            return line.get("specific_price") or line.get("price_unit") or 0.0
        if "contract.line" in self.env:
            return self.env["contract.line"].browse(line["id"]).price_unit
        return None

    def _get_notes(self, row, lines, dates):
        other_units = any(
            line.get("uom_id") and line["uom_id"] != self.env["product.product"].browse(line["product_id"]).uom_id.id
            for line in lines
        )
        has_own_payer = bool(self._get_payer(row))
        has_other_payer = not has_own_payer and row.get("invoice_partner_id") not in (None, row["partner_id"])
        checks = [
            (row.get("pricelist_id"), self.env._("The pricelist is not taken over: prices stay as they are now.")),
            (row.get("fiscal_position_id"), self.env._("Taxes follow the customer's own fiscal position: check them.")),
            (
                has_other_payer,
                self.env._("The invoices were made out to somebody else there: decide who is the customer here."),
            ),
            (has_own_payer, self.env._("The address that received the invoices is now the financial responsible.")),
            (
                dates.is_restarted,
                self.env._(
                    "Periods are counted anew from %(day)s, the first day not billed there.", day=dates.date_start
                ),
            ),
            (other_units, self.env._("A line has another unit than its product: check quantity and price.")),
        ]
        return [message for is_so, message in checks if is_so]

    def _text(self, value):
        """A text, whether the addon keeps it translated or not."""
        if isinstance(value, dict):
            value = value.get(self.env.lang) or value.get("en_US") or next(iter(value.values()), "")
        return value or ""
