# A stored result, shown again; and files that are none.
load helper

@test "a stored result is shown as the run showed it" {
	gives 1 run --host "$faults" --threads 2 --iterations 60 \
		fault/race fault/crash fault/none fault/skip
	cp out first
	gives 1 report
	diff first out
	gives 1 report snag-out
	diff first out
	gives 1 report snag-out/result.json
	diff first out
	gives 1 report --format json
	cmp snag-out/result.json out
}

@test "the exit code is that of the run" {
	faulty 0 none --iterations 5
	gives 0 report
	faulty 3 skip
	gives 3 report
	faulty 1 missed --iterations 5
	gives 1 report
}

@test "a report does not need the host, nor the folder it ran in" {
	cp "$faults" host
	gives 1 run --host ./host --threads 2 --iterations 60 --color never \
		fault/race
	cp out first
	rm host
	mkdir elsewhere
	mv snag-out elsewhere/moved
	cd elsewhere
	gives 1 report moved
	# It names the folder that it was given.
	sed -i 's/snag-out/moved/' ../first
	sed 's/ --result moved$//' out | diff ../first -
}

@test "-o writes a file, -q nothing" {
	faulty 1 race --iterations 60
	cp out first
	gives 1 report -o text
	is_empty out
	diff first text
	gives 1 report -q
	is_empty out
	gives 2 report -o nosuch/text
	complains_once "cannot write 'nosuch/text'"
	gives 3 report -o /dev/full
	complains_once "cannot write the report"
}

@test "--verbose shows what was expected, too" {
	gives 0 run counter/lost_update counter/counter_mutex --threads 2 \
		--iterations 50
	lacks out "earlier write of"
	gives 0 report --verbose
	prints "earlier write of" "counter->value++"
}

@test "a result that is not there" {
	gives 2 report
	complains_once "cannot read 'snag-out': No such file or directory"
	gives 2 report nosuch.json
	complains_once "cannot read 'nosuch.json'"
	mkdir empty
	gives 2 report empty
	complains_once "cannot read 'empty/result.json'"
}

@test "files that are no result" {
	: >empty
	gives 2 report empty
	complains_once "'empty' is not JSON"
	echo "hello" >text
	gives 2 report text
	complains_once "'text' is not JSON: line 1"
	head -c 100000 /dev/urandom >binary
	gives 2 report binary
	complains_once "'binary'"
	gives 2 report "$faults"
	complains_once "faults'"
	echo '{"format": "eslint", "version": 1}' >foreign
	gives 2 report foreign
	complains_once "'foreign'" "not a file of format snag-result"
	echo '[]' >list
	gives 2 report list
	complains_once "'list'"
	"${tool[@]}" list --format json >scenarios
	gives 2 report scenarios
	complains_once "'scenarios'" "not a file of format snag-result"
	is_empty out
}

@test "a result of another version" {
	faulty 0 none --iterations 5
	sed 's/"version": 1,/"version": 99,/' snag-out/result.json >other
	gives 2 report other
	complains_once "version 99"
}

@test "a truncated result, wherever it ends" {
	faulty 1 race --iterations 60
	bytes=$(wc -c <snag-out/result.json)
	for i in {1..19}; do
		head -c $((bytes * i / 20)) snag-out/result.json >cut
		gives 2 report cut
		is_empty out
		complains_once "'cut' is not JSON"
	done
}

@test "a result with wrong values" {
	faulty 1 race --iterations 60
	spoil() {
		/usr/bin/python3 -c "
import json
it = json.load(open('snag-out/result.json'))
$1
json.dump(it, open('spoilt', 'w'))"
		gives 2 report spoilt
		is_empty out
		complains_once "'spoilt'" "$2"
	}
	spoil 'it["exit"] = 7' exit
	spoil 'it["subjects"] = 3' subjects
	spoil 'del it["findings"][0]["fingerprint"]' fingerprint
	spoil 'it["subjects"][0]["verdict"] = "splendid"' verdict
	spoil 'it["subjects"][0]["runs"][0]["iterations"] = -1' iterations
	spoil 'it["findings"][0]["kind"] = 1' kind
}

@test "tricks in a result do not reach the terminal" {
	faulty 1 race --iterations 60
	/usr/bin/python3 -c "
import json
it = json.load(open('snag-out/result.json'))
it['subjects'][0]['summary'] = 'red\x1b[31m\x07 \u202e'
it['findings'][0]['report'] = '../../../etc/passwd'
json.dump(it, open('tricky', 'w'))"
	code=0
	"${tool[@]}" report tricky --color never >out 2>err || code=$?
	[ "$code" -eq 1 ] || [ "$code" -eq 2 ] || fail "code $code"
	lacks out $'\e' $'\a' $'\u202e' "root:"
	lacks err $'\e' $'\a'
}
