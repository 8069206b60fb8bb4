/*
 * An ordinary program that ends in the way its first word says: what `snag
 * exec` must tell apart.
 */
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int shared, other;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *bump_shared(void *arg)
{
	shared++;
	return arg;
}

static void *bump_other(void *arg)
{
	other++;
	return arg;
}

/* One after the other, by the clock, which orders nothing: ThreadSanitizer may
 * miss two accesses made at the very same time. */
static void race(void *(*body)(void *))
{
	pthread_t a, b;

	pthread_create(&a, NULL, body, NULL);
	usleep(20000);
	pthread_create(&b, NULL, body, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
}

static void *take_first(void *arg)
{
	pthread_mutex_lock(&first);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&second);
	return arg;
}

static void *take_second(void *arg)
{
	pthread_mutex_lock(&second);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&first);
	return arg;
}

static void deadlock(void)
{
	pthread_t a, b;

	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&a, NULL, take_first, NULL);
	pthread_create(&b, NULL, take_second, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
}

static int clean(void)
{
	return 0;
}

static int race_once(void)
{
	race(bump_shared);
	return 0;
}

static int race_twice(void)
{
	race(bump_shared);
	race(bump_other);
	return 0;
}

static int fail(void)
{
	puts("to stdout");
	fputs("to stderr: \033[31mred\n", stderr);
	return 3;
}

static int crash(void)
{
	*(volatile int *)8 = 1;
	return 0;
}

static int assertion(void)
{
	assert(shared == 1);
	return 0;
}

static int lock(void)
{
	deadlock();
	return 0;
}

static int spin(void)
{
	for (volatile int i = 0;; i++)
		continue;
}

static int killed(void)
{
	kill(getpid(), SIGKILL);
	return 0;
}

static int in_child(void)
{
	pid_t pid = fork();

	if (!pid) {
		race(bump_shared);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return 0;
}

static int leave_daemon(void)
{
	if (fork())
		return 0;
	setsid();
	sleep(600);
	return 0;
}

static int close_streams(void)
{
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	race(bump_shared);
	return 0;
}

static int print(void)
{
	for (int i = 0; i < 3000000; i++)
		puts("0123456789012345678901234567890123456789");
	return 4;
}

/* Over the files of reports, whose name the options give away. */
static int scribble(void)
{
	const char *at = strstr(getenv("TSAN_OPTIONS"), "log_path=");
	char path[600] = "";

	sscanf(at, "log_path=%500[^:]", path);
	snprintf(path + strlen(path), 40, ".%d", (int)getpid());
	FILE *file = fopen(path, "w");
	for (int i = 0; file && i < 100000; i++)
		fputs("WARNING: ThreadSanitizer: data race\n  Write of", file);
	if (file)
		fclose(file);
	return 0;
}

/* With options of its own in the place of Snag's. */
static int own_options(void)
{
	setenv("TSAN_OPTIONS", "", 1);
	execl("/proc/self/exe", "ends", "race", (char *)NULL);
	return 9;
}

static int show_place(void)
{
	const char *tmp = getenv("TMPDIR");

	printf("TMPDIR=%s\n", tmp ? tmp : "");
	return tmp && access(tmp, W_OK) == 0 ? 5 : 6;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} ends[] = {
		{"clean", clean},         {"race", race_once},
		{"race2", race_twice},    {"fail", fail},
		{"crash", crash},         {"assert", assertion},
		{"deadlock", lock},       {"spin", spin},
		{"kill", killed},         {"child", in_child},
		{"daemon", leave_daemon}, {"closed", close_streams},
		{"print", print},         {"scribble", scribble},
		{"options", own_options}, {"place", show_place},
	};

	for (size_t i = 0; argc > 1 && i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!strcmp(argv[1], ends[i].name))
			return ends[i].run();
	return 2;
}
