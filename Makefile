# Cobrança for Odoo: thin targets over small scripts. `make help` lists them.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
VENV := .venv/bin/python
ARGS ?=
# Only what a user sets reaches the scripts; without PYTHON they look for a fitting one themselves.
export PORT FRESH BENCH
ifneq ($(origin PYTHON),file)
export PYTHON
endif

.PHONY: help setup demo test lint bench soak test-oca test-docker screenshots translations access-files shell stop clean distclean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install all that is missing (Odoo, Python environment, PostgreSQL)
	@$(PYTHON) scripts/prepare.py run

demo: ## build the Brazilian demo company and serve it (PORT=8069, FRESH=1 builds it anew)
	@$(PYTHON) scripts/prepare.py run
	@$(VENV) scripts/serve.py

test: ## run every test (ARGS="-k word" for some)
	@$(PYTHON) scripts/prepare.py test
	@$(VENV) scripts/run_tests.py $(ARGS)

lint: ## check style and known mistakes
	@$(PYTHON) scripts/prepare.py lint
	@.venv-lint/bin/python scripts/lint.py

bench: ## measure against the bar (BENCH="billing ledger")
	@$(PYTHON) scripts/prepare.py run
	@$(VENV) tests/bench/run_bench.py $(BENCH)

soak: ## long forms of the tests; appends to docs/soak.log (ARGS="file" for some)
	@$(PYTHON) scripts/prepare.py test
	@$(VENV) scripts/soak.py $(ARGS)

test-oca: ## adopt contracts of the real OCA addon, downloaded from the package index
	@$(PYTHON) scripts/prepare.py run
	@$(VENV) tests/bench/adopt_oca.py

test-docker: ## really build the image and start it, without a registry (root, Debian)
	@$(PYTHON) scripts/prepare.py run
	@$(VENV) docker/test_image.py

screenshots: ## take the named screens of the demo into docs/screenshots
	@$(PYTHON) scripts/prepare.py test
	@$(VENV) scripts/take_screenshots.py $(ARGS)

translations: ## export .pot files and bring pt_BR.po up to date
	@$(PYTHON) scripts/prepare.py run
	@$(VENV) scripts/translations.py

access-files: ## write the lists of rights, public methods and routes that the tests compare
	@$(PYTHON) scripts/prepare.py run
	@$(VENV) tests/house/write_access_files.py

shell: ## Odoo's Python shell on the demo database
	@$(PYTHON) scripts/prepare.py run
	@$(VENV) scripts/shell.py

stop: ## stop the demo server and the private PostgreSQL
	@$(PYTHON) scripts/stop.py

clean: stop ## remove databases, logs and caches (keeps Odoo and the Python environment)
	@$(PYTHON) scripts/clean.py

distclean: stop ## remove everything that make installed in this folder
	@$(PYTHON) scripts/clean.py everything
