#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/proc.h"
#include "read/stacks.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int go[2];

static void pause_ms(long ms)
{
	const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

/* External, so that the symbol table has them in any build. */
void *snag_test_waits_for_ever(void *unused);
void snag_test_deadlocks_here(void);

__attribute__((noinline)) void *snag_test_waits_for_ever(void *unused)
{
	pthread_mutex_lock(&lock);
	__asm__ volatile(""); /* no tail call: the frame stays */
	return unused;
}

__attribute__((noinline)) void snag_test_deadlocks_here(void)
{
	pthread_t thread;

	pthread_mutex_lock(&lock);
	pthread_create(&thread, NULL, snag_test_waits_for_ever, NULL);
	pthread_setname_np(thread, "wait\033er");
	pthread_mutex_lock(&lock);
	__asm__ volatile("");
}

static void reads_then_exits(void)
{
	char byte;

	_exit(read(go[0], &byte, 1) == 1 ? 7 : 8);
}

/* As a host forks a batch: by the system call itself. */
static pid_t start(void (*body)(void))
{
	pid_t pid = (pid_t)syscall(SYS_fork);

	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(60);
		body();
		_exit(0);
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Asleep in this call; the state alone would also be S on the way there. */
static void wait_until_in(pid_t pid, const char *call)
{
	struct proc_thread thread;
	const char *name = NULL;

	for (int i = 0; i < 500 && (!name || strcmp(name, call) != 0); i++) {
		pause_ms(10);
		assert_true(proc_thread_read(pid, pid, &thread));
		name = thread.state == 'S' ? proc_syscall_name(thread.syscall)
					   : NULL;
	}
}

static const struct thread_stack *
with_function(const struct thread_stack *threads, size_t count,
	      const char *name)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < threads[i].stack.count; k++) {
			const struct frame *f = &threads[i].stack.frames[k];

			if (f->function && strcmp(f->function, name) == 0)
				return &threads[i];
		}
	return NULL;
}

static void every_thread_of_a_deadlock_is_seen(void **state)
{
	struct symbols *symbols = symbols_new();
	const struct thread_stack *first, *second;
	struct arena arena = {0};
	struct thread_stack *threads;
	struct err err = {0};
	size_t count;
	pid_t pid = start(snag_test_deadlocks_here);

	(void)state;
	for (int i = 0; i < 500 && proc_is_deadlocked(pid) != DEADLOCK_YES; i++)
		pause_ms(10);
	if (!stacks_dump(pid, symbols, &arena, &threads, &count, &err))
		fail_msg("%s", err.text);
	assert_int_equal(count, 2);
	first = with_function(threads, count, "snag_test_deadlocks_here");
	second = with_function(threads, count, "snag_test_waits_for_ever");
	assert_ptr_equal(first, &threads[0]);
	assert_ptr_equal(second, &threads[1]);
	assert_int_equal(first->tid, pid);
	assert_int_equal(first->state, 'S');
	assert_string_equal(first->waits_on, "futex");
	assert_string_equal(second->name, "wait\xEF\xBF\xBD"
					  "er");
	assert_false(first->stack.is_lost);
	/* Both sleep on as before. */
	pause_ms(20);
	assert_int_equal(proc_is_deadlocked(pid), DEADLOCK_YES);
	end(pid);
	symbols_free(symbols);
	arena_release(&arena);
}

static void a_call_that_was_looked_at_goes_on(void **state)
{
	struct arena arena = {0};
	struct thread_stack *threads;
	struct err err = {0};
	size_t count;
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(go), 0);
	pid = start(reads_then_exits);
	for (int i = 0; i < 3; i++) {
		wait_until_in(pid, "read");
		if (!stacks_dump(pid, NULL, &arena, &threads, &count, &err))
			fail_msg("%s", err.text);
		assert_int_equal(count, 1);
		assert_string_equal(threads[0].waits_on, "read");
		assert_true(threads[0].stack.count > 2);
		assert_true(threads[0].stack.frames[0].has_offset);
		assert_null(threads[0].stack.frames[0].function);
	}
	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	arena_release(&arena);
}

static void is_traced_body(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	pause_ms(60000);
}

static void a_refusal_says_what_to_allow(void **state)
{
	struct arena arena = {0};
	struct thread_stack *threads;
	struct err err = {0};
	size_t count;
	pid_t pid = start(is_traced_body);

	(void)state;
	wait_until_in(pid, "clock_nanosleep");
	assert_false(stacks_dump(pid, NULL, &arena, &threads, &count, &err));
	assert_non_null(strstr(err.text, "ptrace_scope"));
	end(pid);
	err = (struct err){0};
	assert_false(stacks_dump(pid, NULL, &arena, &threads, &count, &err));
	assert_int_equal(err.code, EXIT_TROUBLE);
	err = (struct err){0};
	assert_false(
		stacks_dump(getpid(), NULL, &arena, &threads, &count, &err));
	assert_int_equal(err.code, EXIT_TROUBLE);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_thread_of_a_deadlock_is_seen),
		cmocka_unit_test(a_call_that_was_looked_at_goes_on),
		cmocka_unit_test(a_refusal_says_what_to_allow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
