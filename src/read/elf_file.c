#include "read/elf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>

enum { MIB = 1024 * 1024 };

/* Debug information is loaded whole, so this bounds memory. */
static const uint64_t debug_max_bytes = 512ULL * MIB;
static const uint64_t file_max_bytes = 4096ULL * MIB;

/* A pipe would block and a device might act: neither is ever opened. */
static int open_regular(const char *path, struct err *err)
{
	struct stat before, after;
	int fd;

	if (stat(path, &before) != 0) {
		err_errno(err, EXIT_TROUBLE, "cannot read '%.512s'", path);
		return -1;
	}
	if (!S_ISREG(before.st_mode)) {
		err_set(err, EXIT_TROUBLE, "'%.512s' is not a regular file",
			path);
		return -1;
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		err_errno(err, EXIT_TROUBLE, "cannot read '%.512s'", path);
		return -1;
	}
	if (fstat(fd, &after) == 0 && S_ISREG(after.st_mode) &&
	    (uint64_t)after.st_size <= file_max_bytes)
		return fd;
	close(fd);
	err_set(err, EXIT_TROUBLE,
		"'%.512s' is larger than %llu MiB: its symbols are not read",
		path, (unsigned long long)file_max_bytes / MIB);
	return -1;
}

static bool check_header(const struct elf_file *file, const char *path,
			 struct err *err)
{
	GElf_Ehdr header;
	struct stat status;

	if (elf_kind(file->elf) != ELF_K_ELF ||
	    !gelf_getehdr(file->elf, &header))
		return err_set(err, EXIT_TROUBLE, "'%.512s' is not an ELF file",
			       path);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_ident[EI_DATA] != ELFDATA2LSB ||
	    (header.e_machine != EM_X86_64 && header.e_machine != EM_AARCH64))
		return err_set(err, EXIT_TROUBLE,
			       "'%.512s' is made for another machine", path);
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return err_set(err, EXIT_TROUBLE,
			       "'%.512s' is neither a program nor a library",
			       path);
	/* The section headers stand last. */
	if (fstat(file->fd, &status) != 0 ||
	    header.e_shoff > (uint64_t)status.st_size)
		return err_set(err, EXIT_TROUBLE,
			       "'%.512s' is cut off: its symbols are missing",
			       path);
	return true;
}

static void read_segments(struct elf_file *file)
{
	size_t count = 0;
	GElf_Phdr header;

	if (elf_getphdrnum(file->elf, &count) != 0)
		return;
	for (size_t i = 0; i < count && i < 1024; i++) {
		if (!gelf_getphdr(file->elf, (int)i, &header) ||
		    header.p_type != PT_LOAD ||
		    header.p_memsz > UINT64_MAX - header.p_vaddr ||
		    file->segment_count == ELF_SEGMENTS)
			continue;
		file->segments[file->segment_count++] = (struct elf_segment){
			.low = header.p_vaddr,
			.high = header.p_vaddr + header.p_memsz,
			.is_code = header.p_flags & PF_X,
			.is_writable = header.p_flags & PF_W,
		};
	}
}

static void read_build_id(struct elf_file *file)
{
	const void *id;
	ssize_t len = dwelf_elf_gnu_build_id(file->elf, &id);

	if (len <= 0 || len > ELF_BUILD_ID)
		return;
	memcpy(file->build_id, id, (size_t)len);
	file->build_id_len = (size_t)len;
}

bool elf_file_open(struct elf_file *file, const char *path, struct err *err)
{
	int fd = open_regular(path, err);

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	*file = (struct elf_file){.fd = fd};
	file->elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!file->elf) {
		err_set(err, EXIT_TROUBLE, "cannot read '%.512s': %s", path,
			elf_errmsg(-1));
		elf_file_close(file);
		return false;
	}
	if (!check_header(file, path, err)) {
		elf_file_close(file);
		return false;
	}
	read_segments(file);
	read_build_id(file);
	return true;
}

void elf_file_close(struct elf_file *file)
{
	range_index_release(&file->functions);
	range_index_release(&file->objects);
	if (file->elf)
		elf_end(file->elf);
	if (file->fd >= 0)
		close(file->fd);
	*file = (struct elf_file){.fd = -1};
}

static const struct elf_segment *segment_at(const struct elf_file *file,
					    uint64_t address)
{
	for (size_t i = 0; i < file->segment_count; i++)
		if (address >= file->segments[i].low &&
		    address < file->segments[i].high)
			return &file->segments[i];
	return NULL;
}

bool elf_file_is_code(const struct elf_file *file, uint64_t address)
{
	const struct elf_segment *segment = segment_at(file, address);

	return segment && segment->is_code;
}

bool elf_file_is_writable(const struct elf_file *file, uint64_t address)
{
	const struct elf_segment *segment = segment_at(file, address);

	return segment && segment->is_writable;
}

static const char *section_name(const struct elf_file *file, size_t names,
				const GElf_Shdr *header)
{
	const char *name = elf_strptr(file->elf, names, header->sh_name);

	return name ? name : "";
}

Elf_Data *elf_file_section(const struct elf_file *file, const char *name)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(file->elf, &names) != 0)
		return NULL;
	while ((section = elf_nextscn(file->elf, section)))
		if (gelf_getshdr(section, &header) &&
		    strcmp(section_name(file, names, &header), name) == 0)
			return elf_rawdata(section, NULL);
	return NULL;
}

/* A few compressed bytes can claim to be any number when unpacked. */
static uint64_t unpacked_bytes(Elf_Scn *section, const GElf_Shdr *header)
{
	GElf_Chdr packed;

	if (!(header->sh_flags & SHF_COMPRESSED))
		return header->sh_size;
	return gelf_getchdr(section, &packed) ? packed.ch_size : 0;
}

bool elf_file_has_debug(const struct elf_file *file, const char *path,
			struct err *err)
{
	Elf_Scn *section = NULL;
	bool has_debug = false;
	uint64_t bytes, sum = 0;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(file->elf, &names) != 0)
		return false;
	while ((section = elf_nextscn(file->elf, section))) {
		const char *name;

		if (!gelf_getshdr(section, &header))
			continue;
		name = section_name(file, names, &header);
		if (header.sh_type == SHT_NOBITS)
			continue;
		if (strncmp(name, ".zdebug_", 8) == 0)
			return err_set(err, EXIT_TROUBLE,
				       "'%.512s' has debug information packed "
				       "in the old form (.zdebug): build it "
				       "with -gz=zlib",
				       path);
		if (strncmp(name, ".debug_", 7) != 0)
			continue;
		has_debug = has_debug || strcmp(name, ".debug_info") == 0;
		bytes = unpacked_bytes(section, &header);
		sum = bytes > UINT64_MAX - sum ? UINT64_MAX : sum + bytes;
	}
	if (has_debug && sum > debug_max_bytes)
		return err_set(err, EXIT_TROUBLE,
			       "'%.512s' has more than %llu MiB of debug "
			       "information: only its function names are used",
			       path, (unsigned long long)debug_max_bytes / MIB);
	return has_debug;
}
