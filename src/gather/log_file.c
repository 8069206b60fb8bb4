#include "gather/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool log_file_open(struct log_file *file, const char *name, struct err *err)
{
	bool is_stdin = !strcmp(name, "-");
	struct stat st;

	*file = (struct log_file){.name = is_stdin ? "standard input" : name};
	file->fd = is_stdin ? STDIN_FILENO
			    : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (file->fd < 0 || fstat(file->fd, &st)) {
		err_errno(err, EXIT_USAGE, "cannot read '%s'", file->name);
		log_file_close(file);
		return false;
	}
	if (S_ISDIR(st.st_mode)) {
		err_set(err, EXIT_USAGE,
			"'%s' is a folder: name the logs in it", file->name);
		log_file_close(file);
		return false;
	}
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		file->size_bytes = (uint64_t)st.st_size;
	return true;
}

void log_file_close(struct log_file *file)
{
	if (file->fd > STDIN_FILENO)
		close(file->fd);
	file->fd = -1;
}

static const struct {
	const char *magic;
	size_t len;
	const char *what, *unpack;
} packed[] = {
	{"\x1f\x8b", 2, "gzip", "zcat"},
	{"\x28\xb5\x2f\xfd", 4, "zstd", "zstdcat"},
	{"\xfd\x37zXZ", 5, "xz", "xzcat"},
	{"BZh", 3, "bzip2", "bzcat"},
	{"\x04\x22\x4d\x18", 4, "lz4", "lz4cat"},
	{"PK\x03\x04", 4, "zip", "unzip -p"},
	{"\xff\xfe", 2, "UTF-16", "iconv -f UTF-16 -t UTF-8"},
	{"\xfe\xff", 2, "UTF-16", "iconv -f UTF-16 -t UTF-8"},
};

static bool begins(const char *begin, size_t len, const char *magic, size_t n)
{
	return len >= n && !memcmp(begin, magic, n);
}

bool log_file_check(const struct log_file *file, const char *begin, size_t len,
		    struct err *err)
{
	bool is_stdin = file->fd == STDIN_FILENO;

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (begins(begin, len, packed[i].magic, packed[i].len))
			return err_set(err, EXIT_USAGE,
				       "'%s' looks like %s: %s%s%s | snag "
				       "triage -",
				       file->name, packed[i].what,
				       packed[i].unpack, is_stdin ? "" : " ",
				       is_stdin ? "" : file->name);
	if (begins(begin, len,
		   "\x7f"
		   "ELF",
		   4))
		return err_set(err, EXIT_USAGE,
			       "'%s' is a program or library, not a log",
			       file->name);
	if (len && *begin == '{' &&
	    memmem(begin, len < 256 ? len : 256, "\"snag-result\"", 13))
		return err_set(err, EXIT_USAGE,
			       "'%s' is a result, not a log: snag report %s",
			       file->name, is_stdin ? "FILE" : file->name);
	return true;
}
