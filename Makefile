# Each target is a line or two that a person would type anyway.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
IMAGE := ocop
BASE := python:3.11-slim-trixie

.PHONY: help setup setup-dev run test check unit system model mutants bench bench-long chaos docs lock image clean

help:  ## Show what can be asked for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Make .venv with what a running instance needs
	@bin/setup run

setup-dev:  ## Make .venv with what checks and tests need, too
	@bin/setup dev

run: setup  ## Walk Thanh Hóa's year 2024, print plan against result, serve on port 8000
	.venv/bin/ocop demo thanh-hoa-2024
	.venv/bin/ocop up

test: check  ## Everything: checks, and all tests on real RabbitMQ and PostgreSQL
	$(PYTHON) -m pytest

check: setup-dev  ## Style, types, the rooms' import rules, and generated files fresh
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m cli.document --check

unit: setup-dev  ## The tests that need no server, in seconds
	$(PYTHON) -m pytest -m "not system"

system: setup-dev  ## The tests on real RabbitMQ and PostgreSQL
	$(PYTHON) -m pytest -m system

model:  ## Check the model of delivery with spin, deeper than the tests do
	bin/model

mutants: setup-dev  ## Break the rating in every way that mutmut knows; docs/mutants.md explains what no test notices
	.venv/bin/mutmut run
	.venv/bin/mutmut results

bench: setup-dev  ## Measure, beside its peers, on the same servers as the tests
	$(PYTHON) -m benchmarks
	$(PYTHON) -m benchmarks.deriving

bench-long: setup-dev  ## The same, with reports, look-ups and catching up at a million (some ten minutes)
	$(PYTHON) -m benchmarks --long
	$(PYTHON) -m benchmarks.deriving

SEED := 1
MINUTES := 5
DOSSIERS := 0
EVERY := 6

chaos: setup-dev  ## Kill, stop, starve and cut an instance under load, and count (SEED=… MINUTES=… DOSSIERS=… EVERY=…)
	$(PYTHON) -m chaos --seed $(SEED) --minutes $(MINUTES) --dossiers $(DOSSIERS) --every $(EVERY) --json chaos/latest.json

docs: setup-dev  ## Write docs/events.md and deploy/asyncapi.yaml anew from the contracts
	$(PYTHON) -m cli.document

lock: setup-dev  ## Pin the newest versions that requirements/*.in allow, with their hashes
	for each in run dev; do \
	    $(PYTHON) -m piptools compile --upgrade --quiet --strip-extras --allow-unsafe --generate-hashes \
	        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header \
	        --output-file=requirements/$$each.txt requirements/$$each.in; \
	done

image:  ## Build the container image, with docker or else buildah (BASE=… IMAGE=…)
	bin/image "$(IMAGE)" "$(BASE)"

clean:  ## Remove everything that was made here, sample data included
	rm -rf .venv .data .servers mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
