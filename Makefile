# Commands for this folder. They need only make and python3.

PYTHON := .venv/bin/python
# Three processes, since tests mostly wait for PostgreSQL, servers and a browser.
PYTEST := $(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder
FAST := $(addprefix tests/,domain exports importers log pages projections)

BENCHMARKS := bench $(addprefix bench-,append freshness growth api pages search seal desk drip rebuild import \
	courtesy cluster scale density reading reading-clock) validity

.PHONY: help run test test-fast test-long coverage check lock fmt migrations manage doctor $(BENCHMARKS) \
	catalogues chromium parquet clean forget run-venv dev-venv

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' Makefile

run: ## run everything until Ctrl-C (PORT=8000)
	@sh .ci/venv run && exec $(PYTHON) -m config.embedded run --with-parent

test: chromium ## run all tests except the long ones (ARGS=… for pytest)
	$(PYTEST) -m 'not long' $(ARGS)

test-fast: dev-venv ## run the tests of domain, log, formats, projections and pages, without processes
	$(PYTEST) -m 'not long and not faults and not browser' $(FAST) $(ARGS)

test-long: chromium ## run the tests that take minutes
	-@$(PYTHON) -m tests.kit.debian_programs pgbouncer haproxy nginx promtool pgbackrest barman
	$(PYTEST) -m long $(ARGS)

coverage: dev-venv ## show which lines of domain, log and formats no test reaches
	$(PYTEST) -m 'not long' --cov --cov-report=term-missing:skip-covered $(addprefix tests/,domain importers log)

check: dev-venv ## check format, style, imports, types and migrations
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command as main; main()' --no-cache
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PYTHON) -m mypy -n 2 config tracker workers tests benchmarks tools

fmt: dev-venv ## format the code
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

catalogues: dev-venv ## bring the catalogues of translations up to date with the code
	$(PYTHON) -m tests.kit.catalogues

migrations: dev-venv ## write migrations for changed models
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations

manage: run-venv ## run a management command beside make run (ARGS='rebuild')
	$(PYTHON) manage.py $(ARGS)

doctor: run-venv ## run the health checks, beside make run
	$(PYTHON) manage.py doctor

# They share a log of N claims, which the first of them makes.
bench: ## run all benchmarks, on one log of N=100000 claims
bench-append: ## measure appends to the log
bench-freshness: ## measure the time from a claim to its score
bench-growth: ## compare a long log with a short one
bench-api: ## compare API reads with an empty view
bench-pages: ## compare pages with an empty view
bench-search: ## measure searches of pages and API
bench-seal: ## measure the seal of the log: sealing, verifying, proofs, appends beside it
bench-desk: ## compare the desk's lists with an empty page
bench-drip: ## measure a reader beside 200 slow connections
bench-rebuild: ## measure the rebuild of the log
bench-import: ## measure the import of an archive of N rows
bench-courtesy: ## measure how long writers wait during an import
bench-cluster: ## compare two web hosts, followers and scorers with one
bench-scale: ## measure time and size by length of an archive
bench-density: ## compare levels with half and twice the reports (ICEWS=…)
bench-reading: ## enter an article by keys (ARTICLE=… GSR=…)
bench-reading-clock: ## time a typist who enters twenty claims (ARTICLE2=… CLAIMS2=…)
validity: ## compare scores with an expert's (EVENTS=… EXPERT=… START=none HUB=KAZ MAPPING=…)

bench-reading bench-reading-clock: chromium

chromium: dev-venv
	@$(PYTHON) -m tests.kit.chromium

$(BENCHMARKS): dev-venv
	@$(PYTHON) -m config.embedded exec -- $(PYTHON) -m benchmarks \
		$(patsubst bench-%,%,$(filter-out bench,$@)) $(if $(N),--claims $(N)) \
		$(if $(EVENTS),--events '$(EVENTS)') $(if $(EXPERT),--expert '$(EXPERT)') \
		$(if $(HUB),--hub '$(HUB)') $(if $(MAPPING),--mapping '$(MAPPING)') \
		$(if $(START),--start '$(START)') $(if $(ARTICLE),--article '$(ARTICLE)') \
		$(if $(ARTICLE2),--article2 '$(ARTICLE2)') $(if $(CLAIMS2),--claims2 '$(CLAIMS2)') \
		$(if $(GSR),--gsr '$(GSR)') $(if $(ICEWS),--icews '$(ICEWS)') $(ARGS)

parquet: run-venv ## install the packages for Parquet exports
	@sh .ci/venv parquet

lock: dev-venv ## update the lock files from pyproject.toml (ARGS=--upgrade)
	sh .ci/lock $(ARGS)

clean: ## remove generated files and the benchmarks' log; keep the record
	-@! [ -x $(PYTHON) ] || $(PYTHON) -m config.embedded clean
	rm -rf .venv .run/uv .run/uv.log .run/cache .run/static .coverage .coverage.* htmlcov test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

forget: run-venv ## delete this clone's record and its secrets, after asking
	@$(PYTHON) -m config.embedded forget

run-venv:
	@sh .ci/venv run

dev-venv:
	@sh .ci/venv dev
