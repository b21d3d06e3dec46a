# Mixins first: a model must exist before another inherits from it.
from . import cobranca_contract_checks
from . import cobranca_contract_guard
from . import cobranca_contract_portal
from . import cobranca_contract_schedule
from . import cobranca_customer_mixin

from . import account_chart_template
from . import account_move
from . import account_move_line
from . import cobranca_contract
from . import cobranca_contract_billing
from . import cobranca_contract_line
from . import cobranca_contract_period
from . import cobranca_invoice_check
from . import cobranca_invoice_copy
from . import cobranca_invoice_engine
from . import cobranca_invoice_factory
from . import cobranca_invoice_fast
from . import cobranca_invoice_shape
from . import res_company
from . import res_config_settings
from . import res_partner
