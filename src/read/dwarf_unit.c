#include "read/dwarf_unit.h"

#include <dwarf.h>
#include <string.h>

#include "base/text.h"

enum { TEXT_MAX = 4096, DEPTH_MAX = 64 };

const char *dwarf_unit_text(struct arena *arena, const char *text)
{
	return text ? text_clean(arena, text, strnlen(text, TEXT_MAX), false)
		    : NULL;
}

const char *dwarf_unit_string(struct arena *arena, Dwarf_Die *die,
			      unsigned name)
{
	Dwarf_Attribute attribute;

	return dwarf_unit_text(arena, dwarf_formstring(dwarf_attr_integrate(
					      die, name, &attribute)));
}

const char *dwarf_unit_name(struct arena *arena, Dwarf_Die *die)
{
	const char *name = dwarf_unit_string(arena, die, DW_AT_name);

	if (!name)
		name = dwarf_unit_string(arena, die, DW_AT_linkage_name);
	return name;
}

/* The length that a line program's header gives for itself: its number of rows
 * is at most its number of bytes. */
static bool program_bytes(const Elf_Data *section, uint64_t offset,
			  uint64_t *bytes)
{
	const unsigned char *data = section->d_buf;
	uint32_t length;
	uint64_t long_length;

	if (!data || offset > section->d_size || section->d_size - offset < 12)
		return false;
	memcpy(&length, data + offset, sizeof(length));
	memcpy(&long_length, data + offset + 4, sizeof(long_length));
	*bytes = length == UINT32_MAX ? long_length : length;
	return *bytes <= section->d_size - offset;
}

bool dwarf_unit_has_lines(struct dwarf_index *index, struct unit *unit)
{
	Dwarf_Attribute attribute;
	Dwarf_Word offset;
	uint64_t bytes;

	if (unit->has_lines || unit->has_no_lines)
		return unit->has_lines;
	unit->has_no_lines = true;
	if (!index->line_section ||
	    dwarf_formudata(dwarf_attr(&unit->die, DW_AT_stmt_list, &attribute),
			    &offset) != 0 ||
	    !program_bytes(index->line_section, offset, &bytes) ||
	    bytes > index->lines_left)
		return false;
	index->lines_left -= bytes;
	unit->has_lines = true;
	unit->has_no_lines = false;
	return true;
}

const char *dwarf_unit_file(struct dwarf_index *index, struct arena *arena,
			    struct unit *unit, Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Files *files;
	Dwarf_Word file;
	size_t count;

	/* 0 is "none" up to DWARF 4, and the unit's own file since; libdw's
	 * dwarf_decl_file takes it for "none" always. */
	if (dwarf_formudata(dwarf_attr_integrate(die, name, &attribute),
			    &file) != 0 ||
	    (file == 0 && unit->version < 5) ||
	    !dwarf_unit_has_lines(index, unit) ||
	    dwarf_getsrcfiles(&unit->die, &files, &count) != 0 || file >= count)
		return NULL;
	return dwarf_unit_text(arena, dwarf_filesrc(files, file, NULL, NULL));
}

static bool holds_code_or_data(int tag)
{
	switch (tag) {
	case DW_TAG_subprogram:
	case DW_TAG_lexical_block:
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return true;
	default:
		return false;
	}
}

static void walk(struct dwarf_index *index, Dwarf_Die *parent,
		 dwarf_visit_fn *visit, void *context, unsigned depth)
{
	Dwarf_Die die;
	int more = dwarf_child(parent, &die);

	while (more == 0 && index->entries_left > 0) {
		int tag = dwarf_tag(&die);

		index->entries_left--;
		if (tag == DW_TAG_subprogram || tag == DW_TAG_variable)
			visit(&die, tag, context);
		if (holds_code_or_data(tag) && depth < DEPTH_MAX &&
		    dwarf_haschildren(&die) > 0)
			walk(index, &die, visit, context, depth + 1);
		more = dwarf_siblingof(&die, &die);
	}
}

void dwarf_unit_walk(struct dwarf_index *index, Dwarf_Die *parent,
		     dwarf_visit_fn *visit, void *context)
{
	walk(index, parent, visit, context, 0);
}
