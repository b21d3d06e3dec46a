{
    "name": "Relatórios de Cobrança",
    "summary": "Base dos relatórios de faturamento e cobrança",
    "version": "19.0.1.0.0",
    "category": "Accounting/Cobrança",
    "author": "Cobrança for Odoo",
    "license": "LGPL-3",
    "depends": ["cobranca_negociacao"],
}
