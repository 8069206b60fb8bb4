/*
 * Makes a long log for the parser: the logs of a folder over and over, as a CI
 * job would print them.  Each copy has pids, thread ids and addresses of its
 * own, and other output stands between the reports.
 *
 * usage: make_log BYTES LOG... >FILE
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LOG_BYTES = 1 << 20, NOISE_LINES = 8 };

static uint64_t written, copy;

static void put(const char *text, size_t len)
{
	if (fwrite(text, 1, len, stdout) != len) {
		perror("make_log");
		exit(3);
	}
	written += len;
}

/* A pid or the like: "(pid=", "tid=" and "==" come before it. */
static bool is_id(const char *line, const char *at)
{
	return isdigit((unsigned char)*at) &&
	       ((at - line >= 4 &&
		 (!memcmp(at - 4, "pid=", 4) || !memcmp(at - 4, "tid=", 4))) ||
		(at - line == 2 && !memcmp(line, "==", 2)));
}

/* Long ones only: offsets in a module do not differ from run to run. */
static size_t address_len(const char *at)
{
	size_t n =
		strncmp(at, "0x", 2) ? 0 : strspn(at + 2, "0123456789abcdef");

	return n >= 8 && n <= 16 ? 2 + n : 0;
}

static const char *put_id(const char *at)
{
	char text[32], *rest;
	uint64_t id = strtoull(at, &rest, 10) + copy % 4000000;

	put(text, (size_t)snprintf(text, sizeof(text), "%" PRIu64, id));
	return rest;
}

static const char *put_address(const char *at, size_t len)
{
	char text[32];
	uint64_t address = strtoull(at, NULL, 16) + (copy % 4096 << 12);
	int n = snprintf(text, sizeof(text), "0x%0*" PRIx64, (int)len - 2,
			 address);

	put(text, (size_t)n);
	return at + len;
}

static void put_line(const char *line)
{
	const char *from = line, *at = line;

	while (*at) {
		size_t len = address_len(at);

		if (!len && !is_id(line, at)) {
			at++;
			continue;
		}
		put(from, (size_t)(at - from));
		at = from = len ? put_address(at, len) : put_id(at);
	}
	put(from, (size_t)(at - from));
}

static void put_noise(void)
{
	char text[160];

	for (unsigned i = 0; i < NOISE_LINES; i++) {
		uint64_t n = copy * NOISE_LINES + i;
		int len = snprintf(
			text, sizeof(text),
			"[%6" PRIu64 ".%03u] worker %u: request %" PRIx64
			" took %u us, %u bytes sent to the client\n",
			n / 1000, (unsigned)(n % 1000), i, n * 2654435761,
			(unsigned)(n * 7 % 9973), (unsigned)(n * 31 % 65521));

		put(text, (size_t)len);
	}
}

/* The lines of a log, each ended by newline and NUL. */
struct lines {
	char *text;
	size_t len;
};

static struct lines read_log(const char *name)
{
	struct lines lines = {calloc(1, MAX_LOG_BYTES), 0};
	FILE *f = fopen(name, "re");
	char line[65536];

	if (!f || !lines.text) {
		perror(name);
		exit(2);
	}
	while (fgets(line, sizeof(line), f)) {
		size_t n = strlen(line) + 1;

		if (lines.len + n > MAX_LOG_BYTES) {
			fprintf(stderr, "make_log: %s: too long\n", name);
			exit(2);
		}
		memcpy(lines.text + lines.len, line, n);
		lines.len += n;
	}
	fclose(f);
	return lines;
}

int main(int argc, char **argv)
{
	uint64_t bytes = argc > 2 ? strtoull(argv[1], NULL, 10) : 0;
	size_t count = (size_t)argc - 2;
	struct lines *logs;

	if (!bytes) {
		fprintf(stderr, "usage: %s BYTES LOG... >FILE\n", argv[0]);
		return 2;
	}
	logs = calloc(count, sizeof(*logs));
	if (!logs)
		return 3;
	for (size_t i = 0; i < count; i++)
		logs[i] = read_log(argv[2 + i]);
	for (; written < bytes; copy++) {
		const struct lines *log = &logs[copy % count];

		for (size_t at = 0; at < log->len;
		     at += strlen(log->text + at) + 1)
			put_line(log->text + at);
		put_noise();
	}
	for (size_t i = 0; i < count; i++)
		free(logs[i].text);
	free(logs);
	if (fclose(stdout)) {
		perror("make_log");
		return 3;
	}
	return 0;
}
