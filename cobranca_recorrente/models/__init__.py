# Mixins first: a model must exist before another inherits from it.
from . import cobranca_contract_checks
from . import cobranca_contract_delivery
from . import cobranca_contract_guard
from . import cobranca_contract_portal
from . import cobranca_contract_schedule
from . import cobranca_customer_mixin
from . import cobranca_move_delivery
from . import cobranca_move_delivery_actions
from . import cobranca_move_delivery_status
from . import cobranca_move_nfse

from . import account_chart_template
from . import account_move
from . import account_move_send
from . import cobranca_contract
from . import cobranca_contract_billing
from . import cobranca_contract_line
from . import cobranca_contract_period
from . import cobranca_delivery_follow
from . import cobranca_invoice_delivery
from . import mail_mail
from . import res_company
from . import res_config_settings
from . import res_partner
