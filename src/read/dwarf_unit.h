/*
 * dwarf_unit.h - what dwarf_index.c and dwarf_global.c share: the index itself.
 */
#ifndef SNAG_READ_DWARF_UNIT_H
#define SNAG_READ_DWARF_UNIT_H

#include "read/dwarf_index.h"
#include "read/range_index.h"

struct unit {
	Dwarf_Die die;
	struct range_index functions; /* value: offset of the entry */
	bool is_indexed, is_split;
	bool has_lines, has_no_lines; /* neither: not asked yet */
	unsigned version;             /* of DWARF */
};

struct variable {
	Dwarf_Off entry;
	size_t unit;
};

struct dwarf_index {
	Dwarf *dwarf;
	const struct elf_file *program;
	Elf_Data *line_section;
	struct unit *units;
	size_t unit_count, unit_room;
	struct range_index unit_ranges; /* value: of units */
	bool has_split;
	uint64_t entries_left; /* entries that may still be walked          */
	uint64_t lines_left;   /* bytes of line programs still to be run    */
	uint64_t steps_left;   /* of the lookup at hand                     */
	/* Variables, when first asked for. */
	bool has_globals;
	struct range_index globals; /* value: of variables */
	struct variable *variables;
	size_t variable_count, variable_room;
};

/* May the unit's line table be used?  Decoding it is what costs memory. */
bool dwarf_unit_has_lines(struct dwarf_index *index, struct unit *unit);
/* The string of an attribute, its own or of the entry it refers to; cleaned,
 * at most some kilobytes; NULL when there is none. */
const char *dwarf_unit_string(struct arena *arena, Dwarf_Die *die,
			      unsigned name);
/* The file that an attribute of an entry of the unit means by its number. */
const char *dwarf_unit_file(struct dwarf_index *index, struct arena *arena,
			    struct unit *unit, Dwarf_Die *die, unsigned name);
/* Its name as declared, or else its linkage name. */
const char *dwarf_unit_name(struct arena *arena, Dwarf_Die *die);
/* A cleaned copy, of at most some kilobytes; NULL gives NULL. */
const char *dwarf_unit_text(struct arena *arena, const char *text);

typedef void dwarf_visit_fn(Dwarf_Die *die, int tag, void *context);

/* Every entry below the given one that can hold functions or variables, and
 * these themselves. */
void dwarf_unit_walk(struct dwarf_index *index, Dwarf_Die *parent,
		     dwarf_visit_fn *visit, void *context);

#endif
