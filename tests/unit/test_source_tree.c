#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/source_tree.h"

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text, size_t len)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/source-tree-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	mkdir(path_of("src"), 0700);
	put("src/x.c", "one\n\ttwo\r\n\x1b[31mthree", 20);
	put("secret", "key\n", 4);
	put("empty.c", "", 0);
	return mkfifo(path_of("pipe.c"), 0600);
}

static int remove_folder(void **state)
{
	static const char *const names[] = {
		"src/x.c", "secret", "empty.c", "pipe.c", "large.c", "src", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		remove(path_of(names[i]));
	return 0;
}

static struct source_tree *tree_of_folder(void)
{
	const char *const roots[] = {folder};

	return source_tree_new(roots, 1);
}

static void files_are_found_by_any_ending_of_their_path(void **state)
{
	struct source_tree *tree = tree_of_folder();
	size_t len;

	(void)state;
	assert_non_null(source_line(tree, "src/x.c", 1, &len));
	assert_non_null(source_line(tree, path_of("src/x.c"), 1, &len));
	assert_non_null(source_line(tree, "/elsewhere/build/src/x.c", 1, &len));
	assert_int_equal(len, 3);
	assert_null(source_line(tree, "y.c", 1, &len));
	source_tree_free(tree);
}

static void a_mapped_folder_is_looked_in_first(void **state)
{
	struct source_tree *tree = source_tree_new(NULL, 0);
	size_t len;

	(void)state;
	source_tree_map(tree, "/build", "/nowhere");
	source_tree_map(tree, "/build/deep/", folder);
	source_tree_map(tree, "C", path_of("src"));
	assert_non_null(source_line(tree, "/build/deep/src/x.c", 1, &len));
	assert_non_null(source_line(tree, "C/x.c", 1, &len));
	assert_null(source_line(tree, "/build/deeper/src/x.c", 1, &len));
	assert_null(source_line(tree, "/build/src/x.c", 1, &len));
	assert_null(source_line(tree, "/build/deep", 1, &len));
	source_tree_free(tree);
}

static void a_mapped_path_stays_below_its_folder(void **state)
{
	struct source_tree *tree = source_tree_new(NULL, 0);
	size_t len;

	(void)state;
	source_tree_map(tree, "/b", path_of("src"));
	assert_null(source_line(tree, "/b/../src/x.c", 1, &len));
	assert_null(source_line(tree, "/b//../src/x.c", 1, &len));
	assert_non_null(source_line(tree, "/b//x.c", 1, &len));
	source_tree_free(tree);
}

static void lines_end_where_they_end(void **state)
{
	struct source_tree *tree = tree_of_folder();
	size_t len = 99;
	const char *line = source_line(tree, "src/x.c", 2, &len);

	(void)state;
	assert_int_equal(len, 4);
	assert_memory_equal(line, "\ttwo", 4);
	assert_non_null(source_line(tree, "src/x.c", 3, &len));
	assert_null(source_line(tree, "src/x.c", 4, &len));
	assert_null(source_line(tree, "src/x.c", 0, &len));
	assert_null(source_line(tree, "empty.c", 1, &len));
	source_tree_free(tree);
}

static void excerpts_are_clean_and_within_the_file(void **state)
{
	struct source_tree *tree = tree_of_folder();
	struct arena arena = {0};
	struct excerpt excerpt = {0};

	(void)state;
	assert_true(source_excerpt(tree, &arena, "src/x.c", 2, 9, &excerpt));
	assert_int_equal(excerpt.first_line, 1);
	assert_int_equal(excerpt.line, 2);
	assert_int_equal(excerpt.count, 3);
	assert_string_equal(excerpt.lines[1], "\ttwo");
	assert_null(strchr(excerpt.lines[2], '\x1b'));
	excerpt.count = 77;
	assert_false(source_excerpt(tree, &arena, "src/x.c", 9, 1, &excerpt));
	assert_int_equal(excerpt.count, 77);
	arena_release(&arena);
	source_tree_free(tree);
}

static void only_regular_source_files_are_read(void **state)
{
	struct source_tree *tree = tree_of_folder();
	size_t len;

	(void)state;
	assert_null(source_text(tree, "pipe.c", &len));
	assert_null(source_text(tree, path_of("pipe.c"), &len));
	assert_null(source_text(tree, "secret", &len));
	assert_null(source_text(tree, "/etc/passwd", &len));
	assert_null(source_text(tree, "../../etc/hosts.c", &len));
	assert_null(source_text(tree, "", &len));
	assert_null(source_text(tree, NULL, &len));
	source_tree_free(tree);
}

static void large_files_and_too_many_are_as_if_not_there(void **state)
{
	struct source_tree *tree = tree_of_folder();
	size_t len;
	char name[32];

	(void)state;
	put("large.c", "x", 1);
	assert_int_equal(
		truncate(path_of("large.c"), SOURCE_MAX_FILE_BYTES + 1), 0);
	assert_null(source_text(tree, "large.c", &len));
	for (unsigned i = 0; i < SOURCE_MAX_FILES; i++) {
		snprintf(name, sizeof(name), "none%u.c", i);
		assert_null(source_text(tree, name, &len));
	}
	assert_null(source_text(tree, "src/x.c", &len));
	source_tree_free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_found_by_any_ending_of_their_path),
		cmocka_unit_test(a_mapped_folder_is_looked_in_first),
		cmocka_unit_test(a_mapped_path_stays_below_its_folder),
		cmocka_unit_test(lines_end_where_they_end),
		cmocka_unit_test(excerpts_are_clean_and_within_the_file),
		cmocka_unit_test(only_regular_source_files_are_read),
		cmocka_unit_test(large_files_and_too_many_are_as_if_not_there),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
