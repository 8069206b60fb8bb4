# libsnag-noise.so, preloaded by hand into programs of each compiler that is
# here: beneath ThreadSanitizer, it changes when things happen, and nothing
# else.
load helper

library=$SNAG_BUILD_DIR/libsnag-noise.so
programs=$SNAG_SOURCE_DIR/tests/programs

# The compiler of this build, and others that are installed.
compilers() {
	sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' "$SNAG_BUILD_DIR/CMakeCache.txt"
	command -v clang-14 gcc || true
}

# build COMPILER FOLDER: the programs, in the folder.  Fails if this compiler
# has no ThreadSanitizer, or its programs cannot run here.
build() {
	local name

	mkdir "$2" || return
	for name in order everything stacks; do
		"$1" -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=thread -pthread \
			-o "$2/$name" "$programs/$name.c" || return
	done
	"$2/everything" >/dev/null || return
	# What has to stand before the library, with a colon.
	ldd "$2/order" | sed -n 's/.*libtsan.* => \(.*\) (.*/\1:/p' >"$2/first"
}

setup_file() {
	local n=0 compiler

	while read -r compiler; do
		n=$((n + 1))
		build "$compiler" "$BATS_FILE_TMPDIR/$n" 2>/dev/null ||
			rm -rf "${BATS_FILE_TMPDIR:?}/$n"
	done < <(compilers)
	[ -d "$BATS_FILE_TMPDIR/1" ]
}

# noisy LEVEL SEED PROGRAM: runs it; what is done goes to the file trace.
noisy() {
	timeout -k 5 60 env SNAG_NOISE="$1" SNAG_NOISE_SEED="$2" \
		SNAG_NOISE_TRACE=7 \
		LD_PRELOAD="$(cat "${3%/*}/first")$library" \
		TSAN_OPTIONS="atexit_sleep_ms=0 ${options:-}" \
		"$3" >out 2>err 7>trace </dev/null 3>&-
}

# plain PROGRAM
plain() {
	timeout -k 5 60 env TSAN_OPTIONS="atexit_sleep_ms=0 ${options:-}" \
		"$1" >out 2>err </dev/null 3>&-
}

@test "the library calls nothing that ThreadSanitizer intercepts" {
	nm -D --undefined-only "$library" >undefined
	sed 's/.* U //; s/@.*//' undefined | sort | tr '\n' ' ' >names
	# Found out, and not intercepted: dlerror, dlsym.
	[ "$(cat names)" = "dlerror dlsym " ] || fail "it calls $(cat names)"
}

@test "a program does under noise what it does without" {
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		for level in light heavy; do
			for seed in 1 2; do
				noisy $level $seed "${folder}everything" ||
					fail "$folder, $level, $seed: code $?"
				prints "all is well"
				is_empty err
				[ -s trace ] || fail "there was no noise"
			done
		done
	done
}

@test "every sort of point is passed, beneath every ThreadSanitizer" {
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		for seed in {1..5}; do
			noisy heavy "$seed" "${folder}everything"
			cut -d ' ' -f 3 trace
		done | sort -u >points
		for point in start pthread_create pthread_mutex_lock \
			pthread_mutex_trylock pthread_mutex_timedlock \
			pthread_mutex_unlock pthread_rwlock_rdlock \
			pthread_rwlock_wrlock pthread_rwlock_unlock \
			pthread_spin_lock pthread_spin_unlock \
			pthread_cond_wait pthread_cond_timedwait \
			pthread_cond_broadcast pthread_barrier_wait sem_wait \
			sem_trywait sem_timedwait sem_post pthread_join malloc \
			usleep sched_yield; do
			grep -qx $point points || fail "no $point in $folder"
		done
	done
}

@test "threads of the C++ library are disturbed as well" {
	local tried=0

	for folder in "$BATS_FILE_TMPDIR"/*/; do
		if [ -s "${folder}first" ]; then
			compiler=g++
		else
			compiler=$(compilers | sed -n "$(basename "$folder")p" |
				sed 's/clang/clang++/')
		fi
		"$compiler" -g -O1 -fsanitize=thread -pthread -o \
			"${folder}threads" "$programs/threads.cc" || continue
		tried=$((tried + 1))
		noisy heavy 1 "${folder}threads"
		prints "all is well"
		is_empty err
		[ "$(cut -d ' ' -f 1 trace | sort -u | wc -l)" -eq 5 ] ||
			fail "not all threads were disturbed"
	done
	[ $tried -gt 0 ] || skip "there is no C++ library"
}

# seen FOLDER [LEVEL]: how often of 20 runs the race was seen.
seen() {
	local n=0 seed code

	options=symbolize=0
	for seed in {1..20}; do
		code=0
		if [ $# -eq 2 ]; then
			noisy "$2" "$seed" "$1order" || code=$?
		else
			plain "$1order" || code=$?
		fi
		case $code in
		0) ;;
		66) n=$((n + 1)) ;;
		*) return 1 ;;
		esac
	done
	echo $n
}

@test "a race that the usual order hides is seen with heavy noise" {
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		without=$(seen "$folder")
		with=$(seen "$folder" heavy)
		echo "$folder: $without without, $with with noise"
		[ "$with" -ge 10 ] && [ "$with" -gt $((without + 3)) ] ||
			fail "the noise did not help"
	done
}

# frames: the functions of all stacks in err, with their numbers.
frames() {
	grep -oE '^ +#[0-9]+ [A-Za-z_]+' err | sort -u
}

@test "stacks are the program's, as without noise" {
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		! plain "${folder}stacks" || fail "no report"
		frames >without
		grep -q '#0 touch' without
		grep -q '#0 pthread_mutex_unlock' without
		for seed in 1 2 3; do
			! noisy heavy $seed "${folder}stacks" || fail "no report"
			lacks err libsnag-noise
			frames >with
			diff without with || fail "other frames in $folder"
		done
	done
}

# Of each thread in turn, what was done where.
by_thread() {
	sort -s -k 1,1 trace
}

@test "a seed repeats what is done in each thread, another does not" {
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		options=report_bugs=0
		noisy heavy 5 "${folder}order"
		by_thread >first
		[ "$(cut -d ' ' -f 1 first | uniq | wc -l)" -eq 3 ] ||
			fail "not all threads were disturbed"
		noisy heavy 5 "${folder}order"
		by_thread >again
		noisy heavy 6 "${folder}order"
		by_thread >other
		cmp first again
		! cmp -s first other || fail "another seed changed nothing"
	done
}

@test "heavy does more than light" {
	local seed

	options=report_bugs=0
	for seed in 1 2 3 4 5; do
		noisy light $seed "$BATS_FILE_TMPDIR/1/order"
		cat trace >>light
		noisy heavy $seed "$BATS_FILE_TMPDIR/1/order"
		cat trace >>heavy
	done
	[ "$(wc -l <heavy)" -gt "$(wc -l <light)" ]
}

@test "without a level nothing is done" {
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		env SNAG_NOISE_TRACE=7 SNAG_NOISE_SEED=1 \
			LD_PRELOAD="$(cat "${folder}first")$library" \
			TSAN_OPTIONS=report_bugs=0 \
			"${folder}order" >out 2>err 7>trace
		is_empty err
		is_empty trace
	done
}

@test "children get the library, and no ThreadSanitizer that is not theirs" {
	cat >children.c <<-'END'
		#include <stdlib.h>
		int main(void)
		{
			return system("echo $LD_PRELOAD; exit 3") != 3 * 256;
		}
	END
	"$(compilers | head -n 1)" -o plain children.c
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		[ -s "${folder}first" ] || continue
		gcc -fsanitize=thread -o "${folder}children" children.c
		LD_PRELOAD="$(cat "${folder}first")$library /users.so" \
			SNAG_NOISE=light "${folder}children" >out 2>/dev/null
		[ "$(cat out)" = "$library /users.so" ] || fail "not that"
	done
	LD_PRELOAD="$library" SNAG_NOISE=light ./plain >out
	[ "$(cat out)" = "$library" ] || fail "not that"
}

@test "above ThreadSanitizer nothing is done" {
	for folder in "$BATS_FILE_TMPDIR"/*/; do
		[ -s "${folder}first" ] || continue
		env SNAG_NOISE=heavy SNAG_NOISE_TRACE=7 LD_PRELOAD="$library" \
			"${folder}everything" >out 2>err 7>trace
		prints "all is well"
		is_empty err
		is_empty trace
	done
}

@test "programs without ThreadSanitizer, or with one thread, are left alone" {
	env SNAG_NOISE=heavy SNAG_NOISE_TRACE=7 LD_PRELOAD="$library" \
		sh -c 'ls / | sort' >out 2>err 7>trace
	is_empty err
	is_empty trace
	cat >alone.c <<-'END'
		#include <pthread.h>
		#include <stdlib.h>
		int main(void)
		{
			pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
			for (int i = 0; i < 1000; i++) {
				pthread_mutex_lock(&m);
				free(malloc(i));
				pthread_mutex_unlock(&m);
			}
		}
	END
	"$(compilers | head -n 1)" -fsanitize=thread -o alone alone.c
	cp "$BATS_FILE_TMPDIR/1/first" .
	noisy heavy 1 ./alone
	is_empty trace
}

@test "a level or a seed that is none is said" {
	program=$BATS_FILE_TMPDIR/1/everything
	noisy medium 1 "$program"
	complains_once "SNAG_NOISE is neither light nor heavy"
	prints "all is well"
	is_empty trace
	noisy heavy -1 "$program"
	complains_once "SNAG_NOISE_SEED is not a decimal number"
	noisy heavy 99999999999999999999 "$program"
	complains_once "SNAG_NOISE_SEED is not a decimal number"
	is_empty trace
}
