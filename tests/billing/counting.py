"""What a test of the billing run counts, and the contracts that it counts on."""

BILLING = "cobranca.contract.billing"
CONTRACT = "cobranca.contract"


def make_contracts(worker, count, per_customer=1, **values):
    """Active contracts of two lines, one period of each due in the first days of 2026; made in a process.

    :param int per_customer: how many contracts each customer has
    :param values: other values of the contracts
    :return: list of ids
    """
    service = {"name": "Fee", "type": "service", "list_price": 100.0, "taxes_id": [(5, 0, 0)]}
    [product] = worker.call("product.product", "create", service)
    customers = [
        {"name": f"Customer {number}", "cobranca_group_invoices": per_customer > 1}
        for number in range(count // per_customer)
    ]
    partners = worker.call("res.partner", "create", customers)
    terms = {
        "date_start": "2026-01-01",
        "due_day": 10,
        "issue_lead_days": 10,
        "line_ids": [(0, 0, {"product_id": product}), (0, 0, {"product_id": product, "price_unit": 50.0})],
        **values,
    }
    # A customer's contracts lie far apart, so that a batch seldom has all of them.
    ids = worker.call(CONTRACT, "create", [{"partner_id": p, **terms} for _n in range(per_customer) for p in partners])
    worker.call(CONTRACT, "action_activate", ids=ids)
    return ids


def billed(postgres, contracts):
    """(periods, different periods, posted invoices) of the contracts."""
    [row] = postgres.execute(
        """
        SELECT count(*), count(DISTINCT (contract_id, date_start)), count(DISTINCT move_id)
          FROM cobranca_contract_period period JOIN account_move move ON move.id = move_id
         WHERE contract_id = ANY(%s) AND move.state = 'posted'
        """,
        [contracts],
    )
    return row


def assert_nothing_stray(postgres, contracts):
    strays = "SELECT count(*) FROM account_move WHERE move_type = 'out_invoice' AND state = 'draft'"
    assert postgres.value(strays) == 0
    parked = "SELECT park_reason FROM cobranca_contract WHERE id = ANY(%s) AND park_reason IS NOT NULL"
    assert postgres.execute(parked, [contracts]) == []


def assert_each_once(postgres, contracts):
    assert billed(postgres, contracts) == (len(contracts),) * 3
    assert_nothing_stray(postgres, contracts)
