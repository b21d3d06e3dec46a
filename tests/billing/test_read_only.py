"""What is shown before billing is computed without writing anything."""

from datetime import date

import pytest

from billing.test_processes import CONTRACT, NOW, make_contracts
from harness.worker import CallFailed

CONFERENCE, FORECAST = "cobranca.billing.conference", "cobranca.billing.forecast"
JANUARY, COUNT = date(2026, 1, 1), 12


@pytest.fixture(scope="module")
def reader(processes, two_workers, postgres):
    """A process that cannot write, after another made contracts and billed half of them."""
    maker = two_workers[0]
    for worker in two_workers:
        worker.inject("billing.clock:set_now", NOW)
        worker.inject("billing.read_only:offer_figures")
    postgres.execute("UPDATE cobranca_contract SET state = 'closed'")
    contracts = make_contracts(maker, COUNT)
    maker.call(CONTRACT, "action_bill", ids=contracts[: COUNT // 2])
    two_workers[1].inject("billing.read_only:forbid_writing")
    return two_workers[1]


def test_figures_of_the_month(reader):
    rows = reader.call(CONFERENCE, "ask_figures", JANUARY)
    assert [(float(row["current"]), float(row["new"]), row["difference"]) for row in rows] == [(150, 150, 0)] * COUNT
    assert sum(row["billed"] for row in rows) == 150 * COUNT // 2


def test_forecast(reader):
    rows = reader.call(FORECAST, "ask_forecast")
    assert len(rows) == 12 * COUNT
    assert sum(sum(amounts.values()) for _contract, _month, amounts in rows) == 12 * 150 * COUNT


def test_preview(reader, postgres):
    contract = postgres.value("SELECT max(id) FROM cobranca_contract WHERE state = 'active'")
    assert [charge["total"] for charge in reader.call(CONTRACT, "_get_preview", ids=[contract])] == [150] * 12


def test_writing_would_have_failed(reader):
    """The control: in the same process the step that writes the figures down is refused."""
    with pytest.raises(CallFailed) as refused:
        reader.call(CONFERENCE, "create", [{"month": JANUARY}])
    assert refused.value.error_type.endswith("ReadOnlySqlTransaction")
