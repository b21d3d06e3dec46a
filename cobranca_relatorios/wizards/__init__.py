from . import cobranca_report_export
from . import cobranca_aging_choose
from . import cobranca_glance_page
from . import cobranca_cohort_page, cobranca_delay_page
