# Logs of any program into findings.
load helper

logs=$SNAG_SOURCE_DIR/tests/golden/logs
race=$logs/race_global.clang-22.txt
heap=$logs/race_heap.gcc-12.txt

# triages CODE ARG...: with the result in snag-out, for `result`.
triages() {
	gives "$1" triage --out snag-out --color never "${@:2}"
}

# many N: a log with N distinct races, without and with a lost side.
many() {
	awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++) {
			printf "==================\nWARNING: ThreadSanitizer: data"
			printf " race (pid=1)\n  Write of size 4 at 0x%08x", i * 8
			printf " by main thread:\n    #0 writer_%d /a/f.c:1", i
			printf " (app+0x%x)\n\n  Previous write of size 4 at", i
			printf " 0x%08x by main thread:\n", i * 8
			printf i % 3 ? "    #0 other_%d /a/f.c:2 (app+0x1)\n" \
				: "    [failed to restore the stack]\n", i
			printf "\nSUMMARY: ThreadSanitizer: data race /a/f.c:1"
			printf " in writer_%d\n==================\n", i
		}
	}'
}

@test "each race is one finding, with every log and line it stands in" {
	{ seq 500 && cat "$race" "$race" "$heap"; } >ci.log
	{ echo hello && cat "$race"; } >b.log
	triages 1 ci.log b.log
	prints "4 reports, 2 findings in 2 logs" "ci.log 3 2 NEW" \
		"b.log 1 1 NEW" "data race between add" \
		"seen ci.log:502, 2 reports b.log:3, 1 report" "exit 1"
	result 'it["verdict"] == "new"' 'len(it["findings"]) == 2' \
		's["type"] == "log"' 's["runs"][0]["engine"] == "log"' \
		's["runs"][0]["iterations"] == 0' \
		's["runs"][0]["reports"] == 3' \
		's["runs"][0]["findings"][0]["hits"] == 2' \
		's["runs"][0]["findings"][0]["first"] == 502' \
		'it["findings"][0]["count"] == 3'
}

@test "a log has no iterations, so nothing looks like a rate" {
	triages 1 "$race"
	lacks out "%" "1/1" "iteration" "->"
	! grep -q '"low"\|"high"' snag-out/result.json || fail "a rate is stored"
	gives 1 report
	lacks out "%" "1/1" "iteration" "->"
}

@test "standard input is a log, and so is a FIFO" {
	timeout 60 "$SNAG" triage <"$race" >out 2>err || code=$?
	[ "$code" -eq 1 ] || fail "code $code"
	prints "stdin 1 1 NEW" "seen stdin:2, 1 report"
	code=0
	cat "$race" | timeout 60 "$SNAG" triage - >out 2>err || code=$?
	[ "$code" -eq 1 ] || fail "code $code"
	mkfifo pipe
	cat "$race" >pipe &
	gives 1 triage pipe
	prints "pipe:2, 1 report"
}

@test "a log without a report is an error, never green" {
	: >empty.log
	echo "all tests passed" >quiet.log
	triages 3 empty.log
	prints "no report in 0 bytes; cannot tell whether ThreadSanitizer ran" \
		"exit 3"
	triages 3 quiet.log
	prints "no report in 17 bytes"
	result 's["verdict"] == "error"' 'it["exit"] == 3'
	# A finding is a fact, whatever else there is.
	triages 1 quiet.log "$race"
	result 's["verdict"] == "error"' 'it["exit"] == 1'
}

@test "what is missing from a log is said" {
	{ cat "$race" && echo "ThreadSanitizer: reported 7 warnings"; } >lost.log
	triages 1 lost.log
	prints "says that ThreadSanitizer made" "and 1 is in this log"
	echo "ThreadSanitizer: reported 7 warnings" >none.log
	triages 3 none.log
	prints "made 7 reports, and none of the text is in this log"
	head -n 2 "$race" >cut.log
	triages 3 cut.log
	prints "1 report was cut off before saying where" "(data race) at line 2"
	{ cat "$race" && head -n 2 "$race"; } >half.log
	triages 1 half.log
	prints "1 report was cut off before saying where"
	head -n 6 "$race" >side.log
	triages 1 side.log
	prints "1 of 1 report incomplete" "missing"
	result 'it["findings"][0]["incomplete"]'
	printf 'ThreadSanitizer: Matched 3 suppressions (pid=7):\n' >>lost.log
	triages 1 lost.log
	prints "3 reports matched suppressions and are not in this log"
}

@test "a lost side joins its finding, whichever comes first" {
	sed '/Previous/,/^$/{/#/s/.*/    [failed to restore the stack]/}' \
		"$race" >partial.log
	grep -q "failed to restore" partial.log || fail "nothing was lost"
	for order in "partial.log $race" "$race partial.log"; do
		# shellcheck disable=SC2086 # two names
		triages 1 $order
		result 'len(it["findings"]) == 1' \
			'it["findings"][0]["count"] == 2' \
			'not it["findings"][0]["incomplete"]'
	done
	triages 1 partial.log
	result 'len(it["findings"]) == 1'
}

@test "when ThreadSanitizer itself fails nothing is proven" {
	echo "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2" >fatal.log
	triages 3 fatal.log
	prints "ThreadSanitizer itself failed" "unexpected memory mapping" \
		"cause environment" "exit 3"
	result 's["verdict"] == "error"'
	triages 1 fatal.log "$race"
}

@test "a deadly signal is a crash" {
	triages 1 "$logs/crash.clang-22.txt"
	prints "crash in set" "FAILED"
	result 's["verdict"] == "failed"' \
		'it["findings"][0]["outcome"] == "@crash"'
}

@test "processes that print at once are told apart by their prefix" {
	paste -d '\n' <(sed 's/^/1: /' "$race") <(sed 's/^/2: /' "$heap") \
		>mixed.log
	triages 1 mixed.log
	result 'len(it["findings"]) == 2' \
		'not any(f["incomplete"] for f in it["findings"])'
}

@test "what is no log is refused in one sentence" {
	gives 2 triage nosuch
	complains_once "cannot read 'nosuch': No such file or directory"
	is_empty out
	mkdir folder
	gives 2 triage folder
	complains_once "'folder' is a folder: name the logs in it"
	gzip -c "$race" >log.gz
	gives 2 triage log.gz
	complains_once "'log.gz' looks like gzip: zcat log.gz | snag triage -"
	printf '\xfd7zXZ\0rest' >log.xz
	gives 2 triage log.xz
	complains_once "xzcat log.xz"
	printf '\x28\xb5\x2f\xfdrest' >log.zst
	gives 2 triage log.zst
	complains_once "zstdcat log.zst"
	printf 'BZh91AY' >log.bz2
	gives 2 triage log.bz2
	complains_once "bzcat log.bz2"
	printf 'PK\x03\x04rest' >log.zip
	gives 2 triage log.zip
	complains_once "unzip -p log.zip"
	iconv -f UTF-8 -t UTF-16 "$race" >log16
	gives 2 triage log16
	complains_once "iconv -f UTF-16 -t UTF-8 log16"
	gives 2 triage "$SNAG"
	complains_once "is a program or library, not a log"
	triages 1 "$race"
	gives 2 triage snag-out/result.json
	complains_once "snag report snag-out/result.json"
	gives 2 triage ''
	complains_once "cannot read ''"
}

@test "one bad log does not lose what the others hold" {
	gzip -c "$race" >log.gz
	triages 1 nosuch "$race" log.gz
	complains "cannot read 'nosuch'" "looks like gzip"
	prints "1 report, 1 finding in 3 logs" "nosuch 0 0 ERROR"
	result 'it["exit"] == 1' 's["verdict"] == "error"' \
		'"cannot read" in s["why"]'
	echo nothing >quiet.log
	triages 2 nosuch quiet.log
	result 'it["exit"] == 2'
}

@test "a log named twice is read once" {
	triages 1 "$race" "$race"
	prints "was named twice and read once"
	result 'it["findings"][0]["count"] == 1' 'len(it["subjects"]) == 1'
}

@test "options that make no sense are refused" {
	gives 2 triage --source-root nosuch "$race"
	complains_once "cannot use --source-root 'nosuch'"
	gives 2 triage --source-root "$race" "$race"
	complains_once "is no folder"
	gives 2 triage --format text,json "$race"
	complains_once "--format 'text,json' needs --out for the files"
	gives 2 triage --format nosuch "$race"
	gives 2 triage --out /dev/null/x "$race"
	complains_once "cannot make folder"
}

@test "sources make paths relative, and the cause is read from them" {
	mkdir -p project/src
	cat >project/src/bump.c <<-'EOF'
		static int total;
		void bump(void)
		{
			total++;
		}
	EOF
	root=$PWD/project
	sed -n 1,2p "$race" >log
	cat >>log <<-EOF
		  Write of size 4 at 0x10 by thread T1:
		    #0 bump $root/src/bump.c:4:7 (app+0x1)

		  Previous write of size 4 at 0x10 by main thread:
		    #0 bump $root/src/bump.c:4:7 (app+0x1)

		SUMMARY: ThreadSanitizer: data race $root/src/bump.c:4:7 in bump
	EOF
	triages 1 log --source-root project
	prints "cause lost-update" "src/bump.c:4:7" "total++;"
	result 'it["findings"][0]["accesses"][0]["frames"][0]["file"] == "src/bump.c"'
	# From another machine: found below the root all the same.
	sed "s#$root#/home/ci/build#" log >other
	triages 1 other --source-root "$BATS_TEST_TMPDIR" --source-root project
	prints "cause lost-update" "total++;"
	# Nothing is invented without it.
	mkdir none
	triages 1 other --source-root none
	lacks out "total++;"
	# The folder around is a repository: its root is the default.
	mkdir project/.git project/deep
	cd project/deep
	cp ../../log .
	triages 1 log
	prints "src/bump.c:4:7" "total++;"
	lacks out "$root"
	cd ../..
}

@test "nothing is written without --out" {
	gives 1 triage "$race"
	[ ! -e snag-out ] || fail "snag-out was made"
	lacks out "more snag explain" "details:"
	triages 1 "$race" --format json,text
	[ -s snag-out/report.txt ] || fail "no report.txt"
	[ "$(find snag-out/reports -name '*.txt' | wc -l)" -eq 1 ] ||
		fail "no text of the report"
	gives 1 triage -q "$race"
	is_empty out
}

@test "interrupted, it shows what was read by then" {
	mkfifo pipe
	# Held open: the log does not end.
	{ cat "$race" && exec sleep 60; } >pipe &
	writer=$!
	start triage --out snag-out pipe "$heap"
	for _ in {1..200}; do
		[ ! -e snag-out/reports ] || break
		sleep 0.05
	done
	sleep 0.5
	kill -INT "$pid"
	ends 130
	kill "$writer"
	prints "1 report, 1 finding" "1 of 2 logs were not read" "exit 130"
	result 'it["interrupted"]' 'it["exit"] == 130'
}

@test "twenty thousand distinct races are no trouble, and more are counted" {
	many 15000 >many.log
	gives 1 triage --format json many.log
	holds out 'len(it["findings"]) == 15000'
	many 20500 >more.log
	gives 1 triage more.log
	prints "20,500 reports, 20,000 findings in 1 log" \
		"500 reports of further findings could not be kept"
}

@test "hostile text is shown clean" {
	name=$'evil\e[31m<script>.log'
	sed $'s/add/a\x1b[31md\x01\xff"<b>/' "$race" >"$name"
	triages 1 "$name"
	! grep -q $'\x1b\|\x01' out snag-out/result.json ||
		fail "a control byte came through"
	gives 2 triage $'no\e[31msuch'
	! grep -q $'\x1b' err || fail "a control byte came through"
}
