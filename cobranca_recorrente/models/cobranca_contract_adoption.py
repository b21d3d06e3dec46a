from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .cobranca_contract_charge import ContractCharge
from .cobranca_contract_period import LIVE_STATES

# How far an invoice of another system may lie from the charge it stands for.
MOST_DAYS = 10
MOST_OF_AMOUNT = Decimal("0.10")


@dataclass(frozen=True)
class Match:
    """An invoice that another system made and the charge of a contract that it seems to be."""

    contract: models.BaseModel
    move: models.BaseModel
    charge: ContractCharge
    difference: Decimal  # amount of the invoice less that of the charge
    days: int  # due date of the invoice less that of the charge

    @property
    def key(self):
        """Tells this match from all others, between proposal and confirmation."""
        parts = ",".join(f"{part.group}{part.index}" for part in self.charge.parts)
        return f"{self.contract.id}/{self.move.id}/{parts}/{self.charge.once.ids}"

    @property
    def rank(self):
        """The better the match, the lower."""
        return (abs(self.difference), abs(self.days), self.move.id, self.contract.id)


class CobrancaContractAdoption(models.AbstractModel):
    """Invoices that the system used before made for periods of our contracts.

    A period that has such an invoice gets its row of the ledger, like one billed here: it is
    never billed again.
    """

    _name = "cobranca.contract.adoption"
    _description = "Adoption of Invoices of Another System"

    # === ACTIONS === #

    def action_adopt_invoices(self):
        """Propose the invoices of the system used before that these contracts, or all, go on from.

        :return: action that shows the proposal
        """
        wizard = self.env["cobranca.contract.adopt.invoices"].create({"contract_ids": [Command.set(self.ids)]})
        wizard._search_matches()
        return wizard._get_action()

    # === BUSINESS METHODS === #

    def _get_invoices_to_adopt(self, with_paid=False):
        """The best match of each invoice that no contract has, each charge used once.

        :param bool with_paid: also invoices that are paid
        :return: (list of Match, account.move that match nothing)
        """
        matches, seen = self._get_matches(with_paid)
        chosen, used = [], set()
        for match in sorted(matches, key=lambda match: match.rank):
            claims = {match.move, *((match.contract, part.group, part.index) for part in match.charge.parts)}
            claims |= {(match.contract, line) for line in match.charge.once}
            if not claims & used:
                used |= claims
                chosen.append(match)
        matched = self.env["account.move"].browse(match.move.id for match in chosen)
        return sorted(chosen, key=lambda match: (match.contract.id, match.charge.due)), seen - matched

    def _get_matches(self, with_paid):
        """All matches that are good enough, and the invoices that were looked at."""
        contracts = self.filtered(lambda contract: contract.state in ("draft", "active"))
        moves = self.env["account.move"].search(contracts._get_invoices_to_adopt_domain(with_paid))
        by_party = moves.grouped(lambda move: (move.company_id, move.commercial_partner_id, move.currency_id))
        taken = contracts._get_taken()
        matches = []
        for contract in contracts:
            party = (contract.company_id, contract.commercial_partner_id, contract.currency_id)
            if theirs := by_party.get(party):
                matches += contract._match(theirs, taken[contract.id])
        return matches, moves

    def _get_invoices_to_adopt_domain(self, with_paid=False):
        """Posted customer invoices of the debtors of these contracts that belong to no period."""
        states = ("not_paid", "partial", "in_payment", "paid") if with_paid else ("not_paid", "partial")
        return Domain(
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("company_id", "in", self.company_id.ids),
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("payment_state", "in", states),
                ("cobranca_period_ids", "=", False),
            ]
        )

    def _get_gaps_of_past(self):
        """Refuse to bill what lies before the invoices that were linked: it was billed there too."""
        return super()._get_gaps_of_past() or self._get_gap_before_linked()

    def _get_gap_before_linked(self):
        self.ensure_one()
        linked = self.period_ids.filtered(lambda period: period.kind == "recurring" and period.state in LIVE_STATES)
        charge = next((dates for dates in self._iter_dates(self._get_taken()[self.id]) if dates.parts), None)
        if not linked or not charge or charge.due >= max(linked.mapped("date_due")):
            return []
        first, last = charge.parts[0].span
        return [
            self.env._(
                "The period %(first)s – %(last)s comes before one whose invoice is linked and would be billed again: "
                "link its invoice, or set “Billed until” to its last day.",
                first=format_date(self.env, first),
                last=format_date(self.env, last),
            )
        ]

    def _get_warning_of_unlinked(self):
        """A first charge that some invoice without contract seems to be: the system used before may have made it.

        :return: list of str
        """
        self.ensure_one()
        if self.state != "draft" or not isinstance(self.id, int):
            return []
        taken = self._get_taken()[self.id]
        charge = next((dates for dates in self._iter_dates(taken) if dates.parts), None)
        domain = self._get_invoices_to_adopt_domain(with_paid=True)
        moves = self.env["account.move"].search(domain & Domain("currency_id", "=", self.currency_id.id))
        twins = [
            match.move
            for match in (self._match(moves, taken) if charge and moves else [])
            if {(part.group, part.index) for part in match.charge.parts}
            & {(part.group, part.index) for part in charge.parts}
        ]
        return [
            self.env._(
                "%(invoice)s looks like the first charge (due on %(day)s). If it is, link it (“Link open invoices”): "
                "else it is billed again.",
                invoice=move.display_name,
                day=format_date(self.env, charge.due),
            )
            for move in twins[:1]
        ]

    def _match(self, moves, taken):
        """:return: list of Match of this contract"""
        dues = moves.mapped("invoice_date_due")
        charges = list(self._iter_adoptable(taken, min(dues), max(dues)))
        found = [self._compare(move, charge) for move in moves for charge in charges]
        return [match for match in found if match]

    def _iter_adoptable(self, taken, first_due, last_due):
        """Charges not billed here that fall due around some days, also those that `billed_until` covers.

        Each comes without its one-off items, and again with them where it has some.
        """
        schedule = self._get_schedule()
        if not schedule:
            return
        waiting, _apart = self._get_once_lines(taken)
        groups = sorted({line._get_group() for line in self._get_periodic_lines()})
        indexes = {group: taken.get(("recurring", group), ()) for group in groups}
        # An invoice falls due at most two periods after its begin: in arrears, the next due day.
        first = max(schedule.index_of(max(first_due - timedelta(days=MOST_DAYS), schedule.start)) - 2, 0)
        before = date.min
        nothing = self.env["cobranca.contract.usage"]
        for dates in schedule.charges(groups, indexes, first):
            if dates.due > last_due + timedelta(days=MOST_DAYS):
                return
            once = waiting.filtered(lambda line, span=(before, dates.due): span[0] < line.date_start <= span[1])
            before = dates.due
            for items in [once.browse(), once] if once else [once]:
                charge = ContractCharge(self, dates.issue, dates.due, dates.parts, items)
                charge.items = self._get_items(charge, nothing)
                if charge.items:
                    yield charge

    def _compare(self, move, charge):
        """:return: Match, None when the invoice is too far from the charge in days or in amount"""
        days = (move.invoice_date_due - charge.due).days
        difference = self._get_difference(move, charge)
        shortest = min(part.of_days for part in charge.parts)
        if abs(days) > min(MOST_DAYS, shortest // 2) or abs(difference) > charge.amount * MOST_OF_AMOUNT:
            return None
        return Match(self, move, charge, difference, days)

    def _get_difference(self, move, charge):
        """The least difference of the amounts: other systems may have booked totals without any tax."""
        lines = [
            item.line._prepare_base_line(quantity=item.quantity, price_unit=item.price_unit) for item in charge.items
        ]
        total = Decimal(repr(self._get_total(lines)))
        billed, untaxed = (Decimal(repr(amount)) for amount in (move.amount_total, move.amount_untaxed))
        return min(untaxed - charge.amount, billed - total, billed - charge.amount, key=abs)

    def _adopt_invoices(self, keys, with_paid=False):
        """Write the rows of the ledger for proposed matches; those done already are left alone.

        :param keys: of matches, see Match
        :return: cobranca.contract.period, the new ones
        :raise UserError: for a match that is not possible any more, or an invoice given twice
        """
        self.check_access("write")
        self.lock_for_update()
        # Other transactions may have billed between the proposal and this lock.
        self.env.invalidate_all()
        possible = {match.key: match for match in self._get_matches(with_paid)[0]}
        periods = self.env["cobranca.contract.period"]
        moves = self.env["account.move"]
        for key in keys:
            if self._is_adopted(key):
                continue
            match = possible.get(key)
            if not match or match.move in moves:
                raise UserError(self._explain_impossible(key))
            moves |= match.move
            periods |= match.contract._adopt_invoice(match)
        return periods

    def _parse_key(self, key):
        contract_id, move_id = (int(number) for number in key.split("/")[:2])
        return self.browse(contract_id), self.env["account.move"].browse(move_id)

    def _is_adopted(self, key):
        contract, move = self._parse_key(key)
        return contract in move.cobranca_period_ids.contract_id

    def _explain_impossible(self, key):
        contract, move = self._parse_key(key)
        return self.env._(
            "%(invoice)s can no longer be linked to %(contract)s: its period was billed meanwhile, or the invoice is "
            "linked, paid or cancelled. Search again.",
            invoice=move.display_name,
            contract=contract.name,
        )

    def _adopt_invoice(self, match):
        """The ledger keeps what each line costs by the contract, not what the other system charged.

        So a later change of the contract settles its own difference and not that of the other system.
        """
        move = match.move
        charge = replace(match.charge, issue=move.invoice_date or move.date, due=move.invoice_date_due)
        rows = self._prepare_period_values(charge)
        billed = {"state": "billed", "move_id": move.id, "amount_total": move.amount_total}
        if len(rows) == 1:
            billed["amount"] = move.amount_untaxed
        # sudo: nobody writes the ledger by hand; the access to the contract was checked
        periods = self.env["cobranca.contract.period"].sudo().create([{**row, **billed} for row in rows])
        self.message_post(body=self._get_adoption_text(match))
        return periods.sudo(False)

    def _get_adoption_text(self, match):
        first = min(part.span[0] for part in match.charge.parts)
        last = max(part.span[1] for part in match.charge.parts)
        return self.env._(
            "%(invoice)s, which the system used before made, was linked to %(first)s – %(last)s: this is not billed "
            "again.",
            invoice=match.move.display_name,
            first=format_date(self.env, first),
            last=format_date(self.env, last),
        )
