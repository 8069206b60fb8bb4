#include "read/report_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_report_file(const struct dirent *entry)
{
	static const char prefix[] = REPORT_FILES_NAME ".";

	return !strncmp(entry->d_name, prefix, sizeof(prefix) - 1);
}

static void visit_one(int folder, const char *name, report_file_visit *visit,
		      void *context)
{
	int fd = openat(folder, name,
			O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);

	visit(context, name, fd);
	if (fd >= 0)
		close(fd);
}

bool report_files_each(const char *folder, report_file_visit *visit,
		       void *context, struct err *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct dirent **names;
	int count;

	if (fd < 0)
		return err_errno(err, EXIT_TROUBLE, "cannot read folder '%s'",
				 folder);
	count = scandirat(fd, ".", &names, is_report_file, versionsort);
	if (count < 0)
		err_errno(err, EXIT_TROUBLE, "cannot read folder '%s'", folder);
	for (int i = 0; i < count; i++) {
		visit_one(fd, names[i]->d_name, visit, context);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	close(fd);
	return count >= 0;
}
