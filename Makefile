# What people do with faithful, and what CI runs. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help verify test check e2e fmt bench drift

# A target that is set in the environment would turn tests and the stub run into something else.
CARGO := env -u FAITHFUL_TARGET cargo

help: ## list the targets
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{ printf "  make %-8s %s\n", $$1, $$2 }'
	@echo
	@echo '  make verify TARGET=https://staging.example.com ARGS="--variable memberId=7"'

verify: ## the shipped contracts against the embedded stub, or against TARGET
	@$(CARGO) run --locked --quiet -- verify $(if $(TARGET),--target '$(TARGET)') $(ARGS)

test: ## all tests
	$(CARGO) test --locked

check: ## format, lints, tests, API docs: what CI runs
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	$(CARGO) clippy --locked --lib --no-default-features -- -D warnings
	$(MAKE) test
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --locked --no-deps

e2e: ## install real servers, and hold them against their own docs
	tests/realworld/install
	$(CARGO) test --locked --test e2e -- --ignored --nocapture

fmt: ## format the code
	$(CARGO) fmt

drift: ## measure: which changes of documented answers the judge sees, and which it cries wolf at
	$(CARGO) test --locked --quiet --test drift -- --all

bench: ## pages, JSON, verifying: each measured beside a rival
	$(CARGO) bench --locked

.PHONY: fuzz
TIME ?= 600

# What cargo-fuzz does, with the compiler that is there: libFuzzer's counters are no feature of nightly.
COUNTERS := -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
	-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
	-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Cdebug-assertions
HOST = $(shell rustc -vV | sed -n 's/host: //p')

fuzz: ## fuzz each reader for TIME seconds (600)
	cd fuzz && RUSTFLAGS='$(COUNTERS)' $(CARGO) build --release --bins --target $(HOST)
	@cd fuzz && for reader in page annotation http lenient strict; do \
		echo "$$reader for $(TIME) s" && mkdir -p corpus/$$reader artifacts/$$reader && \
		nice target/$(HOST)/release/$$reader corpus/$$reader -artifact_prefix=artifacts/$$reader/ \
			-max_total_time=$(TIME) -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 || exit 1; \
	done
