"""How long a worker waits for the service (see `Worker.inject`)."""

from odoo.addons.cobranca_recorrente.models import cobranca_price_index_source as source


def set_read_limit(seconds):
    """Let the worker give up an answer that does not come after so many seconds."""
    source.READ_S = seconds
