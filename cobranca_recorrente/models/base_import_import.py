from odoo import api, models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ..tools import numbers


class BaseImport(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "base_import.import"

    @api.model
    def _parse_float_from_data(self, data, index, name, options):
        """Read the numbers of our documents as the file writes them.

        The import screen sends a decimal point for every language, and reads "119,90" as
        11,990.00: an invoice a hundred times too high.

        :raise ImportValidationError: for a column that writes its numbers in two ways
        """
        if self.res_model.startswith("cobranca."):
            options = {**options, **self._cobranca_get_separators([row[index] for row in data], name)}
        return super()._parse_float_from_data(data, index, name, options)

    @api.model
    def _cobranca_get_separators(self, cells, name):
        language = self.env["res.lang"]._get_data(code=self.env.user.lang)
        try:
            decimal = numbers.decimal_separator(cells, language.decimal_point or numbers.COMMA)
        except ValueError as error:
            raise ImportValidationError(
                self.env._("The column writes its numbers in two ways (%(cells)s): use one of them.", cells=str(error)),
                field=name,
            ) from error
        return {
            "float_decimal_separator": decimal,
            "float_thousand_separator": numbers.thousands_separator(decimal),
        }
