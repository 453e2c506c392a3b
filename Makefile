# Commands for this folder. They need only make and python3.

PYTHON := .venv/bin/python
# Three processes, since tests mostly wait for PostgreSQL, servers and a browser.
PYTEST := $(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder
FAST := $(addprefix tests/,domain exports importers log pages projections)

.PHONY: help run test test-fast test-long check lock fmt migrations manage doctor bench-append \
	bench-freshness bench-growth bench-import bench-api bench-pages bench-desk bench-scale bench-rebuild bench-courtesy bench-drip validity parquet clean \
	forget run-venv dev-venv

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' Makefile

run: ## run everything until Ctrl-C (PORT=8000)
	@sh .ci/venv run && exec $(PYTHON) -m config.embedded run --with-parent

test: dev-venv ## run all tests except the long ones (ARGS=… for pytest)
	@$(PYTHON) -m tests.kit.chromium
	@$(PYTHON) -m tests.kit.nginx
	$(PYTEST) -m 'not long' --cov --cov-report= $(ARGS)
	$(PYTHON) -m coverage report --skip-covered --show-missing --fail-under=100

test-fast: dev-venv ## run the tests of domain, log, formats, projections and pages that take under a minute
	$(PYTEST) -m 'not long and not slow and not faults and not browser' $(FAST) $(ARGS)

test-long: dev-venv ## run the tests that take minutes
	$(PYTHON) -m pytest -m long $(ARGS)

check: dev-venv ## check format, style, imports, types and migrations
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command as main; main()' --no-cache
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PYTHON) -m mypy config tracker workers tests benchmarks

fmt: dev-venv ## format the code
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

migrations: dev-venv ## write migrations for changed models
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations

manage: run-venv ## run a management command beside make run (ARGS='rebuild')
	$(PYTHON) manage.py $(ARGS)

doctor: run-venv ## run the health checks, beside make run
	$(PYTHON) manage.py doctor

bench-append: dev-venv ## measure appends to the log
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.append $(ARGS)

bench-freshness: dev-venv ## measure the time from a claim to its score
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.freshness $(ARGS)

bench-growth: dev-venv ## compare a long log with a short one (quick: ARGS='--small 1000 --large 10000')
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.growth $(ARGS)

bench-import: dev-venv ## measure the import of an archive (N=100000 rows; default a million)
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.importing \
		$(if $(N),--rows $(N)) $(ARGS)

bench-scale: dev-venv ## measure time and size by length of an archive (N="100000 1000000" rows)
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.scale \
		$(if $(N),--rows $(N)) $(ARGS)

bench-api: dev-venv ## compare API reads with an empty view (N=20000 claims)
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.api \
		$(if $(N),--claims $(N)) $(ARGS)

bench-pages: dev-venv ## compare pages with an empty view (N=20000 claims)
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.pages \
		$(if $(N),--claims $(N)) $(ARGS)

bench-desk: dev-venv ## compare the desk's lists with an empty page (N=20000 claims)
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.desk \
		$(if $(N),--claims $(N)) $(ARGS)

bench-drip: run-venv ## measure a reader beside 200 slow connections, beside make run (PORT=8000)
	$(PYTHON) -m benchmarks.slow_clients --port $(or $(PORT),8000) $(ARGS)

bench-rebuild: dev-venv ## measure the rebuild of an archive's log (N=100000 rows)
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.rebuild \
		$(if $(N),--rows $(N)) $(ARGS)

bench-courtesy: dev-venv ## measure how long writers wait during an import (N=100000 rows)
	$(PYTHON) -m config.embedded exec --migrated -- $(PYTHON) -m benchmarks.courtesy \
		$(if $(N),--rows $(N)) $(ARGS)

validity: dev-venv ## compare scores with an expert's (EVENTS=… EXPERT=… and HUB=KAZ, MAPPING=…)
	$(PYTHON) -m config.embedded exec --fast --migrated -- $(PYTHON) -m benchmarks.validity \
		'$(EVENTS)' '$(EXPERT)' $(if $(HUB),--hub '$(HUB)') $(if $(MAPPING),--mapping '$(MAPPING)')

parquet: run-venv ## install the packages for Parquet exports
	@sh .ci/venv parquet

lock: dev-venv ## update the lock files from pyproject.toml (ARGS=--upgrade)
	sh .ci/lock $(ARGS)

clean: ## remove generated files; keep the record
	rm -rf .venv .run/uv .run/uv.log .run/cache .run/static .coverage .coverage.* htmlcov test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

forget: run-venv ## delete this clone's record and its secrets, after asking
	@$(PYTHON) -m config.embedded forget

run-venv:
	@sh .ci/venv run

dev-venv:
	@sh .ci/venv dev
