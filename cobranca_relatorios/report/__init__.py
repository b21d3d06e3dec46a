from . import cobranca_aging_report
from . import report_cobranca_relatorios_report_summary
from . import cobranca_cause_report, cobranca_cohort_report, cobranca_customer_report, cobranca_delay_report
from . import cobranca_loss_report, cobranca_payment_report, cobranca_prescription_report, cobranca_quality_report
from . import (
    cobranca_agency_performance,
    cobranca_agreement_installment_report,
    cobranca_agreement_report,
    cobranca_collector_report,
    cobranca_promise_report,
    cobranca_retention_report,
    cobranca_step_effect_report,
    cobranca_step_report,
)
from . import cobranca_kpi_report, cobranca_overview, cobranca_overview_band
from . import cobranca_mrr_movement_report, cobranca_mrr_rate_report, cobranca_mrr_report
