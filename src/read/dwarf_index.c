#include "read/dwarf_index.h"

#include <dwarf.h>
#include <stdlib.h>

#include "read/dwarf_unit.h"

/*
 * Bounds for one module.  A row of a line table takes at least a byte in the
 * file and some tens of bytes here, so lines_max_bytes is what bounds memory.
 */
static const uint64_t entries_max = 20 * 1000 * 1000;
static const uint64_t lines_max_bytes = 16 * 1024 * 1024;
static const uint64_t steps_max = 1000 * 1000;
enum { UNITS_MAX = 1 << 18, RANGES_MAX = 1 << 20, ROWS_BACK = 32 };

/* What the linker threw away keeps its ranges, at 0 or beside the code. */
static void add_ranges(const struct dwarf_index *index, Dwarf_Die *die,
		       struct range_index *ranges, uint64_t value)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while (ranges->count < ranges->max &&
	       (at = dwarf_ranges(die, at, &base, &low, &high)) > 0)
		if (low != 0 && elf_file_is_code(index->program, low))
			range_index_add(ranges, low, high, value);
}

static void add_unit(struct dwarf_index *index, const Dwarf_Die *die,
		     unsigned version, bool is_split)
{
	struct unit *unit;

	if (index->unit_count == index->unit_room) {
		index->unit_room = index->unit_room ? index->unit_room * 2 : 64;
		index->units = must_realloc(
			index->units, index->unit_room * sizeof(struct unit));
	}
	unit = &index->units[index->unit_count];
	*unit = (struct unit){
		.die = *die, .version = version, .is_split = is_split};
	unit->functions.max = RANGES_MAX;
	index->has_split = index->has_split || is_split;
	add_ranges(index, &unit->die, &index->unit_ranges, index->unit_count);
	index->unit_count++;
}

struct dwarf_index *dwarf_index_new(const struct debug_file *debug,
				    const struct elf_file *program)
{
	struct dwarf_index *index = must_alloc(sizeof(*index));
	Dwarf_CU *cu = NULL;
	Dwarf_Half version;
	Dwarf_Die die;
	uint8_t type;

	index->dwarf = debug->dwarf;
	index->program = program;
	index->line_section = elf_file_section(debug->holds, ".debug_line");
	index->unit_ranges.max = RANGES_MAX;
	index->globals.max = RANGES_MAX;
	index->entries_left = entries_max;
	index->lines_left = lines_max_bytes;
	while (index->unit_count < UNITS_MAX &&
	       dwarf_get_units(debug->dwarf, cu, &cu, &version, &type, &die,
			       NULL) == 0)
		if (type == DW_UT_compile || type == DW_UT_skeleton)
			add_unit(index, &die, version, type == DW_UT_skeleton);
	range_index_sort(&index->unit_ranges);
	return index;
}

void dwarf_index_free(struct dwarf_index *index)
{
	if (!index)
		return;
	for (size_t i = 0; i < index->unit_count; i++)
		range_index_release(&index->units[i].functions);
	range_index_release(&index->unit_ranges);
	range_index_release(&index->globals);
	free(index->variables);
	free(index->units);
	free(index);
}

bool dwarf_index_is_split(const struct dwarf_index *index)
{
	return index->has_split;
}

struct collecting {
	const struct dwarf_index *index;
	struct unit *unit;
};

static void collect_function(Dwarf_Die *die, int tag, void *context)
{
	struct collecting *collecting = context;

	if (tag == DW_TAG_subprogram)
		add_ranges(collecting->index, die, &collecting->unit->functions,
			   dwarf_dieoffset(die));
}

static void need_functions(struct dwarf_index *index, struct unit *unit)
{
	struct collecting collecting = {index, unit};

	if (unit->is_indexed || unit->is_split)
		return;
	unit->is_indexed = true;
	dwarf_unit_walk(index, &unit->die, collect_function, &collecting);
	range_index_sort(&unit->functions);
}

static bool holds(struct dwarf_index *index, Dwarf_Die *die, uint64_t address)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while (index->steps_left > 0 &&
	       (at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		index->steps_left--;
		if (address >= low && address < high)
			return true;
	}
	return false;
}

/* The next scope inwards that holds the address: a block, or an inlined
 * function. */
static bool step_inwards(struct dwarf_index *index, Dwarf_Die *scope,
			 uint64_t address)
{
	Dwarf_Die die;
	int more = dwarf_child(scope, &die);

	for (; more == 0 && index->steps_left > 0;
	     more = dwarf_siblingof(&die, &die)) {
		int tag = dwarf_tag(&die);

		index->steps_left--;
		if ((tag == DW_TAG_inlined_subroutine ||
		     tag == DW_TAG_lexical_block || tag == DW_TAG_try_block ||
		     tag == DW_TAG_catch_block) &&
		    holds(index, &die, address)) {
			*scope = die;
			return true;
		}
	}
	return false;
}

/* The function that holds the address and all that is inlined there, outermost
 * first. */
static size_t find_chain(struct dwarf_index *index, struct unit *unit,
			 uint64_t address, Dwarf_Die chain[DWARF_FRAMES_MAX])
{
	const struct range *range;
	Dwarf_Die scope;
	size_t count = 1;

	need_functions(index, unit);
	range = range_index_find(&unit->functions, address);
	if (!range || !dwarf_offdie(index->dwarf, range->value, &scope))
		return 0;
	chain[0] = scope;
	while (count < DWARF_FRAMES_MAX && step_inwards(index, &scope, address))
		if (dwarf_tag(&scope) == DW_TAG_inlined_subroutine)
			chain[count++] = scope;
	return count;
}

/*
 * Compilers write line 0 for code that belongs to no line.  The nearest row
 * before it that has one and lies in the same inlined function is what a reader
 * wants to see; rows of what is inlined deeper are passed over.
 */
static Dwarf_Line *find_line(struct dwarf_index *index, struct unit *unit,
			     uint64_t address, const Dwarf_Die *chain,
			     size_t count)
{
	Dwarf_Line *first = dwarf_getsrc_die(&unit->die, address);
	Dwarf_Line *line = first;
	Dwarf_Die before[DWARF_FRAMES_MAX];
	Dwarf_Addr at;
	int number = 0;

	if (!line || dwarf_lineno(line, &number) != 0 || number != 0)
		return line;
	for (int i = 0; i < ROWS_BACK && line && count > 0; i++) {
		size_t depth = find_chain(index, unit, address, before);

		if (depth == 0 || before[0].addr != chain[0].addr ||
		    dwarf_lineno(line, &number) != 0)
			break;
		if (number != 0 && depth == count &&
		    before[depth - 1].addr == chain[count - 1].addr)
			return line;
		if (dwarf_lineaddr(line, &at) != 0 || at == 0 || at > address)
			break;
		address = at - 1;
		line = dwarf_getsrc_die(&unit->die, address);
	}
	return first;
}

static void set_place(struct dwarf_index *index, struct arena *arena,
		      struct unit *unit, uint64_t address,
		      const Dwarf_Die *chain, size_t depth, struct frame *frame)
{
	Dwarf_Line *line;
	int number = 0, column = 0;

	if (!dwarf_unit_has_lines(index, unit))
		return;
	line = find_line(index, unit, address, chain, depth);
	if (!line)
		return;
	frame->file = dwarf_unit_text(arena, dwarf_linesrc(line, NULL, NULL));
	if (dwarf_lineno(line, &number) != 0 || number <= 0)
		return;
	frame->line = (unsigned)number;
	if (dwarf_linecol(line, &column) == 0 && column > 0)
		frame->column = (unsigned)column;
}

static unsigned number_of(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attribute), &value) != 0 ||
	    value > UINT32_MAX)
		return 0;
	return (unsigned)value;
}

/* Where the inlined function was called. */
static void set_call_place(struct dwarf_index *index, struct arena *arena,
			   struct unit *unit, Dwarf_Die *inlined,
			   struct frame *frame)
{
	frame->file =
		dwarf_unit_file(index, arena, unit, inlined, DW_AT_call_file);
	frame->line = number_of(inlined, DW_AT_call_line);
	frame->column = number_of(inlined, DW_AT_call_column);
}

size_t dwarf_index_resolve(struct dwarf_index *index, struct arena *arena,
			   uint64_t address, struct frame *frames)
{
	const struct range *range =
		range_index_find(&index->unit_ranges, address);
	Dwarf_Die chain[DWARF_FRAMES_MAX];
	struct unit *unit;
	size_t count;

	if (!range)
		return 0;
	unit = &index->units[range->value];
	index->steps_left = steps_max;
	count = find_chain(index, unit, address, chain);
	frames[0] = (struct frame){0};
	set_place(index, arena, unit, address, chain, count, &frames[0]);
	if (count == 0)
		return frames[0].file ? 1 : 0;
	for (size_t i = 0; i < count; i++) {
		Dwarf_Die *die = &chain[count - 1 - i];

		frames[i].function = dwarf_unit_name(arena, die);
		frames[i].is_inlined = i + 1 < count;
		if (i + 1 == count)
			break;
		frames[i + 1] = (struct frame){0};
		set_call_place(index, arena, unit, die, &frames[i + 1]);
	}
	return count;
}
