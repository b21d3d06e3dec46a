from . import (
    cobranca_agreement_break,
    cobranca_agreement_postpone,
    cobranca_agreement_restore,
    cobranca_agreement_settle,
    cobranca_offer_approval_refuse,
    cobranca_proposal_accept,
    cobranca_proposal_close,
    cobranca_settings,
    cobranca_acceptance_upload,
    cobranca_quittance_declare,
    cobranca_quittance_revoke,
)
