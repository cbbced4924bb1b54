.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
SYSTEM_UV := $(shell command -v uv 2>/dev/null)
UV := $(or $(SYSTEM_UV),$(BIN)/uv)

# Compiled modules are kept, whatever the shell says: the tests start hundreds of processes, and
# compiling everything is half of the time that each takes to start.
export PYTHONDONTWRITEBYTECODE :=

# The page is built with Node.js; where that is missing, a wheel brings it.
PAGE := src/storyloom/page/index.html
UI_SOURCES := $(wildcard ui/package*.json ui/*.ts ui/*.js ui/*.html) $(shell find ui/src ui/public -type f 2>/dev/null)

.PHONY: help demo serve page test tools check check-page check-types check-style fix bench eval chaos clean

help: ## Show what make can do
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# Everything is installed from uv.lock. Where uv is absent, pip fetches it into the project's own .venv.
$(VENV)/.ready: pyproject.toml uv.lock
ifeq ($(SYSTEM_UV),)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
endif
	$(UV) sync --frozen --quiet --all-extras --inexact
	@touch $@

demo: $(VENV)/.ready ## Draw storyboards and a story from examples/ and say where they are
	@$(BIN)/python examples/demo.py

serve: $(VENV)/.ready ## Start the Studio and the API on http://127.0.0.1:8000, or on STORYLOOM_PORT
	@$(MAKE) --no-print-directory page || echo "Going on without the page."
	@$(BIN)/storyloom serve

page: $(PAGE) ## Build the page of the Studio from ui/

$(PAGE): $(UI_SOURCES) ui/build.py | $(VENV)/.ready $(VENV)/.node
	@$(BIN)/python ui/build.py && touch $@

$(VENV)/.node: $(VENV)/.ready
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
	  || $(UV) sync --frozen --quiet --all-extras --inexact --group node
	@touch $@

# A file stays in one process, so that its servers are started once; slow ones go first.
test: $(VENV)/.ready tools $(PAGE) ## Run all tests with coverage
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term --cov-fail-under=95

# Tests look at the page with axe-core, which the page itself does not need.
tools: $(VENV)/.ready $(VENV)/.node
	@$(BIN)/python ui/build.py tools

check: $(VENV)/.ready $(VENV)/.node ## Lint, format, types, import contracts, file sizes, spelling
	@$(MAKE) --no-print-directory -j 3 check-page check-types check-style

# They look at different things, and the first two take a minute each.
check-page:
	$(BIN)/python ui/build.py check

check-types:
	$(BIN)/pyright

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/loq
	$(BIN)/codespell

fix: $(VENV)/.ready ## Apply every automatic fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd ui && npm run --silent fix

bench: $(VENV)/.ready ## Print the benchmark table, as ratios to a baseline in the same run
	@$(BIN)/python -m bench

eval: $(VENV)/.ready ## Score understandings of a labelled set: by rules, and by a model where there is a key
	@$(BIN)/python -m evals

chaos: $(VENV)/.ready ## Kill everything at random for some minutes, three times, and count the jobs
	@CHAOS=1 $(BIN)/python -m pytest tests/chaos tests/e2e/test_paid_once.py tests/e2e/test_killed_runs.py tests/e2e/test_crash.py tests/automation/test_cycles.py tests/api/test_openapi.py tests/api/test_openapi_links.py -p no:randomly -q

clean: ## Remove what make made
	rm -rf $(VENV) src/storyloom/page ui/node_modules demo-output .coverage* .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
