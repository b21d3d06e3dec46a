from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import identification
from ..tools.late_charges import ZERO

# How long a customer reads that the payment he told of was not found.
REFUSAL_DAYS = 30
LONGEST_TEXT = 80


class CobrancaDebtPage(models.AbstractModel):
    """What a customer sees of what he may pay: plain values that these methods choose, never records.

    The callers say whose page it is; records come with the rights of the system, in the customer's language.
    """

    _name = "cobranca.debt.page"
    _description = "Page of Open Payments"

    # === BUSINESS METHODS === #

    @api.model
    def _get_still_open(self, company, lines):
        """Of some lines those that are still asked for, the oldest first.

        :return: account.move.line
        """
        found = lines._cobranca_search_open_lines(
            company, company._cobranca_today(), SQL("line.id = ANY(%s)", list(lines.ids))
        )
        return found.with_env(lines.env)

    @api.model
    def _get_all_open(self, company, debtor):
        """Everything that a customer may pay to a company, the oldest first.

        :return: account.move.line
        """
        Line = debtor.env["account.move.line"]
        return Line._cobranca_search_open_lines(
            company, company._cobranca_today(), SQL("partner.id = %s", debtor.id)
        ).with_env(debtor.env)

    @api.model
    def _get_page(self, company, debtor, lines, memos=None):
        """All that the page shows; amounts are computed anew for this day.

        :param lines: account.move.line that are still open
        :param memos: cobranca.charge, what stayed open of charges of invoices that are paid
        :return: dict of plain values
        """
        today = company._cobranca_today()
        debts = lines._cobranca_read_debts(today)
        claims = self._get_open_claims(lines)
        rows = [self._prepare_row(line, debt, today, claims.get(line)) for line, debt in debts.items()]
        left = memos._get_memo_debts() if memos else {}
        rows += [
            {**self._prepare_row(line, None, today), **line._cobranca_explain_memos(debt, memos)}
            for line, debt in left.items()
        ]
        every = [*debts.values(), *left.values()]
        total = sum((debt.charges.total - debt.discount for debt in every), ZERO)
        return {
            "name": self._get_first_name(debtor),
            "day": format_date(lines.env, today, date_format="dd/MM"),
            "rows": rows,
            "total": company.currency_id.format(float(total)),
            "refusals": self._get_refusals(company, debtor, lines),
            "can_claim": any(row["can_claim"] for row in rows),
            "creditor": self._get_creditor(company),
        }

    @api.model
    def _prepare_row(self, line, debt, today, claim=None):
        """One payment: its amount of the day, why it is that, and what the customer may do with it.

        :param debt: tools.debt.Debt; None where the caller gives the amounts
        """
        move = line.move_id
        row = {
            "id": line.id,
            "what": self._get_what(move),
            "has_pdf": move.move_type == "out_invoice",
            "claim": self._get_claim_text(claim) if claim else "",
            "can_claim": bool(debt and not claim),
            "is_late": bool(debt and debt.days_late),
        }
        return {**row, **line._cobranca_explain_debt(debt, today)} if debt else row

    @api.model
    def _get_what(self, move):
        """What is billed, in a few words."""
        line = move.invoice_line_ids.filtered(lambda item: item.display_type == "product")[:1]
        text = (line.name or "").strip().split("\n")[0]
        return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"

    @api.model
    def _get_first_name(self, debtor):
        """How a person is greeted; a company by its name."""
        name = (debtor.name or "").strip()
        is_person = identification.is_consumer(debtor.vat, debtor.is_company)
        return name.split(" ")[0] if is_person else name

    @api.model
    def _get_creditor(self, company):
        """Who is to be paid and whom to speak with.

        :return: dict of texts
        """
        place = company.partner_id
        city = "/".join(filter(None, [place.city, place.state_id.code]))
        street = ", ".join(filter(None, [place.street, place.street2]))
        return {
            "id": company.id,
            "has_logo": not company.uses_default_logo,
            "name": company.name,
            "document": identification.formatted(company.vat or ""),
            "address": ", ".join(filter(None, [street, city, place.zip])),
            "email": company.email or "",
            "phone": company.phone or "",
        }

    # --- what was told ---

    @api.model
    def _get_open_claims(self, lines):
        """{line: cobranca.payment.claim} of what is being verified."""
        # sudo: that the customer told of these lines, on his own page
        Row = lines.env["cobranca.payment.claim.line"].sudo()
        rows = Row.search([("line_id", "in", lines.ids), ("is_open", "=", True)])
        return {row.line_id: row.claim_id for row in rows}

    @api.model
    def _get_claim_text(self, claim):
        return claim.env._(
            "You told us on %(date)s that you paid this. We are verifying it until %(limit)s; until then there are "
            "no reminders.",
            date=format_date(claim.env, claim.date),
            limit=format_date(claim.env, claim.date_limit),
        )

    @api.model
    def _get_refusals(self, company, debtor, lines):
        """What was told of these lines lately and not found.

        :return: list of sentences
        """
        since = company._cobranca_today() - timedelta(days=REFUSAL_DAYS)
        # sudo: what the customer told, on his own page
        claims = (
            lines.env["cobranca.payment.claim"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "=", debtor.id),
                    ("claim_line_ids.line_id", "in", lines.ids),
                    ("state", "=", "refused"),
                    ("decided_on", ">=", since),
                ]
            )
        )
        return [
            lines.env._(
                "We did not find the payment of %(date)s that you told us of. %(reason)s",
                date=format_date(lines.env, claim.paid_on),
                reason=claim.decision or "",
            )
            for claim in claims
        ]

    @api.model
    def _get_claim_form(self, company, lines):
        """What the form “I have paid” offers.

        :return: dict: means, first and last day, day of the answer
        """
        Claim = lines.env["cobranca.payment.claim"]
        today = company._cobranca_today()
        return {
            "means": [
                {"code": code, "label": label}
                for code, label in Claim._fields["means"]._description_selection(lines.env)
            ],
            "today": today.isoformat(),
            "answer": format_date(lines.env, Claim._get_pause_end(company), date_format="dd/MM"),
        }
