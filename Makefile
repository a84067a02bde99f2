.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
SIZE ?= medium
FLASK := $(BIN)/flask --app app

.PHONY: help run test check bench torture load screenshots lock setup front texts format

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 14

.venv/.runtime: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

app/web/static/built/manifest.json: package-lock.json $(shell find frontend -type f) .venv/.runtime
	@BIN=$(BIN) sh frontend/build.sh

front: app/web/static/built/manifest.json ## Build the front end

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel --quiet compile -i $< -o $@

texts: .venv/.runtime $(patsubst %.po,%.mo,$(wildcard app/*/translations/*/LC_MESSAGES/*.po))

setup: .venv/.runtime front texts

run: setup ## Serve http://127.0.0.1:8000 with a demo round, from nothing
	@$(FLASK) serve --prepare

test: .venv/.dev front texts ## All tests: SQLite, PostgreSQL where it answers, a real Chromium where one is found
	@$(BIN)/python -m tests.run

check: .venv/.dev front texts ## ruff, mypy, import contracts, migrations, definitions, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.migrations
	$(FLASK) definitions check workflows/*.bpmn

bench: .venv/.dev front ## Benchmarks, each as a ratio to its floor in the same run; SIZE=full for a million
	@$(BIN)/python -m tests.bench --size $(SIZE)

torture: .venv/.dev front ## Faults on real processes, then a count of what was lost, doubled or stuck
	@$(BIN)/python -m tests.torture

load: .venv/.dev front ## 200 people at work for 60 s with two web and two worker processes, then the same count
	@$(BIN)/python -m tests.torture load

screenshots: .venv/.dev front ## Every page at 1280 and 390 px, zh and en
	@$(BIN)/python -m tests.screenshots

format: .venv/.dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: .venv/.dev ## Pin requirements anew
	$(BIN)/uv pip compile --quiet --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header requirements-dev.in -o requirements-dev.txt
