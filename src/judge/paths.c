#include "judge/paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/own_frame.h"

static bool has_git(struct arena *arena, const char *folder)
{
	return !access(arena_printf(arena, "%s.git", folder), F_OK);
}

const char *paths_root(struct arena *arena, const char *file)
{
	char *folder = arena_dup(arena, file ? file : "");
	char cwd[PATH_MAX];
	char *slash;

	while (folder[0] == '/' && (slash = strrchr(folder, '/')) != NULL) {
		slash[1] = '\0';
		if (has_git(arena, folder))
			return folder;
		slash[0] = '\0';
	}
	if (!getcwd(cwd, sizeof(cwd)))
		return "/";
	return arena_printf(arena, "%s/", cwd);
}

const char *paths_sources(struct arena *arena, const char *host)
{
	static const char installed[] = "/libexec/snag/";
	const char *slash = strrchr(host, '/'), *folder;
	size_t len = slash ? (size_t)(slash - host) + 1 : 0;

	if (len >= sizeof(installed) && !strncmp(host + len - strlen(installed),
						 installed, strlen(installed)))
		len -= strlen(installed) - 1;
	folder = arena_printf(arena, "%.*sshare/snag", (int)len, host);
	return access(folder, X_OK) ? NULL : folder;
}

const char *paths_root_here(struct arena *arena)
{
	char cwd[PATH_MAX];

	return paths_root(arena, getcwd(cwd, sizeof(cwd))
					 ? arena_printf(arena, "%s/", cwd)
					 : NULL);
}

const char *paths_relative(const char *root, const char *file)
{
	size_t len = root ? strlen(root) : 0;

	if (file && !strncmp(file, "./", 2) && file[2])
		return file + 2;
	if (file && len > 1 && !strncmp(file, root, len) && file[len])
		return file + len;
	return file;
}

/* The harness's own files carry the build folder before this name. */
static const char *harness_file(const char *file)
{
	return file ? strstr(file, "snag-harness/") : NULL;
}

/* As ThreadSanitizer prints it, "free" and not "__interceptor_free". */
static void shorten_function(struct frame *frame)
{
	struct frame plain = *frame;

	plain.function = own_frame_plain_name(frame->function);
	if (plain.function != frame->function &&
	    own_frame_role(&plain) != FRAME_OWN)
		frame->function = plain.function;
}

static void shorten_stack(const char *root, struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		struct frame *f = &stack->frames[i];
		const char *ours = harness_file(f->file);

		f->file = ours ? ours : paths_relative(root, f->file);
		shorten_function(f);
	}
}

void paths_shorten_below(const char *root, struct report *report)
{
	for (size_t i = 0; i < report->access_count; i++) {
		shorten_stack(root, &report->accesses[i].stack);
		shorten_stack(root, &report->accesses[i].held_stack);
	}
	for (size_t i = 0; i < report->location_count; i++) {
		struct location *l = &report->locations[i];

		l->file = paths_relative(root, l->file);
		shorten_stack(root, &l->stack);
	}
	for (size_t i = 0; i < report->mutex_count; i++)
		shorten_stack(root, &report->mutexes[i].created);
	for (size_t i = 0; i < report->thread_count; i++)
		shorten_stack(root, &report->threads[i].created);
	shorten_stack(root, &report->sleep);
}

void paths_shorten(const struct result *result, struct report *report)
{
	paths_shorten_below(result->root, report);
}

void paths_shorten_subjects(struct result *result)
{
	if (result->subject_count)
		result->root =
			paths_root(&result->arena, result->subjects[0].file);
	for (size_t i = 0; i < result->subject_count; i++)
		result->subjects[i].file =
			paths_relative(result->root, result->subjects[i].file);
}
