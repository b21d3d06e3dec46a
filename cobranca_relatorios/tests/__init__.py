from . import ledger_writer, test_aging_report
from . import (
    workbook_common,
    test_digest,
    test_report_job,
    test_report_subscription,
    test_workbook_agency,
    test_workbook_aging,
    test_workbook_agreements,
    test_workbook_board,
    test_workbook_forecast,
    test_workbook_writer,
)
from . import test_dashboards, test_insight, test_kpi_report, test_overview
from . import random_ledger, test_portfolio_random
from . import test_aging_choose, test_portfolio_snapshot, test_written_ledger
from . import test_cohort_report, test_payment_random, test_payment_report
from . import (
    test_agency_net,
    test_agreement_report,
    test_collector_report,
    test_promise_report,
    test_recovery,
    test_retention_report,
    test_step_report,
    test_work_access,
    work_writer,
)
from . import payers
from . import test_mrr_report
from . import test_cash_forecast, test_forecast
from . import bare_company, snapshot_common
from . import test_portfolio_worked
from . import test_payer_reports
from . import payer_common
from . import test_broken_agreement
from . import crawler_book, crawler_common, test_reports_canaries, test_reports_crawler, test_reports_routes
from . import test_portfolio_parts
from . import insight_common, test_insight_money
