"""A PDF without wkhtmltopdf inside of a worker (see `Worker.inject`): what is tested is who sends, not how it looks."""

import io

from odoo.tools.pdf import PdfFileWriter

from odoo.addons.base.models.ir_actions_report import IrActionsReport


def render_at_once():
    """The page is made as always, only wkhtmltopdf is not started."""
    writer, content = PdfFileWriter(), io.BytesIO()
    writer.addBlankPage(100, 100)
    writer.write(content)
    IrActionsReport._run_wkhtmltopdf = lambda *_arguments, **_options: content.getvalue()
