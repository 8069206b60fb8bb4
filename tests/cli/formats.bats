# Reports for machines, held against the schemas of those who read them.
load helper

schema=$SNAG_SOURCE_DIR/tests/schema
golden=$SNAG_SOURCE_DIR/tests/golden
every=text,json,junit,sarif,markdown,codequality,github

setup_file() {
	command -v xmllint >/dev/null ||
		fail "xmllint is not installed (ci/setup.sh installs it)"
	[ -d "$SNAG_SOURCE_DIR/tests/schema/node_modules" ] ||
		fail "tests/schema/node_modules is missing (run ci/setup.sh)"
}

# valid FORMAT FILE...: each error is printed.
valid() {
	case $1 in
	junit) xmllint --noout --schema "$SNAG_SOURCE_DIR/docs/junit.xsd" \
		"${@:2}" 2>&1 ;;
	*) node "$schema/validate.mjs" "$@" ;;
	esac
}

# spoilt FORMAT EDIT: the good report, changed by sed (junit, markdown) or by a line of
# Python on `r`, is refused.
spoilt() {
	cp "good.$1" bad
	if [ "$1" = junit ] || [ "$1" = markdown ]; then
		sed -i "$2" bad
	else
		/usr/bin/python3 -c "
import json
r = json.load(open('good.$1'))
$2
json.dump(r, open('bad', 'w'))"
	fi
	! cmp -s "good.$1" bad || fail "$2 changes nothing"
	! valid "$1" bad >out || fail "$1 is valid after: $2"
}

# shows RESULT FORMAT FILE: the report of a stored result, whatever its code.
shows() {
	"${tool[@]}" report "$1" --format "$2" -o "$3" || [ $? -le 130 ]
	[ -s "$3" ] || fail "no $2 of $1"
}

# log EXPRESSION...: each is true of the SARIF log in out, called `log`, or of
# its run, called `run`.
log() {
	/usr/bin/python3 - "$@" <<-'END' || fail "see above"
		import json, sys

		log = json.load(open("out"))
		run = log["runs"][0]
		false = [e for e in sys.argv[1:] if not eval(e)]
		print("\n".join(f"not so: {e}" for e in false))
		sys.exit(bool(false))
	END
}

@test "reports of stored results are valid" {
	for result in "$golden"/text/*.json "$golden"/formats/tricky.json; do
		for format in junit sarif codequality markdown; do
			shows "$result" $format report
			valid $format report || fail "$format of $result"
		done
	done
}

@test "reports of a campaign are valid, and none takes another's place" {
	gives 1 run --host "$faults" --threads 2 --iterations 60 \
		--color never --format $every \
		fault/race fault/crash fault/none fault/skip
	prints "fault/race" "exit 1"
	[ ! -e snag-out/report.txt ] || fail "the first format became a file"
	valid junit snag-out/junit.xml
	valid sarif snag-out/report.sarif
	valid codequality snag-out/gl-code-quality.json
	valid markdown snag-out/summary.md
	cmp snag-out/report.json snag-out/result.json
	has snag-out/summary.md "## Snag: " "exit 1" "fault/race"
	has snag-out/annotations.txt "::error title=" "::notice title=snag::"
	# And once more from what was stored.
	for format in junit sarif codequality; do
		gives 1 report --format $format -o again
		valid $format again
	done
}

@test "each format is printed as well as it is stored" {
	faulty 1 race --iterations 60 --format $every
	while read -r format file; do
		gives 1 report --format "$format"
		cmp "snag-out/$file" out || fail "$format"
	done <<-'END'
		json report.json
		junit junit.xml
		sarif report.sarif
		markdown summary.md
		codequality gl-code-quality.json
		github annotations.txt
	END
}

@test "what fails, what is missed, what is skipped and what is wrong" {
	gives 1 run --host "$faults" --threads 2 --iterations 60 \
		--format junit fault/race fault/missed fault/skip fault/none
	cp out junit
	[ "$(xmllint --xpath 'string(//testsuite/@tests)' junit)" = 4 ]
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' junit)" = 2 ]
	[ "$(xmllint --xpath 'string(//testsuite/@skipped)' junit)" = 1 ]
	has junit 'name="fault/missed"' 'message="missed: '
	gives 1 report --format sarif
	log '[r["ruleId"] for r in run["results"]].count("missed") == 1' \
		'run["invocations"][0]["exitCode"] == 1' \
		'run["invocations"][0]["executionSuccessful"]'
	gives 1 report --format github
	prints "::error title=missed,file=" "fault/missed: missed: "
}

@test "a campaign that tested nothing is no success to anybody" {
	faulty 3 skip --format junit
	prints 'errors="1"' 'message="exit 3: nothing was tested"'
	gives 3 report --format sarif
	log 'not run["invocations"][0]["executionSuccessful"]' \
		'run["results"] == []'
	gives 3 report --format github
	prints "exit 3: nothing was tested"
	gives 3 report --format markdown
	prints "exit 3: nothing was tested"
}

@test "the validators refuse what is wrong" {
	for format in junit sarif codequality markdown; do
		shows "$golden/formats/tricky.json" $format good.$format
		valid $format good.$format
	done
	spoilt sarif 'r["version"] = "2.0.0"'
	spoilt sarif 'r["runs"][0]["results"][0]["level"] = "fatal"'
	spoilt sarif 'del r["runs"][0]["results"][0]["message"]'
	spoilt sarif 'del r["runs"][0]["tool"]["driver"]["name"]'
	spoilt sarif 'r["runs"][0]["results"][0]["ruleIndex"] = 0'
	spoilt sarif 'r["runs"][0]["results"][0]["nonsense"] = 1'
	spoilt sarif 'r["runs"][0]["results"][0]["locations"][0][
		"physicalLocation"]["region"]["startLine"] = 0'
	spoilt sarif 'r["runs"][0]["results"][0]["locations"][0][
		"physicalLocation"]["artifactLocation"]["uri"] = "a b"'
	spoilt sarif 'r["runs"][0]["results"][0]["locations"][0][
		"physicalLocation"]["artifactLocation"]["uri"] = "/etc/x"'
	spoilt sarif 'r["runs"][0]["results"][0]["partialFingerprints"][
		"primaryLocationLineHash"] = "x"'
	spoilt sarif 'r["runs"][0]["invocations"][0]["startTimeUtc"] = "now"'
	spoilt sarif 'r["runs"][0]["results"] *= 6000'
	spoilt codequality 'r[0]["severity"] = "bad"'
	spoilt codequality 'r[0]["location"]["path"] = "./a.c"'
	spoilt codequality 'r[0]["location"]["path"] = "/a.c"'
	spoilt codequality 'r[0]["location"]["lines"]["begin"] = 0'
	spoilt codequality 'r[1]["fingerprint"] = r[0]["fingerprint"]'
	spoilt codequality 'del r[0]["check_name"]'
	spoilt junit 's/<testcase /<testcase nonsense="1" /'
	spoilt junit 's/ time="[0-9.]*"//'
	spoilt junit 's/tests="5"/tests="many"/'
	spoilt junit 's/T23:59:50Z//'
	spoilt junit 's,</testcase>,<failure message="x" type="x"/></testcase>,'
	spoilt junit 's,</testsuites>,,'
	spoilt junit 's/&lt;img/<img/'
	spoilt markdown 's/&#60;img/<img/'
	spoilt markdown 's/&#64;&#8203;/\&#64;/'
	spoilt markdown 's,&#58;&#8203;//,://,'
	spoilt markdown 's/&#124;/|/'
	spoilt markdown 's,</details>,,'
}
