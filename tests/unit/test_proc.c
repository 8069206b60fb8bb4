#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/proc.h"

enum { NOBODY = 0x3fffffff }; /* beyond any pid_max */

static void pause_ms(long ms)
{
	const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

typedef void child_fn(void);

static pid_t start(child_fn *body)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(60); /* nothing stays behind when a test fails */
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

/* Up to five seconds for what will be so once the child has got there. */
static bool becomes(pid_t pid, enum deadlock want)
{
	for (int i = 0; i < 500 && proc_is_deadlocked(pid) != want; i++)
		pause_ms(10);
	return proc_is_deadlocked(pid) == want;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *take_lock(void *unused)
{
	pthread_mutex_lock(&lock);
	return unused;
}

static void start_stuck_thread(void)
{
	pthread_t thread;

	pthread_mutex_lock(&lock);
	pthread_create(&thread, NULL, take_lock, NULL);
}

static void deadlock_body(void)
{
	start_stuck_thread();
	take_lock(NULL);
}

static void every_thread_in_an_endless_futex_is_a_deadlock(void **state)
{
	pid_t pid = start(deadlock_body);

	(void)state;
	assert_true(becomes(pid, DEADLOCK_YES));
	end(pid);
}

static void first_thread_gone_body(void)
{
	start_stuck_thread();
	pthread_exit(NULL);
}

static void a_thread_that_ended_does_not_hide_a_deadlock(void **state)
{
	pid_t pid = start(first_thread_gone_body);

	(void)state;
	assert_true(becomes(pid, DEADLOCK_YES));
	end(pid);
}

static void timed_body(void)
{
	struct timespec until;

	start_stuck_thread();
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	pthread_mutex_timedlock(&lock, &until);
}

static void sleeping_body(void)
{
	start_stuck_thread();
	pause_ms(60000);
}

static void spinning_body(void)
{
	start_stuck_thread();
	for (volatile int i = 0;; i = !i)
		;
}

static void a_thread_that_may_go_on_is_no_deadlock(void **state)
{
	child_fn *const bodies[] = {timed_body, sleeping_body, spinning_body};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		pid_t pid = start(bodies[i]);

		pause_ms(100);
		for (int k = 0; k < 20; k++)
			assert_int_equal(proc_is_deadlocked(pid), DEADLOCK_NO);
		end(pid);
	}
}

static void *background(void *unused)
{
	const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};

	for (;;)
		syscall(SYS_nanosleep, &pause, NULL);
	return unused;
}

static void background_body(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, background, NULL);
	deadlock_body();
}

static void the_background_thread_does_not_hide_a_deadlock(void **state)
{
	pid_t pid = start(background_body);

	(void)state;
	assert_true(becomes(pid, DEADLOCK_YES));
	end(pid);
}

static void samples_of_a_deadlock_are_equal(void **state)
{
	struct proc_sample first, second;
	pid_t pid = start(deadlock_body);

	(void)state;
	assert_true(becomes(pid, DEADLOCK_YES));
	pause_ms(20);
	assert_true(proc_sample_take(pid, &first));
	pause_ms(50);
	assert_true(proc_sample_take(pid, &second));
	assert_int_equal(first.threads, 2);
	assert_int_equal(first.sleeping, 2);
	assert_true(first.cpu_ns > 0 && first.cpu_ns == second.cpu_ns);
	assert_true(first.switches > 0 && first.switches == second.switches);
	end(pid);
}

static void samples_of_a_spinning_process_differ(void **state)
{
	struct proc_sample first, second;
	pid_t pid = start(spinning_body);

	(void)state;
	pause_ms(50);
	assert_true(proc_sample_take(pid, &first));
	pause_ms(200);
	assert_true(proc_sample_take(pid, &second));
	assert_true(second.cpu_ns > first.cpu_ns);
	end(pid);
}

static void cpu_time_grows_with_work(void **state)
{
	uint64_t before, after, ticks, bytes;
	pid_t pid = start(spinning_body);

	(void)state;
	assert_true(proc_cpu_ns(pid, &before));
	pause_ms(300);
	assert_true(proc_cpu_ns(pid, &after) && after > before);
	assert_true(proc_cpu_ticks(pid, &ticks));
	assert_true(proc_rss_bytes(pid, &bytes) && bytes >= 4096);
	end(pid);
}

static void ending_body(void)
{
}

static void what_is_gone_is_said_to_be_gone(void **state)
{
	struct proc_thread thread;
	struct proc_sample sample;
	pid_t pids[4], zombie = start(ending_body);
	siginfo_t info;
	uint64_t value;

	(void)state;
	assert_false(proc_cpu_ns(NOBODY, &value));
	assert_false(proc_cpu_ticks(NOBODY, &value));
	assert_false(proc_rss_bytes(NOBODY, &value));
	assert_false(proc_sample_take(NOBODY, &sample));
	assert_false(proc_thread_read(NOBODY, NOBODY, &thread));
	assert_int_equal(proc_is_deadlocked(NOBODY), DEADLOCK_NO);
	assert_int_equal(proc_tree(NOBODY, pids, 4), 0);
	assert_int_equal(waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT),
			 0);
	assert_false(proc_sample_take(zombie, &sample));
	assert_int_equal(proc_is_deadlocked(zombie), DEADLOCK_NO);
	end(zombie);
}

static void family_body(void)
{
	for (int i = 0; i < 3; i++)
		if (fork() != 0)
			break; /* each has one child, three deep */
	pause_ms(60000);
}

static size_t wait_for_tree(pid_t root, pid_t *pids, size_t want)
{
	size_t count = 0;

	for (int i = 0; i < 500; i++) {
		count = proc_tree(root, pids, 16);
		if (count >= want)
			break;
		pause_ms(10);
	}
	return count;
}

static void a_tree_holds_every_descendant_but_not_its_root(void **state)
{
	pid_t pids[16], few[2];
	pid_t root = start(family_body);
	size_t count = wait_for_tree(root, pids, 3);

	(void)state;
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++)
		assert_true(pids[i] > 0 && pids[i] != root);
	assert_int_equal(proc_tree(root, few, 2), 2);
	assert_int_equal(few[0], pids[0]);
	for (size_t i = 0; i < count; i++)
		kill(pids[i], SIGKILL);
	end(root);
}

static void reading_body(void)
{
	int ends[2];
	char byte;

	if (pipe(ends) == 0)
		(void)!read(ends[0], &byte, 1);
}

static void a_waiting_call_has_a_name(void **state)
{
	struct proc_thread thread;
	const char *name = NULL;
	pid_t pid = start(reading_body);

	(void)state;
	for (int i = 0; i < 500 && !name; i++) {
		pause_ms(10);
		assert_true(proc_thread_read(pid, pid, &thread));
		if (thread.state == 'S')
			name = proc_syscall_name(thread.syscall);
	}
	assert_non_null(name);
	assert_string_equal(name, "read");
	assert_false(thread.is_unlimited);
	assert_null(proc_syscall_name(-1));
	assert_null(proc_syscall_name(SYS_getpid));
	end(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_thread_in_an_endless_futex_is_a_deadlock),
		cmocka_unit_test(a_thread_that_ended_does_not_hide_a_deadlock),
		cmocka_unit_test(a_thread_that_may_go_on_is_no_deadlock),
		cmocka_unit_test(
			the_background_thread_does_not_hide_a_deadlock),
		cmocka_unit_test(samples_of_a_deadlock_are_equal),
		cmocka_unit_test(samples_of_a_spinning_process_differ),
		cmocka_unit_test(cpu_time_grows_with_work),
		cmocka_unit_test(what_is_gone_is_said_to_be_gone),
		cmocka_unit_test(
			a_tree_holds_every_descendant_but_not_its_root),
		cmocka_unit_test(a_waiting_call_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
