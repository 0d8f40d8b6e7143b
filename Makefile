# The commands of Tillid. Each is a line or two here; what it does lies in scripts/ or in `tillid`. What people read is Danish.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install start test test-core test-thorough faults fuzz reset validators bench lint newcomer lock assets

help: ## denne liste
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

install: ## hent det, Tillid bruger: Debian-pakker, .venv/ og sprogfiler
	@scripts/install.sh

start: ## installér, og start demokommunen (Ctrl-C stopper den)
	@scripts/install.sh
	@exec .venv/bin/tillid start

test: ## installér det, testene bruger, og kør dem alle, de hurtige først
	@scripts/install.sh --test
	@scripts/test.sh

test-core: ## kun den hurtige kerne uden Plone (cirka 10 sekunder), og hvor længe den tog
	@scripts/install.sh --test
	@scripts/test.sh --core

test-thorough: ## kernens egenskabstest med 3000 nye eksempler hver, og hver side set efter i begge bredder, hver ugyldig prøvepost, en rundes 200 dokumenter, og 3000 forløb af et dokument (til natten)
	@scripts/install.sh --test
	@scripts/test.sh --core --hypothesis-profile=thorough
	@TILLID_TESTS=all scripts/test.sh tests/contract/test_receipt_kit.py tests/faults/test_gather_many.py tests/walks/test_any_life.py tests/browser

faults: ## slå Tillid ihjel over 2000 gange (KILLS=70 på hvert sted, FAULT_ROUNDS=40), lad klik mødes (RACE_ROUNDS=1000), og spørg OpenSearch
	@scripts/install.sh --test
	@FAULT_ROUNDS=$${FAULT_ROUNDS:-40} KILLS=$${KILLS:-70} RACE_ROUNDS=$${RACE_ROUNDS:-1000} SEARCH_SERVERS=1 .venv/bin/python -m pytest -q tests/faults tests/contract/search

fuzz: ## ændr prøveposter, tidsstempler, loghoveder og kvitteringer, længe (FUZZ_RUNS=500000), og se, at intet godkendes
	@scripts/install.sh --test
	@FUZZ_RUNS=$${FUZZ_RUNS:-500000} .venv/bin/python -m pytest -q tests/faults/test_fuzz_records.py

reset: ## fjern demodata (spørger først)
	@.venv/bin/tillid reset

validators: ## spørg uafhængige validatorer (EU DSS, Santuario, JDK, xmlsec1) og andres logvidner om prøveposterne; skriver docs/validators*.md
	@scripts/install.sh --test
	@.venv/bin/python scripts/ask_validators.py
	@.venv/bin/python scripts/ask_evidence_validators.py
	@.venv/bin/python scripts/ask_personal_validators.py
	@.venv/bin/python scripts/ask_log_verifiers.py

bench: ## mål mod navngivne andre i samme kørsel; skriver benchmarks/RESULTS.md
	@scripts/install.sh --test
	@.venv/bin/python -m benchmarks

lint: ## efterse stil og importretning
	@scripts/install.sh --test
	@scripts/lint.sh

newcomer: ## prøv make start og make test i en bar Debian 12 (som root)
	@scripts/newcomer.sh

lock: ## opløs pyproject.toml på ny til requirements/*.txt med hashes
	@scripts/lock.sh

assets: ## hent designsystem, htmx og skrifter på ny, og efterse deres digest
	@scripts/assets.sh
