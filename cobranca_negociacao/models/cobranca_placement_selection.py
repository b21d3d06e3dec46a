from collections import defaultdict, namedtuple
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tools import identification

from ..tools.placing import Customer, Item

READ = ("account.move.line", "account.move", "account.account", "res.partner", "cobranca.hold", "cobranca.behavior")
READ += ("cobranca.placement", "cobranca.placement.line", "cobranca.opt.out", "cobranca.dunning.notice")
COLUMNS = """
    line.id, line.move_id, partner.id AS debtor, COALESCE(line.date_maturity, line.date) AS due,
    line.amount_residual AS residual, line.currency_id <> %(home)s AS is_foreign,
    line.no_followup IS TRUE AS is_blocked, line.cobranca_agreement_id IS NOT NULL AS is_agreed
"""
# All late debts, with what keeps each of them from being placed.
LINES = """
WITH item AS MATERIALIZED (%(open)s), live AS (
    SELECT hold.line_id, hold.partner_id, hold.reason, hold.id FROM cobranca_hold hold
     WHERE hold.company_id = %(company)s AND hold.reason <> 'placement' AND %(live)s
), of_line AS (
    SELECT DISTINCT ON (line_id) line_id, reason FROM live WHERE line_id IS NOT NULL ORDER BY line_id, id
), of_debtor AS (
    SELECT DISTINCT ON (partner_id) partner_id, reason FROM live WHERE line_id IS NULL ORDER BY partner_id, id
)
SELECT item.debtor, item.id, item.due, item.residual::text,
       CASE WHEN item.is_foreign THEN 'foreign'
            WHEN EXISTS (SELECT FROM cobranca_placement_line own
                           JOIN cobranca_placement placement ON placement.id = own.placement_id
                          WHERE own.line_id = item.id AND own.is_live AND placement.batch_id IS DISTINCT FROM %(batch)s)
            THEN 'placed'
            WHEN of_debtor.reason IS NOT NULL THEN of_debtor.reason
            WHEN of_line.reason IS NOT NULL THEN of_line.reason
            WHEN item.is_agreed THEN 'agreement'
            WHEN item.is_blocked THEN 'blocked'
            ELSE NULLIF(%(wait)s, 'stale_statement') END
  FROM item
  LEFT JOIN of_line ON of_line.line_id = item.id
  LEFT JOIN of_debtor ON of_debtor.partner_id = item.debtor
 ORDER BY item.debtor, item.due, item.id
"""
OF_ITEM = ("item.id", "item.move_id", "item.due")
# Where customers are found: he himself, and who pays for him.
CUSTOMERS = """
SELECT partner.id, partner.name, partner.vat, partner.is_company, country.code, partner.state_id,
       behavior.segment_id,
       ARRAY_REMOVE(ARRAY[CASE WHEN COALESCE(partner.message_bounce, 0) = 0 THEN partner.email_normalized END,
                          CASE WHEN COALESCE(payer.message_bounce, 0) = 0 THEN payer.email_normalized END], NULL),
       ARRAY_REMOVE(ARRAY[partner.phone, payer.phone], NULL),
       ARRAY(SELECT channel FROM cobranca_opt_out refused
              WHERE refused.partner_id = partner.id AND refused.ended_on IS NULL),
       EXISTS (SELECT FROM cobranca_placement placement
                WHERE placement.partner_id = partner.id AND placement.company_id = %(company)s
                  AND placement.state IN ('proposed', 'active'))
  FROM res_partner partner
  LEFT JOIN res_country country ON country.id = partner.country_id
  LEFT JOIN cobranca_behavior behavior ON behavior.partner_id = partner.id AND behavior.company_id = %(company)s
  LEFT JOIN LATERAL (
        SELECT person.email_normalized, person.message_bounce, person.phone FROM res_partner person
         WHERE person.parent_id = partner.id AND person.active AND person.cobranca_role = 'pays'
         ORDER BY person.id LIMIT 1
       ) payer ON TRUE
 WHERE partner.id = ANY(%(partners)s)
"""
# Steps of a ladder count as reached once a later one is.
REACHED = """
SELECT DISTINCT notice.line_id, wanted.id
  FROM cobranca_dunning_level wanted
  JOIN cobranca_dunning_level level ON level.policy_id = wanted.policy_id
   AND (level.id = wanted.id OR (level.trigger = 'days' AND wanted.trigger = 'days' AND level.days >= wanted.days))
  JOIN cobranca_dunning_notice notice ON notice.level_id = level.id AND notice.company_id = %(company)s
 WHERE wanted.id = ANY(%(levels)s)
"""
Fact = namedtuple("Fact", "id name vat is_company country state segment emails phones refused is_placed")


class CobrancaPlacementSelection(models.AbstractModel):
    """What is late, who owes it and what keeps it from an agency, read for all customers by a few queries.

    Reads only: a simulation in a READ ONLY transaction and the placing itself get the same.
    """

    _name = "cobranca.placement.selection"
    _description = "Selection of Debts to Place"

    # === BUSINESS METHODS === #

    @api.model
    def _get_customers(self, company, day, levels=(), partners=None):
        """Who owes something that is late.

        :param company: res.company
        :param date day: today of the company
        :param levels: ids of the steps of ladders that rules ask for
        :param partners: res.partner, debtors; None: all
        :return: ([tools.placing.Customer], {id: Fact})
        """
        narrow = SQL("TRUE") if partners is None else SQL("partner.id = ANY(%s)", partners.ids)
        rows = self._read_items(company, day, narrow, partners)
        reached = self._read_reached(company, levels)
        items = defaultdict(list)
        for debtor, line, due, residual, reason in rows:
            items[debtor].append(Item(line, due, Decimal(residual), reason or "", reached.get(line, frozenset())))
        facts = self._read_facts(company, list(items))
        return [self._make_customer(facts[debtor], tuple(own)) for debtor, own in items.items()], facts

    @api.model
    def _make_customer(self, fact, items):
        barrier = "placed" if fact.is_placed else "" if self._has_document(fact) else "document"
        return Customer(
            key=fact.id,
            items=items,
            is_consumer=identification.is_consumer(fact.vat, fact.is_company),
            segment=fact.segment,
            state=fact.state,
            barrier=barrier,
        )

    @api.model
    def _has_document(self, fact):
        """A CPF or CNPJ that can be right; of a customer abroad whatever he has."""
        is_brazilian = not fact.country or fact.country == "BR"
        return bool(fact.vat) and (not is_brazilian or identification.is_valid(fact.vat))

    @api.model
    def _is_reachable(self, fact, channels):
        """Can a customer be found by one of some channels that he did not refuse?

        :param channels: set of channels of `cobranca.interaction`
        """
        free = channels - set(fact.refused)
        if "email" in free and fact.emails:
            return True
        if not free & {"call", "whatsapp", "sms"}:
            return False
        Channels = self.env["cobranca.case.channels"]
        numbers = list(filter(None, map(Channels._parse_phone, fact.phones)))
        return bool(numbers) and ("call" in free or any(map(Channels._is_mobile, numbers)))

    # --- rows ---

    @api.model
    def _read_items(self, company, day, narrow, partners=None, batch=None):
        """Late debts that match a condition, with why each of them cannot be placed.

        :param narrow: SQL over `line` and `partner`
        :param partners: res.partner, where all of these debts are theirs
        :param batch: cobranca.placement.batch whose own placements do not count
        :return: rows (debtor, line, due, residual as text, reason or None)
        """
        for model in READ:
            self.env[model].flush_model()
        columns = SQL(COLUMNS, home=company.currency_id.id)
        opened = self.env["account.move.line"]._cobranca_get_open_lines_query(company, day, columns=columns)
        late = SQL("COALESCE(line.date_maturity, line.date) < %s", day)
        rows = self.env.execute_query(
            SQL(
                LINES,
                open=SQL(" AND ").join([opened, late, narrow]),
                company=company.id,
                live=self.env["cobranca.hold"]._get_live_condition(day, "hold"),
                batch=batch.id if batch else 0,
                wait=self.env["cobranca.paid.guard"]._get_wait_case(company, day, partners, of=OF_ITEM),
            )
        )
        prescribed = self._find_prescribed(day, [row[1] for row in rows if row[2] < self._get_oldest(day)])
        return [(*row[:4], row[4] or ("prescribed" if row[1] in prescribed else None)) for row in rows]

    @api.model
    def _get_oldest(self, day):
        return self.env["cobranca.prescription"]._get_oldest_due(day)

    @api.model
    def _find_prescribed(self, day, line_ids):
        lines = self.env["account.move.line"].browse(line_ids)
        return {line.id for line, first in lines._cobranca_get_prescriptions().items() if first <= day}

    @api.model
    def _read_reached(self, company, levels):
        """:return: {id of a debt: frozenset of the steps that it reached}"""
        reached = defaultdict(set)
        if levels:
            rows = self.env.execute_query(SQL(REACHED, company=company.id, levels=list(levels)))
            for line, level in rows:
                reached[line].add(level)
        return {line: frozenset(found) for line, found in reached.items()}

    @api.model
    def _read_facts(self, company, partner_ids):
        """:return: {id of a debtor: Fact}"""
        rows = self.env.execute_query(SQL(CUSTOMERS, company=company.id, partners=partner_ids))
        return {row[0]: Fact(*row) for row in rows}
