#include <string.h>

#include "judge/fingerprint.h"

enum { PARTS_MAX = 512 };

/* Resolves ".", ".." and empty components; leading ".." are dropped. */
static void normalise(const char *path, char *out, size_t size)
{
	size_t starts[PARTS_MAX], depth = 0, len = 0;
	bool is_absolute = *path == '/';

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !memcmp(path, "..", 2)) {
			if (depth)
				len = starts[--depth];
		} else if (n && !(n == 1 && *path == '.') &&
			   len + n + 2 < size && depth < PARTS_MAX) {
			starts[depth++] = len;
			if (len || is_absolute)
				out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
		path += *path == '/';
	}
	out[len] = '\0';
}

const char *fingerprint_path(const char *path, char *buf, size_t size)
{
	const char *at, *last;

	if (!path || !size)
		return "";
	normalise(path, buf, size);
	last = strrchr(buf, '/');
	if (!last)
		return buf;
	for (at = last; at > buf && at[-1] != '/';)
		at--;
	return at > buf || *buf != '/' ? at : last + 1;
}
