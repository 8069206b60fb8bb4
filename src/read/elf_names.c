/* What a program or library defines and needs, by name: elf_file.h. */
#include <gelf.h>
#include <string.h>

#include "read/elf_file.h"

enum { NAMES_MAX = 4 * 1000 * 1000 };

static void visit_symbols(const struct elf_file *file, Elf_Scn *section,
			  const GElf_Shdr *header, elf_visit *visit,
			  void *context)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize && data
			       ? data->d_size / header->sh_entsize
			       : 0;
	GElf_Sym symbol;

	for (size_t i = 1; i < count && i < NAMES_MAX; i++) {
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) ||
		    symbol.st_shndx == SHN_UNDEF)
			continue;
		name = elf_strptr(file->elf, header->sh_link, symbol.st_name);
		if (name)
			visit(context,
			      GELF_ST_BIND(symbol.st_info) == STB_WEAK
				      ? ELF_DEFINES_WEAK
				      : ELF_DEFINES,
			      name);
	}
}

static void visit_dynamic(const struct elf_file *file, Elf_Scn *section,
			  const GElf_Shdr *header, elf_visit *visit,
			  void *context)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize && data
			       ? data->d_size / header->sh_entsize
			       : 0;
	GElf_Dyn entry;

	for (size_t i = 0; i < count && i < NAMES_MAX; i++) {
		const char *name;

		if (!gelf_getdyn(data, (int)i, &entry))
			continue;
		if (entry.d_tag == DT_NULL)
			break;
		if (entry.d_tag != DT_NEEDED)
			continue;
		name = elf_strptr(file->elf, header->sh_link, entry.d_un.d_val);
		if (name)
			visit(context, ELF_NEEDS, name);
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
