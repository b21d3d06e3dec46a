"""The long form: twenty kills at random moments in runs over a thousand contracts and more."""

import random
import time

import pytest

from billing.counting import BILLING, assert_each_once, billed, make_contracts
from billing.test_processes import NOW
from harness.odoo_process import ProcessDied

CONTRACTS, KILLS, BATCH = 1000, 20, 50
# So many must wait when a run starts, or a fast machine would be done before the kill.
WAITING = 400


@pytest.mark.soak
def test_twenty_kills_in_a_thousand_contracts(processes, two_workers, postgres):
    maker = two_workers[0]
    maker.inject("billing.clock:set_now", NOW)
    contracts = make_contracts(maker, CONTRACTS)
    moments, kept = random.Random(7), 0
    for _kill in range(KILLS):
        if len(contracts) - kept < WAITING:
            contracts += make_contracts(maker, CONTRACTS // 2)
        [victim] = processes.workers(1)
        victim.inject("billing.clock:set_now", NOW)
        pending = victim.start(BILLING, "_cron_bill", BATCH)
        time.sleep(moments.uniform(0.2, 4.0))
        assert not pending.done(), "the run was over before the kill: let more contracts wait"
        victim.kill()
        with pytest.raises(ProcessDied):
            pending.outcome()
        periods, different, invoices = billed(postgres, contracts)
        assert periods == different == invoices >= kept
        # Whole batches stay: of the one in hand nothing does.
        assert periods % BATCH == 0
        kept = periods
    assert 0 < kept < len(contracts)
    maker.call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)
