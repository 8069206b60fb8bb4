# Asked wrongly: exit code 2, one sentence that says what would do, and no
# folder, no process, no time spent.
load helper

# refused TEXT ARG...: `snag ARG...` is, with TEXT in its sentence.
refused() {
	gives 2 "${@:2}"
	is_empty out
	complains_once "$1"
	[ ! -e snag-out/result.json ] || fail "something was run"
}

@test "no arguments: help, and exit code 2" {
	gives 2
	prints "Usage: snag COMMAND" "snag run counter/lost_update"
}

@test "an unknown command is refused, the nearest is named" {
	refused "there is no command 'frobnicate'" frobnicate
	refused "did you mean 'list'?" lst
	refused "did you mean 'doctor'?" docter
	refused "there is no command '--frob'" --frob
	refused "there is no command ''" ''
	refused "did you mean 'run'?" help runn
}

@test "an unknown option is refused" {
	for command in list run report explain doctor; do
		gives 2 "$command" --frob
		complains "unrecognized option '--frob'" "--help"
	done
	gives 2 run --threads
	complains "requires an argument"
}

@test "an unknown scenario is refused, near names are given" {
	refused "no scenario matches 'nosuch'" run nosuch
	refused "did you mean counter/lost_update" run counter/lost_updat
	refused "counter/lost_update" run lost_update
	refused "counter/lost_update" list counter/lostupdate
	complains "(\`snag list\` shows all"
}

@test "a filter that matches nothing is refused, beside one that does" {
	refused "no scenario matches 'zzz/*'" run 'zzz/*'
	refused "no scenario matches 'zzz/*'" run counter/lost_update 'zzz/*'
	refused "no scenario matches '@practice:magic'" list @practice:magic
	refused "no scenario matches ''" run ''
}

@test "a refused filter leaves an earlier result alone" {
	faulty 1 race --iterations 20
	cp -r snag-out before
	gives 2 run nosuch
	diff -r before snag-out
}

@test "--threads takes numbers from 1 to 1,024" {
	for value in 0 -3 2,x 100000 '' , 2, ,2 2,,4 1.5 ' 2' 1025 \
		18446744073709551617 0x10; do
		refused "--threads '$value' is not a list of numbers" \
			run "--threads=$value"
	done
	refused "at most 16 numbers" run \
		--threads 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17
}

@test "--iterations takes whole numbers from 1" {
	for value in 0 -1 x 1e3 '' 1.5 99999999999999999999; do
		refused "--iterations '$value' is not a whole number" \
			run "--iterations=$value"
	done
}

@test "--time takes durations" {
	for value in soon 0 -5 5x '' 1.5s 99999999999h s; do
		refused "--time '$value' is not a duration" run "--time=$value"
	done
	refused "--timeout 'never' is not a duration" run --timeout never
}

@test "--until-rate takes rates" {
	for value in 2 1 0 -0.1 x '' nan inf 1e-4x; do
		refused "--until-rate '$value' is not a rate" \
			run "--until-rate=$value"
	done
}

@test "budgets exclude each other" {
	refused "give one of --time, --iterations and --until-rate" \
		run --time 1s --iterations 5
	refused "give one of" run --until-rate 1e-3 --iterations 5
	refused "give one of" run --until-rate 1e-3 --time 1s
}

@test "choices name what there is" {
	refused "--engine 'exploer' is none of: stress, explore" \
		run --engine exploer
	refused "--format 'xyz' is none of: text, json" run --format xyz
	refused "--format 'xyz' is none of: text, json" run --format text,xyz
	refused "--format 'xyz' is none of: text, json" report --format xyz
	refused "--format 'xyz' is none of: text, json, markdown" \
		list --format xyz
	refused "--noise 'loud' is none of: off, light, heavy" run --noise loud
	refused "--color 'red' is none of: auto, always, never" run --color red
	refused "did you mean heavy?" run --noise heavi
}

@test "a bad option is refused wherever it stands" {
	refused "--color 'red'" run --color red counter/lost_update
	refused "--color 'red'" run counter/lost_update --iterations 5 \
		--color red
	refused "--format ''" run --format= counter/lost_update
}

@test "bounds take what they say" {
	refused "--jobs '0' is not a whole number from 1" run --jobs 0
	refused "--jobs 'many' is not a whole number" run -j many
	refused "--seed '-1' is not a whole number" run --seed=-1
	refused "--max-memory 'lots' is not a size" run --max-memory lots
	refused "--max-memory '0' is not a size" run --max-memory 0
	refused "--max-processes '0' is not a whole number" \
		run --max-processes 0
	refused "--stop-after '0' is not a whole number" run --stop-after 0
}

@test "one thing at a time" {
	gives 2 explain lost-update deadlock
	complains "one thing at a time"
	gives 2 report a b
	complains "one RESULT, not several"
	gives 2 doctor now
	complains "Too many arguments"
}

@test "what has no explanation is refused, the nearest is named" {
	refused "nothing is called 'nosuch'" explain nosuch
	refused "did you mean 'lost-update'?" explain lost-updat
	refused "did you mean 'counter/lost_update'?" \
		explain counter/lost_updat
	refused "cannot read 'snag-out'" explain abcdef12
	mkdir snag-out
	refused "cannot read 'snag-out/result.json'" explain abcdef12
}

@test "control bytes in a name do not reach the terminal" {
	gives 2 run $'no\e[31msuch\a'
	lacks err $'\e' $'\a'
	gives 2 explain $'no\e[31msuch'
	lacks err $'\e'
	gives 2 $'no\e[31msuch'
	lacks err $'\e'
	gives 2 run --host $'no\e[31msuch'
	lacks err $'\e'
	gives 2 run --threads $'no\e[31msuch'
	lacks err $'\e'
}
