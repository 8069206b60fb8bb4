#include "base/glob.h"

enum outcome { FITS = 1, FAILS_AT_ONCE, FAILS_BEHIND_STAR };

/* The last '*' takes one byte more each time that the rest does not fit; the
 * stars before it never need to. */
static enum outcome match(const char *glob, const char *text)
{
	const char *star = NULL, *taken = NULL;

	while (*text) {
		if (*glob == '*') {
			star = ++glob;
			taken = text;
		} else if (*glob && (*glob == *text || *glob == '?')) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = ++taken;
		} else {
			return FAILS_AT_ONCE;
		}
	}
	while (*glob == '*')
		glob++;
	if (!*glob)
		return FITS;
	return star ? FAILS_BEHIND_STAR : FAILS_AT_ONCE;
}

bool glob_matches(const char *glob, const char *text)
{
	return match(glob, text) == FITS;
}

bool glob_matches_path(const char *glob, const char *path)
{
	enum outcome outcome = match(glob, path);

	if (*glob == '/')
		return outcome == FITS;
	/* What is missing behind a star is missing in each shorter rest. */
	while (outcome == FAILS_AT_ONCE) {
		while (*path && *path != '/')
			path++;
		if (!*path++)
			return false;
		outcome = match(glob, path);
	}
	return outcome == FITS;
}
