#!/bin/sh
# coverage.sh: how much of the tool the tests reach, file by file, from the
# last `ctest --preset coverage`.  A table on stdout; measured, not judged.
set -eu
cd "$(dirname "$0")/../build/coverage"

tool() { # the LLVM tool that belongs to the compiler of the build tree
	compiler=$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' CMakeCache.txt)
	"$compiler" -print-prog-name="$1"
}

programs=""
for program in unit/*; do
	[ ! -x "$program" ] || programs="$programs -object $program"
done
"$(tool llvm-profdata)" merge -sparse profile/*.profraw -o all.profdata
# shellcheck disable=SC2086 # a list of words
"$(tool llvm-cov)" report snag $programs -instr-profile=all.profdata \
	../../src ../../reports
