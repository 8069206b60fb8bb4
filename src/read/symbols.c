#include "read/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "read/debug_file.h"
#include "read/dwarf_index.h"
#include "read/elf_file.h"

struct module {
	char *path;
	bool is_open;
	struct elf_file file;
	struct debug_file debug;
	struct dwarf_index *index; /* NULL: no debug information */
};

struct symbols {
	/* Few, so a plain array; the last one found is mostly the next. */
	struct module *modules[SYMBOLS_MODULES_MAX];
	size_t module_count, last;
	bool is_full;
	char *alias; /* a path, and what it looks like in a report */
	char *alias_shown;
	struct arena notes_arena;
	const char **notes;
	size_t note_count;
};

struct symbols *symbols_new(void)
{
	return must_alloc(sizeof(struct symbols));
}

static void module_free(struct module *module)
{
	dwarf_index_free(module->index);
	if (module->is_open) {
		debug_file_close(&module->debug);
		elf_file_close(&module->file);
	}
	free(module->path);
	free(module);
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	for (size_t i = 0; i < symbols->module_count; i++)
		module_free(symbols->modules[i]);
	arena_release(&symbols->notes_arena);
	free(symbols->alias);
	free(symbols->alias_shown);
	free(symbols);
}

const char *const *symbols_notes(const struct symbols *symbols, size_t *count)
{
	*count = symbols->note_count;
	return symbols->notes;
}

static void add_note(struct symbols *symbols, const char *text)
{
	const char **note = arena_push(&symbols->notes_arena, &symbols->notes,
				       &symbols->note_count, sizeof(*note));

	*note = text_clean(&symbols->notes_arena, text, strlen(text), false);
}

void symbols_alias(struct symbols *symbols, const char *path)
{
	struct arena arena = {0};
	const char *shown = text_clean(&arena, path, strlen(path), false);

	if (strcmp(shown, path) != 0) {
		free(symbols->alias);
		free(symbols->alias_shown);
		symbols->alias = must_dup(path);
		symbols->alias_shown = must_dup(shown);
	}
	arena_release(&arena);
}

static const char *real_path(const struct symbols *symbols, const char *path)
{
	return symbols->alias && !strcmp(path, symbols->alias_shown)
		       ? symbols->alias
		       : path;
}

static void open_module(struct symbols *symbols, struct module *module)
{
	const char *path = real_path(symbols, module->path);
	struct err err = {0};

	if (module->path[0] != '/') {
		err_set(&err, EXIT_TROUBLE,
			"'%.512s' is not a full path: its symbols are not "
			"looked up",
			module->path);
	} else if (elf_file_open(&module->file, path, &err)) {
		module->is_open = true;
		if (debug_file_open(&module->debug, &module->file, path, &err))
			module->index =
				dwarf_index_new(&module->debug, &module->file);
		if (module->index && dwarf_index_is_split(module->index))
			err_set(&err, EXIT_TROUBLE,
				"'%.512s' has split debug information "
				"(-gsplit-dwarf), which is not read: inlined "
				"functions are not shown; build it without "
				"that option",
				module->path);
	}
	if (err.code)
		add_note(symbols, err.text);
}

/* "[vdso]", "<null>", "linux-vdso.so.1": nobody expects a file there. */
static bool is_pseudo(const char *path)
{
	return !path || !*path || *path == '[' || *path == '<' ||
	       strncmp(path, "linux-vdso", 10) == 0;
}

static struct module *find_module(struct symbols *symbols, const char *path)
{
	struct module *module;
	size_t count = symbols->module_count;

	if (is_pseudo(path))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t at = (symbols->last + i) % count;

		module = symbols->modules[at];
		if (strcmp(module->path, path) == 0) {
			symbols->last = at;
			return module->is_open ? module : NULL;
		}
	}
	if (count == SYMBOLS_MODULES_MAX) {
		if (!symbols->is_full)
			add_note(symbols, "more modules than are looked up: "
					  "the symbols of the rest are not "
					  "read");
		symbols->is_full = true;
		return NULL;
	}
	module = must_alloc(sizeof(*module));
	module->path = must_dup(path);
	symbols->last = count;
	symbols->modules[symbols->module_count++] = module;
	open_module(symbols, module);
	return module->is_open ? module : NULL;
}

static const char *clean_name(struct arena *arena, const char *name)
{
	enum { NAME_MAX_BYTES = 4096 };

	return name ? text_clean(arena, name, strnlen(name, NAME_MAX_BYTES),
				 false)
		    : NULL;
}

size_t symbols_resolve(struct symbols *symbols, struct arena *arena,
		       const char *module_path, uint64_t offset,
		       struct stack *out)
{
	struct module *module = find_module(symbols, module_path);
	struct frame frames[DWARF_FRAMES_MAX];
	size_t count = 0;

	if (module && module->index)
		count = dwarf_index_resolve(module->index, arena, offset,
					    frames);
	if (count == 0) {
		frames[0] = (struct frame){0};
		count = 1;
	}
	/* The outermost is a real function: the symbol table knows it. */
	if (module && !frames[count - 1].function)
		frames[count - 1].function = clean_name(
			arena, elf_file_function(&module->file, offset));
	for (size_t i = 0; i < count; i++) {
		struct frame *frame = arena_push(arena, &out->frames,
						 &out->count, sizeof(*frame));

		*frame = frames[i];
		frame->module = module_path;
		frame->offset = offset;
		frame->has_offset = true;
	}
	return count;
}

bool symbols_global(struct symbols *symbols, struct arena *arena,
		    const char *module_path, uint64_t offset,
		    struct symbols_global *global)
{
	struct module *module = find_module(symbols, module_path);
	struct dwarf_global declared;
	const char *name;

	*global = (struct symbols_global){.offset = offset};
	if (!module || !elf_file_is_writable(&module->file, offset))
		return false;
	name = elf_file_object(&module->file, offset, &global->offset,
			       &global->size_bytes);
	global->name = clean_name(arena, name);
	if (!module->index ||
	    !dwarf_index_global(module->index, arena, offset, &declared) ||
	    (name && declared.begin != global->offset))
		return true;
	if (!name || strncmp(name, "_Z", 2) == 0)
		global->name = declared.name ? declared.name : global->name;
	if (!name) {
		global->offset = declared.begin;
		global->size_bytes = declared.size_bytes;
	}
	global->file = declared.file;
	global->line = declared.line;
	return true;
}
