#!/bin/sh
# install.sh: Snag on a machine of a CI service, Debian 12 or Ubuntu 24.04 or
# later, with what it takes to build C and C++ for it.  Copy it to
# ci/install-snag.sh of the project.  From the environment, one of:
#
#   SNAG_DEB         address or path of a .deb (`cpack -G DEB`, docs/install.md)
#   SNAG_REPOSITORY  address of Snag's repository, and SNAG_REF, the branch or
#                    tag (main): built from source, which takes some minutes
#
# Needs root, or sudo without a password.
set -eu

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q \
		-o DPkg::Lock::Timeout=300 "$@"
}

newest_clang() { # of those that apt knows and Snag takes
	for n in 23 22 21 20 19 18; do
		if apt-cache show "clang-$n" "libclang-rt-$n-dev" \
			>/dev/null 2>&1; then
			echo "clang-$n libclang-rt-$n-dev llvm-$n"
			return
		fi
	done
	echo "$0: apt has no clang from 18 up" >&2
	return 3
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
apt update
if [ -n "${SNAG_DEB:-}" ]; then
	apt install -y --no-install-recommends ca-certificates curl
	case $SNAG_DEB in
	*://*) curl -fsSL -o "$work/snag.deb" "$SNAG_DEB" ;;
	*) cp "$SNAG_DEB" "$work/snag.deb" ;;
	esac
	chmod a+rx "$work"
	clang=$(newest_clang)
	# shellcheck disable=SC2086 # a list of words
	apt install -y --no-install-recommends "$work/snag.deb" $clang \
		cmake make g++
else
	: "${SNAG_REPOSITORY:?neither SNAG_DEB nor SNAG_REPOSITORY is set}"
	apt install -y --no-install-recommends ca-certificates git make g++
	git clone -q --depth 1 --branch "${SNAG_REF:-main}" \
		"$SNAG_REPOSITORY" "$work/snag"
	cd "$work/snag"
	ci/setup.sh build
	cmake --preset release
	cmake --build --preset release --parallel
	as_root cmake --install build/release
fi
snag doctor
