#!/bin/sh
# test.sh: from a fresh clone to the count of tests.  Installs what is
# missing, builds the tool, the hosts and the tests (warnings are errors), the
# unit tests a second time under ASan and UBSan, and runs everything, ci/check.sh
# included, as one list of tests.
set -eu
cd "$(dirname "$0")/.."

step() {
	echo "== $*"
}

build() { # build PRESET TARGET [-DVAR=VALUE...]
	preset=$1 target=$2
	shift 2
	step "Build build/$preset"
	cmake --preset "$preset" --log-level=WARNING "$@" >/dev/null
	cmake --build --preset "$preset" --target "$target" \
		--parallel "$(nproc)"
}

step "Install what is missing"
ci/setup.sh

if [ -z "${CMAKE_GENERATOR:-}" ] && command -v ninja >/dev/null; then
	export CMAKE_GENERATOR=Ninja
fi
build dev all "-DSNAG_SANITIZED_BUILD=$PWD/build/asan"
build asan unit-tests

step "Test"
exec ctest --test-dir build/dev --output-on-failure --no-tests=error \
	--no-label-summary --parallel "$(nproc)"
