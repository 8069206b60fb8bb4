/*
 * dwarf_index.h - from an address to functions, inlined ones too, and lines.
 *
 * libdw before 0.191 finds nothing by address in what clang writes, for want of
 * .debug_aranges; so compile units are indexed by their ranges once, and the
 * functions of a unit when it is first asked for.  A lookup then descends only
 * within one function: some microseconds.
 *
 * Units whose debug information is split off (-gsplit-dwarf) have lines but no
 * functions here; dwarf_index_is_split says so.  Work and memory are bounded,
 * whatever the file says; what lies beyond the bounds is not found.
 */
#ifndef SNAG_READ_DWARF_INDEX_H
#define SNAG_READ_DWARF_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/report.h"
#include "read/debug_file.h"

enum { DWARF_FRAMES_MAX = 64 };

struct dwarf_index;

/* debug and program are borrowed for as long as the index lives. */
struct dwarf_index *dwarf_index_new(const struct debug_file *debug,
				    const struct elf_file *program);
void dwarf_index_free(struct dwarf_index *index);
bool dwarf_index_is_split(const struct dwarf_index *index);

/*
 * Fills function, file, line, column and is_inlined of at most
 * DWARF_FRAMES_MAX frames, innermost first, and says how many: 0 when nothing
 * is known of the address.  Strings are cleaned copies in the arena; function
 * is NULL where only the line is known.
 */
size_t dwarf_index_resolve(struct dwarf_index *index, struct arena *arena,
			   uint64_t address, struct frame *frames);

struct dwarf_global {
	const char *name; /* as declared, without class or namespace */
	const char *file;
	unsigned line;
	uint64_t begin, size_bytes;
};

/* The variable of static life that holds the address. */
bool dwarf_index_global(struct dwarf_index *index, struct arena *arena,
			uint64_t address, struct dwarf_global *global);

#endif
