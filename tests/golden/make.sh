#!/bin/sh
# Makes tests/golden/logs/NAME.COMPILER.txt: what ThreadSanitizer says of each
# program.  Needed only for new programs or compilers: the logs are kept.
# usage: make.sh [PROGRAM...]     (names without .c; default: all)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$here/logs"

if [ $# -eq 0 ]; then
	for source in "$here"/programs/*.c; do
		set -- "$@" "$(basename "$source" .c)"
	done
fi

run() { # PROGRAM COMPILER
	log=$here/logs/$1.$2.txt
	symbolizer=
	case $2 in
	clang-*) symbolizer=external_symbolizer_path=/usr/bin/llvm-symbolizer-${2#clang-} ;;
	esac
	if ! "$2" -fsanitize=thread -pthread -D_GNU_SOURCE -O1 -g \
		-fno-optimize-sibling-calls -ffile-prefix-map="$here/programs"=/src \
		"$here/programs/$1.c" -o "$work/$1" 2>"$work/errors"; then
		echo "$1: $2 cannot compile it" >&2
		sed 3q "$work/errors" >&2
		return
	fi
	# Addresses fit only without randomisation; see the kernel's
	# vm.mmap_rnd_bits.
	TSAN_OPTIONS=$symbolizer timeout 60 setarch -R "$work/$1" \
		>"$work/log" 2>&1 || :
	sed "s,$work/,/src/,g" "$work/log" >"$log"
	[ -s "$log" ] || rm "$log"
}

for program; do
	for compiler in clang-14 clang-19 clang-22 gcc-12; do
		run "$program" "$compiler"
	done
done
