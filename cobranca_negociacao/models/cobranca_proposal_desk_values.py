from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools import terms as stored_terms
from ..tools import typed
from ..tools.plan import Parts, Terms
from .cobranca_proposal_desk_debts import COLLECTOR

MOST_COLUMNS = 4
LONGEST_KEY = 12


class Column(NamedTuple):
    """One plan of the dialog; terms are None where what was sent is none."""

    key: str
    terms: Terms | None


class Scene(NamedTuple):
    """A negotiation as it stands in a dialog, checked: of one customer, company and day.

    :param debts: {account.move.line: tools.debt.Debt} of all that he owes
    :param lines: those that are chosen, in this order
    :param parts: what they consist of, in the order of the lines
    :param found: what the engine of offers found for them
    :param placement: cobranca.placement where an agency negotiates
    :param fee: percent that this agency asks of the customer on top of each payment
    """

    company: models.BaseModel
    debtor: models.BaseModel
    today: date
    debts: Mapping
    reasons: Mapping
    lines: models.BaseModel
    parts: list[Parts]
    found: tuple
    role: str
    first: date
    monthly: Decimal | None
    columns: list[Column]
    counter_of: models.BaseModel
    placement: models.BaseModel | None = None
    fee: Decimal = Decimal(0)

    @property
    def dues(self):
        """The original due date of each debt."""
        return {line: debt.due for line, debt in self.debts.items()}

    @property
    def total(self):
        return sum((part.total for part in self.parts), Decimal(0))


class CobrancaProposalDeskValues(models.AbstractModel):
    """What the dialog holds, read with nothing taken for granted, and given back."""

    _name = "cobranca.proposal.desk.values"
    _description = "Values of a Negotiation"

    # === BUSINESS METHODS === #

    @api.model
    def _find_debtor(self, partner_id, line_ids):
        """The customer who is negotiated with, whom the user may see.

        :return: res.partner, the commercial one
        :raise AccessError: for who is not of the collection team
        :raise UserError: where the invoices are of several customers, or of none
        """
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Negotiations are for the collection team: ask your administrator."))
        if partner_id:
            debtor = self.env["res.partner"].browse(self._id(partner_id)).exists().commercial_partner_id
        else:
            lines = self.env["account.move.line"].browse([self._id(each) for each in self._list(line_ids)]).exists()
            lines.check_access("read")
            debtor = lines.partner_id.commercial_partner_id
        if len(debtor) != 1:
            raise UserError(self.env._("Choose open invoices of one customer: an agreement is with one of them."))
        debtor.check_access("read")
        return debtor

    @api.model
    def _read(self, values):
        """What the dialog sent.

        :param dict values: see `simulate_open`
        :return: Scene
        :raise UserError: for what cannot be; nothing of it is believed
        """
        if not isinstance(values, Mapping):
            raise UserError(self._get_again_text())
        wanted = [self._id(line_id) for line_id in self._list(values.get("line_ids"))]
        debtor = self._find_debtor(values.get("partner_id"), wanted)
        scene = self._look(debtor, lambda debts, reasons: self._choose(debts, reasons, wanted))
        return scene._replace(
            first=self._typed(typed.day, values.get("first")),
            monthly=self._typed(typed.amount, values["monthly"]) if values.get("monthly") else None,
            columns=self._read_columns(values.get("columns")),
            counter_of=self._read_counter(scene, values.get("counter_of_id")),
        )

    @api.model
    def _look(self, debtor, choose):
        """What a customer owes the current company today, and what may be conceded of it.

        :param choose: function of ({line: Debt}, {line: why not}) that gives the lines of the negotiation
        :return: Scene without columns
        """
        company = self.env.company
        today = company._cobranca_today()
        debts = debtor.with_company(company)._cobranca_get_debt_summary(today)["debts"]
        reasons = self._get_reasons(company, self.env["account.move.line"].union(*debts)) if debts else {}
        lines = choose(debts, reasons)
        engine = self.env["cobranca.offer.engine"]
        role = engine._get_role()
        found = engine._find(company, debtor, lines, today, role, debts={line: debts[line] for line in lines})
        return Scene(
            company=company,
            debtor=debtor,
            today=today,
            debts=debts,
            reasons=reasons,
            lines=lines,
            parts=self._get_parts(debts[line] for line in lines),
            found=found,
            role=role,
            first=self._get_first(company, today, found.limits),
            monthly=None,
            columns=[],
            counter_of=self.env["cobranca.proposal"],
        )

    @api.model
    def _choose(self, debts, reasons, wanted):
        by_id = {line.id: line for line in debts if line not in reasons}
        if set(wanted) - by_id.keys():
            raise UserError(self._get_again_text())
        chosen = set(wanted)
        return self.env["account.move.line"].browse([line.id for line in debts if line.id in chosen])

    @api.model
    def _read_columns(self, columns):
        found = []
        for column in self._list(columns):
            key = column.get("key") if isinstance(column, Mapping) else None
            if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
                raise UserError(self._get_again_text())
            try:
                found.append(Column(key, stored_terms.unpack(column)))
            except ValueError as error:
                raise UserError(self._say(error)) from None
        if len(found) > MOST_COLUMNS or len({column.key for column in found}) < len(found):
            raise UserError(self.env._("Compare up to %(count)s proposals: take one out first.", count=MOST_COLUMNS))
        return found

    @api.model
    def _read_counter(self, scene, proposal_id):
        """The proposal that is answered, if any."""
        record = self.env["cobranca.proposal"].browse(self._id(proposal_id) if proposal_id else []).exists()
        record.check_access("read")
        if record and (record.company_id != scene.company or record.partner_id != scene.debtor):
            raise UserError(self._get_again_text())
        return record

    @api.model
    def _pack(self, scene):
        """What the dialog holds and sends back.

        :return: dict(partner_id, line_ids, first, monthly, columns, counter_of_id, seen)
        """
        return {
            "partner_id": scene.debtor.id,
            "line_ids": scene.lines.ids,
            "first": scene.first.isoformat(),
            "monthly": f"{scene.monthly:.2f}" if scene.monthly else False,
            "columns": [{"key": column.key, **stored_terms.pack(column.terms)} for column in scene.columns],
            "counter_of_id": scene.counter_of.id,
            "seen": self._get_seen(scene),
        }

    @api.model
    def _get_seen(self, scene):
        """What the amounts hang on: when it is another one, the user saw something else."""
        return f"{scene.today.isoformat()} {scene.total}"

    # --- reading ---

    @api.model
    def _id(self, value):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
            raise UserError(self._get_again_text())
        return value

    @api.model
    def _list(self, value):
        if value is not False and value is not None and not isinstance(value, list | tuple):
            raise UserError(self._get_again_text())
        return value or []

    @api.model
    def _typed(self, read, value):
        """A figure as it was typed.

        :param read: one of tools.typed
        :raise UserError: for what is none
        """
        try:
            return read(value)
        except ValueError as error:
            raise UserError(self._say(error)) from None

    @api.model
    def _get_again_text(self):
        return self.env._("What is owed has changed meanwhile: open the simulation again.")
