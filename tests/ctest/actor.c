/*
 * A test program that does what its arguments say, one after the other.
 *
 *   race         a data race, for certain
 *   exit N       ends with that status; abort: by that signal
 *   say TEXT     prints a line
 *   hang         waits until it is killed
 *   need-env V   ends with 9 unless the variable V is set
 *   need-file F  ends with 9 unless the file is there
 *   make-file F, remove-file F
 *   daemon       leaves a process behind that makes a race after it, and ends
 *                when the file `done` appears
 *   word TEXT    nothing
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int shared;
static int turn; /* only atomic, and relaxed: it orders nothing */

static void *second(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&turn, __ATOMIC_RELAXED))
		usleep(1000);
	shared++;
	return NULL;
}

static void race(void)
{
	pthread_t thread;

	__atomic_store_n(&turn, 0, __ATOMIC_RELAXED);
	if (pthread_create(&thread, NULL, second, NULL))
		_exit(8);
	shared++;
	__atomic_store_n(&turn, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

static void leave_daemon(void)
{
	if (fork())
		return;
	setsid();
	for (int i = 0; i <= STDERR_FILENO; i++)
		if (!freopen("/dev/null", i ? "w" : "r",
			     i == 0   ? stdin
			     : i == 1 ? stdout
				      : stderr))
			_exit(8);
	sleep(1); /* the test has ended by then, or soon */
	race();
	for (int i = 0; i < 600 && access("done", F_OK); i++)
		usleep(100 * 1000);
	_exit(0);
}

static void make_file(const char *name)
{
	FILE *file = fopen(name, "w");

	if (!file || fclose(file))
		_exit(8);
}

static void act_on(const char *what, const char *value)
{
	if (!strcmp(what, "exit"))
		exit(atoi(value));
	if (!strcmp(what, "say"))
		puts(value);
	else if (!strcmp(what, "need-env") && !getenv(value))
		exit(9);
	else if (!strcmp(what, "need-file") && access(value, F_OK))
		exit(9);
	else if (!strcmp(what, "make-file"))
		make_file(value);
	else if (!strcmp(what, "remove-file"))
		unlink(value);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "race"))
			race();
		else if (!strcmp(argv[i], "abort"))
			abort();
		else if (!strcmp(argv[i], "daemon"))
			leave_daemon();
		else if (!strcmp(argv[i], "hang"))
			pause();
		else if (i + 1 < argc) {
			act_on(argv[i], argv[i + 1]);
			i++;
		}
		fflush(stdout);
	}
	return 0;
}
