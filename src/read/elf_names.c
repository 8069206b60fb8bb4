/* What a program or library defines and needs, by name: elf_file.h. */
#include <gelf.h>
#include <string.h>

#include "read/elf_file.h"

enum { NAMES_MAX = 4 * 1000 * 1000 };

/* How many entries the section has; *data is what they are read from. */
static size_t entries_of(Elf_Scn *section, const GElf_Shdr *header,
			 Elf_Data **data)
{
	size_t count;

	*data = elf_getdata(section, NULL);
	count = header->sh_entsize && *data
			? (*data)->d_size / header->sh_entsize
			: 0;
	return count < NAMES_MAX ? count : NAMES_MAX;
}

static void tell(const struct elf_file *file, const GElf_Shdr *header,
		 size_t offset, enum elf_name what, elf_visit *visit,
		 void *context)
{
	const char *name = elf_strptr(file->elf, header->sh_link, offset);

	if (name)
		visit(context, what, name);
}

static void visit_symbols(const struct elf_file *file, Elf_Scn *section,
			  const GElf_Shdr *header, elf_visit *visit,
			  void *context)
{
	Elf_Data *data;
	size_t count = entries_of(section, header, &data);
	GElf_Sym symbol;

	for (size_t i = 1; i < count; i++)
		if (gelf_getsym(data, (int)i, &symbol) &&
		    symbol.st_shndx != SHN_UNDEF)
			tell(file, header, symbol.st_name,
			     GELF_ST_BIND(symbol.st_info) == STB_WEAK
				     ? ELF_DEFINES_WEAK
				     : ELF_DEFINES,
			     visit, context);
}

static void visit_dynamic(const struct elf_file *file, Elf_Scn *section,
			  const GElf_Shdr *header, elf_visit *visit,
			  void *context)
{
	Elf_Data *data;
	size_t count = entries_of(section, header, &data);
	GElf_Dyn entry;

	for (size_t i = 0; i < count; i++) {
		if (!gelf_getdyn(data, (int)i, &entry))
			continue;
		if (entry.d_tag == DT_NULL)
			break;
		if (entry.d_tag == DT_NEEDED)
			tell(file, header, entry.d_un.d_val, ELF_NEEDS, visit,
			     context);
	}
}

void elf_file_names(const struct elf_file *file, elf_visit *visit,
		    void *context)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(file->elf, section)) != NULL) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_SYMTAB ||
		    header.sh_type == SHT_DYNSYM)
			visit_symbols(file, section, &header, visit, context);
		else if (header.sh_type == SHT_DYNAMIC)
			visit_dynamic(file, section, &header, visit, context);
	}
}
