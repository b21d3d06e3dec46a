"""The long form: twenty kills at random moments in a run over a thousand contracts."""

import random
import time

import pytest

from billing.counting import BILLING, assert_each_once, make_contracts
from billing.test_processes import NOW
from harness.odoo_process import ProcessDied

CONTRACTS, KILLS, BATCH = 1000, 20, 50


@pytest.mark.soak
def test_twenty_kills_in_a_thousand_contracts(processes, two_workers, postgres):
    maker = two_workers[0]
    maker.inject("billing.clock:set_now", NOW)
    contracts = make_contracts(maker, CONTRACTS)
    moments = random.Random(7)
    for _kill in range(KILLS):
        [victim] = processes.workers(1)
        victim.inject("billing.clock:set_now", NOW)
        pending = victim.start(BILLING, "_cron_bill", BATCH)
        time.sleep(moments.uniform(0.2, 4.0))
        victim.kill()
        with pytest.raises(ProcessDied):
            pending.outcome()
        rows = "SELECT count(*), count(DISTINCT contract_id) FROM cobranca_contract_period WHERE contract_id = ANY(%s)"
        [(periods, different)] = postgres.execute(rows, [contracts])
        assert periods == different
    maker.call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)
