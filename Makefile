# Two commands do everything on a fresh machine: `make demo` and `make test`.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo
PO := $(wildcard kaohe/locale/*/LC_MESSAGES/*.po)

.PHONY: demo test check offline setup system system-test lock bench errors clean

system:
	@sh scripts/system.sh

system-test:
	@sh scripts/system.sh test

$(VENV)/.ok: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.messages: $(VENV)/.ok $(PO)
	@$(BIN)/python scripts/compile_messages.py
	@touch $@

$(VENV)/.compiled: $(VENV)/.messages $(shell find kaohe -name "*.py" 2>/dev/null)
	@$(BIN)/python -m compileall -q kaohe
	@touch $@

# What the pages load.  Bundled by npm from frontend/, ignored by git, carried by the wheel.
DIST := kaohe/web/static/dist
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f ! -name "*.md" -print 2>/dev/null)

frontend/node_modules/.ok: frontend/package.json frontend/package-lock.json frontend/.npmrc
	@command -v npm >/dev/null || { echo "npm is missing: install nodejs and npm (make system does, as root)" >&2; exit 1; }
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST)/.ok: frontend/node_modules/.ok $(FRONTEND)
	@cd frontend && npm run -s build
	@touch $@

setup: $(VENV)/.compiled $(DIST)/.ok

# The demonstration city: assessed as a folder, then governed in the browser, served until Ctrl-C.
# What you change is kept: delete build/demo or build/demo-home to start afresh.
demo: system setup
	@test -e $(DEMO)/city || $(BIN)/kaohe demo-city $(DEMO)/city
	@$(BIN)/kaohe assess $(DEMO)/city --out $(DEMO)/results --force
	@$(BIN)/kaohe tour $(DEMO)/city $(DEMO)/results
	@KAOHE_HOME=build/demo-home $(BIN)/kaohe demo

# One archive that installs and upgrades without a network.
offline: setup
	@sh scripts/offline.sh
	@KAOHE_TEST_OFFLINE=on $(BIN)/python -m pytest tests/cli/test_offline.py

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	KAOHE_HOME=build/check $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint kaohe/web/templates --lint --quiet
	KAOHE_HOME=build/check $(BIN)/python manage.py makemigrations --check --dry-run

# Everything on SQLite; then what meets the database once more on PostgreSQL.
# The rules are covered to the last branch, by their own tests: what is counted is slow.
# Bytecode is kept even where the environment forbids it: else each worker rewrites all tests.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadscope
BOTH := tests/journal tests/organization tests/indicators tests/web $(filter-out tests/api/test_schemathesis.py,$(wildcard tests/api/test_*.py)) tests/jobs tests/cli/test_platform_commands.py tests/cli/test_serve.py $(wildcard tests/cli/test_journal*.py) tests/house/test_services_record.py \
	tests/stories/governed_city tests/stories/proved_record tests/stories/issued_sheets $(wildcard tests/stories/test_browser_*.py)
test: system-test setup check
	$(PYTEST) --cov --cov-report=term-missing:skip-covered --cov-fail-under=100 tests/core kaohe/core
	$(PYTEST) tests --ignore=tests/core
	KAOHE_TEST_DB=postgresql $(PYTEST) $(BOTH)

# Writes the lock files anew from pyproject.toml (needs uv: pip install uv).
COMPILE := uv pip compile pyproject.toml --no-strip-extras --generate-hashes --no-header --no-annotate --universal -p 3.11 -q
lock:
	$(COMPILE) build.in --group dev -o requirements.lock
	$(COMPILE) -c requirements.lock -o requirements-run.lock
	$(COMPILE) --group bench -o requirements-bench.lock

# Writes docs/errors.md anew from the catalogue of problems.
errors: setup
	$(BIN)/python scripts/errors_page.py > docs/errors.md

build/bench-venv/.ok: requirements-bench.lock
	@test -x build/bench-venv/bin/python || $(PY) -m venv build/bench-venv
	build/bench-venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

bench: setup build/bench-venv/.ok
	$(BIN)/python -m bench

clean:
	rm -rf build $(VENV)
