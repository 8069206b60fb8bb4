#include "campaign/host_file.h"

#include <fcntl.h>
#include <gelf.h>
#include <snag/wire.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct found {
	bool is_host, has_tsan;
};

static void look_at_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			    struct found *found)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count =
		header->sh_entsize ? header->sh_size / header->sh_entsize : 0;

	for (size_t i = 0; data && i < count; i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol))
			return;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (!name)
			continue;
		if (!strcmp(name, SNAG_HOST_SYMBOL))
			found->is_host = true;
		if (!strcmp(name, "__tsan_init"))
			found->has_tsan = true;
	}
}

static bool look(int fd, struct found *found)
{
	Elf *elf;
	Elf_Scn *section = NULL;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return false;
	if (elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		return false;
	}
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB ||
		     header.sh_type == SHT_DYNSYM))
			look_at_symbols(elf, section, &header, found);
	}
	elf_end(elf);
	return true;
}

static bool judge(const char *path, bool is_elf, const struct found *found,
		  struct err *err)
{
	if (!is_elf)
		return err_set(err, EXIT_USAGE,
			       "'%s' is not a scenario host: it is no program "
			       "that was built from C (ELF); build one with "
			       "snag_add_scenarios() in CMake",
			       path);
	if (!found->is_host)
		return err_set(err, EXIT_USAGE,
			       "'%s' is not a scenario host: it is a program, "
			       "but was not linked with Snag's harness; build "
			       "one with snag_add_scenarios() in CMake",
			       path);
	if (!found->has_tsan)
		return err_set(err, EXIT_USAGE,
			       "'%s' is not instrumented: it was linked "
			       "without -fsanitize=thread, so nothing could be "
			       "seen; compile and link it with clang "
			       "-fsanitize=thread",
			       path);
	return true;
}

static bool not_linked(const char *path, const struct found *found,
		       struct err *err)
{
	return err_set(err, EXIT_USAGE,
		       "'%s' was not %s: build it with snag-cc or snag-c++, or "
		       "in CMake with snag_instrument() and clang; until then, "
		       "--engine stress runs it",
		       path,
		       found->has_tsan
			       ? "linked for --engine explore"
			       : "built with -fsanitize=thread, nor linked for "
				 "--engine explore");
}

bool host_file_check(const char *path, bool is_program, struct err *err)
{
	struct found found = {0};
	struct stat st;
	bool is_elf;
	int fd;

	if (stat(path, &st))
		return err_errno(err, EXIT_USAGE, "cannot use host '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EXIT_USAGE,
			       "'%s' is not a scenario host: it is not a file",
			       path);
	if (access(path, X_OK))
		return err_errno(err, EXIT_USAGE, "cannot run host '%s'", path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_errno(err, EXIT_USAGE, "cannot read host '%s'",
				 path);
	is_elf = look(fd, &found);
	close(fd);
	if (is_program && is_elf && !found.is_host)
		return not_linked(path, &found, err);
	return judge(path, is_elf, &found, err);
}
