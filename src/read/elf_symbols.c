/* The symbol tables: the half of elf_file.h that works without DWARF. */
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "read/elf_file.h"

enum { SYMBOLS_MAX = 4 * 1000 * 1000 };

struct symbol {
	uint64_t address, size;
	const char *name;
};

struct symbol_list {
	struct symbol *symbols;
	size_t count, room;
};

static void list_add(struct symbol_list *list, const GElf_Sym *symbol,
		     const char *name)
{
	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 256;
		list->symbols = must_realloc(
			list->symbols, list->room * sizeof(struct symbol));
	}
	list->symbols[list->count++] =
		(struct symbol){symbol->st_value, symbol->st_size, name};
}

static size_t underscores(const char *name)
{
	return strspn(name, "_");
}

/* Several names for one address: the plainest one first, whatever the order in
 * the table was. */
static int compare(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;
	size_t len_a, len_b;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (!a->size != !b->size)
		return a->size ? -1 : 1;
	if (underscores(a->name) != underscores(b->name))
		return underscores(a->name) < underscores(b->name) ? -1 : 1;
	len_a = strlen(a->name);
	len_b = strlen(b->name);
	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return strcmp(a->name, b->name);
}

static uint64_t segment_end(const struct elf_file *file, uint64_t address)
{
	for (size_t i = 0; i < file->segment_count; i++)
		if (address >= file->segments[i].low &&
		    address < file->segments[i].high)
			return file->segments[i].high;
	return 0;
}

/* Assembly may give no size: such a function goes on to the next one. */
static void fill(struct range_index *index, const struct elf_file *file,
		 struct symbol_list *list, bool is_code)
{
	index->max = SYMBOLS_MAX;
	if (list->count > 1)
		qsort(list->symbols, list->count, sizeof(struct symbol),
		      compare);
	for (size_t i = 0; i < list->count; i++) {
		const struct symbol *symbol = &list->symbols[i];
		uint64_t end = segment_end(file, symbol->address);
		size_t next = i + 1;

		while (next < list->count &&
		       list->symbols[next].address == symbol->address)
			next++;
		i = next - 1;
		if (end == 0 || (!symbol->size && !is_code))
			continue;
		if (symbol->size && symbol->size < end - symbol->address)
			end = symbol->address + symbol->size;
		else if (!symbol->size && next < list->count &&
			 list->symbols[next].address < end)
			end = list->symbols[next].address;
		range_index_add(index, symbol->address, end,
				(uint64_t)(uintptr_t)symbol->name);
	}
	range_index_sort(index);
	free(list->symbols);
}

static void read_table(const struct elf_file *file, Elf_Scn *section,
		       struct symbol_list *functions,
		       struct symbol_list *objects)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;
	GElf_Sym symbol;
	size_t count;

	if (!data || !gelf_getshdr(section, &header) || !header.sh_entsize)
		return;
	count = data->d_size / sizeof(Elf64_Sym);
	for (size_t i = 0; i < count && i < SYMBOLS_MAX; i++) {
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) ||
		    symbol.st_shndx == SHN_UNDEF)
			continue;
		name = elf_strptr(file->elf, header.sh_link, symbol.st_name);
		if (!name || !*name)
			continue;
		switch (GELF_ST_TYPE(symbol.st_info)) {
		case STT_FUNC:
		case STT_GNU_IFUNC:
			list_add(functions, &symbol, name);
			break;
		case STT_OBJECT:
			list_add(objects, &symbol, name);
			break;
		default:
			break;
		}
	}
}

static Elf_Scn *find_table(const struct elf_file *file, GElf_Word type)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(file->elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == type)
			return section;
	return NULL;
}

static void need_symbols(struct elf_file *file)
{
	struct symbol_list functions = {0}, objects = {0};
	Elf_Scn *table;

	if (file->has_symbols)
		return;
	file->has_symbols = true;
	table = find_table(file, SHT_SYMTAB);
	if (!table)
		table = find_table(file, SHT_DYNSYM);
	if (table)
		read_table(file, table, &functions, &objects);
	fill(&file->functions, file, &functions, true);
	fill(&file->objects, file, &objects, false);
}

const char *elf_file_function(struct elf_file *file, uint64_t address)
{
	const struct range *range;

	need_symbols(file);
	range = range_index_find(&file->functions, address);
	return range ? (const char *)(uintptr_t)range->value : NULL;
}

const char *elf_file_object(struct elf_file *file, uint64_t address,
			    uint64_t *begin, uint64_t *size)
{
	const struct range *range;

	need_symbols(file);
	range = range_index_find(&file->objects, address);
	if (!range)
		return NULL;
	*begin = range->low;
	*size = range->high - range->low;
	return (const char *)(uintptr_t)range->value;
}
