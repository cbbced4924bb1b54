.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)

# Compiled modules are kept, whatever the shell says: the tests start hundreds of processes, and
# compiling everything is half of the time that each takes to start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo serve test check fix bench eval chaos clean

help: ## Show what make can do
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# Everything is installed from uv.lock. Where uv is absent, pip fetches it into the project's own .venv.
$(VENV)/.ready: pyproject.toml uv.lock
ifeq ($(UV),)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv sync --frozen --quiet --all-extras --inexact
else
	$(UV) sync --frozen --quiet --all-extras --inexact
endif
	@touch $@

demo: $(VENV)/.ready ## Draw storyboards and a story from examples/ and say where they are
	@$(BIN)/python examples/demo.py

serve: $(VENV)/.ready ## Start the API on http://127.0.0.1:8000
	@$(BIN)/storyloom serve

# A file stays in one process, so that its servers are started once; slow ones go first.
test: $(VENV)/.ready ## Run all tests with coverage
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term --cov-fail-under=95

check: $(VENV)/.ready ## Lint, format, types, import contracts, file sizes, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(BIN)/loq
	$(BIN)/codespell

fix: $(VENV)/.ready ## Apply every automatic fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.ready ## Print the benchmark table, as ratios to a baseline in the same run
	@$(BIN)/python -m bench

eval: $(VENV)/.ready ## Score understandings of a labelled set: by rules, and by a model where there is a key
	@$(BIN)/python -m evals

chaos: $(VENV)/.ready ## Kill everything at random for some minutes, three times, and count the jobs
	@CHAOS=1 $(BIN)/python -m pytest tests/chaos tests/e2e/test_paid_once.py tests/e2e/test_killed_runs.py tests/e2e/test_crash.py tests/automation/test_cycles.py tests/api/test_openapi.py -p no:randomly -q

clean: ## Remove what make made
	rm -rf $(VENV) demo-output .coverage* .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
