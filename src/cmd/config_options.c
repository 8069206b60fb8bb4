#include "cmd/config_options.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "judge/own_frame.h"
#include "read/config_yaml.h"

enum { MAX_FOLDERS = 256 };

static bool take_glob(const char *option, const char *glob,
		      struct config_options *options, struct config_list *list,
		      struct err *err)
{
	const char **item;

	if (!*glob)
		return err_set(err, EXIT_USAGE, "%s names nothing", option);
	if (list->count == CONFIG_MAX_ENTRIES)
		return err_set(err, EXIT_USAGE,
			       "%s is given more than %d times", option,
			       CONFIG_MAX_ENTRIES);
	item = arena_push(&options->arena, &list->items, &list->count,
			  sizeof(*item));
	*item = glob;
	return true;
}

bool config_options_take(int key, const char *value,
			 struct config_options *options, bool *is_good,
			 struct err *err)
{
	switch (key) {
	case CONFIG_FILE:
		options->path = value;
		return true;
	case CONFIG_NONE:
		options->is_off = true;
		return true;
	case CONFIG_OWN:
		*is_good =
			take_glob("--own", value, options, &options->own, err);
		return true;
	case CONFIG_PLUMBING:
		*is_good = take_glob("--plumbing", value, options,
				     &options->plumbing, err);
		return true;
	default:
		return false;
	}
}

static bool is_there(struct arena *arena, const char *folder, const char *name)
{
	return !access(arena_printf(arena, "%s%s", folder, name), F_OK);
}

/*
 * The folder with .git is the last one looked at.  Where there is none above,
 * only the current folder counts: a snag.yaml names programs to run, and /tmp
 * is anyone's.
 */
static const char *find_file(struct arena *arena)
{
	const char *folder = "", *found = NULL;

	for (size_t i = 0; i < MAX_FOLDERS; i++) {
		if (!found && is_there(arena, folder, "snag.yaml"))
			found = arena_printf(arena, "%ssnag.yaml", folder);
		if (!i && found)
			return found;
		if (is_there(arena, folder, ".git"))
			return found;
		folder = arena_printf(arena, "../%s", folder);
	}
	return NULL;
}

/* Those of the command line first: one that matches is enough, so that the
 * order does not matter. */
static void join(struct arena *arena, struct config_list *list,
		 const struct config_list *more)
{
	for (size_t i = 0; i < more->count; i++) {
		const char **item = arena_push(arena, &list->items,
					       &list->count, sizeof(*item));

		*item = more->items[i];
	}
}

bool config_options_load(struct config_options *options, struct config *config,
			 struct err *err)
{
	const char *path = options->path;

	*config = (struct config){0};
	if (options->path && options->is_off)
		return err_set(err, EXIT_USAGE,
			       "give --config or --no-config, not both");
	if (!path && !options->is_off)
		path = find_file(&options->arena);
	if (path && !config_read(path, config, err))
		return false;
	join(&options->arena, &options->own, &config->own);
	join(&options->arena, &options->plumbing, &config->plumbing);
	own_frame_configure(options->own.items, options->own.count,
			    options->plumbing.items, options->plumbing.count);
	return true;
}

bool config_options_formats(struct config *config, struct show_options *show,
			    struct err *err)
{
	const char *list = "";
	bool is_good = true;

	if (show->formats)
		return true;
	for (size_t i = 0; i < config->formats.count; i++)
		list = arena_printf(&config->arena, "%s%s%s", list,
				    i ? "," : "", config->formats.items[i]);
	if (!*list) {
		show->formats = "text";
		return true;
	}
	show_take(SHOW_FORMAT, list, show, &is_good, err);
	return is_good || config_blame(config, config->formats.line, err);
}

bool config_options_blame(const struct config *config, struct err *err)
{
	if (config->path && err->code == EXIT_USAGE)
		err_prefix(err, "with %s", config->path);
	return false;
}

void config_options_note(const struct config *config, struct result *result)
{
	const char *path = config->path;

	if (path)
		result_note(
			result, "%s set what no option did",
			text_clean(&result->arena, path, strlen(path), false));
}

void config_options_release(struct config_options *options)
{
	own_frame_configure(NULL, 0, NULL, 0);
	arena_release(&options->arena);
}
