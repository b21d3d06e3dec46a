from datetime import timedelta

from odoo import api, models
from odoo.tools.misc import format_date

from ..tools import calendar, identification


class CobrancaDebtPageWords(models.AbstractModel):
    """What the page of open payments says of each payment: until when, what it costs tomorrow, what was agreed."""

    _name = "cobranca.debt.page.words"
    _description = "Words of the Page of Open Payments"

    # === BUSINESS METHODS === #

    @api.model
    def _get_due_texts(self, company, debts, today):
        """Until when each payment is in time, in one sentence; a day without banks is told.

        :param debts: {account.move.line: tools.debt.Debt}
        :return: {account.move.line: str}
        """
        if not debts:
            return {}
        dues = [debt.due for debt in debts.values()]
        last = max(dues) + timedelta(days=calendar.LONGEST_CLOSURE)
        holidays = self.env["cobranca.holiday"]._get_holidays(company, min(dues), last)
        moved = {due: calendar.next_business_day(due, holidays) for due in set(dues)}
        return {
            line: self._get_due_text(line.env, debt.due, moved[debt.due], today, holidays)
            for line, debt in debts.items()
        }

    @api.model
    def _get_due_text(self, env, due, moved, today, holidays):
        if moved < today:
            return env._("Was due on %(due)s", due=format_date(env, due))
        day = format_date(env, due, date_format="dd/MM")
        if due == today:
            text = env._("Falls due today, %(day)s.", day=day)
        elif due == today + timedelta(days=1):
            text = env._("Falls due tomorrow, %(day)s.", day=day)
        elif due < today:
            text = env._("Was due on %(due)s.", due=day)
        else:
            text = env._("Falls due on %(due)s", due=format_date(env, due))
        if moved == due:
            return text
        weekday = format_date(env, moved, date_format="EEEE").removesuffix("-feira")
        values = {"weekday": weekday, "day": format_date(env, moved, date_format="dd/MM")}
        if due in holidays and due.weekday() < calendar.SATURDAY:
            why = env._("It is a holiday: pay until %(weekday)s, %(day)s, without any charge.", **values)
        else:
            why = env._("It is a weekend: pay until %(weekday)s, %(day)s, without any charge.", **values)
        return f"{text.removesuffix('.')}. {why}"

    @api.model
    def _get_tomorrows(self, read):
        """What a payment costs tomorrow, where that is another amount.

        :return: {account.move.line: str}
        """
        return {
            line: line.company_id.currency_id.format(float(debt.charges.total - debt.discount))
            for line, debt in read.tomorrows.items()
            if debt.charges.total - debt.discount != read.debts[line].charges.total - read.debts[line].discount
        }

    @api.model
    def _get_contracts(self, lines):
        """The contract that each bills, where it is one and the customer's own.

        :return: {account.move.line: dict(id, name)}
        """
        # sudo: of the customer's own invoices
        periods = self.env["cobranca.contract.period"].sudo().search([("move_id", "in", lines.move_id.ids)])
        by_move = {}
        for period in periods:
            by_move.setdefault(period.move_id.id, set()).add(period.contract_id)
        found = {}
        for line in lines:
            contracts = by_move.get(line.move_id.id, ())
            if len(contracts) == 1:
                [contract] = contracts
                if contract.partner_id == line.partner_id.commercial_partner_id:
                    found[line] = {"id": contract.id, "name": contract.name}
        return found

    @api.model
    def _day(self, env, day):
        return format_date(env, day, date_format="dd/MM")

    # --- who pays, who is paid ---

    @api.model
    def _get_first_name(self, debtor):
        """How a person is greeted; a company by its name."""
        name = (debtor.name or "").strip()
        is_person = identification.is_consumer(debtor.vat, debtor.is_company)
        return name.split(" ")[0] if is_person else name

    @api.model
    def _get_creditor(self, company):
        """Who is to be paid and whom to speak with.

        :return: dict of texts
        """
        creditor = company._cobranca_get_creditor()
        return {
            **creditor,
            "id": company.id,
            "has_logo": not company.uses_default_logo,
            "name": company.name,
            "document": identification.formatted(company.vat or ""),
        }

    @api.model
    def _get_answer_ways(self, debtor):
        """How the customer may wish to be answered, of the addresses that are registered only so much as tells them.

        :return: list of dict(code, label)
        """
        email, phone = debtor.email or "", "".join(filter(str.isdigit, debtor.phone or ""))
        ways = []
        if "@" in email:
            name, _at, domain = email.strip().partition("@")
            masked = f"{name[:1]}***{name[-1:]}@{domain}"
            ways.append({"code": "email", "label": debtor.env._("E-mail %(address)s", address=masked)})
        if len(phone) > 5:
            ways.append({"code": "phone", "label": debtor.env._("Phone ending in %(digits)s", digits=phone[-2:])})
        return [*ways, {"code": "any", "label": debtor.env._("As you prefer")}]
