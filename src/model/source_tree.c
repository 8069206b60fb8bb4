#include "model/source_tree.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { EXCERPT_MAX_AROUND = 50, EXCERPT_MAX_LINE_BYTES = 500 };

struct source_file {
	const char *name; /* as asked for */
	const char *text; /* NULL: there is none */
	size_t len;
	const uint32_t *line_starts;
	size_t line_count;
};

struct path_map {
	const char *from, *to;
	size_t from_len;
};

struct source_tree {
	struct arena arena;
	const char **roots;
	size_t root_count;
	struct path_map *maps; /* the longest first */
	size_t map_count;
	struct source_file files[SOURCE_MAX_FILES];
	size_t file_count;
	size_t total_bytes;
};

struct source_tree *source_tree_new(const char *const *roots, size_t count)
{
	struct source_tree *tree = must_alloc(sizeof(*tree));

	memset(tree, 0, sizeof(*tree));
	for (size_t i = 0; i < count; i++) {
		const char **root =
			arena_push(&tree->arena, &tree->roots,
				   &tree->root_count, sizeof(*tree->roots));

		*root = arena_dup(&tree->arena, roots[i]);
	}
	return tree;
}

void source_tree_map(struct source_tree *tree, const char *from, const char *to)
{
	struct path_map map = {.from_len = strlen(from)};
	size_t at;

	while (map.from_len && from[map.from_len - 1] == '/')
		map.from_len--;
	map.from = arena_dup_n(&tree->arena, from, map.from_len);
	map.to = arena_dup(&tree->arena, to);
	arena_push(&tree->arena, &tree->maps, &tree->map_count,
		   sizeof(*tree->maps));
	at = tree->map_count - 1;
	for (; at && tree->maps[at - 1].from_len < map.from_len; at--)
		tree->maps[at] = tree->maps[at - 1];
	tree->maps[at] = map;
}

void source_tree_free(struct source_tree *tree)
{
	if (!tree)
		return;
	arena_release(&tree->arena);
	free(tree);
}

static bool read_whole(int fd, char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = read(fd, text + at, len - at);

		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

/* O_NONBLOCK, since opening a FIFO would wait for its writer. */
static bool read_file(struct source_tree *tree, const char *path,
		      struct source_file *file)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool done = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0 &&
	    st.st_size <= SOURCE_MAX_FILE_BYTES &&
	    tree->total_bytes + (size_t)st.st_size <= SOURCE_MAX_TOTAL_BYTES) {
		size_t len = (size_t)st.st_size;
		char *text = must_alloc(len + 1);

		if (read_whole(fd, text, len)) {
			file->text = arena_dup_n(&tree->arena, text, len);
			file->len = len;
			tree->total_bytes += len;
			done = true;
		}
		free(text);
	}
	close(fd);
	return done;
}

static bool read_below(struct source_tree *tree, const char *root,
		       const char *path, struct source_file *file)
{
	char whole[SOURCE_MAX_PATH_BYTES * 2];
	size_t root_len = strnlen(root, SOURCE_MAX_PATH_BYTES);
	size_t path_len = strnlen(path, SOURCE_MAX_PATH_BYTES);

	if (!path_len || root_len + path_len + 2 > sizeof(whole))
		return false;
	memcpy(whole, root, root_len);
	whole[root_len] = '/';
	memcpy(whole + root_len + 1, path, path_len);
	whole[root_len + 1 + path_len] = '\0';
	return read_file(tree, whole, file);
}

/* A suffix that climbs out of the root is no suffix of anything in it. */
static bool climbs(const char *path)
{
	return !strncmp(path, "../", 3) || strstr(path, "/../") != NULL;
}

/* The longest suffix first, so that a/x.c is not taken for b/x.c. */
static bool find_below_roots(struct source_tree *tree, const char *name,
			     struct source_file *file)
{
	const char *path = name;

	while (*path) {
		while (*path == '/')
			path++;
		for (size_t i = 0; i < tree->root_count && !climbs(path); i++)
			if (read_below(tree, tree->roots[i], path, file))
				return true;
		path += strcspn(path, "/");
	}
	return false;
}

/* The rest of a path below a folder; NULL when it is not below it. */
static const char *below(const struct path_map *map, const char *path)
{
	if (strncmp(path, map->from, map->from_len) != 0 ||
	    path[map->from_len] != '/')
		return NULL;
	path += map->from_len;
	return path + strspn(path, "/");
}

static bool find_by_maps(struct source_tree *tree, const char *name,
			 struct source_file *file)
{
	for (size_t i = 0; i < tree->map_count; i++) {
		const char *rest = below(&tree->maps[i], name);

		if (rest && !climbs(rest) &&
		    read_below(tree, tree->maps[i].to, rest, file))
			return true;
	}
	return false;
}

static void index_lines(struct source_tree *tree, struct source_file *file)
{
	size_t count = file->len && file->text[file->len - 1] != '\n';
	uint32_t *starts;
	const char *end = file->text + file->len;

	for (size_t i = 0; i < file->len; i++)
		count += file->text[i] == '\n';
	starts = arena_alloc(&tree->arena, (count + 1) * sizeof(*starts));
	file->line_count = count;
	for (const char *at = file->text; count--;) {
		*starts++ = (uint32_t)(at - file->text);
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : end;
	}
	*starts = (uint32_t)file->len;
	file->line_starts = starts - file->line_count;
}

/* A log that names /etc/shadow gets nothing: only what looks like source. */
static bool is_source_name(const char *name)
{
	static const char *const endings[] = {
		"c",   "h",   "cc",  "cpp", "cxx", "c++", "hh", "hpp", "hxx",
		"h++", "inc", "inl", "ipp", "tcc", "def", "m",  "mm",  "S",
		"s",   "y",   "l",   "C",   "H",   "rs",  "go"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof(endings) / sizeof(*endings); i++)
		if (!strcmp(dot + 1, endings[i]))
			return true;
	return false;
}

static struct source_file *find(struct source_tree *tree, const char *name)
{
	struct source_file *file;

	if (!name || !*name || strlen(name) >= SOURCE_MAX_PATH_BYTES)
		return NULL;
	for (size_t i = 0; i < tree->file_count; i++)
		if (!strcmp(tree->files[i].name, name))
			return tree->files[i].text ? &tree->files[i] : NULL;
	if (tree->file_count == SOURCE_MAX_FILES)
		return NULL;
	file = &tree->files[tree->file_count++];
	file->name = arena_dup(&tree->arena, name);
	if (!is_source_name(name))
		return NULL;
	find_by_maps(tree, name, file);
	if (!file->text && (*name == '/' || !tree->root_count))
		read_file(tree, name, file);
	if (!file->text)
		find_below_roots(tree, name, file);
	if (!file->text)
		return NULL;
	index_lines(tree, file);
	return file;
}

const char *source_text(struct source_tree *tree, const char *file, size_t *len)
{
	const struct source_file *found = find(tree, file);

	if (!found)
		return NULL;
	*len = found->len;
	return found->text;
}

const char *source_line(struct source_tree *tree, const char *file,
			unsigned line, size_t *len)
{
	const struct source_file *found = find(tree, file);
	size_t begin, end;

	if (!found || !line || line > found->line_count)
		return NULL;
	begin = found->line_starts[line - 1];
	end = found->line_starts[line];
	while (end > begin &&
	       (found->text[end - 1] == '\n' || found->text[end - 1] == '\r'))
		end--;
	*len = end - begin;
	return found->text + begin;
}

bool source_excerpt(struct source_tree *tree, struct arena *arena,
		    const char *file, unsigned line, unsigned around,
		    struct excerpt *out)
{
	struct excerpt excerpt = {.line = line};
	size_t len;

	if (!source_line(tree, file, line, &len))
		return false;
	if (around > EXCERPT_MAX_AROUND)
		around = EXCERPT_MAX_AROUND;
	excerpt.file = text_clean(arena, file, strlen(file), false);
	excerpt.first_line = line > around ? line - around : 1;
	for (unsigned at = excerpt.first_line; at - line <= around || at < line;
	     at++) {
		const char *text = source_line(tree, file, at, &len);
		const char **row;

		if (!text)
			break;
		if (len > EXCERPT_MAX_LINE_BYTES)
			len = EXCERPT_MAX_LINE_BYTES;
		row = arena_push(arena, &excerpt.lines, &excerpt.count,
				 sizeof(*excerpt.lines));
		/* A newline never stands within; a tab is kept. */
		*row = text_clean(arena, text, len, true);
	}
	*out = excerpt;
	return true;
}
