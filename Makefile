# The front door. `make` alone lists every target.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run run-postgres dev test test-fast soak e2e bench lint release demo-data clean client tools

ADDRESS ?= 127.0.0.1:3000
DIGGER := target/debug/digger

help: ## List every target
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Set everything up and serve the demo on http://127.0.0.1:3000
	@scripts/setup.sh run
	@$(DIGGER) serve --demo --listen $(ADDRESS)

run-postgres: ## Like run, with the shop in a private PostgreSQL (its data stays in data/postgres)
	@scripts/setup.sh run
	@scripts/run-postgres.sh $(ADDRESS)

dev: ## Like run, and again after every change where cargo-watch is installed
	@scripts/dev.sh

test: ## Set everything up and pass all tests (formatting, lints, unit, integration, browser)
	@scripts/test.sh

test-fast: ## The tests that need neither a browser nor LibreOffice
	@cargo test --workspace --quiet -- --skip libreoffice

soak: ## Break everything by seed for SOAK_MINUTES (30) on both databases; SOAK_SEED repeats one
	@scripts/setup.sh run && scripts/databases.sh postgres
	@SOAK_MINUTES=$${SOAK_MINUTES:-30} cargo test --workspace --quiet --test serving soak:: -- --nocapture --test-threads=1
	@PROOF_MINUTES=$${SOAK_MINUTES:-30} cargo test --workspace --quiet --test proof random_ -- --nocapture

e2e: ## The browser tests only
	@scripts/setup.sh e2e
	@scripts/e2e.sh

bench: ## Measure speed, memory and size, and print them as Markdown (some: SECTIONS="claims crowd")
	@scripts/setup.sh client
	@scripts/bench.sh $(SECTIONS)

lint: ## Formatting, clippy with warnings denied, licences where cargo-deny is installed
	@scripts/lint.sh

release: ## One self-contained optimised binary: target/release/digger
	@scripts/setup.sh client
	@cargo build --release -p server --features embed
	@ls -l target/release/digger

demo-data: ## Make the demo shop as target/demo/shop.sqlite
	@cargo build --quiet -p server
	@mkdir -p target/demo && $(DIGGER) demo --out target/demo/shop.sqlite

client: ## Build the browser client and the styles only
	@scripts/client.sh

clean: ## Remove everything that was built or downloaded into the checkout, and the demo data
	@rm -rf target data end2end/node_modules end2end/test-results
