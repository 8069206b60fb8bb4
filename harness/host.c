/*
 * A scenario host: describes its scenarios, and runs batches of them in
 * children, on the word of the tool at the other end of the socket.
 *
 * The host itself stays single-threaded and runs no scenario, so that it may
 * fork by the plain system call: ThreadSanitizer's fork interceptor costs
 * three times as much.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/lasting.h"
#include "internal.h"

struct snag_shared *snag_table;

/* By this symbol the tool knows a host before it runs it. */
__attribute__((visibility("default"), used))
const uint32_t snag_host_wire_version = SNAG_WIRE_VERSION;

void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

static bool can_explore;
static unsigned char buffer[SNAG_WIRE_MAX_PAYLOAD];

static struct snag_payload fresh_payload(void)
{
	return (struct snag_payload){.data = buffer, .room = sizeof(buffer)};
}

static bool say_hello(void)
{
	struct snag_payload p = fresh_payload();
	uint32_t flags = 0;

	if (__sanitizer_set_report_fd)
		flags |= SNAG_HELLO_HAS_TSAN;
#if defined(__x86_64__)
	flags |= SNAG_HELLO_HAS_POINTS;
#endif
	if (batch_of_program)
		flags |= SNAG_HELLO_IS_PROGRAM;
	if (can_explore)
		flags |= SNAG_HELLO_CAN_EXPLORE;
	snag_put_u32(&p, SNAG_WIRE_VERSION);
	snag_put_u32(&p, flags);
	snag_put_str(&p, __VERSION__);
	return emit_record(SNAG_RECORD_HELLO, &p);
}

static bool list(void)
{
	struct snag_payload p = fresh_payload();
	size_t count = registry_count();

	for (size_t i = 0; i < count; i++) {
		p = fresh_payload();
		describe_scenario(&p, registry_entry(i));
		if (p.is_bad || !emit_record(SNAG_RECORD_SCENARIO, &p))
			return false;
	}
	p = fresh_payload();
	snag_put_u32(&p, (uint32_t)count);
	return emit_record(SNAG_RECORD_LIST_END, &p);
}

/* Ends what the batch left behind; true when something outlived that. */
static bool reap_rest(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return pid == 0;
}

/* In the batch and in each child it forks: it holds for one process, and
 * otherwise a child's reports become files in the user's folder. */
void host_send_reports(void)
{
	if (__sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)SNAG_FD_REPORTS);
}

static void get_name(struct snag_payload *in, char *name, size_t room)
{
	size_t len;
	const char *text = snag_get_str(in, &len);

	if (!text || len >= room)
		in->is_bad = true;
	else
		memcpy(name, text, len);
}

/* Replays come in great numbers, of one iteration each. */
static void warm_up_for(const struct snag_batch_order *order)
{
	static bool is_warm;

	if (!is_warm && !batch_of_program && !strcmp(order->strategy, "replay"))
		explore_warm_up();
	is_warm = true;
}

static bool run_batch(struct snag_payload *in)
{
	struct snag_batch_order o = {0};
	struct snag_payload p;
	int status = 0;
	pid_t pid;

	o.scenario = snag_get_u32(in);
	o.threads = snag_get_u32(in);
	o.seed = snag_get_u64(in);
	o.first = snag_get_u64(in);
	o.count = snag_get_u64(in);
	o.noise = snag_get_u32(in);
	o.limit_ms = snag_get_u32(in);
	o.processors = snag_get_u32(in);
	o.first_processor = snag_get_u32(in);
	o.engine = snag_get_u32(in);
	o.points = snag_get_u32(in);
	o.flags = snag_get_u32(in);
	o.max_steps = snag_get_u64(in);
	get_name(in, o.strategy, sizeof(o.strategy));
	if (in->is_bad || o.scenario >= registry_count() ||
	    o.noise > SNAG_NOISE_HEAVY || o.points > SNAG_POINTS_SYNC ||
	    (o.engine == SNAG_EXPLORE && !can_explore))
		return false;
	lasting_prepare(&o);
	if (o.engine == SNAG_EXPLORE)
		warm_up_for(&o);
	pid = o.flags & SNAG_EXPLORE_NO_FORK ? 0 : (pid_t)syscall(SYS_fork);
	if (pid < 0)
		return false;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(SNAG_FD_WIRE);
		host_send_reports();
		pthread_atfork(NULL, NULL, host_send_reports);
		batch_run(registry_entry(o.scenario), &o);
	}
	p = fresh_payload();
	snag_put_u32(&p, (uint32_t)pid);
	if (!emit_record(SNAG_RECORD_STARTED, &p))
		return false;
	while (waitpid(pid, &status, 0) < 0)
		;
	p = fresh_payload();
	snag_put_u32(&p, (uint32_t)status);
	snag_put_u32(&p, reap_rest());
	return emit_record(SNAG_RECORD_ENDED, &p);
}

static bool map_table(void)
{
	struct stat st;
	void *p;

	if (fstat(SNAG_FD_SHARED, &st) ||
	    (size_t)st.st_size < sizeof(struct snag_shared))
		return false;
	p = mmap(NULL, sizeof(struct snag_shared), PROT_READ | PROT_WRITE,
		 MAP_SHARED, SNAG_FD_SHARED, 0);
	if (p == MAP_FAILED)
		return false;
	snag_table = p;
	return snag_table->magic == SNAG_SHARED_MAGIC &&
	       snag_table->bytes == sizeof(struct snag_shared);
}

static int serve(void)
{
	struct snag_payload in = fresh_payload();
	uint32_t type;

	if (!map_table()) {
		fputs("built with another version of Snag: build it again\n",
		      stderr);
		return 1;
	}
	can_explore = explore_map();
	if (!say_hello())
		return 1;
	while (receive_record(&type, &in)) {
		bool is_done = type == SNAG_RECORD_LIST    ? list()
			       : type == SNAG_RECORD_BATCH ? run_batch(&in)
							   : false;

		if (!is_done)
			return 1;
		in = fresh_payload();
	}
	return 0;
}

bool host_is_called(void)
{
	return getenv(SNAG_HOST_VARIABLE) && fcntl(SNAG_FD_WIRE, F_GETFD) >= 0;
}

int host_serve(void)
{
	signal(SIGPIPE, SIG_IGN);
	/* Orphans of a batch come to the host, and die with it. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return serve();
}
