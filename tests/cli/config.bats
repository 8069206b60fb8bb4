# snag.yaml: found, read, refused in one sentence; and options win over it.
load helper

# file [NAME]: standard input, as that file (default: snag.yaml).
file() {
	cat >"${1:-snag.yaml}"
}

# refused TEXT [ARG...]: `snag run ARG...` is, with TEXT in its sentence.
refused() {
	gives 2 run "${@:2}"
	is_empty out
	complains_once "$1"
	[ ! -e snag-out ] || fail "something was run"
}

@test "a file of its own settings is enough" {
	file <<-END
		version: 1
		run:
		  host: $faults
		  filters: [fault/race]
		  threads: [3, 2]
		  iterations: 20
		  seed: 7
		formats: [text, json]
		out: results
	END
	gives 1 run
	prints "note: snag.yaml set what no option did"
	[ -e results/report.json ] || fail "the second format is not there"
	holds results/result.json 'len(it["subjects"]) == 1' \
		's["id"] == "fault/race"' \
		'[r["threads"] for r in runs] == [3, 2]' \
		'{r["iterations"] for r in runs} == {20}' \
		's["sources"][0]["seed"] == 7' \
		'it["command"] == "snag run"' \
		'it["notes"][0] == "snag.yaml set what no option did"'
}

@test "an option wins over the file, and the file over the default" {
	file <<-END
		version: 1
		run:
		  host: $hosts/nosuch
		  filters: [nosuch]
		  threads: [3]
		  time: 2h
		  seed: 7
		  timeout: 1ms
		  noise: light
		formats: [json]
		out: results
	END
	gives 1 run --host "$faults" --threads 2 --iterations 20 --seed 0 \
		--timeout 10s --format text --out snag-out --color never \
		fault/race
	prints "1 finding"
	[ ! -e results ] || fail "the file's folder was made"
	result 'len(runs) == 1' 'runs[0]["threads"] == 2' 'iterations == 20' \
		's["sources"][0]["seed"] == 0' 's["id"] == "fault/race"'
	gives 1 run --host "$faults" --iterations 20 --timeout 10s \
		--out snag-out --quiet fault/race
	result 'runs[0]["threads"] == 3' 's["sources"][0]["seed"] == 7'
	gives 1 run --no-config --host "$faults" --iterations 20 --quiet \
		fault/race
	result '[r["threads"] for r in runs] == [2, 4, 8]' \
		's["sources"][0]["seed"] == 1' 'it["notes"] == []'
}

@test "the nearest folder of the repository counts, and its paths" {
	mkdir -p project/.git project/sub/deep above
	ln -s "$faults" project/host
	file project/snag.yaml <<-END
		version: 1
		run: {host: host, filters: [fault/race], iterations: 20}
		out: results
	END
	cd project/sub/deep
	gives 1 run --threads 2
	prints "note: ../../snag.yaml set" "details: ../../results"
	[ -e ../../results/result.json ] || fail "no result"
	file ../snag.yaml <<<'version: nearer'
	refused "../snag.yaml:1: version 'nearer' is not known"
	gives 1 run --threads 2 --config ../../snag.yaml
}

@test "nothing above the repository is looked at, or without one" {
	mkdir -p project/.git project/sub plain
	file <<<'version: never read'
	cd project/sub
	gives 0 run --host "$faults" --threads 2 --iterations 1 fault/none
	cd ../../plain
	gives 0 run --host "$faults" --threads 2 --iterations 1 fault/none
	cd ..
	refused "snag.yaml:1: version 'never read' is not known"
	refused "give --config or --no-config, not both" --no-config \
		--config snag.yaml
}

@test "what is wrong in it is said with its line" {
	file <<-'END'
		version: 1
		run:
		  time: 5s

		# two more than one

		  thread: [2]
	END
	refused "snag: snag.yaml:7: unknown key 'thread'; did you mean 'threads'?"
	file other.yaml <<<'version: 2'
	refused "snag: other.yaml:1: version '2' is not known" \
		--config other.yaml
	printf 'version: 1\nrun:\n\tseed: 1\n' | file
	refused "snag.yaml:3: this is not YAML: a tab stands"
	printf 'version: 1\nformats: [text, xml]\n' | file
	refused "snag.yaml:2: --format 'xml' is none of"
	printf 'version: 1\nexec: {runs: none}\n' | file
	refused "snag.yaml:2: runs 'none' is not a whole number"
	printf 'version: 1\nversion: 1\n' | file
	refused "snag.yaml:2: key 'version' is given a second time"
	printf 'version: 1\n---\nversion: 1\n' | file
	refused "snag.yaml:2: a second document begins"
}

@test "a wrong host or filter of the file names the file" {
	file <<<'{version: 1, run: {host: nosuch}}'
	refused "with snag.yaml: cannot use host 'nosuch'"
	gives 2 run --host "$faults" nosuch
	complains_once "with snag.yaml: no scenario matches 'nosuch'"
}

@test "list shows what run would run" {
	file <<<"{version: 1, run: {host: $faults, filters: [fault/race]}}"
	gives 0 list
	prints "fault/race " "fault/none "
	gives 0 list --no-config counter
	prints "counter/lost_update"
	file <<<'version: 2'
	gives 2 list
	complains_once "snag.yaml:1: version '2' is not known"
}

@test "a file of nothing is refused" {
	: >snag.yaml
	refused "'snag.yaml' holds nothing"
	file <<<'# nothing yet'
	refused "'snag.yaml' holds nothing"
}

@test "what is no file is refused, and read no further" {
	ln -s /dev/zero snag.yaml
	refused "'snag.yaml' is not a regular file"
	rm snag.yaml && mkdir snag.yaml
	refused "'snag.yaml' is not a regular file"
	rmdir snag.yaml && mkfifo snag.yaml
	refused "'snag.yaml' is not a regular file"
	refused "cannot read 'nosuch.yaml': No such file" --config nosuch.yaml
	rm snag.yaml && truncate -s 200M snag.yaml
	refused "'snag.yaml' is larger than 1 MiB"
	head -c 100000 /dev/urandom >snag.yaml
	refused "snag.yaml:"
	lacks err $'\e'
}

@test "a file that cannot be read is refused" {
	refused "cannot read '/proc/self/mem': Input/output error" \
		--config /proc/self/mem
}

@test "a file that may not be read is refused" {
	file <<<'version: 1'
	chmod 0 snag.yaml
	# Root may read all that is there.
	[ ! -r snag.yaml ] || skip "this user may read it all the same"
	refused "cannot read 'snag.yaml': Permission denied"
}

@test "a file that would grow without end is refused" {
	{
		echo 'version: 1'
		echo 'a: &a [x, x, x, x, x, x, x, x, x]'
		previous=a
		for name in b c d e f g h i; do
			echo "$name: &$name [*$previous, *$previous, *$previous]"
			previous=$name
		done
	} | file
	refused "snag.yaml:2: unknown key 'a'"
	file <<<'{version: 1, formats: &a [*a]}'
	refused "snag.yaml:1: anchors (&), aliases (*) and tags (!) are not read"
	printf 'version: %s' "$(head -c 1000000 /dev/zero | tr '\0' '[')" | file
	refused "snag.yaml:1: 'version' takes one value"
}

@test "the sentence is safe to print" {
	printf 'version: 1\n"\\e[31m\\u202e</script>": 1\n' | file
	refused "unknown key '"
	lacks err $'\e' $'\u202e'
}

# side ARG...: the function and the fingerprint of the first finding.
side() {
	gives 0 run --iterations 100 --threads 2 "$@" lifetime/refcount_plain
	grep -o 'data race of [a-z_]*' out | head -n 1
	grep -o 'snag explain [0-9a-f]* ' out | head -n 1
}

@test "what is only plumbing does not stand for a finding" {
	plain=$(side)
	[[ $plain == "data race of put_plain"* ]] || fail "$plain"
	other=$(side --plumbing put_plain)
	[[ $other == "data race of read_and_put_plain"* ]] || fail "$other"
	[ "${other#*explain}" != "${plain#*explain}" ] ||
		fail "the fingerprint is the same"
	[ "$(side --plumbing put_plain --own 'put_*')" = "$plain" ] ||
		fail "--own does not go first"
	printf 'version: 1\nown-frames: {plumbing: ["put_*"]}\n' | file
	[ "$(side)" = "$other" ] || fail "the file says otherwise"
	gives 2 run --own ''
	complains_once "--own names nothing"
}

@test "the example of the manual is accepted" {
	refused "with $SNAG_SOURCE_DIR/docs/snag.example.yaml: cannot use host" \
		--config "$SNAG_SOURCE_DIR/docs/snag.example.yaml"
}
