"""A book of late customers, its positions and its goals; added inside a worker process."""

from e2e.placing import day_before, make_user

NAMES = ("Amaro", "Benta", "Celina", "Durval", "Eunice", "Firmino", "Graça", "Hilário")


def add_to_company():
    """Give the model of companies what the test prepares the overview with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.base.models.res_company import ResCompany

    ResCompany.make_overview_for_test = make_overview_for_test


def make_overview_for_test(self):
    """Eight customers of whom three hold most, a manager with goals, the positions of the months.

    :return: dict: texts of the cards and sentences as a Portuguese reader has them, amounts of the bands
    """
    from e2e.paying import make_invoice

    env, today = self.env, self.env.company._cobranca_today()
    for number, name in enumerate(NAMES):
        customer = env["res.partner"].create({"name": f"{name} Exemplo", "lang": "pt_BR"})
        make_invoice(env, customer, "Mensalidade", day_before(today, 70), 9000 if number < 3 else 1000)
    make_invoice(env, customer, "Mensalidade", day_before(today, -5), 5000)
    manager = make_user(env, "marta", "Marta", "cobranca_recorrente.cobranca_group_manager")
    kpis = env["cobranca.kpi"].search([("company_id", "=", env.company.id)])
    kpis.filtered(lambda kpi: kpi.code == "rate_30").write({"goal": 12, "user_id": manager.id})
    env["cobranca.overview"]._refresh(env.company)
    env.flush_all()
    env.invalidate_all()
    read = env["cobranca.kpi.report"].with_user(manager).with_context(lang="pt_BR")
    figures = read.search([("is_main", "=", True), ("company_id", "=", env.company.id)])
    insights = env["cobranca.insight"].with_user(manager).with_context(lang="pt_BR").search([])
    bands = env["cobranca.overview.band"].search([("company_id", "=", env.company.id)])
    return {
        "cards": figures.mapped("value_text"),
        "owners": figures.mapped("owner_text"),
        "sentences": insights.mapped("text"),
        "bands": bands.mapped("amount"),
    }
