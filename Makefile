# Every target sets up what it needs. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
UV := scripts/uv

export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
export LOG_LEVEL := WARNING
# Dozens of processes start here; without their bytecode each compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

$(VENV)/.ready: requirements.lock pyproject.toml .python-version
	@scripts/setup
	@touch $@

.PHONY: setup
setup: $(VENV)/.ready ## the environment alone, in .venv

.PHONY: train
train: setup ## the model alone, if the data changed
	@$(BIN)/python scripts/train.py

.PHONY: run
run: train ## set everything up and start the product
	@exec $(BIN)/impreuna up

.PHONY: phone
phone: train ## the product with a stand-in for WhatsApp, and a phone to look at
	@exec $(BIN)/impreuna phone --with-product

.PHONY: check
check: setup ## formatter, linter, types, catalogs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/yamllint -s .
	$(BIN)/impreuna locales check

.PHONY: test
test: setup ## set everything up and run every test
	@scripts/browser
	@# Training leaves much of a second processor idle: what needs no model is tested beside it.
	@$(MAKE) --no-print-directory -j 2 test-parts train
	@# Many tests wait: three processes keep two processors at work.
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder -m "model or system"

.PHONY: test-parts
test-parts: check ## the tests that need no trained model
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not model and not system"

.PHONY: eval
eval: train ## the language-understanding report, per language
	$(BIN)/python -m bot.nlu.evaluate

.PHONY: bench
bench: train ## the benchmark table, beside a bare Rasa
	$(BIN)/python -m bench

.PHONY: lock
lock: ## renew requirements.lock from pyproject.toml
	$(UV) pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url \
	  --no-annotate --python-version 3.10 --python-platform x86_64-unknown-linux-gnu \
	  --upgrade --quiet --custom-compile-command "make lock" -o requirements.lock

.PHONY: clean
clean: ## remove the environment, the models and the local database
	rm -rf $(VENV) .tools .rasa .impreuna models/*.tar.gz
