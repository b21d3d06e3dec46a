"""Databases of tests are nobody else's, and those of killed runs are cleaned up."""

import os
import subprocess

from harness import fresh_database


def create_empty(databases, name):
    with databases.connected() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')


def test_names_are_never_given_twice():
    names = {fresh_database.new_name() for _n in range(3)}
    assert len(names) == 3
    assert all(name.startswith("cobranca_t_") and len(name) <= 63 for name in names)
    assert all(f"_{os.getpid()}_" in name for name in names)


def test_databases_of_dead_runs_of_this_folder_are_dropped_and_no_others(databases):
    finished = subprocess.Popen(["true"])
    finished.wait()
    dead = f"cobranca_t_{fresh_database.place()}_{finished.pid}_main_1"
    living = fresh_database.new_name()
    elsewhere = f"cobranca_t_0000_{finished.pid}_main_1"
    try:
        for name in (dead, living, elsewhere):
            create_empty(databases, name)
        fresh_database.drop_orphans(databases)
        left = databases.names() & {dead, living, elsewhere}
        assert left == {living, elsewhere}
    finally:
        for name in (dead, living, elsewhere):
            databases.drop(name)
