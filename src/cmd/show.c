#include "cmd/show.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/replace.h"
#include "base/text.h"
#include "cmd/command.h"
#include "reports/renderer.h"

enum { MAX_FORMATS = 16 };

struct formats {
	const struct renderer *list[MAX_FORMATS];
	size_t count;
};

static const struct renderer *find(const char *name, size_t len)
{
	for (size_t i = 0; i < renderer_count; i++)
		if (strlen(renderer_table[i].name) == len &&
		    !memcmp(renderer_table[i].name, name, len))
			return &renderer_table[i];
	return NULL;
}

static bool unknown_format(const char *name, size_t len, struct err *err)
{
	char all[128] = "";

	for (size_t i = 0; i < renderer_count; i++) {
		strncat(all, i ? ", " : "", sizeof(all) - strlen(all) - 1);
		strncat(all, renderer_table[i].name,
			sizeof(all) - strlen(all) - 1);
	}
	return err_set(err, EXIT_USAGE, "--format '%.*s' is none of: %s",
		       len > 60 ? 60 : (int)len, name, all);
}

static bool read_formats(const char *list, struct formats *out, struct err *err)
{
	*out = (struct formats){0};
	do {
		size_t len = strcspn(list, ",");
		const struct renderer *r = find(list, len);

		if (!r || out->count >= MAX_FORMATS)
			return unknown_format(list, len, err);
		out->list[out->count++] = r;
		list += len;
	} while (*list++ == ',');
	return true;
}

bool show_take(int key, const char *value, struct show_options *options,
	       bool *is_good, struct err *err)
{
	static const char *const colors[] = {"auto", "always", "never", NULL};
	struct formats formats;

	switch (key) {
	case SHOW_FORMAT:
		options->formats = value;
		*is_good = read_formats(value, &formats, err);
		return true;
	case SHOW_COLOR:
		options->color = value;
		*is_good = value_choice("--color", value, colors, err);
		return true;
	case 'v':
		options->is_verbose = true;
		return true;
	case 'q':
		options->is_quiet = true;
		return true;
	default:
		return false;
	}
}

bool show_print(const struct result *result, const struct show_options *options,
		const char *out_dir, struct err *err)
{
	struct formats formats;
	struct render_options render = {
		.is_colored = value_color(options->color, stdout),
		.is_verbose = options->is_verbose,
		.out_dir = out_dir,
	};

	if (options->is_quiet)
		return true;
	if (!read_formats(options->formats, &formats, err))
		return false;
	formats.list[0]->render(result, stdout, &render);
	return command_flush("the report", err);
}

static bool write_file(const struct result *result, const struct renderer *r,
		       const struct render_options *render, const char *path,
		       struct err *err)
{
	struct replacement replacement;

	if (!replace_begin(&replacement, path, err))
		return false;
	r->render(result, replacement.file, render);
	return replace_commit(&replacement, err);
}

static bool store_one(const struct result *result, const struct renderer *r,
		      const char *out_dir, struct err *err)
{
	struct render_options render = {.out_dir = out_dir, .is_verbose = true};
	struct arena arena = {0};
	bool is_stored = write_file(
		result, r, &render,
		arena_printf(&arena, "%s/%s", out_dir, r->file), err);

	arena_release(&arena);
	return is_stored;
}

bool show_write(const struct result *result, const struct show_options *options,
		const char *out_dir, const char *path, struct err *err)
{
	struct render_options render = {.is_verbose = options->is_verbose,
					.out_dir = out_dir};
	struct formats formats;

	return read_formats(options->formats, &formats, err) &&
	       write_file(result, formats.list[0], &render, path, err);
}

bool show_store(const struct result *result, const struct show_options *options,
		const char *out_dir, struct err *err)
{
	struct formats formats;

	if (!read_formats(options->formats, &formats, err))
		return false;
	for (size_t i = 1; i < formats.count; i++)
		if (!store_one(result, formats.list[i], out_dir, err))
			return false;
	return true;
}

const char *command_line(struct arena *arena, int argc, char **argv)
{
	/* The first is "snag run", two words. */
	return argc > 1 ? arena_printf(arena, "%s %s", argv[0],
				       text_command(arena, argv + 1))
			: arena_dup(arena, argv[0]);
}

const char *result_file(struct arena *arena, const char *path)
{
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return arena_printf(arena, "%s/result.json", path);
	return path;
}
