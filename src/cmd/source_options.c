#include "cmd/source_options.h"

#include <string.h>
#include <sys/stat.h>

static bool take_root(const char *value, struct source_options *options,
		      struct err *err)
{
	const char **root;
	struct stat st;

	if (stat(value, &st))
		return err_errno(err, EXIT_USAGE,
				 "cannot use --source-root "
				 "'%s'",
				 value);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, EXIT_USAGE,
			       "--source-root '%s' is not a folder", value);
	root = arena_push(&options->arena, &options->roots.items,
			  &options->roots.count, sizeof(*root));
	*root = value;
	return true;
}

/* A folder with '=' in its name is more likely ours than the log's. */
static bool take_map(const char *value, struct source_options *options,
		     struct err *err)
{
	const char *equals = strchr(value, '=');
	struct config_path_map *map;

	if (!equals || equals == value || !equals[1])
		return err_set(err, EXIT_USAGE,
			       "--path-map '%.200s' is not of the form "
			       "FROM=TO, such as /build/src=.",
			       value);
	map = arena_push(&options->arena, &options->maps, &options->map_count,
			 sizeof(*map));
	map->from =
		arena_dup_n(&options->arena, value, (size_t)(equals - value));
	map->to = equals + 1;
	return true;
}

bool source_options_take(int key, const char *value,
			 struct source_options *options, bool *is_good,
			 struct err *err)
{
	if (key == SOURCE_ROOT)
		*is_good = take_root(value, options, err);
	else if (key == SOURCE_MAP)
		*is_good = take_map(value, options, err);
	else
		return false;
	return true;
}

struct source_tree *source_options_tree(const struct source_options *options,
					const struct config *config,
					const char *otherwise)
{
	const struct config_list *given = &options->roots;
	const struct config_list *set = &config->source_roots;
	size_t count = given->count + set->count;
	struct source_tree *tree;
	struct arena arena = {0};
	const char **roots = arena_alloc(&arena, (count + 1) * sizeof(*roots));

	for (size_t i = 0; i < count; i++)
		roots[i] = i < given->count ? given->items[i]
					    : set->items[i - given->count];
	if (!count && otherwise)
		roots[count++] = otherwise;
	tree = source_tree_new(roots, count);
	for (size_t i = 0; i < options->map_count; i++)
		source_tree_map(tree, options->maps[i].from,
				options->maps[i].to);
	for (size_t i = 0; i < config->path_map_count; i++)
		source_tree_map(tree, config->path_maps[i].from,
				config->path_maps[i].to);
	arena_release(&arena);
	return tree;
}

void source_options_release(struct source_options *options)
{
	arena_release(&options->arena);
}
