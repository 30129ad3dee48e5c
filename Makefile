# The verbs of the project. `make help` lists them.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
WORKERS ?= 2
SEEDS ?= 1000

NODE := tests/bars/node_modules

.PHONY: help demo demo-reset test bars lighthouse simulate check bench lock fix messages compile-messages

help: ## list what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

.venv/.runs: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found. Install it, then try again."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing (on Debian: apt install python3-venv)."; exit 1; }
	@echo "Installing what the portal needs into .venv ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.tests: .venv/.runs requirements-dev.txt
	@echo "Installing what the tests need into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(NODE)/.there: tests/bars/package.json tests/bars/package-lock.json
	@command -v npm >/dev/null || { echo "npm was not found (on Debian: apt install nodejs npm)."; exit 1; }
	@echo "Installing what the bars need into $(NODE) ..."
	@cd tests/bars && npm ci --silent
	@touch $@

demo: .venv/.runs ## run everything on this machine: http://127.0.0.1:8000
	@exec $(BIN)/python manage.py demo

demo-reset: .venv/.runs ## forget the demo's data and start over
	@exec $(BIN)/python manage.py demo --reset

test: .venv/.tests ## run all tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

bars: .venv/.tests $(NODE)/.there ## every page and mistake in every language: axe-core, HTML, keyboard; Lighthouse on a few
	@REQUIRE_BROWSER=1 REQUIRE_NPM=1 $(BIN)/python -m pytest tests/bars -n $(WORKERS) --dist worksteal

lighthouse: .venv/.tests $(NODE)/.there ## Lighthouse on every page, with its figures (on a machine with nothing else to do)
	@REQUIRE_BROWSER=1 REQUIRE_NPM=1 LIGHTHOUSE=all $(BIN)/python -m pytest tests/bars/test_lighthouse.py -s

simulate: .venv/.tests ## run many random histories of payments on all cores: SEEDS=100000, and FROM=... to go on
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS) $(if $(FROM),--from $(FROM))

check: .venv/.tests ## format, lint, types, templates, import contracts, settings, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/python -m portal.deploy_check
	$(BIN)/python manage.py makemigrations --check --dry-run

fix: .venv/.tests ## format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: .venv/.runs ## gather the words that members read into locale/*/LC_MESSAGES/django.po (needs gettext)
	$(BIN)/python manage.py makemessages

compile-messages: .venv/.runs ## compile the catalogues that translators filled in (needs gettext)
	$(BIN)/python manage.py compilemessages --ignore .venv --ignore .data

bench: .venv/.tests ## measure pages, log-in and payments, as ratios
	$(BIN)/python -m bench

lock: .venv/.tests ## pin the newest allowed versions with their hashes
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt
