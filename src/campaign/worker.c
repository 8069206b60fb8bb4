#include "campaign/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <snag/scenario.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/proc.h"
#include "campaign/explore_memory.h"
#include "campaign/spawn.h"

enum {
	ORDER_BYTES = 256,
	HELLO_WAIT_MS = 20000,
	OUTPUT_KEPT_BYTES = 64 * 1024,
	OUTPUT_READ_BYTES = 256 * 1024, /* at most, a call */
	MAX_DESCENDANTS = 4096,
	KILL_ROUNDS = 50,
};

void worker_init(struct worker *worker, unsigned number)
{
	*worker = (struct worker){.number = number,
				  .shared_fd = -1,
				  .reports_fd = -1,
				  .explore_fd = -1,
				  .lasting_fd = -1,
				  .output_fd = -1};
	worker->channel.fd = -1;
	buf_init(&worker->output, OUTPUT_KEPT_BYTES);
}

static bool make_files(struct worker *worker, struct err *err)
{
	const size_t bytes = sizeof(struct snag_shared);

	worker->shared_fd = memfd_create("snag-table", MFD_CLOEXEC);
	worker->reports_fd = memfd_create("snag-reports", MFD_CLOEXEC);
	if (worker->lasting_fd < 0)
		worker->lasting_fd = memfd_create("snag-lasting", MFD_CLOEXEC);
	if (worker->shared_fd < 0 || worker->reports_fd < 0 ||
	    worker->lasting_fd < 0 ||
	    ftruncate(worker->shared_fd, (off_t)bytes) ||
	    fcntl(worker->reports_fd, F_SETFL, O_APPEND))
		return err_errno(err, EXIT_TROUBLE,
				 "cannot make shared memory");
	worker->table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			     worker->shared_fd, 0);
	if (worker->table == MAP_FAILED) {
		worker->table = NULL;
		return err_errno(err, EXIT_TROUBLE, "cannot map shared memory");
	}
	worker->table->magic = SNAG_SHARED_MAGIC;
	worker->table->version = SNAG_WIRE_VERSION;
	worker->table->bytes = bytes;
	return explore_memory_make(&worker->explore_fd, &worker->explore, err);
}

/* Freshly made ends of a socket and a pipe; the host's in fds. */
static bool make_ends(struct worker *worker, struct spawn_fds *fds,
		      struct err *err)
{
	int wire[2], output[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wire))
		return err_errno(err, EXIT_TROUBLE, "cannot make a socket");
	channel_init(&worker->channel, wire[0]);
	fds->wire = wire[1];
	if (pipe2(output, O_CLOEXEC)) {
		close(wire[1]);
		return err_errno(err, EXIT_TROUBLE, "cannot make a pipe");
	}
	fcntl(output[0], F_SETFL, O_NONBLOCK);
	worker->output_fd = output[0];
	fds->output = output[1];
	fds->shared = worker->shared_fd;
	fds->reports = worker->reports_fd;
	fds->explore = worker->explore_fd;
	fds->lasting = worker->lasting_fd;
	return true;
}

/* The host said something else, or nothing, or died: say which. */
static bool no_hello(struct worker *worker, const char *path, struct err *err)
{
	const char *said;

	worker_drain_output(worker);
	said = worker->output.len ? worker->output.data : NULL;
	if (said && strstr(said, "ThreadSanitizer"))
		return err_set(err, EXIT_TROUBLE,
			       "ThreadSanitizer cannot start in '%s' (see "
			       "`snag doctor`): %.400s",
			       path, said);
	return err_set(err, EXIT_TROUBLE,
		       "host '%s' ended or hung before it said hello%s%.400s",
		       path, said ? ": " : "", said ? said : "");
}

static bool take_hello(struct worker *worker, const char *path, struct err *err)
{
	uint64_t deadline_ms = clock_ms() + HELLO_WAIT_MS;
	struct pollfd p = {.fd = worker->channel.fd, .events = POLLIN};
	struct snag_payload payload;
	enum received got;
	uint32_t type, version;

	do {
		poll(&p, 1, 100);
		worker_drain_output(worker);
		got = channel_receive(&worker->channel, &type, &payload);
	} while (got == RECEIVED_NOTHING && clock_ms() < deadline_ms);
	if (got != RECEIVED_RECORD || type != SNAG_RECORD_HELLO)
		return no_hello(worker, path, err);
	version = snag_get_u32(&payload);
	worker->hello_flags = snag_get_u32(&payload);
	if (version != SNAG_WIRE_VERSION)
		return err_set(err, EXIT_TROUBLE,
			       "host '%s' speaks wire version %u, this snag "
			       "speaks %d: build the host again with this "
			       "version",
			       path, version, SNAG_WIRE_VERSION);
	if (!(worker->hello_flags & SNAG_HELLO_HAS_TSAN))
		return err_set(err, EXIT_USAGE,
			       "'%s' is not instrumented: link it with clang "
			       "-fsanitize=thread",
			       path);
	return true;
}

bool worker_start(struct worker *worker, const char *host_path,
		  bool detect_deadlocks, struct err *err)
{
	struct spawn_fds fds = {-1, -1, -1, -1, -1, -1};

	memset(worker->finding_of, 0xff, sizeof(worker->finding_of));
	worker->has_deadlock_detection = detect_deadlocks;
	if (!make_files(worker, err) || !make_ends(worker, &fds, err)) {
		worker_stop(worker);
		return false;
	}
	worker->host = spawn_host(host_path, worker->argv, &fds,
				  detect_deadlocks, err);
	close(fds.wire);
	close(fds.output);
	if (worker->host < 0)
		worker->host = 0;
	if (!worker->host || !take_hello(worker, host_path, err)) {
		worker_stop(worker);
		return false;
	}
	worker->state = WORKER_IDLE;
	return true;
}

/* Stops them all before killing any: a process that forks without end is
 * otherwise always one ahead. */
static void kill_tree(pid_t root)
{
	pid_t pids[MAX_DESCENDANTS];

	for (int round = 0; round < KILL_ROUNDS; round++) {
		size_t n = proc_tree(root, pids, MAX_DESCENDANTS);

		for (size_t i = 0; i < n; i++)
			kill(pids[i], SIGSTOP);
		for (size_t i = 0; i < n; i++)
			kill(pids[i], SIGKILL);
		if (!n)
			return;
	}
}

void worker_stop(struct worker *worker)
{
	if (worker->host > 0) {
		kill(worker->host, SIGSTOP);
		kill_tree(worker->host);
		kill(worker->host, SIGKILL);
		waitpid(worker->host, NULL, 0);
		worker_drain_output(worker);
	}
	if (worker->channel.data)
		channel_release(&worker->channel);
	if (worker->table)
		munmap(worker->table, sizeof(*worker->table));
	if (worker->shared_fd >= 0)
		close(worker->shared_fd);
	if (worker->reports_fd >= 0)
		close(worker->reports_fd);
	if (worker->output_fd >= 0)
		close(worker->output_fd);
	explore_memory_free(&worker->explore_fd, &worker->explore);
	worker->shared_fd = worker->reports_fd = worker->output_fd = -1;
	worker->table = NULL;
	worker->host = worker->batch = 0;
	worker->state = WORKER_DOWN;
}

void worker_release(struct worker *worker)
{
	worker_stop(worker);
	if (worker->lasting_fd >= 0)
		close(worker->lasting_fd);
	worker->lasting_fd = -1;
	buf_release(&worker->output);
}

/* Signatures live as long as the host; the rest is the batch's. */
void worker_reset_table(struct worker *worker)
{
	struct snag_shared *table = worker->table;
	const size_t from = offsetof(struct snag_shared, done);
	const size_t to = offsetof(struct snag_shared, events);

	memset((char *)table + from, 0, to - from);
	for (int i = 0; i < SNAG_SHARED_SIGNATURES; i++) {
		struct snag_shared_signature *s = &table->signatures[i];

		s->last_iteration = 0;
		/* What a batch of explore prints does not depend on what its
		 * host ran before: one text of each. */
		if (worker->order.engine == SNAG_EXPLORE)
			s->texts = SNAG_TEXTS_A_SIGNATURE - 1;
		else if (!s->is_used)
			s->texts = 0;
	}
	table->current = worker->order.first;
	if (worker->order.engine == SNAG_EXPLORE)
		explore_memory_reset(worker->explore);
	worker->explore->lasting_place = worker->cell;
}

static bool send_order(struct worker *worker)
{
	const struct snag_batch_order *order = &worker->order;
	unsigned char bytes[ORDER_BYTES];
	struct snag_payload p = {.data = bytes, .room = sizeof(bytes)};

	snag_put_u32(&p, order->scenario);
	snag_put_u32(&p, order->threads);
	snag_put_u64(&p, order->seed);
	snag_put_u64(&p, order->first);
	snag_put_u64(&p, order->count);
	snag_put_u32(&p, order->noise);
	snag_put_u32(&p, order->limit_ms);
	snag_put_u32(&p, order->processors);
	snag_put_u32(&p, order->first_processor);
	snag_put_u32(&p, order->engine);
	snag_put_u32(&p, order->points);
	snag_put_u32(&p, order->flags);
	snag_put_u64(&p, order->max_steps);
	snag_put_str(&p, order->strategy);
	return channel_send(&worker->channel, SNAG_RECORD_BATCH, &p);
}

bool worker_order(struct worker *worker, const struct snag_batch_order *order)
{
	worker->order = *order;
	worker->order.first_processor = worker->number * order->processors;
	worker_reset_table(worker);
	buf_clear(&worker->output);
	worker->ended_by = ENDED_BY_ITSELF;
	worker->status = 0;
	worker->left_things = false;
	worker->started_ms = clock_ms();
	/* The first look comes later: most batches are over by then, and to
	 * look into /proc makes the end of a process slow. */
	worker->watch = (struct watch){.changed_ms = worker->started_ms,
				       .looked_ms = worker->started_ms,
				       .counted_ms = worker->started_ms};
	worker->state = WORKER_ORDERED;
	return send_order(worker);
}

void worker_kill_batch(struct worker *worker, enum ended_by why)
{
	if (worker->state != WORKER_BUSY)
		return;
	worker->ended_by = why;
	kill_tree(worker->host);
}

enum worker_event worker_poll(struct worker *worker)
{
	struct snag_payload payload;
	uint32_t type;

	worker_drain_output(worker);
	for (;;) {
		enum received got =
			channel_receive(&worker->channel, &type, &payload);

		if (got == RECEIVED_NOTHING)
			return WORKER_NOTHING;
		if (got != RECEIVED_RECORD)
			return WORKER_LOST;
		if (type == SNAG_RECORD_STARTED &&
		    worker->state == WORKER_ORDERED) {
			worker->batch = (pid_t)snag_get_u32(&payload);
			worker->state = WORKER_BUSY;
		} else if (type == SNAG_RECORD_ENDED &&
			   worker->state == WORKER_BUSY) {
			worker->status = (int)snag_get_u32(&payload);
			worker->left_things = snag_get_u32(&payload) != 0;
			worker->state = WORKER_IDLE;
			if (worker->left_things)
				kill_tree(worker->host);
			worker_drain_output(worker);
			return WORKER_ENDED;
		} else {
			return WORKER_LOST;
		}
		if (payload.is_bad)
			return WORKER_LOST;
	}
}

void worker_drain_output(struct worker *worker)
{
	char bytes[16 * 1024];
	size_t total = 0;
	ssize_t n;

	while (worker->output_fd >= 0 && total < OUTPUT_READ_BYTES &&
	       (n = read(worker->output_fd, bytes, sizeof(bytes))) > 0) {
		buf_add(&worker->output, bytes, (size_t)n);
		worker->output_bytes += (uint64_t)n;
		total += (size_t)n;
	}
}

const char *worker_text(const struct worker *worker, size_t *len)
{
	struct stat st;
	void *text;

	*len = 0;
	if (fstat(worker->reports_fd, &st) || st.st_size <= 0)
		return NULL;
	text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
		    worker->reports_fd, 0);
	if (text == MAP_FAILED)
		return NULL;
	*len = (size_t)st.st_size;
	return text;
}

void worker_text_done(struct worker *worker, const char *text, size_t len)
{
	if (text)
		munmap((void *)(uintptr_t)text, len);
	(void)!ftruncate(worker->reports_fd, 0);
}

void worker_text_drop(const struct worker *worker)
{
	(void)!ftruncate(worker->reports_fd, 0);
}

bool worker_is_ready(struct worker *worker, const char *host_path)
{
	struct err err = {0};

	return worker->state == WORKER_IDLE ||
	       (worker->state == WORKER_DOWN &&
		worker_start(worker, host_path, true, &err));
}

bool worker_has_text(const struct worker *worker, const char *what)
{
	size_t len;
	const char *text = worker_text(worker, &len);
	bool has = text && memmem(text, len, what, strlen(what));

	if (text)
		munmap((void *)(uintptr_t)text, len);
	return has;
}

bool worker_has_fatal_text(const struct worker *worker)
{
	return worker_has_text(worker, "ThreadSanitizer: CHECK failed") ||
	       worker_has_text(worker, "FATAL: ThreadSanitizer");
}
