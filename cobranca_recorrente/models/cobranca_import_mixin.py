from odoo import api, models


class CobrancaImportMixin(models.AbstractModel):
    """Records that people import from files."""

    _name = "cobranca.import.mixin"
    _description = "Import from a File"

    # === CRUD METHODS === #

    @api.model
    def load(self, fields, data):
        """Import rows; each error is told once, at the row that has it.

        Odoo tries all rows at once first, and repeats what went wrong then at the first row,
        whichever row it was.
        """
        result = super().load(fields, data)
        first, *others = result["messages"] or [None]
        if first and any(other["message"] == first["message"] for other in others):
            result["messages"] = others
        return result
