/*
 * Any bytes as snag-baseline.json: reading them ends with a baseline or a
 * sentence, and what was read is written and read again as the same.  Then as
 * a suppression file, which is matched with itself.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/baseline.h"
#include "read/suppressions.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* path: of the bytes, as long as the descriptor is open. */
static int file_of(const void *data, size_t size, char path[64])
{
	int fd = memfd_create("baseline", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static bool read_bytes(const void *data, size_t size, struct baseline *baseline)
{
	struct err err = {0};
	char path[64];
	int fd = file_of(data, size, path);
	bool is_read = baseline_read(path, baseline, &err);

	close(fd);
	if (is_read == (err.code != 0))
		abort();
	return is_read;
}

static char *text_of(const struct baseline *baseline, size_t *len)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, len);

	if (!file)
		abort();
	baseline_to_json(baseline, file);
	fclose(file);
	return text;
}

static void try_baseline(const void *data, size_t size)
{
	struct baseline first = {0}, second = {0};

	if (read_bytes(data, size, &first)) {
		size_t len, len_again;
		char *text = text_of(&first, &len), *again;

		if (memchr(text, '\x1b', len) ||
		    !read_bytes(text, len, &second))
			abort();
		again = text_of(&second, &len_again);
		if (len != len_again || memcmp(text, again, len) != 0)
			abort();
		free(text);
		free(again);
	}
	baseline_release(&first);
	baseline_release(&second);
}

static void try_suppressions(const void *data, size_t size)
{
	struct suppressions s = {0};
	struct err err = {0};
	char path[64];
	int fd = file_of(data, size, path);

	if (suppressions_read(path, &s, &err) == (err.code != 0))
		abort();
	close(fd);
	for (size_t i = 0; i < s.count && i < 64; i++) {
		const char *pattern = s.list[i].pattern;

		/* What holds no sign is found in itself. */
		if (!suppression_pattern_matches(pattern, pattern) &&
		    !strpbrk(pattern, "*^$"))
			abort();
	}
	suppressions_release(&s);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_baseline(data, size);
	try_suppressions(data, size);
	return 0;
}
