import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tools import identification

SEQUENCE = "cobranca_negociacao.ir_sequence_cobranca_placement"
LOGGED = SQL("create_uid, write_uid, create_date, write_date")
INSERT = """
INSERT INTO cobranca_placement (name, state, customer_name, document, currency_id, line_count, amount_original, amount,
       amount_placed, days_late, company_id, agency_id, partner_id, arm, rule_id, batch_id, %(logged)s)
SELECT draft.name, 'proposed', draft.customer, draft.document, %(currency)s, draft.count, draft.original, draft.amount,
       draft.amount, draft.days_late, %(company)s, draft.agency, draft.partner, NULLIF(draft.arm, ''),
       NULLIF(draft.rule, 0), %(batch)s, %(uid)s, %(uid)s, %(now)s, %(now)s
  FROM unnest(%(names)s::varchar[], %(customers)s::varchar[], %(documents)s::varchar[], %(counts)s::int[],
              %(originals)s::numeric[], %(amounts)s::numeric[], %(days_late)s::int[], %(agencies)s::int[],
              %(partners)s::int[], %(arms)s::varchar[], %(rules)s::int[])
       AS draft(name, customer, document, count, original, amount, days_late, agency, partner, arm, rule)
RETURNING partner_id, id
"""
INSERT_LINES = """
INSERT INTO cobranca_placement_line (placement_id, company_id, currency_id, line_id, due, days_late, amount_original,
       amount_placed, percent, is_live, %(logged)s)
SELECT item.placement, %(company)s, %(currency)s, item.line, item.due, item.days_late, item.original, item.total,
       item.percent, TRUE, %(uid)s, %(uid)s, %(now)s, %(now)s
  FROM unnest(%(placements)s::int[], %(lines)s::int[], %(dues)s::date[], %(days_late)s::int[], %(originals)s::numeric[],
              %(totals)s::numeric[], %(percents)s::numeric[])
       AS item(placement, line, due, days_late, original, total, percent)
"""


class CobrancaPlacementWriter(models.AbstractModel):
    """Writes thousands of placements by two statements. The unique indexes decide who was first."""

    _name = "cobranca.placement.writer"
    _description = "Writer of Placements"

    # === BUSINESS METHODS === #

    @api.model
    def _write_plan(self, plan, batch):
        """Make the placements of a plan, to be approved; from now on no other agency can be given their debts.

        :param plan: cobranca_placement_plan.Plan
        :param batch: cobranca.placement.batch
        :raise UserError: where somebody placed one of them meanwhile
        """
        self.env.flush_all()
        company = plan.company
        values = {
            "logged": LOGGED,
            "currency": company.currency_id.id,
            "company": company.id,
            "batch": batch.id,
            "uid": self.env.uid,
            "now": self.env.cr.now(),
        }
        try:
            with self.env.cr.savepoint(flush=False):
                names = self._take_numbers(len(plan.drafts), plan.day)
                rows = self.env.execute_query(SQL(INSERT, **values, **self._get_columns(plan.drafts, names)))
                self.env.cr.execute(SQL(INSERT_LINES, **values, **self._get_line_columns(plan.drafts, dict(rows))))
        except psycopg2.errors.UniqueViolation as error:
            raise UserError(
                self.env._("Some of these debts were placed by somebody else a moment ago: simulate again.")
            ) from error
        self.env["cobranca.placement"].invalidate_model()
        self.env["cobranca.placement.line"].invalidate_model()

    @api.model
    def _get_columns(self, drafts, names):
        return {
            "names": names,
            "customers": [draft.fact.name or "" for draft in drafts],
            "documents": [identification.masked(draft.fact.vat or "") for draft in drafts],
            "counts": [len(draft.debts) for draft in drafts],
            "originals": [sum(debt.original for debt in draft.debts) for draft in drafts],
            "amounts": [sum(debt.total for debt in draft.debts) for draft in drafts],
            "days_late": [max(debt.days_late for debt in draft.debts) for draft in drafts],
            "agencies": [draft.share.agency.id for draft in drafts],
            "partners": [draft.fact.id for draft in drafts],
            "arms": [draft.share.arm or "" for draft in drafts],
            "rules": [draft.rule for draft in drafts],
        }

    @api.model
    def _get_line_columns(self, drafts, placements):
        rows = [(placements[draft.fact.id], debt) for draft in drafts for debt in draft.debts]
        return {
            "placements": [placement for placement, _debt in rows],
            "lines": [debt.line for _placement, debt in rows],
            "dues": [debt.due for _placement, debt in rows],
            "days_late": [debt.days_late for _placement, debt in rows],
            "originals": [debt.original for _placement, debt in rows],
            "totals": [debt.total for _placement, debt in rows],
            "percents": [debt.percent for _placement, debt in rows],
        }

    @api.model
    def _take_numbers(self, count, day):
        """So many numbers of the sequence at once; one by one they would take longer than all the rest.

        :return: list of str
        """
        sequence = self.env.ref(SEQUENCE).sudo()  # sudo: numbers, for who may place
        if sequence.implementation != "standard":
            return [sequence.next_by_id(sequence_date=day) for _number in range(count)]
        current = sequence._get_current_sequence(day)
        if sequence.use_date_range:
            sequence = sequence.with_context(ir_sequence_date_range=current.date_from)
            counter = f"ir_sequence_{sequence.id:03d}_{current.id:03d}"
        else:
            counter = f"ir_sequence_{sequence.id:03d}"
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", counter, count))
        prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{number:0{sequence.padding}d}{suffix}" for (number,) in rows]
