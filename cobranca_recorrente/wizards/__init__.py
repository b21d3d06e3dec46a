from . import cobranca_delivery_note
from . import cobranca_nfse_register
