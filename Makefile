# The commands of Tillid. Each is one line here; what it does lies in scripts/ or in `tillid`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install start test reset bench lint newcomer lock assets

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

install: ## what Tillid needs to run: Debian packages, .venv/, message catalogues
	@scripts/install.sh

start: ## install, then the demo municipality at http://127.0.0.1:8080 (Ctrl-C stops it)
	@scripts/install.sh
	@exec .venv/bin/tillid start

test: ## install what the tests need, then run all of them, fast core first
	@scripts/install.sh --test
	@scripts/test.sh

reset: ## remove the demo data (asks first)
	@.venv/bin/tillid reset

bench: ## measure against named peers in one run; writes benchmarks/RESULTS.md
	@scripts/install.sh --test
	@.venv/bin/python -m benchmarks

lint: ## ruff and the direction of imports
	@scripts/install.sh --test
	@scripts/lint.sh

newcomer: ## make test and make start in a bare Debian 12 (root; proves what a used machine cannot)
	@scripts/newcomer.sh

lock: ## resolve pyproject.toml anew into requirements/*.txt, with hashes
	@scripts/lock.sh

assets: ## fetch the pinned design system, htmx and fonts anew and check their digests
	@scripts/assets.sh
