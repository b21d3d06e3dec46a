from datetime import datetime, time

from .common import ReportCommon


class PayerCommon(ReportCommon):
    """Ledgers with contacts about their debts."""

    @classmethod
    def talk(cls, day, partner, lines=(), company=None, **values):
        """A contact with a customer, by SQL as his register is written by methods only.

        :param date day: at noon of the company
        :param lines: ids of the debts that were spoken of
        """
        company = company or cls.company
        row = {
            "company_id": company.id,
            "partner_id": partner.id,
            "date": datetime.combine(day, time(15)),
            "channel": "call",
            "direction": "out",
            "outcome": "informed",
            **values,
        }
        [(contact,)] = cls.ledger._insert("cobranca_interaction", **row)
        for line in lines:
            cls.env.cr.execute(
                "INSERT INTO cobranca_interaction_line_rel (interaction_id, line_id) VALUES (%s, %s)", [contact, line]
            )
        return contact

    def report(self, name, *companies):
        """A report as the supervisor sees it."""
        model = self.env[name].with_user(self.supervisor)
        return model.with_context(allowed_company_ids=[company.id for company in companies] or self.company.ids)
