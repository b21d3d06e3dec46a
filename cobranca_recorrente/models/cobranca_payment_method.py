from odoo import api, models


class CobrancaPaymentMethod(models.AbstractModel):
    """By what means an amount can be paid on the page of open payments. What offers one adds it here."""

    _name = "cobranca.payment.method"
    _description = "Means of Payment on the Page"

    # === BUSINESS METHODS === #

    @api.model
    def _get_means(self, quote, visit_values):
        """What the page offers for an amount, in the order of `sequence`.

        :param quote: cobranca.payment.quote of what the visitor has chosen
        :param dict visit_values: `path` where the addresses of this page begin, `is_link`, and the records `company`
            and `debtor` with the rights of the system
        :return: list of dict(code, sequence, template, values): the xmlid of a QWeb template that is put into the
            page, and the plain values that it finds by their names, beside `path` and `is_link`
        """
        means = [
            *self.env["cobranca.pix"]._get_means(quote),
            *self.env["cobranca.online.payment"]._get_means(quote, visit_values),
        ]
        return sorted(means, key=lambda item: item["sequence"])
