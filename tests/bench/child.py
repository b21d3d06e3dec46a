"""The measured process: opens a database with Odoo and runs one function of a subject.

    python -m bench.child DATABASE MODULE:FUNCTION NUMBER RESULT_FILE [--check MODULE:FUNCTION] [--addons PATH]

The function gets the environment (the administrator's, in Portuguese) and the number; its cost,
with the commit at its end, goes to the result file, and so do the facts (a dict) that it may
return. The check is not measured: it returns how many units there are afterwards.
"""

import argparse
import gc
import importlib
import json
from pathlib import Path

from odoo import api, tools
from odoo.modules.registry import Registry

from bench.meter import Meter


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("function")
    parser.add_argument("number", type=int)
    parser.add_argument("result", type=Path)
    parser.add_argument("--check")
    parser.add_argument("--addons")
    return parser.parse_args()


def configure(arguments):
    options = ["--database", arguments.database, "--no-http", "--log-level", "warn"]
    options += ["--addons-path", arguments.addons] if arguments.addons else []
    tools.config.parse_config(options, setup_logging=True)


def function_of(text):
    module, _colon, name = text.partition(":")
    return getattr(importlib.import_module(module), name)


def run_main():
    arguments = parse_arguments()
    configure(arguments)
    work = function_of(arguments.function)
    with Registry(arguments.database).cursor() as cursor:
        env = api.Environment(cursor, api.SUPERUSER_ID, {})
        env = env(user=env.ref("base.user_admin"), context={"lang": "pt_BR"})
        # What loading Odoo left behind is not the work's to clear away.
        gc.collect()
        with Meter(arguments.database) as meter:
            facts = work(env, arguments.number)
            cursor.commit()
        units = function_of(arguments.check)(env, arguments.number) if arguments.check else None
    arguments.result.write_text(json.dumps({"units": units, "facts": facts, **meter.cost}))


if __name__ == "__main__":
    run_main()
