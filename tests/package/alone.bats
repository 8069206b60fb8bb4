# The tool without harness and catalogue, as gcc builds it.
load helper

@test "gcc builds snag alone without a warning, and it works" {
	ends_with 0 cmake -S "$SNAG_SOURCE_DIR" -B build \
		-DCMAKE_C_COMPILER=gcc -DSNAG_HARNESS=OFF \
		-DCMAKE_BUILD_TYPE=Debug -DSNAG_WERROR=ON
	ends_with 0 cmake --build build --parallel 2
	tool=(build/snag)
	gives 0 explain lost-update
	prints "lost-update"
	gives 3 list
	complains_once "there is no snag-catalogue" "--host"
	gives 0 list --host "$faults"
	prints "fault/crash"
	ends_with 0 cmake --install build --prefix p
	find p -type f -printf '%P\n' >files
	has files bin/snag share/doc/snag/LICENSE
	lacks files snag-cc libexec lib/ include
}
