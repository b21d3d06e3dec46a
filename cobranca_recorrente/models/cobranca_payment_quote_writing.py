from odoo import api, models
from odoo.tools import SQL

from ..tools import quote

QUOTES = """
INSERT INTO cobranca_payment_quote (company_id, partner_id, currency_id, date, source, total, amount, fingerprint,
                                    txid, state, create_uid, create_date)
SELECT given.*, 'open', %s, %s
  FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::date[], %s::varchar[], %s::numeric[], %s::numeric[], %s::varchar[],
              %s::varchar[]) given
    ON CONFLICT (fingerprint) WHERE state = 'open' DO NOTHING
RETURNING id, fingerprint, txid
"""
COLUMNS = ("company_id", "partner_id", "currency_id", "date", "source", "total", "amount", "fingerprint")
LINES = """
INSERT INTO cobranca_payment_quote_line (quote_id, line_id, principal, charges, discount, amount, company_id)
SELECT given.quote, given.line, given.principal, given.charges, given.discount, given.amount, quote.company_id
  FROM UNNEST(%s::int[], %s::int[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[])
       WITH ORDINALITY given(quote, line, principal, charges, discount, amount, place)
  JOIN cobranca_payment_quote quote ON quote.id = given.quote
 ORDER BY given.place
"""
OPEN = "SELECT id, fingerprint, txid FROM cobranca_payment_quote WHERE fingerprint = ANY(%s) AND state = 'open'"


class CobrancaPaymentQuoteWriting(models.AbstractModel):
    """How quotes are written down: many at once, and the same one for who asks for the same at the same moment."""

    _name = "cobranca.payment.quote.writing"
    _description = "Writing of Amounts to Pay"

    @api.model
    def _write_down(self, rows):
        """Write the quotes that are not there yet.

        :param dict rows: {fingerprint: values, with the list `items` of tools.quote.Item}
        :return: {fingerprint: cobranca.payment.quote, with the rights of the system}
        """
        Quote = self.env["cobranca.payment.quote"].sudo()  # sudo: written by this method only, for whoever may pay
        Quote.flush_model()
        columns = [[row[name] for row in rows.values()] for name in COLUMNS]
        txids = [quote.new_txid() for _row in rows]
        made = self.env.execute_query(SQL(QUOTES, self.env.uid, self.env.cr.now(), *columns, txids))
        self._write_lines([(made_id, rows[fingerprint]["items"]) for made_id, fingerprint, _txid in made])
        made += self._read_open(sorted(rows.keys() - {fingerprint for _id, fingerprint, _txid in made}))
        quotes = {fingerprint: Quote.browse(quote_id) for quote_id, fingerprint, _txid in made}
        self._fill_cache(quotes, rows, {fingerprint: txid for _id, fingerprint, txid in made})
        return quotes

    @api.model
    def _fill_cache(self, quotes, rows, txids):
        """What was just written is not read again for each of many messages."""
        records = next(iter(quotes.values())).union(*quotes.values())
        for name in COLUMNS:
            field = records._fields[name]
            values = [rows[fingerprint][name] for fingerprint in quotes]
            field._insert_cache(records, [field.convert_to_cache(value, records, validate=False) for value in values])
        field = records._fields["txid"]
        field._insert_cache(records, [txids[fingerprint] for fingerprint in quotes])

    @api.model
    def _write_lines(self, made):
        """:param list made: of (id of the quote, list of tools.quote.Item)"""
        values = [
            (quote_id, item.line, item.principal, item.charges, item.discount, item.amount)
            for quote_id, items in made
            for item in items
        ]
        if values:
            self.env.cr.execute(SQL(LINES, *map(list, zip(*values, strict=True))))

    @api.model
    def _read_open(self, fingerprints):
        """Quotes that were there already: rows of id, fingerprint, txid."""
        if not fingerprints:
            return []
        return self.env.execute_query(SQL(OPEN, fingerprints))
