from odoo import api, models


class CobrancaPaymentMethodOnline(models.AbstractModel):
    """Means of the page: the providers of Odoo, where one is enabled."""

    _inherit = "cobranca.payment.method"

    @api.model
    def _get_means(self, quote, visit_values):
        """Add the providers that take this amount."""
        means = super()._get_means(quote, visit_values)
        Online = visit_values["company"].env["cobranca.online.payment"]
        options = Online._get_options(visit_values["company"], visit_values["debtor"], quote.amount)
        if not options.methods:
            return means
        online = {
            "label": Online._get_label(options),
            "url": f"{visit_values['path']}/online/{quote.txid}",
            "is_test": all(provider.state == "test" for provider in options.providers),
        }
        return [
            *means,
            {
                "code": "online",
                "sequence": 20,
                "template": "cobranca_recorrente.payments_means_online",
                "values": {"online": online},
            },
        ]
