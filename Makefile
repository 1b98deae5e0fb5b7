# Everything a newcomer types. The work is in scripts/, which needs nothing but Python 3.11.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BOOTSTRAP = @$(PYTHON) scripts/bootstrap

.DEFAULT_GOAL := help
.PHONY: help run test check bench stop reset

help: ## show these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

run: ## set everything up and start the demo town
	$(BOOTSTRAP) run

test: ## set everything up, check, and run every test
	$(BOOTSTRAP) test

check: ## format, lint, types, import contracts, migrations, deployment, OpenAPI
	$(BOOTSTRAP) check

bench: ## measure everything and write docs/performance.md
	$(BOOTSTRAP) bench

stop: ## end the town and every private server of this checkout
	$(BOOTSTRAP) stop

reset: ## end the town and forget its data
	$(BOOTSTRAP) reset
