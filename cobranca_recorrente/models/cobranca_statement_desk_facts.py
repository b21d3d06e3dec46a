from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date, format_datetime

from ..tools import statement
from .account_bank_statement_line import ASIDE
from .cobranca_statement_suggestion import GRADES

MATCHED_DAYS = 30
DEBTS_SHOWN = 30


class CobrancaStatementDeskFacts(models.AbstractModel):
    """What the screen of matching shows, in words and formatted amounts."""

    _name = "cobranca.statement.desk.facts"
    _description = "Figures of Matching"

    # === LIST === #

    @api.model
    def _get_facts(self, tab, journal_id, text, grade, limit):
        company = self.env.company
        Line = self.env["account.bank.statement.line"]
        domain = self._get_domain(company, tab, journal_id, text)
        by_grade = self._get_grades(domain) if tab == "open" else {}
        if grade:
            domain &= self._get_grade_domain(grade)
        total, count = Line._read_group(domain, [], ["amount:sum", "__count"])[0]
        lines = self._get_ordered(domain, tab, limit)
        journals = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], order="sequence, id"
        )
        return {
            "tabs": [{"key": key, "count": Line.search_count(self._get_domain(company, key))} for key in self._tabs()],
            "journals": [{"id": journal.id, "name": journal.name} for journal in journals],
            "grades": [
                {"key": key, "label": label, **by_grade.get(key, {"count": 0, "amount": ""})}
                for key, label in self._get_grade_labels().items()
            ],
            "reasons": [{"key": key, "label": label} for key, label in self._get_aside_labels().items()],
            "count": count,
            "amount": company.currency_id.format(total or 0.0),
            "rows": [self._get_row(line, tab) for line in lines],
        }

    @api.model
    def _tabs(self):
        return ("open", "matched", "aside")

    @api.model
    def _get_domain(self, company, tab, journal_id=False, text=""):
        """Which movements a list is of: money that came in, in the company's currency."""
        domain = Domain("company_id", "=", company.id) & Domain("amount", ">", 0) & Domain("state", "=", "posted")
        domain &= Domain("foreign_currency_id", "=", False) & Domain("currency_id", "=", company.currency_id.id)
        if tab == "open":
            domain &= Domain("is_reconciled", "=", False) & Domain("cobranca_aside", "=", False)
        elif tab == "aside":
            domain &= Domain("cobranca_aside", "!=", False)
        else:
            since = company._cobranca_today() - timedelta(days=MATCHED_DAYS)
            domain &= Domain("cobranca_matched_at", ">=", since)
        if journal_id:
            domain &= Domain("journal_id", "=", int(journal_id))
        return domain & self._get_text_domain(text)

    @api.model
    def _get_text_domain(self, text):
        text = (text or "").strip()
        if not text:
            return Domain.TRUE
        found = Domain.OR(
            [
                Domain("payment_ref", "ilike", text),
                Domain("partner_name", "ilike", text),
                Domain("partner_id.name", "ilike", text),
                Domain("cobranca_suggestion_ids.partner_id.name", "ilike", text),
            ]
        )
        try:
            amount = float(statement.amount(text))
        except ValueError:
            return found
        return found | Domain("amount", "=", amount)

    @api.model
    def _get_grade_domain(self, grade):
        if grade == "0":
            return Domain("cobranca_suggestion_ids", "=", False)
        best = Domain("cobranca_suggestion_ids", "any", [("rank", "=", 1), ("grade", "=", grade)])
        return best

    @api.model
    def _get_grades(self, domain):
        """How many movements have a best suggestion of each grade, and how much they are."""
        Line, currency = self.env["account.bank.statement.line"], self.env.company.currency_id
        found = {}
        for key in self._get_grade_labels():
            total, count = Line._read_group(domain & self._get_grade_domain(key), [], ["amount:sum", "__count"])[0]
            found[key] = {"count": count, "amount": currency.format(total or 0.0)}
        return found

    @api.model
    def _get_ordered(self, domain, tab, limit):
        """The surest first: they are done with one key; those matched last first, where one may be taken back."""
        Line = self.env["account.bank.statement.line"]
        if tab == "matched":
            return Line.search(domain, order="cobranca_matched_at desc, id desc", limit=limit)
        if tab == "aside":
            return Line.search(domain, order="internal_index desc", limit=limit)
        found = Line.browse()
        for key in self._get_grade_labels():
            if len(found) < limit:
                found += Line.search(
                    domain & self._get_grade_domain(key), order="internal_index desc", limit=limit - len(found)
                )
        return found

    @api.model
    def _get_row(self, line, tab):
        best = line.cobranca_suggestion_ids.sorted("rank")[:1] if tab == "open" else line.cobranca_suggestion_ids[:0]
        return {
            "id": line.id,
            "date": format_date(self.env, line.date),
            "amount": line.currency_id.format(line.amount),
            "text": line.payment_ref or "",
            "grade": best.grade or "0",
            "label": self._get_grade_labels()[best.grade or "0"],
            "customer": best.partner_id.name or line.partner_id.name or "",
        }

    # === ONE MOVEMENT === #

    @api.model
    def _get_line_facts(self, line):
        currency = line.currency_id
        aside = self._get_aside_labels().get(line.cobranca_aside, "")
        return {
            "id": line.id,
            "date": format_date(self.env, line.date),
            "amount": currency.format(line.amount),
            "number": line.amount,
            "text": line.payment_ref or "",
            "payer": line.partner_name or "",
            "account": line.account_number or "",
            "journal": line.journal_id.name,
            "file": line.cobranca_file_id.name or "",
            "is_free": self.env["cobranca.statement.matching"]._is_free(line),
            "is_matched": bool(line.cobranca_matched_at),
            "matched": self._get_matched_words(line),
            "paid": self._get_paid(line) if line.cobranca_matched_at else [],
            "aside": aside and " · ".join(filter(None, [aside, line.cobranca_aside_note])),
            "suggestions": [
                self._get_suggestion(line, suggestion) for suggestion in line.cobranca_suggestion_ids.sorted("rank")
            ],
        }

    @api.model
    def _get_matched_words(self, line):
        if not line.cobranca_matched_at:
            return ""
        return self.env._(
            "Matched by %(user)s on %(moment)s",
            user=line.cobranca_matched_by_id.name or "",
            moment=format_datetime(self.env, line.cobranca_matched_at, tz=line.company_id.cobranca_tz),
        )

    @api.model
    def _get_paid(self, line):
        """What the money of a movement paid, and what is left of it."""
        currency = line.company_id.currency_id
        rows = []
        # sudo: for who may match, which debts and charges are paid by it
        credits = line.sudo().move_id._cobranca_get_credits()
        partials = credits.matched_debit_ids.sorted("id")
        # sudo: as above, the charges
        charges = self.env["cobranca.charge"].sudo().search([("item_id", "in", partials.debit_move_id.ids)])
        charged = {memo.item_id: memo.line_id for memo in charges}
        for partial in partials.sorted(lambda partial: partial.debit_move_id in charged):
            debt = partial.debit_move_id
            name = debt.move_name or debt.name
            if debt in charged:
                name = self.env._("Charges of %(invoice)s", invoice=charged[debt].move_name)
            rows.append({"name": name, "amount": currency.format(partial.amount)})
        left = -sum(credits.mapped("amount_residual"))
        if currency.compare_amounts(left, 0) > 0:
            rows.append({"name": self.env._("Credit of the customer"), "amount": currency.format(left)})
        return rows

    @api.model
    def _get_suggestion(self, line, suggestion):
        suggestion = suggestion.sudo()  # sudo: what a movement may be for, for who may match it
        currency = line.currency_id
        debts = suggestion.line_ids.sorted(lambda debt: (debt.date_maturity or debt.date, debt.id))
        rows = self._get_debt_rows(debts, line.date)
        total = sum(row["number"] for row in rows)
        return {
            "id": suggestion.id,
            "grade": suggestion.grade,
            "label": self._get_grade_labels()[suggestion.grade],
            "reason": dict(suggestion._fields["reason"]._description_selection(self.env))[suggestion.reason],
            "customer": suggestion.partner_id.name,
            "partner_id": suggestion.partner_id.id,
            "debts": rows,
            "total": currency.format(total),
            "difference": self._get_difference(line, debts, total),
        }

    @api.model
    def _get_difference(self, line, debts, total):
        """What is left or missing, in words; empty where the amount is just that of the invoices."""
        currency = line.currency_id
        difference = currency.round(line.amount - total)
        if currency.is_zero(difference):
            return ""
        if difference > 0:
            return self.env._("%(amount)s is left as a credit of the customer", amount=currency.format(difference))
        if currency.is_zero(line.amount - sum(debts.mapped("amount_residual"))):
            return self.env._("Pays the invoice; %(amount)s of charges stay open", amount=currency.format(-difference))
        return self.env._("%(amount)s stays open", amount=currency.format(-difference))

    # === DEBTS === #

    @api.model
    def _get_debt_rows(self, debts, day):
        """What debts cost on the day of a movement."""
        rows = []
        debts = debts.sudo()  # sudo: for who may match, by which conditions debts are paid
        for debt, facts in debts._cobranca_read_debts(day).items():
            amount = float(facts.charges.total - facts.discount)
            due = debt.date_maturity or debt.date
            rows.append(
                {
                    "id": debt.id,
                    "name": debt.move_name or debt.name,
                    "due": format_date(self.env, due),
                    "days": self.env._("%(days)s days late", days=facts.days_late) if facts.days_late else "",
                    "open": debt.company_currency_id.format(debt.amount_residual),
                    "amount": debt.company_currency_id.format(amount),
                    "number": amount,
                    "customer": debt.partner_id.commercial_partner_id.name or "",
                    "partner_id": debt.partner_id.commercial_partner_id.id,
                }
            )
        return rows

    @api.model
    def _search_debts(self, line, text, partner_id):
        """Open invoices by customer, document or number, those of a customer first."""
        text = (text or "").strip()
        conditions = []
        if partner_id:
            conditions.append(SQL("partner.id = %s", int(partner_id)))
        if text:
            like = f"%{text}%"
            digits = f"%{''.join(filter(str.isalnum, text))}%"
            conditions.append(
                SQL(
                    "(partner.name ILIKE %(like)s OR contact.name ILIKE %(like)s OR move.name ILIKE %(like)s"
                    " OR REGEXP_REPLACE(partner.vat, '[^0-9A-Za-z]', '', 'g') ILIKE %(digits)s)",
                    like=like,
                    digits=digits,
                )
            )
        if not conditions:
            return []
        debts = self._get_open(line, None, *conditions)
        return self._get_debt_rows(debts[:DEBTS_SHOWN], line.date)

    @api.model
    def _get_open(self, line, ids, *conditions):
        """Open invoices of the company of a movement, in its currency, the oldest first."""
        company = line.company_id
        if ids is not None:
            conditions = (*conditions, SQL("line.id = ANY(%s)", ids))
        conditions = (*conditions, SQL("line.currency_id = %s", company.currency_id.id))
        # sudo: for who may match, the open debts of the company
        Line = self.env["account.move.line"].sudo()
        return Line._cobranca_search_open_lines(company, company._cobranca_today(), *conditions)

    # === WORDS === #

    @api.model
    def _get_grade_labels(self):
        labels = dict(self.env["cobranca.statement.suggestion"]._fields["grade"]._description_selection(self.env))
        return {**{key: labels[key] for key, _label in GRADES}, "0": self.env._("No suggestion")}

    @api.model
    def _get_aside_labels(self):
        field = self.env["account.bank.statement.line"]._fields["cobranca_aside"]
        labels = dict(field._description_selection(self.env))
        return {key: labels[key] for key, _label in ASIDE}
