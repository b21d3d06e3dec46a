from . import account_payment_register
from . import cobranca_charge_waive
from . import cobranca_debt_simulate
from . import cobranca_delivery_note
from . import cobranca_loss_propose
from . import cobranca_loss_propose_line
from . import cobranca_nfse_register
from . import cobranca_partner_anonymize_confirm
from . import cobranca_partner_change_refuse
from . import cobranca_partner_verify

# The common part first: a model must exist before another inherits from it.
from . import cobranca_contract_wizard
from . import cobranca_debtor_wizard

from . import cobranca_contract_amend
from . import cobranca_contract_credit_confirm
from . import cobranca_contract_credit_confirm_line
from . import cobranca_contract_amend_line
from . import cobranca_contract_reschedule
from . import cobranca_contract_suspend
from . import cobranca_contract_terminate
from . import cobranca_settings
from . import cobranca_contract_adopt_invoices
from . import cobranca_contract_adopt_invoices_line
from . import cobranca_contract_start
from . import cobranca_contract_start_item
from . import cobranca_oca_contract_adopt
from . import cobranca_oca_contract_adopt_line
from . import cobranca_dispute_decide
from . import cobranca_dispute_register
from . import cobranca_hold_start
from . import cobranca_interaction_register
from . import cobranca_person_export
from . import cobranca_preference_edit
from . import cobranca_promise_register
