from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools.late_charges import ZERO

# How long a customer reads that the payment he told of was not found.
REFUSAL_DAYS = 30
LONGEST_TEXT = 80


class Read(NamedTuple):
    """Some lines as they are today: {account.move.line: …} in the order of the page."""

    debts: dict
    tomorrows: dict
    versions: dict


class CobrancaDebtPage(models.AbstractModel):
    """What a customer sees of what he may pay: plain values that these methods choose, never records.

    The callers say whose page it is; records come with the rights of the system, in the customer's language.
    """

    _name = "cobranca.debt.page"
    _description = "Page of Open Payments"
    _inherit = ["cobranca.debt.page.words", "cobranca.debt.page.paid"]

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
    def _read(self, company, lines):
        """What some lines cost today and tomorrow, and by which terms: read once, for the page and for what is paid.

        :return: Read
        """
        today, terms = company._cobranca_today(), lines._cobranca_read_terms()
        tomorrow = today + timedelta(days=1)
        # sudo: what was agreed with the customer, on his own page
        versions = lines.env["cobranca.charge.policy.version"].sudo()
        return Read(
            lines._cobranca_read_debts(today, terms),
            lines._cobranca_read_debts(tomorrow, terms),
            {line: versions.browse(version or ()) for line, version in zip(lines, terms[1], strict=True)},
        )

    @api.model
    def _get_page(self, company, debtor, lines, memos=None, chosen=None, read=None):
        """All that the page shows; amounts are computed anew for this day.

        :param lines: account.move.line that are still open
        :param memos: cobranca.charge, what stayed open of charges of invoices that are paid
        :param chosen: ids of the lines that the visitor wants to pay; None: he has not chosen yet
        :param Read read: as of `_read`, where it was just read
        :return: dict of plain values
        """
        today = company._cobranca_today()
        read = read or self._read(company, lines)
        debts = read.debts
        states = self._get_states(company, debtor, lines)
        if chosen is None:
            chosen = self._get_first_choice(lines, states)
        rows = self._prepare_rows(company, read, states, today, chosen)
        left = memos._get_memo_debts() if memos else {}
        home = company.currency_id
        picked = {line: debt for line, debt in debts.items() if line.id in chosen and line.currency_id == home}
        return {
            "name": self._get_first_name(debtor),
            "day": format_date(lines.env, today, date_format="dd/MM"),
            "rows": rows,
            "memos": [
                {**self._prepare_row(line, None, today), **line._cobranca_explain_memos(debt, memos)}
                for line, debt in left.items()
            ],
            "chosen": [line.id for line in picked],
            "total": home.format(float(self._sum_up(picked.values()))),
            "total_left": home.format(float(self._sum_up(left.values()))),
            "refusals": self._get_refusals(company, debtor, lines),
            "can_claim": any(row["can_claim"] for row in rows),
            "chosen_day": next((state["day"] for state in states.values() if state.get("day")), ""),
            "creditor": self._get_creditor(company),
        }

    @api.model
    def _get_first_choice(self, lines, states):
        """What is chosen before the visitor chooses; addons leave out what need not be paid yet.

        :param dict states: of :meth:`_get_states`
        :return: list of ids
        """
        # What he says he has paid, or contests, is not put before him as if he had not.
        return [line.id for line in lines if not states.get(line, {}).get("is_told")]

    @api.model
    def _sum_up(self, debts):
        return sum((debt.charges.total - debt.discount for debt in debts), ZERO)

    @api.model
    def _prepare_rows(self, company, read, states, today, chosen):
        """The open payments, each with all that is said of it."""
        dues, tomorrows = self._get_due_texts(company, read.debts, today), self._get_tomorrows(read)
        contracts = self._get_contracts(self.env["account.move.line"].union(*read.debts))
        words = {version: version.terms_text or "" for version in set(read.versions.values())}
        rows = []
        for line, debt in read.debts.items():
            state = states.get(line, {})
            rows.append(
                {
                    **self._prepare_row(line, debt, today),
                    # What is billed in another currency is paid by speaking with a person.
                    "can_choose": line.currency_id == company.currency_id,
                    "is_chosen": line.id in chosen,
                    "due_text": dues[line],
                    "tomorrow": tomorrows.get(line, ""),
                    "discount": line._cobranca_get_discount_note(debt) if debt.discount else "",
                    "conditions": words[read.versions[line]],
                    "contract": contracts.get(line),
                    "state": state.get("text", ""),
                    "can_claim": not state.get("is_claimed"),
                }
            )
        return rows

    @api.model
    def _prepare_row(self, line, debt, today):
        """One payment: its amount of the day and why it is that.

        :param debt: tools.debt.Debt; None where the caller gives the amounts
        """
        move = line.move_id
        row = {
            "id": line.id,
            "what": self._get_what(move),
            "has_pdf": move.move_type == "out_invoice",
            "is_late": bool(debt and debt.days_late),
        }
        return {**row, **line._cobranca_explain_debt(debt, today)} if debt else row

    @api.model
    def _get_what(self, move):
        """What is billed, in a few words."""
        line = move.invoice_line_ids.filtered(lambda item: item.display_type == "product")[:1]
        text = (line.name or "").strip().split("\n")[0]
        return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"

    # --- what was told ---

    @api.model
    def _get_states(self, company, debtor, lines):
        """What was agreed on each line, or told of it: {line: dict(text, is_told, is_claimed)}."""
        env = lines.env(su=True)  # sudo: what the customer told and agreed, on his own page
        found = {}
        chosen = env["cobranca.payment.reminder"]._get_open(company, debtor)
        for line in chosen.line_ids & lines:
            day = format_date(lines.env, chosen.date, date_format="dd/MM")
            text = lines.env._("You chose %(day)s: we write to you on that day.", day=day)
            found[line] = {"text": text, "day": day}
        open_ones = [("line_id", "in", lines.ids), ("is_open", "=", True)]
        for row in env["cobranca.promise.line"].search(open_ones):
            day = format_date(lines.env, row.promise_id.date, date_format="dd/MM")
            found[row.line_id] = {"text": lines.env._("Agreed: you pay until %(day)s.", day=day)}
        contested = [("line_id", "in", lines.ids), ("state", "=", "open")]
        for dispute in env["cobranca.dispute"].search(contested):
            day = format_date(lines.env, dispute.deadline, date_format="dd/MM")
            text = lines.env._("You have told us that you do not agree. A person answers until %(day)s.", day=day)
            found[dispute.line_id] = {"text": text, "is_told": True}
        for row in env["cobranca.payment.claim.line"].search(open_ones):
            text = self._get_claim_text(row.claim_id)
            found[row.line_id] = {"text": text, "is_told": True, "is_claimed": True}
        return {line.with_env(lines.env): state for line, state in found.items()}

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
