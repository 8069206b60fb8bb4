#include "cmd/out_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "model/finding_index.h"

static bool make_folders(char *path, struct err *err)
{
	char *slash = path;

	do {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return err_errno(err, EXIT_USAGE,
					 "cannot make folder '%s' for --out",
					 path);
		if (slash)
			*slash = '/';
	} while (slash);
	return true;
}

static bool prove_writable(struct arena *arena, const char *path,
			   struct err *err)
{
	const char *probe =
		arena_printf(arena, "%s/.probe-%d", path, (int)getpid());
	int fd = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0)
		return err_errno(err, EXIT_USAGE,
				 "cannot write to folder '%s' of --out", path);
	close(fd);
	unlink(probe);
	return true;
}

bool out_dir_prepare(const char *path, struct err *err)
{
	struct arena arena = {0};
	char *copy = arena_dup(&arena, path);
	const char *reports = arena_printf(&arena, "%s/reports", path);
	bool is_done = false;

	if (!*path)
		err_set(err, EXIT_USAGE, "--out names no folder");
	else if (make_folders(copy, err))
		is_done = prove_writable(&arena, path, err);
	if (is_done && mkdir(reports, 0777) && errno != EEXIST)
		is_done = err_errno(err, EXIT_USAGE, "cannot make folder '%s'",
				    reports);
	arena_release(&arena);
	return is_done;
}

static bool is_report_name(const char *name)
{
	return strlen(name) == FINGERPRINT_HEX + 4 &&
	       strspn(name, "0123456789abcdef") == FINGERPRINT_HEX &&
	       !strcmp(name + FINGERPRINT_HEX, ".txt");
}

static bool has_report(const struct finding_index *index, const char *name)
{
	char fingerprint[FINGERPRINT_HEX + 1] = "";

	memcpy(fingerprint, name, FINGERPRINT_HEX);
	return finding_index_find(index, fingerprint);
}

static bool is_schedule_name(const char *name)
{
	size_t len = strlen(name);

	if (len < 5 || strcmp(name + len - 5, ".json") != 0)
		return false;
	return !strncmp(name, "outcome-", 8) ||
	       (strspn(name, "0123456789abcdef") == FINGERPRINT_HEX &&
		(len == FINGERPRINT_HEX + 5 ||
		 !strcmp(name + FINGERPRINT_HEX, "-effect.json")));
}

static bool is_file_of(const struct kept *kept, const char *name)
{
	const char *slash =
		kept && kept->file ? strrchr(kept->file, '/') : NULL;

	return slash && !strcmp(slash + 1, name);
}

static bool is_kept(const struct result *r, const char *name)
{
	for (size_t i = 0; i < r->finding_count; i++)
		if (is_file_of(r->findings[i].kept, name) ||
		    is_file_of(r->findings[i].effect_kept, name))
			return true;
	for (size_t i = 0; i < r->subject_count; i++)
		for (size_t j = 0; j < r->subjects[i].run_count; j++) {
			const struct run *run = &r->subjects[i].runs[j];

			for (size_t k = 0; k < run->outcome_count; k++)
				if (is_file_of(run->outcomes[k].kept, name))
					return true;
		}
	return false;
}

/* Of an earlier result. */
static void tidy_schedules(struct arena *arena, const char *path,
			   const struct result *result)
{
	DIR *dir = opendir(arena_printf(arena, "%s/schedules", path));
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (is_schedule_name(entry->d_name) &&
		    !is_kept(result, entry->d_name))
			unlink(arena_printf(arena, "%s/schedules/%s", path,
					    entry->d_name));
	closedir(dir);
}

void out_dir_tidy(const char *path, const struct result *result)
{
	struct arena arena = {0};
	DIR *dir = opendir(arena_printf(&arena, "%s/reports", path));
	int fd = dir ? dirfd(dir) : -1;
	struct finding_index index = finding_index_of(&arena, result);
	struct dirent *entry;

	while (fd >= 0 && (entry = readdir(dir)) != NULL)
		if (is_report_name(entry->d_name) &&
		    !has_report(&index, entry->d_name))
			unlinkat(fd, entry->d_name, 0);
	if (dir)
		closedir(dir);
	tidy_schedules(&arena, path, result);
	arena_release(&arena);
}
