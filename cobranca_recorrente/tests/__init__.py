from . import (
    test_account_chart_template,
    test_contract,
    test_contract_billing,
    test_contract_guard,
    test_contract_import,
    test_contract_period,
    test_invoice_factory,
    test_portal,
    test_recurrence,
    test_res_partner,
    test_tours,
)
