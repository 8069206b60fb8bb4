#include <string.h>

#include "judge/fingerprint.h"

enum { PARTS_MAX = 512 };

static const char *below(const char *path, const char *root)
{
	size_t len = strlen(root);

	while (len > 1 && root[len - 1] == '/')
		len--;
	if (strncmp(path, root, len) != 0)
		return NULL;
	if (root[len - 1] == '/')
		return path + len;
	return path[len] == '/' ? path + len + 1 : NULL;
}

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

const char *fingerprint_path(const char *path,
			     const struct fingerprint_scope *scope, char *buf,
			     size_t size)
{
	const char *at, *last;

	if (!path || !size)
		return "";
	normalise(path, buf, size);
	if (*buf != '/')
		return buf;
	for (size_t i = 0; scope && i < scope->root_count; i++)
		if (*scope->roots[i] && (at = below(buf, scope->roots[i])))
			return at;
	last = strrchr(buf, '/');
	for (at = last; at > buf && at[-1] != '/';)
		at--;
	return at > buf ? at : last + 1;
}
