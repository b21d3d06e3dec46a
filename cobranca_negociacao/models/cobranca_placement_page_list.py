from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_amount, format_date

PAGE = 50
# So far a place in the queue is told, and the next one is known.
LONGEST_QUEUE = 1000
ENDING_DAYS = 15
LONGEST_SEARCH = 60
ORDERS = ("vez", "retorno", "valor", "atraso")


class Wanted(NamedTuple):
    """What somebody wants to see of the list, as the address says it; what cannot be is the usual."""

    filter: str = ""
    order: str = "vez"
    search: str = ""
    page: int = 1

    @property
    def query(self):
        """As it stands in addresses, without what is usual.

        :return: dict
        """
        usual = Wanted()
        names = {"filtro": "filter", "ordem": "order", "busca": "search", "pagina": "page"}
        values = {name: getattr(self, field) for name, field in names.items()}
        return {name: value for name, value in values.items() if value != getattr(usual, names[name])}


class CobrancaPlacementPageList(models.AbstractModel):
    """What an agency has to work, and in which order: found with the rights of who looks, told in plain values."""

    _name = "cobranca.placement.page.list"
    _description = "List of What an Agency Works"

    # === BUSINESS METHODS === #

    @api.model
    def _read_wanted(self, args):
        """:param args: dict of texts, of an address or a form"""
        page = args.get("pagina") or ""
        return Wanted(
            args.get("filtro") if args.get("filtro") in self._get_filters() else "",
            args.get("ordem") if args.get("ordem") in ORDERS else "vez",
            (args.get("busca") or "").replace("\0", "").strip()[:LONGEST_SEARCH],
            int(page) if page.isascii() and page.isdigit() and len(page) < 5 and int(page) else 1,
        )

    @api.model
    def _get_list(self, agencies, wanted):
        """A page of the list.

        :param agencies: cobranca.agency of the current user, with the rights of the system
        :param Wanted wanted: which part of it, in which order
        :return: dict of plain values
        """
        company = agencies[0].company_id
        counts, amount = self._count(company)
        found = counts[wanted.filter]
        if wanted.search:
            found = len(self._find(company, wanted, LONGEST_QUEUE + 1))
        wanted = wanted._replace(page=max(1, min(wanted.page, -(-found // PAGE))))
        start = (wanted.page - 1) * PAGE
        # sudo: found by the user's rights; the names of these alone
        records = self.env["cobranca.placement"].sudo().browse(self._find(company, wanted, PAGE, start))
        return {
            "wanted": wanted,
            "rows": [self._prepare_list_row(company, record) for record in records.with_prefetch(records.ids)],
            "found": found,
            "is_more": bool(wanted.search) and found > LONGEST_QUEUE,
            "first": start + 1,
            "last": start + len(records),
            "total": counts[""],
            "filters": [
                {"code": code, "label": label, "count": counts[code]} for code, label in self._get_filters().items()
            ],
            "orders": [{"code": code, "label": label} for code, label in self._get_order_labels().items()],
            "figures": self._prepare_figures(agencies, counts, amount),
        }

    @api.model
    def _get_neighbours(self, agencies, wanted, placement):
        """Who stands before and after a customer in a list.

        :return: dict: place, total, previous, following; place is 0 where he stands in it no more
        """
        ids = self._find(agencies[0].company_id, wanted, LONGEST_QUEUE)
        place = ids.index(placement.id) if placement.id in ids else -1
        others = [number for number in ids if number != placement.id]
        return {
            "place": place + 1,
            "total": f"{len(ids)}+" if len(ids) == LONGEST_QUEUE else f"{len(ids)}",
            "previous": ids[place - 1] if place > 0 else 0,
            "following": next(iter(ids[place + 1 :] if place >= 0 else others), 0),
        }

    @api.model
    def _find(self, company, wanted, limit, offset=0):
        """:return: list of ids, of what the current user may read"""
        Placement = self.env["cobranca.placement"]
        Placement.flush_model()
        query = Placement._search(Domain.TRUE)
        if wanted.search:
            domain = Domain("customer_name", "ilike", wanted.search) | Domain("name", "ilike", wanted.search)
            # sudo: names are hidden; of what is named so only what the user may read is found
            named = Placement.sudo()._search(domain)
            query.add_where(SQL("cobranca_placement.id IN %s", named.subselect()))
        if wanted.filter:
            query.add_where(self._get_conditions(company)[wanted.filter])
        query.order, query.limit, query.offset = self._get_order(wanted.order), limit, offset
        return list(query.get_result_ids())

    @api.model
    def _count(self, company):
        """How many there are, of each filter, and what all of them owe.

        :return: ({code of a filter or "": int}, float)
        """
        Placement = self.env["cobranca.placement"]
        Placement.flush_model()
        query = Placement._search(Domain.TRUE)
        conditions = self._get_conditions(company)
        counts = [SQL("count(*) FILTER (WHERE %s)", condition) for condition in conditions.values()]
        [row] = self.env.execute_query(
            query.select(SQL("count(*)"), SQL("COALESCE(sum(cobranca_placement.amount), 0)"), *counts)
        )
        return {"": row[0], **dict(zip(conditions, row[2:], strict=True))}, float(row[1])

    @api.model
    def _get_order(self, code):
        """First what was agreed for now, then who was never contacted, then who was not for longest; later callbacks
        last.
        """
        turn = SQL(
            """
            CASE WHEN cobranca_placement.callback_at <= %s THEN 0
                 WHEN cobranca_placement.callback_at IS NOT NULL THEN 3
                 WHEN cobranca_placement.contacted_at IS NULL THEN 1 ELSE 2 END,
            cobranca_placement.callback_at, cobranca_placement.contacted_at
            """,
            self._get_now(),
        )
        last = SQL("cobranca_placement.amount DESC, cobranca_placement.id")
        first = {
            "vez": turn,
            "retorno": SQL("cobranca_placement.callback_at"),
            "atraso": SQL("cobranca_placement.days_late DESC"),
        }
        return SQL("%s, %s", first[code], last) if code in first else last

    @api.model
    def _get_conditions(self, company):
        """:return: {code of a filter: SQL}"""
        today = company._cobranca_today()
        tomorrow = self._to_utc(company, datetime.combine(today + timedelta(days=1), time.min))
        return {
            "retornos": SQL("cobranca_placement.callback_at < %s", tomorrow),
            "novos": SQL("cobranca_placement.contacted_at IS NULL"),
            "promessas": SQL("cobranca_placement.last_outcome = 'promised'"),
            "prazo": SQL("cobranca_placement.ends_on <= %s", today + timedelta(days=ENDING_DAYS)),
        }

    @api.model
    def _get_filters(self):
        return {
            "": self.env._("All"),
            "retornos": self.env._("Callbacks of today"),
            "novos": self.env._("Not contacted yet"),
            "promessas": self.env._("Promises"),
            "prazo": self.env._("Ending soon"),
        }

    @api.model
    def _get_order_labels(self):
        return {
            "vez": self.env._("Whose turn it is"),
            "retorno": self.env._("Callback"),
            "valor": self.env._("Amount"),
            "atraso": self.env._("Delay"),
        }

    # --- words ---

    @api.model
    def _prepare_figures(self, agencies, counts, amount):
        """The numbers above the list.

        :return: list of dict(label, value)
        """
        currency = agencies[0].currency_id
        return [
            {"label": self.env._("Customers with you"), "value": f"{counts['']}"},
            {"label": self.env._("Amount of today"), "value": format_amount(self.env, amount, currency)},
            {"label": self.env._("Callbacks until tonight"), "value": f"{counts['retornos']}"},
            *self.env["cobranca.agency.performance"]._get_portal_figures(agencies),
        ]

    @api.model
    def _prepare_list_row(self, company, record):
        """:return: dict of plain values"""
        left = (record.ends_on - company._cobranca_today()).days
        return {
            "id": record.id,
            "number": record.name,
            "name": record.customer_name,
            "document": record.document or "",
            "amount": format_amount(self.env, record.amount, record.currency_id),
            "days_late": record.days_late,
            "count": record.line_count,
            "callback": self._tell_callback(company, record),
            "is_due": self._is_callback_due(record),
            "contact": self._tell_contact(company, record),
            "ends": format_date(self.env, record.ends_on, date_format="dd/MM/yyyy"),
            "is_ending": left <= ENDING_DAYS,
        }

    @api.model
    def _to_utc(self, company, moment):
        """:param datetime moment: as the clocks of the company show it"""
        zone = pytz.timezone(company.cobranca_tz)
        return zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
