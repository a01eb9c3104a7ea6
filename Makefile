# Needs Python 3.11 or newer, make and a package index; everything else is set up in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test check bench chaos docs clean lock

demo: $(READY)
	@$(BIN)/unsilenced demo

test: $(READY) check
	$(BIN)/python -m pytest -n 3

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench

chaos: $(READY)
	$(BIN)/python -m pytest -m chaos --full-chaos

# The documents that are made from code and data.
docs: $(READY)
	$(BIN)/python -m docs.generate

clean:
	rm -rf $(VENV) demo build *.egg-info

# The venv is made anew whenever the pinned requirements or the project's own metadata change.
$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# For maintainers: pin anew (needs uv).
lock:
	uv pip compile -q --generate-hashes --no-annotate --no-header --universal --python-version 3.11 pyproject.toml -o requirements/core.txt
	uv pip compile -q --generate-hashes --no-annotate --no-header --universal --python-version 3.11 pyproject.toml --extra export --group dev -o requirements/dev.txt
