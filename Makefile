# Two commands: `make run` and `make test`. Only git, make and Python 3.11 are assumed.
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
LIMS := $(VENV)/bin/lims
PORT ?= 8000
DEMO_DIR ?= $(CURDIR)/data/demo

.PHONY: setup setup-dev run test lint types translations promises validation-report bench clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock lims/translations/en/LC_MESSAGES/messages.po
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed (make PYTHON=/path/to/python3.11)"; exit 2; }
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -c "import pathlib, site; pathlib.Path(site.getsitepackages()[0], 'chuan_lims.pth').write_text('$(CURDIR)\n')"
	printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -c "from lims.cli import main; main()" "$$@"\n' > $(LIMS)
	chmod +x $(LIMS)
	$(VENV)/bin/pybabel -q compile -d lims/translations
	touch $@

setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

run: setup
	$(PY) -m compileall -q config.py certificates instruments lims uncertainty  # the server's processes start at once
	LIMS_DATA_DIR="$(DEMO_DIR)" LIMS_BASE_URL="http://127.0.0.1:$(PORT)" $(LIMS) demo
	LIMS_DATA_DIR="$(DEMO_DIR)" LIMS_BASE_URL="http://127.0.0.1:$(PORT)" $(LIMS) serve --port $(PORT)

test: setup-dev
	sh tests/prerequisites.sh
	$(PY) -m compileall -q config.py certificates instruments lims uncertainty  # what tests start begins at once
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: setup-dev
	$(PY) -m ruff check .

types: setup-dev
	$(PY) -m mypy

promises: setup-dev
	sh tests/prerequisites.sh
	$(PY) -m pytest -m "promise or fault" --kills 200 --cuts 50 -s

validation-report: setup
	mkdir -p build
	$(PY) -m uncertainty.validation tests/uncertainty/cases build/validation-report.json
	$(PY) -m certificates.validation_report build/validation-report.json build/validation-report.pdf
	@echo "build/validation-report.json and build/validation-report.pdf"

bench: setup-dev
	mkdir -p build
	sh benchmarks/peers.sh || echo "note: the programs to compare with could not be installed; their figures are left out"
	$(PY) benchmarks/run.py

translations: setup
	mkdir -p build
	$(VENV)/bin/pybabel -q extract -F babel.cfg -k lazy_gettext -k _l -k _n -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 \
		--no-location --sort-output --omit-header -o build/messages.pot lims
	$(VENV)/bin/pybabel -q update --no-fuzzy-matching --omit-header -N -i build/messages.pot -d lims/translations
	cat lims/translations/header.po lims/translations/en/LC_MESSAGES/messages.po > build/messages.po
	mv build/messages.po lims/translations/en/LC_MESSAGES/messages.po
	$(VENV)/bin/pybabel -q compile -d lims/translations

clean:
	rm -rf build .mypy_cache .pytest_cache .ruff_cache
