# Newswire: `make run` starts it, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Services start in half the time when their bytecode is kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check bench messages score-feeds score-dates score-rates score-near-duplicates score-mutations score-languages score-names score-names-speed score-search score-stories score-templates score-topics fuzz lock clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-21s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp per lock file: pip runs only when the lock has changed.
$(VENV)/run-%: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/run-*
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev-%: requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/dev-*
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

RUN := $(VENV)/run-$(shell cksum < requirements.lock | cut -d ' ' -f 1)
DEV := $(VENV)/dev-$(shell cksum < requirements-dev.lock | cut -d ' ' -f 1)

run: $(RUN) ## Start the wire with its seed; the front page is at http://127.0.0.1:8000/
	$(BIN)/newswire up --port $(PORT)

test: $(DEV) ## Run every test (ARGS go to pytest); what needs Docker and finds none says so
	$(BIN)/python -m pytest $(ARGS)

check: $(DEV) ## Format, lint, types and the import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV) ## Measure beside a peer in the same run
	$(BIN)/python -m tests.benchmarks

messages: $(DEV) ## Bring the catalogues of the pages' texts up to date
	$(BIN)/python -m services.api.words

score-mutations: $(DEV) ## Score which changed copies are found, beside MinHash and SimHash
	$(BIN)/python -m tests.scoring.mutations

score-templates: $(DEV) ## Score which notes by one template are taken for copies, beside MinHash
	$(BIN)/python -m tests.scoring.held_out_templates

score-rates: $(DEV) ## Compare the rates of recorded bank documents in DATA with a second reading
	$(BIN)/python -m tests.scoring.rates $(DATA)

score-topics: $(DEV) ## Tell the topics of labelled texts, or of DATA, beside two plainer ways
	$(BIN)/python -m tests.scoring.topics $(DATA)

topics: $(DEV) ## Learn the weights of the topics anew from their training texts
	$(BIN)/python -m services.enrichment.topics

score-dates: $(DEV) ## Read the dates of DATA, a JSON list of texts, beside other readers
	$(BIN)/python -m tests.scoring.dates $(DATA)

score-names: $(DEV) ## Score the names found in labelled texts
	$(BIN)/python -m tests.scoring.names $(DATA)

score-search: $(DEV) ## Score the labelled searches, beside plain FTS5
	$(BIN)/python -m tests.scoring.search

score-names-speed: $(DEV) ## Measure the step of names on labelled stories
	$(BIN)/python -m tests.scoring.names_speed

score-languages: $(DEV) ## Score the languages of labelled headlines
	$(BIN)/python -m tests.scoring.languages $(DATA)

score-feeds: $(DEV) ## Score the reader of feeds on a suite: DATA=cases.jsonl.gz
	$(BIN)/python -m tests.scoring.feeds $(DATA)

score-near-duplicates: $(DEV) ## Score the finding of copies on texts of known origin: DATA=texts.jsonl.gz
	$(BIN)/python -m tests.scoring.near_duplicates $(DATA)

score-stories: $(DEV) ## Score which articles of labelled ones, or of DATA, are put into one story
	$(BIN)/python -m tests.scoring.stories $(DATA)

FUZZ := $(VENV)/fuzz-$(shell cksum < pyproject.toml | cut -d ' ' -f 1)

# Not among the locked tools: only who fuzzes needs it.
$(FUZZ): $(DEV)
	@rm -f $(VENV)/fuzz-*
	$(BIN)/python -m pip install --quiet --no-build-isolation -e '.[fuzz]'
	@touch $@

SECONDS ?= 300
fuzz: $(FUZZ) ## Fuzz TARGET for SECONDS; without a TARGET: their names
	$(BIN)/python -m tests.fuzz $(TARGET) --seconds $(SECONDS)

lock: ## Write the lock files anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra install pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra install --extra dev pyproject.toml -o requirements-dev.lock

clean: ## Remove the environment and the data of `make run`
	rm -rf $(VENV) .newswire .fuzz
