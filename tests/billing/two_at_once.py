"""Two processes that want the same at the same moment (see harness/worker.py)."""

from harness.worker import outcome_or_failure


def set_now(workers, now):
    """Let the clock of some processes stand still at a moment in UTC."""
    for worker in workers:
        worker.inject("billing.clock:set_now", str(now))


def both(workers, postgres, first_call, second_call):
    """The second process waits for what the first has not committed yet; as a request it is served again if needed.

    :param first_call: ((model, method, arguments…), {options of `Worker.start`})
    :param second_call: the same; `retry` may be among its options
    :return: (what the first did, what the second did or `CallFailed`)
    """
    first, second = workers[:2]
    first.begin()
    (model, method, *arguments), options = first_call
    done = first.call(model, method, *arguments, **options)
    (model, method, *arguments), options = second_call
    pending = second.start(model, method, *arguments, **{"retry": True, **options})
    postgres.wait_for_lock_wait(second)
    first.commit()
    return done, outcome_or_failure(pending, 60)
