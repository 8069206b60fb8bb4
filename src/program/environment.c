#include "program/environment.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "read/report_files.h"

enum { ADDED_MAX = 8 };

const char *environment_flag_file(struct arena *arena, const char *folder)
{
	return arena_printf(arena, "%s/flags", folder);
}

bool environment_make_flag_file(struct arena *arena, const char *folder,
				struct err *err)
{
	int fd = open(environment_flag_file(arena, folder),
		      O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_errno(err, EXIT_TROUBLE,
				 "cannot make a file in '%s'", folder);
	close(fd);
	return true;
}

static bool is_replaced(const char *variable, char *const *added)
{
	size_t len = strcspn(variable, "=") + 1;

	for (; *added; added++)
		if (!strncmp(*added, variable, len))
			return true;
	return false;
}

static char **environment_with(struct arena *arena, char *const *own,
			       char *const *added)
{
	char **list = NULL, **slot;
	size_t count = 0;

	for (; *own; own++) {
		if (is_replaced(*own, added))
			continue;
		slot = arena_push(arena, &list, &count, sizeof(*slot));
		*slot = *own;
	}
	for (; *added; added++) {
		slot = arena_push(arena, &list, &count, sizeof(*slot));
		*slot = *added;
	}
	arena_push(arena, &list, &count, sizeof(*slot));
	return list;
}

static char *tsan_options(struct arena *arena, const struct trial_plan *plan,
			  const struct trial *trial)
{
	struct tsan_flags flags = {.arena = arena};

	for (size_t i = 0; i < plan->flags.count; i++)
		if (*plan->flags.list[i].name)
			tsan_flags_add(&flags, plan->flags.list[i].name,
				       plan->flags.list[i].value);
	tsan_flags_add(&flags, "include_if_exists",
		       environment_flag_file(arena, trial->folder));
	tsan_flags_set(
		&flags, "log_path",
		arena_printf(arena, "%s/%s", trial->folder, REPORT_FILES_NAME));
	return tsan_flags_text(&flags);
}

/* The caller's, with what is to be set besides. */
static char **users(struct arena *arena, const struct trial_plan *plan)
{
	char **set = arena_alloc(arena,
				 (plan->environment_count + 1) * sizeof(*set));

	for (size_t i = 0; i < plan->environment_count; i++)
		set[i] = arena_dup(arena, plan->environment[i]);
	return environment_with(arena, environ, set);
}

char **environment_of(struct arena *arena, const struct trial_plan *plan,
		      const struct trial *trial)
{
	char *added[ADDED_MAX] = {NULL};
	size_t n = 0;

	added[n++] = arena_printf(arena, "TSAN_OPTIONS=%s",
				  tsan_options(arena, plan, trial));
	if (trial->mark) {
		added[n++] = arena_dup(arena, trial->mark); /* TMPDIR */
		added[n++] = arena_printf(arena, "SNAG_RUN=%llu",
					  (unsigned long long)trial->number);
	}
	if (plan->preload)
		added[n++] =
			arena_printf(arena, "LD_PRELOAD=%s", plan->preload);
	if (plan->noise) {
		added[n++] = arena_printf(arena, "SNAG_NOISE=%s", plan->noise);
		added[n++] = arena_printf(
			arena, "SNAG_NOISE_SEED=%llu",
			(unsigned long long)(plan->seed + trial->number - 1));
	}
	return environment_with(arena, users(arena, plan), added);
}
