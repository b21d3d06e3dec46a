from odoo import api, models
from odoo.tools import SQL

# Shared head: the movements (a row for each customer that may have paid), and what is open.
HEAD = """
WITH credit AS MATERIALIZED (
    SELECT raw.id, raw.debtor, raw.day, raw.is_named, ROUND(raw.amount * 100)::bigint AS cents,
           COUNT(*) OVER (PARTITION BY raw.id) AS debtors
      FROM (%(credits)s) raw
),
debt AS MATERIALIZED (%(debts)s),
said AS MATERIALIZED (%(texts)s),
word AS MATERIALIZED (
    SELECT said.id, split.word, split.place
      FROM said
      CROSS JOIN LATERAL REGEXP_SPLIT_TO_TABLE(%(plain)s, '[^A-Z0-9]+') WITH ORDINALITY split(word, place)
     WHERE split.word <> ''
),
-- A number is written with or without its strokes and blanks.
token AS MATERIALIZED (
    SELECT DISTINCT joined.id, joined.token
      FROM (
        SELECT word.id, CONCAT(
                   CASE WHEN size > 3 THEN LAG(word.word, 3) OVER w END,
                   CASE WHEN size > 2 THEN LAG(word.word, 2) OVER w END,
                   CASE WHEN size > 1 THEN LAG(word.word, 1) OVER w END,
                   word.word
               ) AS token
          FROM word CROSS JOIN GENERATE_SERIES(1, 4) size
        WINDOW w AS (PARTITION BY word.id, size ORDER BY word.place)
      ) joined
     WHERE LENGTH(joined.token) BETWEEN 6 AND 40 AND joined.token ~ '\\d'
),
numbered AS MATERIALIZED (
    SELECT DISTINCT token.id AS credit, known.line
      FROM (SELECT id, number FROM debt UNION SELECT id, reference FROM debt) known(line, token)
      JOIN token ON token.token = known.token
     -- Short digits alone are days, branches and accounts of banks.
     WHERE token.token ~ '[A-Z]' OR LENGTH(token.token) >= 8
)
"""

# Which debts have to be priced, by day: those of known customers, those named by number, late ones for the others.
PAIRS = """
%(head)s
SELECT pair.day, ARRAY_AGG(DISTINCT pair.line ORDER BY pair.line)
  FROM (
    SELECT credit.day, debt.id AS line FROM credit JOIN debt ON debt.debtor = credit.debtor
     UNION ALL
    SELECT credit.day, numbered.line FROM numbered JOIN credit ON credit.id = numbered.credit
     UNION ALL
    SELECT unknown.day, late.id
      FROM (SELECT day, MAX(cents) AS most FROM credit WHERE debtor IS NULL GROUP BY day) unknown
      CROSS JOIN LATERAL (
        SELECT debt.id FROM debt
         WHERE debt.due < unknown.day AND debt.cents <= unknown.most
         ORDER BY debt.due DESC, debt.id LIMIT %(late)s
      ) late
  ) pair
 GROUP BY pair.day
 ORDER BY pair.day
"""

# All that fits, as (credit, debtor, lines, grade, strength, reason, quote).
FOUND = """
, price AS MATERIALIZED (
    SELECT more.line, more.day, debt.cents + more.cents AS cents
      FROM UNNEST(%(price_lines)s::int[], %(price_days)s::date[], %(price_cents)s::bigint[]) more(line, day, cents)
      JOIN debt ON debt.id = more.line
),
-- What each debt costs a movement's day, and what is open of it: both are said to fit exactly.
mine AS MATERIALIZED (
    SELECT credit.id AS credit, credit.debtor, credit.cents AS paid, credit.is_named, credit.debtors, debt.id AS line,
           debt.due, debt.cents AS open, COALESCE(price.cents, debt.cents) AS cents
      FROM credit
      JOIN debt ON debt.debtor = credit.debtor
      LEFT JOIN price ON price.line = debt.id AND price.day = credit.day
),
ordered AS MATERIALIZED (
    SELECT mine.*, COUNT(*) OVER w AS place, SUM(mine.cents) OVER w AS total, SUM(mine.open) OVER w AS opens,
           ARRAY_AGG(mine.line) OVER w AS lines, COUNT(*) OVER (PARTITION BY mine.credit, mine.debtor) AS count
      FROM mine
    WINDOW w AS (PARTITION BY mine.credit, mine.debtor ORDER BY mine.due, mine.line)
),
quoted AS (
    SELECT pair.credit, quote.id AS quote, quote.partner_id AS debtor, quote.state = 'open' AS is_open,
           ROUND(quote.amount * 100)::bigint AS cents,
           ARRAY_AGG(debt.id ORDER BY debt.due, debt.id) FILTER (WHERE debt.id IS NOT NULL) AS lines
      FROM (%(quotes)s) pair
      JOIN cobranca_payment_quote quote ON quote.id = pair.quote
      LEFT JOIN (%(asked)s) item(quote_id, line_id) ON item.quote_id = quote.id
      LEFT JOIN debt ON debt.id = item.line_id
     GROUP BY pair.credit, quote.id
),
own AS (SELECT id, MIN(debtor) AS debtor, MIN(day) AS day, MIN(cents) AS cents FROM credit GROUP BY id),
named AS (
    SELECT numbered.credit, debt.debtor, debt.id AS line, debt.due, own.cents AS paid, own.debtor AS other,
           debt.cents AS open, COALESCE(price.cents, debt.cents) AS cents,
           COUNT(*) OVER (PARTITION BY numbered.credit) AS count
      FROM numbered
      JOIN debt ON debt.id = numbered.line
      JOIN own ON own.id = numbered.credit
      LEFT JOIN price ON price.line = debt.id AND price.day = own.day
),
anybody AS (
    SELECT owed.line, NULL::date AS day, owed.cents FROM (SELECT id AS line, cents FROM debt) owed
     UNION ALL
    SELECT price.line, price.day, price.cents FROM price
),
-- Of an amount that thousands owe only the oldest are looked at, and those whose name is said.
pool AS MATERIALIZED (
    SELECT anybody.*, debt.debtor, debt.due,
           ROW_NUMBER() OVER (PARTITION BY anybody.day, anybody.cents ORDER BY debt.due, debt.id) AS place
      FROM anybody JOIN debt ON debt.id = anybody.line
),
owner AS (
    SELECT DISTINCT plain.debtor, SPLIT_PART(plain.name, ' ', 1) AS first,
           REGEXP_REPLACE(plain.name, '^.* ', '') AS last
      FROM (
        SELECT debt.debtor, TRIM(REGEXP_REPLACE(%(plain_name)s, '[^A-Z0-9]+', ' ', 'g')) AS name FROM debt
      ) plain
     WHERE LENGTH(plain.name) > 6
),
-- The first and the last word of a name: banks cut what is between them.
called AS MATERIALIZED (
    SELECT DISTINCT first.id AS credit, owner.debtor
      FROM credit
      JOIN word first ON first.id = credit.id
      JOIN owner ON owner.first = first.word
      JOIN word last ON last.id = first.id AND last.word = owner.last
     WHERE credit.debtor IS NULL
),
fitting AS (
    SELECT credit.id AS credit, pool.debtor, pool.line, pool.due, ABS(pool.cents - credit.cents) AS away
      FROM credit
      CROSS JOIN GENERATE_SERIES(-%(cents)s, %(cents)s) more
      JOIN pool ON pool.cents = credit.cents + more AND pool.place <= %(most)s
     WHERE credit.debtor IS NULL AND COALESCE(pool.day, credit.day) = credit.day AND credit.day >= pool.due - 30
     UNION
    SELECT credit.id, pool.debtor, pool.line, pool.due, ABS(pool.cents - credit.cents)
      FROM credit
      JOIN called ON called.credit = credit.id
      JOIN pool ON pool.debtor = called.debtor
     WHERE ABS(pool.cents - credit.cents) <= %(cents)s AND COALESCE(pool.day, credit.day) = credit.day
       AND credit.day >= pool.due - 30
),
stranger AS (
    SELECT fitting.*, called.credit IS NOT NULL AS is_name,
           COUNT(*) OVER (PARTITION BY fitting.credit, fitting.away = 0) AS count,
           ROW_NUMBER() OVER (PARTITION BY fitting.credit ORDER BY fitting.away, called.credit IS NULL, fitting.due,
                              fitting.line) AS place
      FROM fitting
      LEFT JOIN called ON called.credit = fitting.credit AND called.debtor = fitting.debtor
),
found AS (
    SELECT quoted.credit, quoted.debtor, quoted.lines, 1 AS strength, quoted.quote,
           CASE WHEN quoted.is_open AND own.cents = quoted.cents AND quoted.lines IS NOT NULL
                THEN 1 ELSE 2 END AS grade,
           CASE WHEN NOT quoted.is_open OR quoted.lines IS NULL THEN 'txid_paid'
                WHEN own.cents = quoted.cents THEN 'txid' ELSE 'txid_amount' END AS reason
      FROM quoted JOIN own ON own.id = quoted.credit
     UNION ALL
    SELECT named.credit, named.debtor, ARRAY[named.line], 2, NULL,
           CASE WHEN named.paid IN (named.cents, named.open) AND COALESCE(named.other, named.debtor) = named.debtor
                THEN 1 ELSE 2 END,
           CASE WHEN named.paid IN (named.cents, named.open) THEN 'number' ELSE 'number_amount' END
      FROM named
     WHERE named.paid IN (named.cents, named.open) OR named.count = 1
     UNION ALL
    SELECT named.credit, named.debtor, ARRAY_AGG(named.line ORDER BY named.due, named.line), 2, NULL,
           CASE WHEN MIN(named.paid) IN (SUM(named.cents), SUM(named.open)) THEN 1 ELSE 2 END,
           CASE WHEN MIN(named.paid) IN (SUM(named.cents), SUM(named.open)) THEN 'number' ELSE 'number_amount' END
      FROM named
     GROUP BY named.credit, named.debtor
    HAVING COUNT(*) > 1
     UNION ALL
    SELECT mine.credit, mine.debtor, ARRAY[mine.line], 3, NULL,
           CASE WHEN mine.is_named AND mine.debtors = 1 THEN 1 ELSE 2 END,
           CASE WHEN mine.is_named THEN 'document' ELSE 'known' END
      FROM mine WHERE mine.paid IN (mine.cents, mine.open)
     UNION ALL
    SELECT mine.credit, mine.debtor, ARRAY[mine.line], 5, NULL, 2, 'near'
      FROM mine
     WHERE mine.paid NOT IN (mine.cents, mine.open)
       AND (ABS(mine.paid - mine.cents) <= %(cents)s OR ABS(mine.paid - mine.open) <= %(cents)s)
     UNION ALL
    SELECT ordered.credit, ordered.debtor, ordered.lines, 4, NULL, 2, 'sum'
      FROM ordered WHERE ordered.place > 1 AND ordered.paid IN (ordered.total, ordered.opens)
     UNION ALL
    SELECT one.credit, one.debtor, ARRAY[one.line, two.line], 4, NULL, 2, 'sum'
      FROM ordered one
      JOIN ordered two ON two.credit = one.credit AND two.debtor = one.debtor AND two.place > one.place
       AND one.paid IN (one.cents + two.cents, one.open + two.open)
     WHERE one.count <= 40
     UNION ALL
    SELECT last.credit, last.debtor, last.lines, 8, NULL, 3, 'customer'
      FROM (
        SELECT DISTINCT ON (ordered.credit, ordered.debtor) ordered.*
          FROM ordered
         ORDER BY ordered.credit, ordered.debtor, ordered.total < ordered.paid,
                  CASE WHEN ordered.total < ordered.paid THEN -ordered.place ELSE ordered.place END
      ) last
     UNION ALL
    SELECT stranger.credit, stranger.debtor, ARRAY[stranger.line],
           CASE WHEN stranger.away = 0 THEN 6 ELSE 7 END, NULL,
           CASE WHEN stranger.away = 0 AND (stranger.count = 1 OR stranger.is_name) THEN 2 ELSE 3 END,
           CASE WHEN stranger.away > 0 THEN 'near_amount' WHEN stranger.is_name THEN 'name'
                WHEN stranger.count = 1 THEN 'amount' ELSE 'amounts' END
      FROM stranger WHERE stranger.place <= %(most)s
)
"""

# Of the same debts the best reason; certain is only what nothing as good speaks against.
CHOOSE = """
, each AS (
    SELECT DISTINCT ON (found.credit, found.lines) found.*
      FROM found
     ORDER BY found.credit, found.lines, found.grade, found.strength
),
judged AS (
    SELECT each.*,
           MIN(each.strength) FILTER (WHERE each.grade = 1) OVER (PARTITION BY each.credit) AS best,
           COUNT(*) FILTER (WHERE each.grade = 1) OVER (PARTITION BY each.credit, each.strength) AS rivals,
           -- The code of a Pix that fits nothing speaks against all else.
           BOOL_OR(each.strength = 1) OVER (PARTITION BY each.credit) AS has_quote
      FROM each
),
graded AS (
    SELECT judged.credit, judged.debtor, judged.lines, judged.quote, judged.reason, judged.strength,
           CASE WHEN judged.grade = 1 AND (judged.strength > judged.best OR judged.rivals > 1
                     OR judged.has_quote AND judged.strength > 1)
                THEN 2 ELSE judged.grade END AS grade
      FROM judged
),
ranked AS (
    SELECT graded.*,
           ROW_NUMBER() OVER (PARTITION BY graded.credit ORDER BY graded.grade, graded.strength, graded.lines) AS rank
      FROM graded
)
"""

SUGGEST = """
%(head)s
%(found)s
%(choose)s
, written AS (
    INSERT INTO cobranca_statement_suggestion
           (statement_line_id, company_id, partner_id, quote_id, grade, rank, reason, create_date, write_date)
    SELECT ranked.credit, %(company)s, ranked.debtor, ranked.quote, ranked.grade::text, ranked.rank, ranked.reason,
           %(now)s, %(now)s
      FROM ranked WHERE ranked.rank <= %(most)s
    RETURNING id, statement_line_id, rank
)
INSERT INTO cobranca_statement_suggestion_debt_rel (suggestion_id, line_id)
SELECT written.id, UNNEST(ranked.lines)
  FROM written JOIN ranked ON ranked.credit = written.statement_line_id AND ranked.rank = written.rank
RETURNING suggestion_id
"""


# Banks write names without accents, customers' cards have them.
PLAIN = "TRANSLATE(UPPER(%s), 'ÁÀÂÃÄÉÊÍÓÔÕÖÚÜÇ', 'AAAAAEEIOOOOUUC')"


class CobrancaStatementQuery(models.AbstractModel):
    """The statements by which `cobranca.statement.finder` looks for what money is for; amounts in cents."""

    _name = "cobranca.statement.query"
    _description = "Queries of What Was Paid"

    @api.model
    def _get_pairs_query(self, parts):
        """Which debts have to be priced, by day."""
        parts = {**parts, **self._get_plain_texts()}
        return SQL(PAIRS, head=SQL(HEAD, **parts), **parts)

    @api.model
    def _get_suggest_query(self, parts):
        """Write what fits, as suggestions."""
        parts = {**parts, **self._get_plain_texts()}
        head, found, choose = SQL(HEAD, **parts), SQL(FOUND, **parts), SQL(CHOOSE, **parts)
        return SQL(SUGGEST, head=head, found=found, choose=choose, **parts)

    @api.model
    def _get_plain_texts(self):
        """What the bank says, and a customer's name, in capital letters without accents."""
        return {"plain": SQL(PLAIN, SQL("said.text")), "plain_name": SQL(PLAIN, SQL("debt.name"))}
