#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/arena.h"

enum { TRIES = 100, SUFFIX_BYTES = 24 };

static int open_new(struct replacement *r)
{
	size_t room = strlen(r->path) + SUFFIX_BYTES;
	int fd = -1;

	r->temp = must_alloc(room);
	for (int i = 0; fd < 0 && i < TRIES; i++) {
		uint64_t random;

		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			return -1;
		snprintf(r->temp, room, "%s.%016" PRIx64, r->path, random);
		fd = open(r->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			  0666);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

static void release(struct replacement *r)
{
	free(r->path);
	free(r->temp);
	*r = (struct replacement){0};
}

bool replace_begin(struct replacement *r, const char *path, struct err *err)
{
	int fd;

	*r = (struct replacement){.path = must_dup(path)};
	fd = open_new(r);
	r->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (r->file)
		return true;
	err_errno(err, EXIT_TROUBLE, "cannot write '%s'", path);
	if (fd >= 0) {
		close(fd);
		unlink(r->temp);
	}
	release(r);
	return false;
}

void replace_abort(struct replacement *r)
{
	if (r->file)
		fclose(r->file);
	if (r->temp)
		unlink(r->temp);
	release(r);
}

/* So that the new name is on the disk as well; what cannot be synced, such as
 * a folder of some network file systems, is as good as it gets. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = must_dup(slash ? path : ".");
	int fd;

	if (slash)
		folder[slash == path ? 1 : slash - path] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

bool replace_commit(struct replacement *r, struct err *err)
{
	FILE *file = r->file;
	bool is_done = !fflush(file) && !ferror(file) && !fsync(fileno(file));
	int reason = errno;

	r->file = NULL;
	if (fclose(file) && is_done) {
		reason = errno;
		is_done = false;
	}
	if (is_done && rename(r->temp, r->path)) {
		reason = errno;
		is_done = false;
	}
	if (is_done) {
		sync_folder(r->path);
		release(r);
		return true;
	}
	errno = reason;
	err_errno(err, EXIT_TROUBLE, "cannot write '%s'", r->path);
	replace_abort(r);
	return false;
}
