PYTHON ?= python3
READY = .venv/ready

.PHONY: reports test lab lint refresh clean sample

reports: sample ; .venv/bin/regulars run parameters/cdnow.yaml

test: sample ; .venv/bin/python -m pytest

lab: sample ; .venv/bin/jupyter lab notebooks/00_overview.ipynb

lint: $(READY) ; .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/python -m pytest -q tests/notebooks/test_style.py

refresh: sample ; .venv/bin/regulars refresh

clean: ; rm -rf .venv data/work tests/browser/node_modules .pytest_cache .ruff_cache .hypothesis

sample: $(READY) ; @.venv/bin/regulars sample cdnow

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Regulars needs Python 3.11 or newer. Say which: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)
