#!/bin/sh
# renamed.sh [SECONDS [SEED]]: the classifier lives on shapes, not on names.
# All functions, variables, members, types and files of the catalogue get
# random names, comments go, and the causes must come out the same.
set -eu

seed=${2:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Our own folder tells where paths start.
mkdir .git
"$SNAG_SOURCE_DIR/tests/tools/rename.py" src --cc "$SNAG_CC" --seed "$seed" \
	-I "$SNAG_SOURCE_DIR/include" "$SNAG_SOURCE_DIR"/scenarios/*/*.c
find src -name '*.c' | xargs -P "$(nproc)" -I '{}' \
	"$SNAG_CC" -std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer \
	-fPIE -femulated-tls -fsanitize=thread -I "$SNAG_SOURCE_DIR/include" -c '{}' -o '{}.o'
find src -name '*.o' | xargs "$SNAG_CC" -fsanitize=thread -pie -o host \
	-Wl,--whole-archive "$SNAG_HARNESS" -Wl,--no-whole-archive \
	"@$SNAG_BUILD_DIR/snag-wrap.rsp"
# The functions that scenarios name have other names now: verdicts differ.
"$SNAG" run --host ./host --threads 2,8 --time "${1:-50}s" --seed "$seed" \
	--quiet --out out || [ $? -eq 1 ]
"$SNAG_SOURCE_DIR/tests/tools/causes.py" out/result.json --map src/map.json
