/* Variables of static life, by address: the other half of dwarf_index.h. */
#include <dwarf.h>
#include <stdlib.h>

#include "read/dwarf_unit.h"

enum { VARIABLES_MAX = 1 << 20 };

/* Finding a variable means walking all units: not where that takes long. */
static const uint64_t walk_max = 2 * 1000 * 1000;

struct collecting {
	struct dwarf_index *index;
	size_t unit;
};

/* The address that "DW_OP_addr A" or "DW_OP_addrx N", perhaps with an offset
 * to add, stands for. */
static bool static_address(Dwarf_Die *die, uint64_t *address)
{
	Dwarf_Attribute location, indexed;
	Dwarf_Addr value;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_attr(die, DW_AT_location, &location) ||
	    dwarf_whatform(&location) != DW_FORM_exprloc ||
	    dwarf_getlocation(&location, &ops, &count) != 0 || count == 0 ||
	    count > 2)
		return false;
	if (ops[0].atom == DW_OP_addr)
		value = ops[0].number;
	else if ((ops[0].atom != DW_OP_addrx &&
		  ops[0].atom != DW_OP_GNU_addr_index) ||
		 dwarf_getlocation_attr(&location, &ops[0], &indexed) != 0 ||
		 dwarf_formaddr(&indexed, &value) != 0)
		return false;
	if (count == 2 && ops[1].atom != DW_OP_plus_uconst)
		return false;
	*address = value + (count == 2 ? ops[1].number : 0);
	return true;
}

static void collect_variable(Dwarf_Die *die, int tag, void *context)
{
	const struct collecting *collecting = context;
	struct dwarf_index *index = collecting->index;
	uint64_t address;

	if (tag != DW_TAG_variable || index->variable_count >= VARIABLES_MAX ||
	    !static_address(die, &address) ||
	    !elf_file_is_writable(index->program, address))
		return;
	if (index->variable_count == index->variable_room) {
		index->variable_room =
			index->variable_room ? index->variable_room * 2 : 64;
		index->variables = must_realloc(
			index->variables,
			index->variable_room * sizeof(struct variable));
	}
	range_index_add(&index->globals, address, address + 1,
			index->variable_count);
	index->variables[index->variable_count++] =
		(struct variable){dwarf_dieoffset(die), collecting->unit};
}

static void need_globals(struct dwarf_index *index)
{
	uint64_t kept = index->entries_left;

	if (index->has_globals)
		return;
	index->has_globals = true;
	if (index->entries_left > walk_max)
		index->entries_left = walk_max;
	for (size_t i = 0; i < index->unit_count; i++) {
		struct collecting collecting = {index, i};

		if (!index->units[i].is_split)
			dwarf_unit_walk(index, &index->units[i].die,
					collect_variable, &collecting);
	}
	/* Functions have a budget of their own. */
	index->entries_left = kept;
	range_index_sort(&index->globals);
}

static uint64_t size_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;
	Dwarf_Word size;

	if (!dwarf_formref_die(
		    dwarf_attr_integrate(die, DW_AT_type, &attribute), &type) ||
	    dwarf_aggregate_size(&type, &size) != 0)
		return 0;
	return size;
}

bool dwarf_index_global(struct dwarf_index *index, struct arena *arena,
			uint64_t address, struct dwarf_global *global)
{
	const struct variable *variable;
	const struct range *range;
	Dwarf_Die die;
	uint64_t size;
	int line;

	need_globals(index);
	range = range_index_before(&index->globals, address);
	if (!range)
		return false;
	variable = &index->variables[range->value];
	if (!dwarf_offdie(index->dwarf, variable->entry, &die))
		return false;
	size = size_of(&die);
	if (address - range->low >= (size ? size : 1))
		return false;
	*global =
		(struct dwarf_global){.begin = range->low, .size_bytes = size};
	global->name = dwarf_unit_name(arena, &die);
	if (dwarf_decl_line(&die, &line) == 0 && line > 0)
		global->line = (unsigned)line;
	global->file =
		dwarf_unit_file(index, arena, &index->units[variable->unit],
				&die, DW_AT_decl_file);
	return true;
}
