from odoo import api, models
from odoo.tools.misc import format_datetime

from .cobranca_agency_statement_life import AGENCY_ADMIN

PAGE = 100


class CobrancaAgencyStatementPage(models.AbstractModel):
    """What people of an agency see of its statements: plain values, chosen here."""

    _name = "cobranca.agency.statement.page"
    _description = "Page of a Statement of an Agency"

    # === BUSINESS METHODS === #

    @api.model
    def _search_own(self, statement_id=None):
        """The statements that the agency of the current user has got.

        :param int statement_id: this one only
        :return: cobranca.agency.statement with the rights of the system; empty for who is of no open agency
        """
        agencies = self.env["cobranca.agency"]._get_own()
        domain = [("agency_id", "in", agencies.ids), ("state", "!=", "draft")]
        if statement_id is not None:
            domain.append(("id", "=", statement_id))
        # sudo: by the agency of the user alone
        return self.sudo().search(domain)

    def _get_list(self):
        """:return: list of dict: id, name, month, state, state_name, received, fee, commission, transfer"""
        names = dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "id": statement.id,
                "name": statement.name,
                "month": statement._get_month_name(),
                "state": statement.state,
                "state_name": self._get_state_name(statement, names),
                "received": statement.currency_id.format(statement.amount_received),
                "fee": statement.amount_fee and statement.currency_id.format(statement.amount_fee),
                "commission": statement.currency_id.format(statement.amount_commission),
                "transfer": statement.money_to == "agency" and statement.currency_id.format(statement.amount_transfer),
            }
            for statement in self
        ]

    @api.model
    def _get_state_name(self, statement, names):
        """As the agency reads it: a statement that it has is not “with the agency”."""
        if statement.state != "sent":
            return names[statement.state]
        return self.env._("You agreed") if statement.agency_agreed_at else self.env._("To be answered")

    def _get_page(self, page=1):
        """One statement with a page of its rows.

        :param int page: from 1
        :return: dict of plain values: those of :meth:`_get_list`, heads, rows, count, page, pages, answered, contested,
            may_answer
        """
        self.ensure_one()
        pages = max(1, -(-self.receipt_count // PAGE))
        page = min(max(page, 1), pages)
        [shown] = self._get_list()
        is_open = self.state == "sent" and not self.agency_agreed_at
        return {
            **shown,
            "heads": self._get_heads(),
            "rows": self._get_texts((page - 1) * PAGE, PAGE),
            "count": self.receipt_count,
            "page": page,
            "pages": pages,
            "answered": format_datetime(self.env, self.agency_agreed_at, dt_format="short")
            if self.agency_agreed_at
            else "",
            "contested": self.dispute_reason if self.state == "disputed" else "",
            "may_answer": is_open and self.env.user.has_group(AGENCY_ADMIN),
        }
