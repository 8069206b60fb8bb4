# The .deb, looked at and taken apart.
load helper

setup_file() {
	command -v dpkg-deb >/dev/null || skip "dpkg-deb is not installed"
	cd "$BATS_FILE_TMPDIR" || return
	cpack -G DEB --config "$SNAG_BUILD_DIR/CPackConfig.cmake" -B "$PWD" \
		>log 2>&1 || { cat log && return 1; }
	dpkg-deb -x snag_*.deb x
}

@test "it needs the packages of what the tool links" {
	dpkg-deb -I "$BATS_FILE_TMPDIR"/snag_*.deb >out
	prints "Package: snag" "Section: devel" "Version: "
	if command -v dpkg-shlibdeps >/dev/null; then
		prints "Depends: " "libc6 (>= " "libjansson4" "libdw1"
	fi
}

@test "everything in it is below /usr" {
	dpkg-deb -c "$BATS_FILE_TMPDIR"/snag_*.deb >out
	prints ./usr/bin/snag ./usr/bin/snag-cc ./usr/include/snag/scenario.h \
		./usr/lib/snag/libsnag-harness.a \
		./usr/lib/cmake/Snag/SnagConfig.cmake \
		./usr/libexec/snag/snag-catalogue
	! grep -v '[[:space:]]\./\(usr/.*\)\?$' out || fail "see above"
}

@test "it works from where it was unpacked" {
	tool=("$BATS_FILE_TMPDIR/x/usr/bin/snag")
	gives 0 run counter/lost_update --threads 2 --iterations 50
	prints "broken, as expected" "counter->value++;"
}
