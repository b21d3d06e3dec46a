from odoo import api, models
from odoo.exceptions import UserError

from ..tools import brazilian, term
from ..tools.words import amount_in_words

REPORT = "cobranca_negociacao.action_report_agreement_term"


class CobrancaAgreementTerm(models.AbstractModel):
    """The paper of an agreement, `Termo de acordo e confissão de dívida`: from plain values to a PDF and its hash.

    Whoever has terms makes it: a proposal before it is accepted, an agreement after it.
    """

    _name = "cobranca.agreement.term"
    _description = "Paper of an Agreement"
    _inherit = ["cobranca.paper"]

    # === BUSINESS METHODS === #

    @api.model
    def _get_values(self, terms):
        """What the paper says, ready to be printed.

        :param dict terms: plain values:
            company (res.company), partner (res.partner), number (str, empty before it has one), date (of the paper);
            debts: list of dict(name, what, due, principal, correction, fine, interest, given={component: amount}),
            as of that date; agreed (debts less what is given), financing, total (agreed + financing + fee);
            method (none, simple, price, sac), rate (percent a month);
            installments: list of dict(number, due, amount, interest, amortization), number 0 being the down payment;
            break_days and break_count: it breaks when one is late for more days than that, or when so many are missed
            (0: not by this rule); imputation (charges, principal).
            Optional: fee and fee_percent (what an agency asks on top of each payment),
            late_text (what late installments cost, in Portuguese), moves_due (is a due date without banks
            moved to the next business day? yes, unless it says otherwise), valid_until (of a draft),
            is_on_paper (it is signed by hand),
            is_told (it is accepted by word or message, which an operator writes down),
            evidence (list of (label, text), as of `cobranca.acceptance`)
        :return: dict of texts and rows for the template
        :raise UserError: for sums that do not fit, or another currency than the real
        """
        company = terms["company"]
        if company.currency_id.name != "BRL":
            raise UserError(self.env._("The paper of an agreement is in reais, which this company does not use."))
        try:
            term.check(terms)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The figures of this agreement do not fit (%(figure)s): make the proposal anew.",
                    figure=error.args[0],
                )
            ) from error
        party = self._get_party(terms["partner"])
        return {
            "number": terms.get("number") or "",
            "creditor": self._get_creditor(company),
            "party": party,
            "place": self._get_place(company),
            "date": brazilian.long_day(terms["date"]),
            "day": brazilian.day(terms["date"]),
            "valid_until": brazilian.day(terms["valid_until"]) if terms.get("valid_until") else "",
            "is_on_paper": bool(terms.get("is_on_paper")),
            "is_told": bool(terms.get("is_told")),
            "evidence": terms.get("evidence") or [],
            **self._get_debt_values(terms),
            **self._get_plan_values(terms),
            **self._get_rule_values(terms),
            "court": "consumer" if party["is_consumer"] else "creditor",
        }

    @api.model
    def _get_terms_of_plan(self, company, partner, plan, lines, date, **more):
        """Terms as :meth:`_get_values` takes them, of what the kernel planned.

        :param plan: tools.plan.Plan, its debts in the order of the lines
        :param lines: account.move.line
        :param more: what a plan does not know: number, break_days, break_count, imputation and what is optional
        :return: dict
        """
        debts = [
            {
                "name": line.move_id.name or line.name or "",
                "what": self.env["cobranca.debt.page"]._get_what(line.move_id),
                "due": line.date_maturity or line.date,
                **{component: getattr(parts, component) for component in term.COMPONENTS},
                "given": dict(given),
            }
            for line, parts, given in zip(lines, plan.debts, plan.given_each, strict=True)
        ]
        return {
            "company": company,
            "partner": partner,
            "date": date,
            "debts": debts,
            "agreed": plan.agreed,
            "financing": plan.financing,
            "fee": plan.fee,
            "fee_percent": plan.fee_percent,
            "total": plan.total,
            "method": plan.terms.method,
            "rate": plan.terms.rate,
            "installments": [row._asdict() for row in plan.installments],
            **more,
        }

    @api.model
    def _render_pdf(self, values):
        """The paper as a file. Two of the same values differ in their bytes: keep the one that is shown.

        :param dict values: of :meth:`_get_values`
        :return: bytes
        """
        return self._render_paper(REPORT, values, f"Termo de acordo {values['number']}".strip())

    # --- what the values are made of ---

    @api.model
    def _get_debt_values(self, terms):
        """The debts that are confessed, with what is forgiven of them."""
        debts, given = terms["debts"], term.given(terms["debts"])
        before = sum(map(term.owed, debts), term.ZERO)
        shown = [name for name in term.COMPONENTS[::-1] if any(debt.get(name) for debt in debts)]
        return {
            "debts": [
                {
                    "name": debt["name"],
                    "what": debt.get("what") or "",
                    "due": brazilian.day(debt["due"]),
                    "amounts": {name: brazilian.number(term.exact(debt.get(name) or 0)) for name in shown},
                    "total": brazilian.number(term.owed(debt)),
                }
                for debt in sorted(debts, key=lambda debt: debt["due"])
            ],
            "components": shown,
            "sums": {
                name: brazilian.number(sum((term.exact(debt.get(name) or 0) for debt in debts), term.ZERO))
                for name in shown
            },
            "before": self._get_money(before),
            "given": {name: brazilian.money(amount) for name, amount in given.items()},
            "given_total": self._get_money(sum(given.values(), term.ZERO)) if given else None,
        }

    @api.model
    def _get_plan_values(self, terms):
        """What is paid, when, and what paying in installments costs (CDC, art. 52)."""
        rows = terms["installments"]
        agreed, financing = term.exact(terms["agreed"]), term.exact(terms["financing"])
        fee = term.exact(terms.get("fee") or 0)
        # What the credit costs (CDC, art. 52) is apart from what the collection does.
        payments = [(row["due"], term.exact(row["amount"]) - term.exact(row.get("fee") or 0)) for row in rows]
        yearly = term.yearly_rate(agreed, terms["date"], payments) if financing else term.ZERO
        return {
            "agreed": self._get_money(agreed),
            "financing": self._get_money(financing) if financing else None,
            "fee": self._get_money(fee) if fee else None,
            "fee_percent": brazilian.percent(terms.get("fee_percent") or 0),
            "total": self._get_money(term.exact(terms["total"])),
            "method": terms["method"] if financing else "none",
            "rate": brazilian.percent(terms["rate"] or 0),
            "yearly": brazilian.percent(yearly),
            "count": len(rows),
            "installments": [
                {
                    "number": row["number"],
                    "due": brazilian.day(row["due"]),
                    "interest": brazilian.number(term.exact(row.get("interest") or 0)),
                    "amount": brazilian.number(term.exact(row["amount"])),
                }
                for row in rows
            ],
        }

    @api.model
    def _get_rule_values(self, terms):
        """What becomes of the agreement when it is not kept."""
        return {
            "late_text": terms.get("late_text") or "",
            "moves_due": terms.get("moves_due", True),
            "break_days": terms.get("break_days") or 0,
            "break_count": terms.get("break_count") or 0,
            "imputation": terms.get("imputation") or "charges",
        }

    @api.model
    def _get_money(self, amount):
        """An amount in figures and in words.

        :return: dict(figures, words)
        """
        return {"figures": brazilian.money(amount), "words": amount_in_words(amount)}
