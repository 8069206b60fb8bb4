# snag-cc and snag-c++ in place of a compiler.
load helper

setup_file() {
	install_snag
}

@test "an ordinary program, by make alone" {
	cp -r "$examples/plain/." .
	ends_with 0 make CC=snag-cc
	races 1 ./racy count_request
	races 0 ./fixed
	ends_with 0 make clean all CC=snag-cc CPPFLAGS=-DNEW_RACE
	races 2 ./racy count_request remember
	races 1 ./fixed remember
}

@test "a shared library and its program" {
	cp -r "$examples/shared-library/." .
	ends_with 0 make
	races 1 ./shop till_sum
}

@test "a shared library may be linked with -z defs" {
	ends_with 0 snag-cc -Werror -fPIC -shared -Wl,-z,defs \
		"$examples/shared-library/till.c" -o libtill.so
}

@test "std::thread, by make alone" {
	cp -r "$examples/cxx/." .
	ends_with 0 make
	ends_with 66 ./scores
	complains "data race" "Board::size"
	ends_with 0 make clean all CPPFLAGS=-DFIXED
	races 0 ./scores
}

@test "scenarios become a host, at once and in two steps, anywhere" {
	for cc in snag-cc "$SNAG_BUILD_DIR/snag-cc"; do
		ends_with 0 "$cc" --snag-scenarios -Werror -o host \
			"$examples"/own-scenario/ring{,_scenarios}.c
		gives 0 list --host ./host
		prints "ring/read_past_pop broken"
	done
	for name in ring ring_scenarios; do
		ends_with 0 snag-cc -Werror -c --snag-scenarios \
			"$examples/own-scenario/$name.c" -o $name.o
	done
	ends_with 0 snag-cc ring.o --snag-scenarios ring_scenarios.o -o two
	gives 0 run --host ./two --threads 2 --iterations 100
	prints "ring/read_past_pop broken"
}

@test "what asks and what only compiles is clang's own" {
	ends_with 0 snag-cc --version
	prints "clang version"
	ends_with 0 snag-cc -v
	complains "clang version"
	ends_with 0 snag-cc -dumpversion
	grep -qE '^[0-9]+\.' out || fail "no version"
	echo '.globl f' >empty.s
	for step in -E -S -c -M -MM -fsyntax-only; do
		ends_with 0 snag-cc -Werror $step "$examples/plain/racy.c" \
			-o step.out
	done
	ends_with 0 snag-cc -Werror -c empty.s -o empty.o
	ends_with 0 snag-cc -dM -E -x c /dev/null
	ends_with 0 snag-cc -Werror -MMD -MF racy.d "$examples/plain/racy.c" \
		-o racy
	has racy.d "racy.c"
	ends_with 0 snag-cc -Werror -r -nostdlib empty.o -o part.o
}

@test "names with spaces and response files arrive as they are" {
	cp "$examples/plain/racy.c" "the  'racy' \$one.c"
	ends_with 0 snag-cc "the  'racy' \$one.c" -o "a program"
	races 1 "./a program" count_request
	echo '-DNEW_RACE "the  '\''racy'\'' $one.c" -o other' >words
	ends_with 0 snag-cc @words
	races 2 ./other count_request remember
}

@test "what ThreadSanitizer cannot be combined with is refused" {
	for option in -fsanitize=address -fsanitize=undefined,memory \
		-fsanitize=hwaddress -fsanitize=leak -static; do
		ends_with 2 snag-cc $option -c "$examples/plain/racy.c"
		is_empty out
		[ "$(wc -l <err)" -eq 1 ] || fail "not one sentence"
		complains "snag-cc: $option cannot be combined"
	done
	ends_with 0 snag-cc -fsanitize=undefined "$examples/plain/fixed.c" \
		-o fixed
}

@test "another compiler is taken by name, and none is a sentence" {
	SNAG_CC="echo the-compiler" ends_with 0 snag-cc -c "a b.c"
	prints "the-compiler" "-fsanitize=thread" "a b.c"
	SNAG_CXX="echo plus" ends_with 0 snag-c++ -c x.cc
	prints "plus"
	mkdir bin
	for name in sh env readlink dirname cat; do
		ln -s "$(command -v $name)" bin/$name
	done
	ends_with 2 env PATH="$BATS_TEST_TMPDIR/bin" sh \
		"$prefix/bin/snag-cc" -c x.c
	complains "snag-cc: needs clang 18 or later" "SNAG_CC"
}

@test "CMake takes the wrapper for a compiler" {
	cp "$examples/plain/racy.c" .
	printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' \
		'project(p LANGUAGES C)' 'add_executable(racy racy.c)' \
		>CMakeLists.txt
	ends_with 0 cmake -B build -DCMAKE_C_COMPILER=snag-cc
	ends_with 0 cmake --build build
	races 1 build/racy count_request
}

@test "a schedule of a program is replayed, traced and minimised" {
	cat >lost.c <<'END'
#include <pthread.h>
static int sum;
static void *add(void *by)
{
	for (int i = 0; i < 3; i++)
		sum += *(int *)by;
	return by;
}
int main(int count, char **words)
{
	int by = count;
	pthread_t a, b;
	(void)words;
	pthread_create(&a, NULL, add, &by);
	pthread_create(&b, NULL, add, &by);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return sum == 6 * by ? 0 : 7;
}
END
	ends_with 0 snag-cc lost.c -o lost
	gives 1 exec --engine explore --runs 60 --seed 3 -- ./lost one two
	prints "exit 7"
	kept=$(echo snag-out/schedules/outcome*exit-7*.json)
	gives 0 replay "$kept"
	prints "./lost, seed 3" "Outcome: exit 7" "It shows the same again."
	gives 0 replay "$kept" --trace
	prints "T0 main" "sum = 3" "ThreadSanitizer: data race"
	gives 0 minimise "$kept"
	prints "What decides is that" "preemptions of"
	gives 0 replay "${kept%.json}.min.json"
	rm lost
	gives 2 replay "$kept"
	complains_once "./lost"
	cp "$examples/plain/racy.c" .
	ends_with 0 snag-cc --snag-bare racy.c -o lost
	gives 2 replay "$kept"
	complains_once "was not linked for --engine explore"
}

@test "a program that crashes on some schedules is not green" {
	cat >crash.c <<'END'
#include <pthread.h>
static int *place, number;
static void *set(void *unused)
{
	place = &number;
	return unused;
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, set, NULL);
	*(volatile int *)place = 1;
	return pthread_join(thread, NULL);
}
END
	ends_with 0 snag-cc crash.c -o crash
	gives 1 exec --engine explore --runs 40 -- ./crash
	prints "@crash" "crash in main (crash.c:12)"
}

@test "the wrapper says what it is" {
	ends_with 0 snag-c++ --help
	prints "Usage: snag-c++" --snag-scenarios SNAG_CXX
}
