from decimal import Decimal

from odoo import Command, api, models

from ..tools import terms as stored_terms
from ..tools.plan import COMPONENTS, Installment, Plan


class CobrancaProposalPlan(models.AbstractModel):
    """A plan of the kernel as a proposal keeps it, and back: what was offered is read from its rows, never computed
    anew."""

    _name = "cobranca.proposal.plan"
    _description = "Plan of a Proposal"

    # === BUSINESS METHODS === #

    @api.model
    def _exact(self, amount):
        """An amount of a field as the kernels have it."""
        return Decimal(f"{amount:.2f}")

    @api.model
    def _prepare_plan(self, plan, lines, dues):
        """The fields of a plan.

        :param plan: tools.plan.Plan
        :param lines: account.move.line, in the order of its debts
        :param dues: {line: original due date}
        :return: dict of values
        """
        payments = [each for each in plan.installments if each.number]
        return {
            "before": float(plan.before),
            **{f"given_{name}": float(plan.given[name]) for name in COMPONENTS},
            "given": float(plan.before - plan.agreed),
            "agreed": float(plan.agreed),
            "financing": float(plan.financing),
            "fee": float(plan.fee),
            "fee_percent": float(plan.fee_percent),
            "amount": float(plan.total),
            "down": float(sum((each.amount for each in plan.installments if not each.number), Decimal(0))),
            "count": len(payments),
            "installment": float(max((each.amount for each in payments), default=Decimal(0))),
            "method": plan.terms.method,
            "rate": float(plan.terms.rate),
            "first_date": plan.installments[0].due,
            "last_date": plan.installments[-1].due,
            "terms": stored_terms.pack(plan.terms),
            "line_ids": [
                Command.create(self._prepare_debt(line, dues[line], debt, given))
                for line, debt, given in zip(lines, plan.debts, plan.given_each, strict=True)
            ],
            "installment_ids": [
                Command.create(
                    {
                        "number": each.number,
                        "due": each.due,
                        "amount": float(each.amount),
                        "interest": float(each.interest),
                        "amortization": float(each.amortization),
                        "fee": float(each.fee),
                    }
                )
                for each in plan.installments
            ],
        }

    @api.model
    def _prepare_debt(self, line, due, debt, given):
        return {
            "line_id": line.id,
            "name": line.move_id.name or line.name or "",
            "due": due,
            "amount": float(debt.total),
            **{name: float(getattr(debt, name)) for name in COMPONENTS},
            **{f"given_{name}": float(given[name]) for name in COMPONENTS},
        }

    def _get_plan(self):
        """What was offered.

        :return: tools.plan.Plan, its debts in the order of `line_ids`
        """
        self.ensure_one()
        exact = self._exact
        installments = self.installment_ids.sorted("number")
        return Plan(
            debts=tuple(item._get_parts() for item in self.line_ids),
            terms=stored_terms.unpack(self.terms),
            before=exact(self.before),
            given={name: exact(self[f"given_{name}"]) for name in COMPONENTS},
            given_each=tuple({name: exact(item[f"given_{name}"]) for name in COMPONENTS} for item in self.line_ids),
            agreed=exact(self.agreed),
            financing=exact(self.financing),
            total=exact(self.amount),
            installments=tuple(
                Installment(
                    each.number,
                    each.due,
                    *(exact(each[name]) for name in ("amount", "interest", "amortization", "fee")),
                )
                for each in installments
            ),
            fee=exact(self.fee),
            fee_percent=exact(self.fee_percent),
        )
