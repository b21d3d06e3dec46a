from odoo import models
from odoo.tools import SQL

LIVE = """
SELECT item.id, item.line_id, item.days_late, item.amount_original, item.amount_placed, item.percent,
       placement.agency_id
  FROM cobranca_placement_line item JOIN cobranca_placement placement ON placement.id = item.placement_id
 WHERE placement.batch_id = %s AND placement.state = 'proposed' AND item.is_live
"""
UPDATE_LINES = """
UPDATE cobranca_placement_line item
   SET days_late = fact.days_late, amount_original = fact.original, amount_placed = fact.total, percent = fact.percent
  FROM unnest(%s::int[], %s::int[], %s::numeric[], %s::numeric[], %s::numeric[])
       AS fact(id, days_late, original, total, percent)
 WHERE item.id = fact.id
"""
SUM_UP = """
UPDATE cobranca_placement placement
   SET line_count = COALESCE(fact.count, 0), amount_original = COALESCE(fact.original, 0),
       amount = COALESCE(fact.total, 0), amount_placed = COALESCE(fact.total, 0),
       days_late = COALESCE(fact.days_late, 0),
       state = CASE WHEN fact.count IS NULL THEN 'refused' ELSE placement.state END
  FROM cobranca_placement own
  LEFT JOIN (
        SELECT placement_id, count(*), sum(amount_original) AS original, sum(amount_placed) AS total,
               max(days_late) AS days_late
          FROM cobranca_placement_line WHERE is_live GROUP BY placement_id
       ) fact ON fact.placement_id = own.id
 WHERE own.id = placement.id AND own.batch_id = %s AND own.state = 'proposed'
"""


class CobrancaPlacementBatchRecheck(models.AbstractModel):
    """Days may lie between proposal and approval: what was paid or paused meanwhile goes to nobody."""

    _name = "cobranca.placement.batch.recheck"
    _description = "Second Look at Proposed Placements"

    # === BUSINESS METHODS === #

    def _recheck(self):
        """Look at each debt again, under a lock that makes payments of this moment wait."""
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(SQL(LIVE, self.id))
        line_ids = [row[1] for row in rows]
        self.env["account.move.line"].browse(line_ids)._cobranca_claim()
        facts = self._read_today(line_ids)
        lost = [row[0] for row in rows if row[1] not in facts]
        changed = self._find_changed(rows, facts)
        if lost:
            self.env.cr.execute(SQL("UPDATE cobranca_placement_line SET is_live = FALSE WHERE id = ANY(%s)", lost))
        if changed:
            self.env.cr.execute(SQL(UPDATE_LINES, *map(list, zip(*changed, strict=True))))
        if lost or changed:
            self.env.cr.execute(SQL(SUM_UP, self.id))
            self.env["cobranca.placement"].invalidate_model()
            self.env["cobranca.placement.line"].invalidate_model()

    def _read_today(self, line_ids):
        """What can be placed today.

        :return: {id of a debt: (days late, open, with charges)}
        """
        Plan, day = self.env["cobranca.placement.plan"], self.company_id._cobranca_today()
        narrow = SQL("line.id = ANY(%s)", line_ids)
        rows = Plan._read_items(self.company_id, day, narrow, batch=self)
        free = {line: float(residual) for _debtor, line, _due, residual, reason in rows if not reason}
        debts = Plan._read_amounts(list(free), day)
        return {
            line: (debt.days_late, free[line], float(debt.charges.total))
            for line, debt in debts.items()
            if debt.days_late
        }

    def _find_changed(self, rows, facts):
        """:return: rows (id, days late, open, with charges, percent) that are not as they were proposed"""
        agencies, percents, changed = self.env["cobranca.agency"], {}, []
        for item, line, *before, agency in rows:
            if line not in facts:
                continue
            band = (agency, facts[line][0])
            if band not in percents:
                percents[band] = agencies.browse(agency)._get_percent(band[1])
            now = (*facts[line], percents[band])
            if [round(float(value), 2) for value in before] != [round(value, 2) for value in now]:
                changed.append((item, *now))
        return changed
