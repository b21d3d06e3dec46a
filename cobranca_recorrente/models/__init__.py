# Mixins first: a model must exist before another inherits from it.
from . import cobranca_contract_billing_bounds
from . import cobranca_contract_billing_invoices

from . import cobranca_contract_cancellation_request
from . import cobranca_contract_portal_billing
from . import cobranca_contract_portal_texts

from . import cobranca_contract_actions
from . import cobranca_contract_cancellation
from . import cobranca_contract_charge
from . import cobranca_contract_checks
from . import cobranca_contract_guard
from . import cobranca_contract_invoice
from . import cobranca_contract_lifecycle
from . import cobranca_contract_line_amounts
from . import cobranca_contract_portal
from . import cobranca_contract_preview
from . import cobranca_contract_schedule
from . import cobranca_contract_settlement
from . import cobranca_contract_terms
from . import cobranca_customer_mixin

from . import account_chart_template
from . import account_move
from . import cobranca_billing_stop
from . import cobranca_close_reason
from . import cobranca_contract
from . import cobranca_contract_billing
from . import cobranca_contract_change
from . import cobranca_contract_line
from . import cobranca_contract_maintenance
from . import cobranca_contract_pause
from . import cobranca_contract_period
from . import cobranca_contract_usage
from . import res_company
from . import res_config_settings
from . import res_partner
