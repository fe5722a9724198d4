# `make run` and `make test` do everything on a fresh clone; the other targets are for work on sim itself.
VENV ?= .venv
SCENARIO ?= priors/default.toml
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: run test test-portable test-slow test-pages check format bench docs html lock clean

run: $(READY)
	$(BIN)/python -m sim run $(SCENARIO)

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" --mpl

# Goldens, locks and what is keyed by name, computed as on an older processor.
test-portable: $(READY)
	env $$($(BIN)/python -m tests.processors) $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" \
		tests/test_golden.py tests/draws tests/replication tests/cli/test_lock.py tests/cases/test_observed.py

test-slow: $(READY)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow

# What the pages show, the commands that take a while among it.
test-pages: $(READY)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow tests/docs/test_pages.py

check: $(READY)
	$(BIN)/lint-imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m pytest benchmarks -s -p no:xdist --write-page

# Writes the pages that are read off the program anew, then builds all: what was stale shows in `git diff`.
# docs/errors.md takes some twenty minutes and is written by `python -m tests.errors` alone.
docs: $(READY)
	$(BIN)/python -m studies scenarios priors --out docs/scenarios.md
	$(BIN)/python -m tests.conformance
	$(BIN)/python -m docs.generate
	$(MAKE) html

html: $(READY)
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --nitpicky --quiet docs build/docs

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The environment is exactly the lock, then this checkout on top of it; PYTHON names another than the first found.
$(READY): requirements.lock pyproject.toml
	@sh .ci/environment $(VENV) $(PYTHON)

# Needs `uv` on the PATH; run after a change of the dependencies in pyproject.toml.
lock:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --all-extras --group bench --group dev \
		pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist
