"""A company with the few accounts and journals that written ledgers need: a whole chart takes seconds to load."""

from .ledger_writer import LedgerWriter


def make_bare_company(env, users, name="Outra Empresa"):
    """Another company of these users.

    :param users: res.users, who may see it
    :return: (res.company, LedgerWriter)
    """
    company = env["res.company"].create(
        {"name": name, "country_id": env.ref("base.br").id, "cobranca_tz": "America/Sao_Paulo"}
    )
    (env.user | users).company_ids |= company
    receivable, _income = (
        env["account.account"].with_company(company).create({"name": name, "code": code, "account_type": kind})
        for name, code, kind in (("Customers", "110", "asset_receivable"), ("Income", "310", "income"))
    )
    company.partner_id.with_company(company).property_account_receivable_id = receivable
    for code, kind in (("VENDA", "sale"), ("BANCO", "bank")):
        env["account.journal"].with_company(company).create(
            {"name": code, "code": code, "type": kind, "company_id": company.id}
        )
    return company, LedgerWriter(env, company)
