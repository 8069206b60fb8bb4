# find_package(Snag) and add_subdirectory(), as other projects use them.
load helper

setup_file() {
	install_snag
}

# project LINE...: a project in the current folder, and its one scenario.
project() {
	printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' "$@" \
		>CMakeLists.txt
	cp "$examples"/own-scenario/ring* .
	cp "$examples/plain/racy.c" .
}

configures() { # CODE COMPILER [ARG...]
	ends_with "$1" cmake -S . -B build -DCMAKE_C_COMPILER="$2" \
		-DCMAKE_PREFIX_PATH="$prefix" "${@:3}"
}

@test "the example builds against what is installed, and its tests pass" {
	cp -r "$examples/own-scenario/." .
	configures 0 "$SNAG_CLANG"
	ends_with 0 cmake --build build
	ends_with 0 ctest --test-dir build --output-on-failure
	prints "snag.ring-scenarios" "ring-test" "100% tests passed"
	[ -s build/snag-out/ring-scenarios/result.json ]
}

@test "a host can have no test, or one of another name" {
	project 'project(p LANGUAGES C)' 'enable_testing()' \
		'find_package(Snag 0.1 REQUIRED)' \
		'snag_add_scenarios(a ring.c ring_scenarios.c NO_TEST)' \
		'snag_add_scenarios(b ring.c ring_scenarios.c TEST_NAME mine)' \
		'snag_add_scenarios(c ring.c ring_scenarios.c
			RUN_ARGS --time 7s)' \
		'find_package(Snag REQUIRED)'
	configures 0 "$SNAG_CLANG"
	ends_with 0 ctest --test-dir build -N -V
	prints "Test #1: mine" "Test #2: snag.c" "Total Tests: 2" \
		'"--time" "7s"'
}

@test "scenarios without clang are refused in one sentence" {
	cp -r "$examples/own-scenario/." .
	configures 1 gcc
	complains "ring_scenarios.c needs clang 18 or later" \
		"compiler for C is GNU"
}

@test "gcc instruments a program, and an interface library is refused" {
	project 'project(p LANGUAGES C)' 'find_package(Snag REQUIRED)' \
		'add_executable(racy racy.c)' 'snag_instrument(racy)'
	configures 0 gcc
	ends_with 0 cmake --build build
	races 1 build/racy count_request
	echo 'add_library(i INTERFACE) snag_instrument(i)' >>CMakeLists.txt
	sed -i 's/) snag/)\nsnag/' CMakeLists.txt
	configures 1 gcc
	complains "an interface library is not compiled"
}

@test "add_subdirectory gives the same functions, and installs nothing" {
	project 'project(p LANGUAGES C)' 'enable_testing()' \
		"add_subdirectory($SNAG_SOURCE_DIR snag EXCLUDE_FROM_ALL)" \
		'snag_add_scenarios(mine ring.c ring_scenarios.c)' \
		'add_executable(ordinary ring.c ring_test.c)' \
		'snag_instrument(ordinary)'
	configures 0 "$SNAG_CLANG"
	ends_with 0 ctest --test-dir build -N
	prints "Test #1: snag.mine" "Total Tests: 1"
	ends_with 0 cmake --build build --target mine --parallel 2
	gives 0 list --host build/mine
	prints "ring/read_past_pop broken"
	ends_with 0 cmake --install build --prefix nothing
	[ ! -e nothing/bin ]
}

@test "a shared library is explored together with its program" {
	cp -r "$examples/library/." .
	configures 0 "$SNAG_CLANG"
	ends_with 0 cmake --build build
	gives 1 exec --engine explore --runs 64 -- build/boxoffice
	prints "exit 1"
	configures 0 "$SNAG_CLANG" -DFIXED=ON
	ends_with 0 cmake --build build
	gives 0 exec --engine explore --runs 32 -- build/boxoffice
}
