#!/bin/sh
# run.sh [OPTION...]: from a fresh clone to the whole catalogue's verdict.
# Installs what is missing, builds the release, and gives every scenario its
# share of 160 seconds with 2, 4, 8 and 64 threads, under both engines.  Options
# go to `snag run` and come after the ones here.  Leaves snag-out/; ends with snag's status.
set -eu
cd "$(dirname "$0")/.."

step() {
	echo "== $*"
}

step "Install what is missing"
ci/setup.sh build

step "Build build/release"
if [ -z "${CMAKE_GENERATOR:-}" ] && command -v ninja >/dev/null; then
	export CMAKE_GENERATOR=Ninja
fi
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release --target snag snag-catalogue \
	--parallel "$(nproc)"

step "Run the catalogue"
status=0
build/release/snag run --engine both --threads 2,4,8,64 --time 160s \
	--out snag-out "$@" || status=$?

step "Reports are in $PWD/snag-out; exit status $status"
exit $status
