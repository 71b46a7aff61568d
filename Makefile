# contactbook: `make serve` and `make test` set up everything that they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
APT := apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq
DYNOXIDE := 1.2.1
PROVIDER := 9.13.3
AXE := 4.14.1
PY := .venv/bin/python

export ISSUER CLIENT_ID PAGE

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

.venv/ready: requirements.txt requirements-dev.txt constraints.txt
	$(PYTHON) -m venv .venv || { $(APT) python3-venv && $(PYTHON) -m venv .venv; }
	$(PY) -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Without Node there is neither Dynoxide nor the sign-in; the local server then says what
# that means.
.engine/ready: Makefile
	@mkdir -p .engine
	@if command -v npm >/dev/null; then \
	  platform=$$(uname -s | tr A-Z a-z)-$$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/'); \
	  npm install --silent --no-audit --no-fund --ignore-scripts --prefix .engine \
	    @dynoxide/$$platform@$(DYNOXIDE) || echo "Dynoxide could not be installed."; \
	  npm install --silent --no-audit --no-fund --ignore-scripts --prefix .engine \
	    oidc-provider@$(PROVIDER) || echo "The sign-in could not be installed."; \
	fi
	@touch $@

# What only the tests need: a real browser, and axe to look over the page.
.engine/browser: .engine/ready
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix .engine axe-core@$(AXE)
	@command -v chromium || command -v google-chrome || { $(APT) chromium; }
	@touch $@

setup: .venv/ready .engine/ready

# The README's curl lines are run by a test.
test-tools: setup .engine/browser
	@command -v curl >/dev/null || { $(APT) curl; }

serve: setup  ## run the service with its page on durable storage (PORT, DATA_DIR, DEMO)
	@exec $(PY) -m local serve

engine: setup  ## run only its engine, for `chalice local --stage local` (DATA_DIR, DEMO)
	@exec $(PY) -m local engine

# The page's tests run beside the others: each of the two waits most of its time.
test: test-tools  ## run the tests
	@$(PY) -m pytest tests/browser > .engine/page-tests.txt 2>&1 & page=$$!; \
	$(PY) -m pytest --ignore=tests/browser; rest=$$?; \
	wait $$page; seen=$$?; cat .engine/page-tests.txt; exit $$((rest | seen))

# Another minor of Python: Lambda's runtime follows the one that packages.
OTHER ?= python3.13
other: test-tools  ## pass the bundle's tests on another Python, if it is here (OTHER=python3.13)
	@test -x .venv-other/bin/pytest || { $(OTHER) -m venv .venv-other && \
	  .venv-other/bin/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt; }
	@.venv-other/bin/python -m pytest tests/bundle

prove: setup  ## prove what is promised on thousands of cases (PROVE="isolation --seed 7")
	@$(PY) -m tests.prove $(PROVE)

screenshots: test-tools  ## make the pictures of the page in docs/images
	$(PY) -m tests.browser.screenshots

format: .venv/ready  ## format the code
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

check: test-tools  ## format, lint, types, tests
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(MAKE) test

check-oidc: .venv/ready  ## say what a sign-in provider lacks for us (ISSUER, CLIENT_ID, PAGE)
	@$(PY) -m local check-oidc

STAGE ?= dev

package: .venv/ready  ## make out/bundle.zip and out/template.json for AWS (STAGE=dev)
	@$(PY) -m bundle.package --stage $(STAGE)

deploy-check: .venv/ready  ## say what deploy would do; it needs rights to read only (STAGE)
	@$(PY) -m bundle.deploy check $(STAGE)

deploy: package  ## put the stage on AWS as one stack (STAGE, BUNDLE_BUCKET, JWT_*)
	@$(PY) -m bundle.deploy up $(STAGE)

destroy: .venv/ready  ## take the stage away; the table stays, and it says how (STAGE)
	@$(PY) -m bundle.deploy down $(STAGE)

BENCH ?= cold_start

bench: setup package  ## measure against peers (BENCH=cold_start, or another of bench/)
	@$(PY) -m bench.$(BENCH)

.PHONY: bench help setup test-tools serve engine test other prove screenshots format check check-oidc package deploy-check deploy destroy
