# contactbook: `make serve` and `make test` set up everything that they need.
PYTHON ?= python3.11
DYNOXIDE := 1.2.1
AXE := 4.14.1
PY := .venv/bin/python
export PORT DATA_DIR DEMO

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

.venv/ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Without Node there is no Dynoxide; the local server then says what that means.
.engine/ready: Makefile
	@mkdir -p .engine
	@if command -v npm >/dev/null; then \
	  platform=$$(uname -s | tr A-Z a-z)-$$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/'); \
	  npm install --silent --no-audit --no-fund --ignore-scripts --prefix .engine \
	    @dynoxide/$$platform@$(DYNOXIDE) || echo "Dynoxide could not be installed."; \
	fi
	@touch $@

# What only the tests need: a real browser, and axe to look over the page.
.engine/browser: .engine/ready
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix .engine axe-core@$(AXE)
	@command -v chromium chromium-browser google-chrome >/dev/null \
	  || apt-get install -yqq chromium || { apt-get update -qq && apt-get install -yqq chromium; }
	@touch $@

setup: .venv/ready .engine/ready

serve: setup  ## run the service with its page on durable storage (PORT, DATA_DIR, DEMO)
	@exec $(PY) -m local serve

test: setup .engine/browser  ## run the tests
	$(PY) -m pytest

screenshots: setup .engine/browser  ## make the pictures of the page in docs/images
	$(PY) -m tests.browser.screenshots

format: .venv/ready  ## format the code
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

check: setup .engine/browser  ## format, lint, types, tests
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(PY) -m pytest

.PHONY: help setup serve test screenshots format check
