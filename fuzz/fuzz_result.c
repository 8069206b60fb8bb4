/*
 * Any bytes as result.json: reading them ends with a result or a sentence, and
 * what was read can be rendered, written, and read again as the same.
 * Corpus: tests/golden/text/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/result_json.h"
#include "reports/renderer.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static bool read_bytes(const void *data, size_t size, struct result *result)
{
	struct err err = {0};
	char path[64];
	int fd = memfd_create("result", MFD_CLOEXEC);
	bool is_read;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	is_read = result_read(path, result, &err);
	close(fd);
	if (is_read == (err.code != 0))
		abort();
	return is_read;
}

static char *render(render_function *how, const struct result *result,
		    size_t *size)
{
	const struct render_options verbose = {.is_verbose = true};
	char *text = NULL;
	FILE *file = open_memstream(&text, size);

	if (!file)
		abort();
	how(result, file, &verbose);
	fclose(file);
	return text;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct result first = {0}, second = {0};

	if (read_bytes(data, size, &first)) {
		size_t len, len_again, len_text;
		char *json = render(render_json, &first, &len);
		char *text = render(render_text, &first, &len_text), *again;

		if (memchr(text, '\x1b', len_text) ||
		    !read_bytes(json, len, &second))
			abort();
		again = render(render_json, &second, &len_again);
		if (len != len_again || memcmp(json, again, len) != 0)
			abort();
		free(json);
		free(text);
		free(again);
	}
	result_release(&first);
	result_release(&second);
	return 0;
}
