SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LINTER_VERSION := v2.15.0
# The version stands in the name, so that a new one is installed when this line changes.
LINTER := .cache/bin/golangci-lint-$(LINTER_VERSION)
FUZZ_TIME ?= 20s

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/esrsyncd
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/esrsyncd ./cmd/esrsyncd

.PHONY: demo
demo: ## show a whole night on a made-up trust, everything embedded
	go run ./cmd/esrsyncd demo

.PHONY: test
test: $(LINTER) ## everything: vet, linter, all tests with the race detector, real directories and a real database
	packaging/testbed/install.sh
	go vet ./...
	$(LINTER) run
	ESRSYNC_TEST_REQUIRE=1 packaging/testbed/run-with.sh --pair go test -race -shuffle=on -count=1 -timeout=20m ./...

.PHONY: test-fast
test-fast: ## the tests that need no real parts; the others say what they miss
	go test -shuffle=on ./...

.PHONY: lint
lint: $(LINTER) ## vet and linter alone
	go vet ./...
	$(LINTER) run

.PHONY: fuzz
fuzz: ## let each fuzz target look for trouble for FUZZ_TIME (20s)
	grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | grep -v '^./.cache/' | sort | \
	while IFS=: read -r file declaration; do \
		go test -run '^$$' -fuzz "^$${declaration#func }\$$" -fuzztime $(FUZZ_TIME) "$$(dirname "$$file")"; \
	done

.PHONY: bench-lockout
bench-lockout: ## p99 of 1,000 lockouts on two real controllers, beside a bare modify and an fsync
	packaging/testbed/install.sh
	packaging/testbed/run-with.sh --pair go test ./cmd/esrsyncd -run '^$$' -bench '^BenchmarkLockout$$' -benchtime 1x -timeout 20m

.PHONY: tidy-check
tidy-check: ## fail when go.mod or go.sum is not what `go mod tidy` would write
	go mod tidy -diff

.PHONY: clean
clean: ## remove what was built, the linter and the test bed's snapshot
	rm -rf bin .cache

$(LINTER):
	GOBIN=$(CURDIR)/.cache/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTER_VERSION)
	mv .cache/bin/golangci-lint $@
