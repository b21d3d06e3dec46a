{
    "name": "Negociação de Cobrança",
    "summary": "Base da negociação de faturas em atraso: propostas, acordos e assessorias",
    "version": "19.0.1.0.0",
    "category": "Accounting/Cobrança",
    "author": "Cobrança for Odoo",
    "license": "LGPL-3",
    "depends": ["cobranca_recorrente"],
}
