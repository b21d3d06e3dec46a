"""All subjects of a section in one process and one database: what each of them does, not how long it takes.

For the tests, which would wait for a dozen processes and databases otherwise.
"""

from unittest.mock import patch

from freezegun import freeze_time

from bench.child import function_of
from bench.meter import Meter

# A Friday that banks are open, and so they were 3, 7 and 45 days before: what reaches a step does not hang on
# the day of the test.
DAY = "2026-06-19 15:00:00"


class Rehearsal:
    """Stands in for a Bench: notes how databases are to be filled, and fills none.

    :param int number: size that sections scale with
    """

    def __init__(self, number):
        self.number = number
        self.prefix = "rehearsal"
        self.databases = self
        self.made = {}

    def template(self):
        return ()

    def prepared(self, name, source, prepare, number):
        """The steps that lead to a database; it is made from another one, given by these or by its name."""
        steps = self.made.get(source, source)
        found = self.made[f"{self.prefix}_{name}"] = (*steps, *([(prepare, number)] if prepare else []))
        return found


def rehearse(env, section_subjects, number):
    """Do the work of each subject once; nothing stays of it.

    :param section_subjects: the function that lists the subjects of a section
    :return: {name of a subject: dict(queries, wall_s_min, facts, units)}
    """
    # Nothing may stay, and what is committed cannot be taken back.
    with freeze_time(DAY, tick=True), patch.object(env.cr, "commit", env.cr.flush):
        return rehearse_all(env, section_subjects, number)


def rehearse_all(env, section_subjects, number):
    by_source = {}
    for subject in section_subjects(Rehearsal(number)):
        by_source.setdefault(subject.database(), []).append(subject)
    found = {}
    for source, subjects in by_source.items():
        filled = env.cr.savepoint()
        for prepare, size in source:
            function_of(prepare)(env, size)
            # As the process ends that prepares a database: the next step may go by SQL alone.
            env.flush_all()
            env.invalidate_all()
        for subject in subjects:
            found[subject.name] = rehearse_one(env, subject)
        filled.rollback()
        env.cr.postcommit.clear()
        env.invalidate_all()
    return found


def rehearse_one(env, subject):
    before = env.cr.savepoint()
    # As in a process of its own, that has read nothing.
    env.invalidate_all()
    env.registry.clear_all_caches()
    with Meter(env.cr.dbname) as meter:
        facts = function_of(subject.run)(env, subject.number)
    units = function_of(subject.check)(env, subject.number)
    before.rollback()
    # What was to be done after a commit is of records that are not there.
    env.cr.precommit.clear()
    env.cr.postcommit.clear()
    env.invalidate_all()
    cost = meter.cost
    return {"queries": cost["queries"], "wall_s_min": cost["wall_s"], "facts": facts or {}, "units": units}


def rehearse_billing(env, number):
    """The section `billing`, without the peer and the two processes, which see nothing of a rehearsal."""
    # Here, because it needs what only the tests have on their path.
    from bench import section_billing

    def ours(bench):
        found = section_billing.without_peer(bench, bench.template(), bench.template())
        return [subject for subject in found if not subject.name.startswith("two_processes")]

    return rehearse(env, ours, number)


def rehearse_charges(env, number):
    """The section `charges`."""
    from bench import section_charges

    return rehearse(env, section_charges.subjects, number)


def rehearse_payments(env, number):
    """The page of the section `payments`; `rehearse_statements` does the rest."""
    from bench import section_payments

    def page(bench):
        return section_payments.page_subjects(bench, bench.template(), section_payments.QUICK_DEBTS)

    return rehearse(env, page, number)


def rehearse_dunning(env, number):
    """The section `dunning`, without the peer."""
    from bench import section_dunning

    def ours(bench):
        return section_dunning.ours(bench, bench.template(), section_dunning.QUICK_SIZES, section_dunning.QUICK_LINES)

    return rehearse(env, ours, number)


def rehearse_statements(env, number):
    from bench.statements import subjects

    return rehearse(env, lambda bench: subjects(bench, bench.template(), number), number)


def rehearse_negotiation(env, number):
    """The section `negotiation`."""
    from bench import section_negotiation

    return rehearse(env, section_negotiation.subjects, number)


def rehearse_agency(env, number):
    """The section `agency`."""
    from bench import section_agency

    return rehearse(env, section_agency.subjects, number)


def rehearse_reports(env, number):
    """The section `reports`, without the peer."""
    from bench import section_reports

    def ours(bench):
        return section_reports.ours(bench, bench.template(), section_reports.QUICK_LINES)

    return rehearse(env, ours, number)
