"""Methods for the process tests of the collection desk, added inside the worker processes."""


def add_to_case():
    """Give the model of cases what the tests prepare debtors with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.cobranca_recorrente.models.cobranca_case import CobrancaCase

    CobrancaCase.make_debtors_for_test = make_debtors_for_test
    CobrancaCase.refresh_for_test = refresh_for_test
    CobrancaCase.make_collectors_for_test = make_collectors_for_test


def make_debtors_for_test(self, number):
    """So many customers with an amount that is 40 days late.

    :return: ids
    """
    from datetime import timedelta

    today = self.env.company._cobranca_today()
    partners = self.env["res.partner"].create([{"name": f"Devedor {place}"} for place in range(number)])
    items = [
        (
            0,
            0,
            {
                "account_id": partner.property_account_receivable_id.id,
                "partner_id": partner.id,
                "balance": 100.0,
                "date_maturity": today - timedelta(days=40),
            },
        )
        for partner in partners
    ]
    income = self.env.company.cobranca_service_account_id
    other = (0, 0, {"account_id": income.id, "balance": -100.0 * number})
    values = {"move_type": "entry", "date": today - timedelta(days=50), "line_ids": [*items, other]}
    self.env["account.move"].create(values).action_post()
    return partners.ids


def refresh_for_test(self, partner_ids):
    """:return: ids of the open cases of these debtors"""
    return self._refresh(self.env.company, self.env["res.partner"].browse(partner_ids)).ids


def make_collectors_for_test(self, logins):
    """:return: ids of users who are collectors"""
    group = self.env.ref("cobranca_recorrente.cobranca_group_collector")
    users = self.env["res.users"].with_context(no_reset_password=True)
    return users.create([{"name": name, "login": name, "group_ids": [(6, 0, group.ids)]} for name in logins]).ids
