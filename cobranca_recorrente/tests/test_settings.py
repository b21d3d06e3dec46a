from odoo.tests import tagged

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestSettings(CobrancaCommon):
    """What the dialog of settings shows is what the company has, and what it saves."""

    def test_no_field_of_the_dialog_does_nothing(self):
        fields = self.env["cobranca.settings"]._fields
        shown = {name for name, field in fields.items() if name.startswith("cobranca_") and not field.compute}
        self.assertFalse(shown - set(self.company._cobranca_get_settings()))

    def test_high_amount_is_shown_and_saved(self):
        self.company.cobranca_desk_high_amount = 7000
        dialog = self.env["cobranca.settings"].with_user(self.manager).create({})
        self.assertEqual(dialog.cobranca_desk_high_amount, 7000)
        dialog.cobranca_desk_high_amount = 4200
        dialog.action_save()
        self.assertEqual(self.company.cobranca_desk_high_amount, 4200)
