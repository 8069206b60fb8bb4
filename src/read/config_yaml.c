#include "read/config_yaml.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/config_look.h"
#include "read/config_schema.h"
#include "read/config_values.h"

/* For libcyaml: memory that is out ends the program. */
static void *allocate(void *context, void *old, size_t bytes)
{
	(void)context;
	if (bytes)
		return must_realloc(old, bytes);
	free(old);
	return NULL;
}

static bool fill(const struct config_look *look, const char *text, size_t len,
		 struct config *config, struct err *err)
{
	static const cyaml_config_t how = {
		.mem_fn = allocate,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	struct raw_config *raw = NULL;
	cyaml_err_t code =
		cyaml_load_data((const unsigned char *)text, len, &how,
				&config_schema, (cyaml_data_t **)&raw, NULL);
	bool is_good;

	/* Not seen yet: config_look() is meant to be the stricter one. */
	if (code != CYAML_OK || !raw)
		return err_set(err, EXIT_USAGE, "cannot read '%s': %s",
			       look->name, cyaml_strerror(code));
	is_good = config_values(look, raw, config, err);
	cyaml_free(&how, &config_schema, raw, 0);
	return is_good;
}

bool config_parse(const char *path, const char *text, size_t len,
		  struct config *config, struct err *err)
{
	struct config_look look;

	*config = (struct config){0};
	config->path = arena_dup(&config->arena, path);
	look = (struct config_look){.arena = &config->arena,
				    .name = config->path};
	if (config_look(&look, text, len, &config_schema, err) &&
	    fill(&look, text, len, config, err))
		return true;
	config_release(config);
	return false;
}

/* One byte more than may be there, so that too many are seen: a file can grow
 * while it is read. */
static bool read_bytes(int fd, const char *path, char *text, size_t *len,
		       struct err *err)
{
	ssize_t n = 1;

	for (*len = 0; n > 0 && *len <= CONFIG_MAX_FILE_BYTES;) {
		n = read(fd, text + *len, CONFIG_MAX_FILE_BYTES + 1 - *len);
		if (n < 0)
			return err_errno(err, EXIT_USAGE, "cannot read '%s'",
					 path);
		*len += (size_t)n;
	}
	if (*len > CONFIG_MAX_FILE_BYTES)
		return err_set(err, EXIT_USAGE,
			       "'%s' is larger than %d MiB, the most that is "
			       "read",
			       path, CONFIG_MAX_FILE_BYTES / 1024 / 1024);
	return true;
}

/* O_NONBLOCK, since opening a FIFO would wait for its writer. */
bool config_read(const char *path, struct config *config, struct err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool is_read;
	size_t len;
	char *text;

	*config = (struct config){0};
	if (fd < 0 || fstat(fd, &st)) {
		err_errno(err, EXIT_USAGE, "cannot read '%s'", path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(err, EXIT_USAGE, "'%s' is not a regular file",
			       path);
	}
	text = must_alloc(CONFIG_MAX_FILE_BYTES + 1);
	is_read = read_bytes(fd, path, text, &len, err) &&
		  config_parse(path, text, len, config, err);
	free(text);
	close(fd);
	return is_read;
}
