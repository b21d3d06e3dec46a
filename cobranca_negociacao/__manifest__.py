{
    "name": "Negociação de Cobrança",
    "summary": "Ground of the negotiation of overdue invoices: proposals, agreements and agencies",
    "version": "19.0.1.0.0",
    "category": "Accounting/Cobrança",
    "author": "Cobrança for Odoo",
    "license": "LGPL-3",
    "depends": ["cobranca_recorrente"],
}
