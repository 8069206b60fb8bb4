#!/bin/sh
# setup.sh [build|all]: install what is missing on Debian 12 or Ubuntu 24.04,
# or later: for building and running (build), and for the tests too (all, the
# default).  Does nothing, quickly, where everything is there; never asks.
# Needs root or a sudo without a password only when something is missing.
set -eu

what=${1:-all}
missing=""

want() { # want PACKAGE TEST...: the package is missing unless TEST succeeds
	package=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}

has_module() { # of the distribution's python3, which the tests use
	/usr/bin/python3 -c 'import importlib.util as u, sys
sys.exit(u.find_spec(sys.argv[1]) is None)' "$1"
}

links_tsan() { # does this clang link a program with TSan's runtime?
	command -v "$1" >/dev/null || return 1
	probe=$(mktemp) || return 1
	echo 'int main(void) { return 0; }' |
		"$1" -x c -fsanitize=thread -o "$probe" - 2>/dev/null &&
		linked=0 || linked=1
	rm -f "$probe"
	return "$linked"
}

has_clang() { # one that CMakeLists.txt would take
	[ -z "${CC:-}" ] || return 0 # the user's own choice; CMake judges it
	for n in 23 22 21 20 19 18; do
		! links_tsan "clang-$n" || return 0
	done
	major=$(clang -dumpversion 2>/dev/null | cut -d. -f1)
	[ "${major:-0}" -ge 18 ] && links_tsan clang
}

has_symbolizer() {
	for n in "" -23 -22 -21 -20 -19 -18; do
		! command -v "llvm-symbolizer$n" >/dev/null || return 0
	done
	return 1
}

in_apt() {
	apt-cache show --no-all-versions "$@" >/dev/null 2>&1
}

newest_clang() { # the newest version whose packages apt knows
	for n in 23 22 21 20 19 18; do
		if in_apt "clang-$n" "libclang-rt-$n-dev" "llvm-$n"; then
			echo $n
			return
		fi
	done
	if grep -q '^ID=ubuntu' /etc/os-release; then echo 18; else echo 22; fi
}

find_missing() {
	missing=""
	want cmake command -v cmake
	want ninja-build command -v ninja
	want pkg-config command -v pkg-config
	want gcc command -v gcc # libc's headers, the linker
	want libc6-dev test -e /usr/include/stdio.h
	want libjansson-dev pkg-config --exists jansson
	want libdw-dev pkg-config --exists libdw
	want libelf-dev pkg-config --exists libelf
	want libxxhash-dev pkg-config --exists libxxhash
	want libcyaml-dev pkg-config --exists libcyaml
	want libxml2-dev pkg-config --exists libxml-2.0
	want zlib1g-dev pkg-config --exists zlib
	want uthash-dev test -e /usr/include/uthash.h
	if ! has_clang; then
		n=$(newest_clang)
		missing="$missing clang-$n libclang-rt-$n-dev llvm-$n"
	elif ! has_symbolizer; then
		missing="$missing llvm-$(newest_clang)"
	fi
	[ "$what" = all ] || return 0
	want help2man command -v help2man # manual pages
	want g++ command -v g++ # the C++ library, for snag-c++
	want libcmocka-dev pkg-config --exists cmocka
	want bats command -v bats
	want libgtest-dev test -e /usr/include/gtest/gtest.h
	want python3 test -x /usr/bin/python3
	want python3-jsonschema has_module jsonschema
	want python3-yaml has_module yaml
	want shellcheck command -v shellcheck
	# An old runtime, for programs that Snag only runs.
	command -v clang-14 >/dev/null || ! in_apt clang-14 libclang-rt-14-dev ||
		missing="$missing clang-14 libclang-rt-14-dev"
	for tool in clang-format-19 clang-tidy-19; do
		# Without them ci/check.sh says that it skips.
		command -v $tool >/dev/null || ! in_apt $tool ||
			missing="$missing $tool"
	done
}

by_hand() { # stop, with the command that a person can give
	echo "ci/setup.sh: $1; run: sudo apt-get update && sudo apt-get" \
		"install -y --no-install-recommends$missing" >&2
	exit 3
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

apt() { # quiet while all goes well
	log=$(mktemp)
	if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq \
		-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" \
		</dev/null >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		by_hand "apt-get $1 failed"
	fi
	rm -f "$log"
}

case $what in
build | all) ;;
*)
	echo "usage: ci/setup.sh [build|all]" >&2
	exit 2
	;;
esac

npm_packages() { # npm_packages FOLDER: what its package-lock.json names
	! cmp -s "$1/package-lock.json" "$1/node_modules/.installed" || return 0
	echo "Installing npm packages of $1"
	log=$(mktemp)
	if ! npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund \
		>"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		echo "ci/setup.sh: npm ci failed in $1" >&2
		exit 3
	fi
	rm -f "$log"
	cp "$1/package-lock.json" "$1/node_modules/.installed"
}

apt_packages() { # what is missing
	if ! command -v apt-get >/dev/null; then
		echo "ci/setup.sh: this is no Debian or Ubuntu; install what" \
			"these packages hold:$missing" >&2
		exit 3
	fi
	if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
		by_hand "packages are missing and only root may install them"
	fi

	apt update
	find_missing # now that the lists are new, which clang is the newest?
	echo "Installing$missing"
	# shellcheck disable=SC2086 # a list of words
	apt install -y --no-install-recommends $missing
}

cd "$(dirname "$0")/.."
find_missing
[ -z "$missing" ] || apt_packages
[ "$what" = build ] || npm_packages tests/schema
