from dataclasses import dataclass
from datetime import date as Date

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.cobranca_recorrente.models.cobranca_message_states import REACHED

from ..tools import brazilian

# {type of a paper: extension of its file}
PAPERS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True)
class Scope:
    """What a dossier is about; all of it of one customer and one company, with the rights of the system.

    :param lines: account.move.line, the debts, with those that agreements replaced or made of them
    """

    company: models.Model
    debtor: models.Model
    today: Date
    lines: models.Model
    agreements: models.Model
    invoices: models.Model
    contracts: models.Model
    messages: models.Model
    interactions: models.Model
    acceptances: models.Model
    letters: models.Model


class CobrancaDebtDossierFacts(models.AbstractModel):
    """What a dossier says of debts: where they come from, and how each amount of today is made up."""

    _name = "cobranca.debt.dossier.facts"
    _description = "Debts of a Dossier"

    # === BUSINESS METHODS === #

    @api.model
    def _get_scope(self, company, debtor, lines):
        """All that belongs to some debts of a customer.

        :param lines: account.move.line; those of others are left out
        :return: Scope
        """
        env, family = self.env, Domain("partner_id", "child_of", debtor.id) & Domain("company_id", "=", company.id)
        own = lines.filtered(
            lambda line: line.company_id == company and line.partner_id.commercial_partner_id == debtor
        )
        agreements = self._get_agreements(own)
        every = own | agreements.origin_ids.line_id | agreements.installment_ids.line_id
        every = every.sorted(lambda line: (line.date_maturity or line.date, line.id))
        invoices = every.move_id.filtered(
            lambda move: move.move_type == "out_invoice" and not move.cobranca_agreement_role
        )
        proposals = env["cobranca.proposal"].search([("agreement_id", "in", agreements.ids)])
        of_record = [
            Domain("res_model", "=", records._name) & Domain("res_id", "in", records.ids)
            for records in (agreements, proposals)
        ]
        about = Domain("line_ids", "in", every.ids) | Domain("line_ids", "=", False)
        of_letters = Domain("line_ids", "in", every.ids) & Domain("state", "=", "issued")
        return Scope(
            company=company,
            debtor=debtor,
            today=company._cobranca_today(),
            lines=every,
            agreements=agreements,
            invoices=invoices.sorted(lambda move: (move.invoice_date, move.id)),
            contracts=env["cobranca.contract.period"].search([("move_id", "in", invoices.ids)]).contract_id,
            messages=env["cobranca.message"].search(
                family & Domain("state", "in", REACHED) & Domain("line_ids.line_id", "in", every.ids),
                order="sent_at, id",
            ),
            interactions=env["cobranca.interaction"].search(family & about, order="date, id"),
            acceptances=env["cobranca.acceptance"].search(family & Domain.OR(of_record), order="id"),
            letters=env["cobranca.quittance"].search(family & of_letters, order="id"),
        )

    @api.model
    def _get_agreements(self, lines):
        """The agreements that debts were or are in, with those before and after them; the oldest first."""
        Agreement = self.env["cobranca.agreement"]
        of_lines = Domain("origin_ids.line_id", "in", lines.ids) | Domain("installment_ids.line_id", "in", lines.ids)
        found = todo = Agreement.search(of_lines)
        while todo:
            todo = (todo.parent_id | todo.child_ids) - found
            found |= todo
        return found.sorted("id")

    @api.model
    def _search_contract_papers(self, scope):
        """Signed contracts and the like, as somebody attached them to the contracts.

        :return: ir.attachment
        """
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "cobranca.contract"),
                ("res_id", "in", scope.contracts.ids),
                ("res_field", "=", False),
                ("mimetype", "in", list(PAPERS)),
            ],
            order="id",
        )

    @api.model
    def _get_facts(self, scope):
        """What the index says, in the words of Brazilian papers.

        :return: dict for its template
        """
        return {
            "creditor": self._get_creditor(scope.company),
            "party": self._get_party(scope.debtor),
            "date": brazilian.long_day(scope.today),
            "debts": self._prepare_debts(scope),
            "contracts": [self._prepare_contract(contract) for contract in scope.contracts],
            "agreements": [self._prepare_agreement(agreement) for agreement in scope.agreements],
            "messages": [self._prepare_message(message) for message in scope.messages],
            "interactions": [self._prepare_interaction(record) for record in scope.interactions],
            "acceptances": [self._prepare_acceptance(record) for record in scope.acceptances],
            "entries": self._prepare_entries(scope),
        }

    @api.model
    def _prepare_debts(self, scope):
        """Each debt: what it was, and of what the amount of today consists."""
        open_lines = scope.lines.filtered(lambda line: not line.reconciled)
        debts = open_lines._cobranca_read_debts(scope.today)
        installments = {item.line_id: item for item in scope.agreements.installment_ids}
        origins = {origin.line_id: origin for origin in scope.agreements.origin_ids._get_live()}
        rows = []
        for line in scope.lines:
            debt, item, origin = debts.get(line), installments.get(line), origins.get(line)
            rows.append(
                {
                    "name": item._get_full_label() if item else line.move_id.name or "",
                    "what": "" if item else self.env["cobranca.debt.page"]._get_what(line.move_id),
                    "issued": brazilian.day(line.move_id.invoice_date or line.date),
                    "due": brazilian.day(line.date_maturity or line.date),
                    "amount": brazilian.money(line.balance),
                    "open": brazilian.money(line.amount_residual),
                    "in_agreement": origin.agreement_id.name if origin else "",
                    "total": brazilian.money(debt.charges.total - debt.discount) if debt else "",
                    "steps": self._explain_charges(line, debt) if debt else [],
                    "sentences": line._cobranca_get_sentences(debt, scope.today) if debt else [],
                }
            )
        return rows

    @api.model
    def _explain_charges(self, line, debt):
        """Each part of what is owed today: its base, its days and its rate.

        :param debt: tools.debt.Debt
        :return: list of dict of texts
        """
        charges, agreed = debt.charges, debt.agreed
        base = brazilian.money(charges.principal + charges.correction)
        if line.amount_residual != line.balance:
            base = "por períodos, conforme os pagamentos"
        days = f"{debt.days_late} dias desde {brazilian.day(debt.counted_from)}" if debt.counted_from else ""
        legal = agreed and agreed.interest_percent is None
        rates = {
            "principal": "",
            "correction": agreed.index.name if agreed and agreed.index else "",
            "fine": f"{brazilian.percent(agreed.fine_percent)}, uma vez" if agreed else "",
            "interest": "taxa legal"
            if legal
            else f"{brazilian.percent(agreed.interest_percent)} ao mês"
            if agreed
            else "",
        }
        labels = {"principal": "Principal", "correction": "Correção", "fine": "Multa", "interest": "Juros de mora"}
        return [
            {
                "kind": labels[kind],
                "base": ""
                if kind == "principal"
                else base
                if kind != "correction"
                else brazilian.money(charges.principal),
                "days": days if kind in ("interest", "correction") else "",
                "rate": rates[kind],
                "amount": brazilian.money(getattr(charges, kind)),
            }
            for kind in labels
            if getattr(charges, kind) or kind == "principal"
        ]
