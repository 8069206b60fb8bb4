#include "program/tidy.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDERS = 16 };

static bool is_plain(const char *path)
{
	return path[0] == '/' && !strpbrk(path, "\"'%") && strlen(path) < 512;
}

const char *tidy_private_folder(struct arena *arena, struct err *err)
{
	const char *parent = getenv("TMPDIR");
	char *path;

	if (!parent || !is_plain(parent) || access(parent, W_OK | X_OK))
		parent = "/tmp";
	path = arena_printf(arena, "%s/snag-XXXXXX", parent);
	if (mkdtemp(path))
		return path;
	err_errno(err, EXIT_TROUBLE, "cannot make a folder in '%s'", parent);
	return NULL;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *where)
{
	(void)st;
	(void)where;
	/* A folder that its owner locked up is unlocked first. */
	if (type == FTW_DNR && !chmod(path, 0700))
		tidy_folder(path);
	(void)remove(path);
	return 0;
}

void tidy_folder(const char *path)
{
	nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
