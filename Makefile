PYTHON ?= python3
READY = .venv/ready

.PHONY: reports test lab lint refresh clean journey sample

reports: sample ; .venv/bin/regulars run parameters/cdnow.yaml && .venv/bin/regulars run parameters/shop.yaml

test: sample ; .venv/bin/python -m pytest

lab: sample ; .venv/bin/jupyter lab notebooks/00_overview.ipynb

lint: $(READY) ; .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/python -m pytest -q tests/notebooks/test_style.py

refresh: sample ; .venv/bin/regulars refresh

clean: ; rm -rf .venv data/work tests/browser/node_modules .pytest_cache .ruff_cache .hypothesis

journey: $(READY) ; .venv/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[journey]' && .venv/bin/regulars sample journey && .venv/bin/python -m pytest -q tests/data/test_journey.py && .venv/bin/regulars run parameters/journey.yaml

sample: $(READY) ; @.venv/bin/regulars sample cdnow && .venv/bin/regulars sample shop

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Regulars needs Python 3.11 or newer. Say which: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)
