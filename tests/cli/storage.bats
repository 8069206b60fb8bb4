# Where results go, and what happens when they cannot.
load helper

quick=(--threads 2 --iterations 20 fault/none)

@test "--out is made, with the folders above it" {
	gives 0 run --host "$faults" "${quick[@]}" --out a/b/c
	holds a/b/c/result.json 'iterations == 20'
	gives 0 run --host "$faults" "${quick[@]}" --out "$PWD/d//e/"
	holds d/e/result.json 'iterations == 20'
	[ ! -e snag-out ]
}

@test "--out that cannot be is refused before anything runs" {
	echo precious >file
	for out in file file/below /proc/snag /proc/self/status/x /dev/null \
		/dev/full/x ""; do
		gives 2 run --host "$faults" "${quick[@]}" --out "$out"
		is_empty out
		complains_once "--out"
	done
	[ "$(cat file)" = precious ]
}

@test "--out on a read-only file system is refused" {
	mkdir ro
	in_mount ro size=64k,ro run --host "$faults" "${quick[@]}" --out ro/x
	[ "$code" -eq 2 ] || fail "code $code"
	complains_once "--out" "Read-only file system"
}

# in_mount FOLDER OPTIONS ARG...: `snag ARG...` with a file system in memory
# on FOLDER, which is full from the start unless it is read-only; sets code.
in_mount() {
	# shellcheck disable=SC2016 # for the inner shell
	local script='
		mount -t tmpfs -o "$2" none "$1" || exit 99
		[ "${2%ro}" != "$2" ] || cat /dev/zero >"$1/fill" 2>/dev/null
		shift 2
		exec "$@"'

	[ "$(id -u)" -eq 0 ] || skip "only root may mount"
	unshare -m true 2>/dev/null || skip "mounts are not allowed here"
	code=0
	unshare -m sh -c "$script" sh "$1" "$2" "${tool[@]}" "${@:3}" \
		>out 2>err </dev/null 3>&- || code=$?
	[ "$code" -ne 99 ] || skip "mounts are not allowed here"
}

@test "a full disk: the report is printed all the same" {
	mkdir full
	in_mount full size=64k run --host "$faults" "${quick[@]}" --out full
	[ "$code" -eq 3 ] || fail "code $code"
	prints "clean, as expected" "20 iterations"
	complains_once "cannot write 'full/result.json'" \
		"No space left on device"
}

@test "a full disk does not hide a finding" {
	mkdir full
	in_mount full size=64k run --host "$faults" --threads 2 \
		--iterations 50 fault/race --out full
	[ "$code" -eq 1 ] || fail "code $code"
	prints "not described: data race of race"
	complains "cannot write" "No space left on device"
}

@test "stdout that takes nothing is trouble, and the result is stored" {
	code=0
	"${tool[@]}" run --host "$faults" "${quick[@]}" >/dev/full 2>err ||
		code=$?
	[ "$code" -eq 3 ] || fail "code $code"
	complains_once "cannot write the report" "No space left on device"
	result 'iterations == 20' 'it["exit"] == 0'
}

@test "stdout that takes nothing does not hide a finding" {
	code=0
	"${tool[@]}" run --host "$faults" --threads 2 --iterations 50 \
		fault/race >/dev/full 2>err || code=$?
	[ "$code" -eq 1 ] || fail "code $code"
	complains_once "cannot write the report"
}

@test "stdout that takes nothing is trouble for every command" {
	faulty 0 none --iterations 5
	for command in list report doctor help "help run" "run --help" \
		explain "explain lost-update" "explain counter/lost_update" \
		--version --help; do
		code=0
		# shellcheck disable=SC2086 # words
		"${tool[@]}" $command >/dev/full 2>err || code=$?
		[ "$code" -eq 3 ] || fail "snag $command: code $code"
		complains_once "cannot write"
	done
}

@test "closed streams are no files of ours" {
	code=0
	"${tool[@]}" run --host "$faults" "${quick[@]}" >&- 2>err || code=$?
	[ "$code" -eq 3 ] || fail "code $code"
	complains_once "cannot write the report"
	"${tool[@]}" run --host "$faults" "${quick[@]}" <&- >out 2>&-
	prints "clean, as expected"
	result 'iterations == 20'
}

@test "a reader that goes away is no death" {
	"${tool[@]}" list 2>err | head -n 1 >out
	[ "${PIPESTATUS[0]}" -eq 0 ] || complains "Broken pipe"
	[ "$(wc -l <out)" -eq 1 ]
	# One that was never there.
	code=0
	{ sleep 0.3 && "${tool[@]}" list 2>err || echo $? >code; } | true
	[ "$(cat code)" -eq 3 ]
	complains_once "cannot write the list" "Broken pipe"
}

@test "reports of an earlier run are removed with it" {
	gives 1 run --host "$faults" --threads 2 --iterations 60 \
		fault/race fault/crash
	[ "$(find snag-out/reports -name '*.txt' | wc -l)" -eq 2 ]
	echo mine >snag-out/reports/notes.txt
	faulty 1 race --iterations 60
	result 'kinds == ["data race"]'
	[ "$(find snag-out/reports -name '*.txt' | wc -l)" -eq 2 ]
	[ "$(cat snag-out/reports/notes.txt)" = mine ]
	for file in snag-out/reports/????????????????*.txt; do
		has "$file" "WARNING: ThreadSanitizer: data race" "race"
	done
}

@test "nothing but the result is left in --out" {
	faulty 1 race --iterations 60
	(cd snag-out && find . -type f | sed 's,/[0-9a-f]\{32\}\.,/ID.,') |
		sort >files
	printf '%s\n' ./reports/ID.txt ./result.json >wanted
	diff wanted files
}
