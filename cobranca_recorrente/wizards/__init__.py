from . import cobranca_contract_adopt_invoices
from . import cobranca_contract_adopt_invoices_line
from . import cobranca_contract_start
from . import cobranca_contract_start_item
from . import cobranca_oca_contract_adopt
from . import cobranca_oca_contract_adopt_line
