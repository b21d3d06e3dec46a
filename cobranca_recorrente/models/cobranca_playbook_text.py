from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools import script_text


class CobrancaPlaybookText(models.AbstractModel):
    """Texts with words in braces: what a customer would read as `{nome}` is refused when it is saved."""

    _name = "cobranca.playbook.text"
    _description = "Text With Words in Braces"

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Translations are texts too, and Odoo checks no constraints on them."""
        for text in translations.values():
            if isinstance(text, str):
                self._check_text(field_name, text)
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.model
    def _get_text_fields(self):
        """Fields with words in braces.

        :return: {field: names that are not used there}
        """
        return {}

    def _check_texts(self):
        """:raise ValidationError: naming the field, what is wrong in it and what is right"""
        for record in self:
            for field_name in self._get_text_fields():
                self._check_text(field_name, record[field_name] or "")

    @api.model
    def _check_text(self, field_name, text):
        fields_refused = self._get_text_fields()
        if field_name not in fields_refused:
            return
        refused = fields_refused[field_name]
        values = {
            "field": self._fields[field_name]._description_string(self.env),
            "valid": " ".join(f"{{{name}}}" for name in script_text.NAMES if name not in refused),
        }
        if wrong := script_text.mistakes(text):
            raise ValidationError(
                self.env._(
                    "“%(field)s”: %(wrong)s means nothing here. In braces only these words are replaced, each with "
                    "both of its braces: %(valid)s",
                    wrong=" ".join(wrong),
                    **values,
                )
            )
        if private := [f"{{{name}}}" for name in script_text.NAMES if name in script_text.used(text) & set(refused)]:
            raise ValidationError(
                self.env._(
                    "“%(field)s”: leave out %(private)s, because somebody else may read a message. How much and for "
                    "how long is told to the customer alone. These words can be used: %(valid)s",
                    private=" ".join(private),
                    **values,
                )
            )
