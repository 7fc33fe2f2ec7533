# `make run` and `make test` do everything on a fresh Debian machine with Python 3.11, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: run sure test bench long pins
run: $(VENV)/.runs
	@exec $(BIN)/flask supervise

$(VENV)/.runs: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.runs
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

sure: $(VENV)/.tests          ## format, lint, types, contracts, unit and story tests on SQLite
	@sh tests/sure.sh $(BIN)

test: $(VENV)/.tests          ## everything, on both databases, browser and daemons too
	@sh tests/everything.sh $(BIN)

bench: $(VENV)/.tests         ## side-by-side measurements: make bench X=name
	@sh bench/run.sh $(BIN) "$(X)"

long: $(VENV)/.tests          ## one long measurement: make long X=name, evidence in docs/evidence/
	@sh bench/long.sh $(BIN) "$(X)"

pins:                         ## compile the pinned requirements anew
	@$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe -o requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe -o requirements-dev.txt requirements-dev.in
