#include "model/config.h"

#include <string.h>

void config_release(struct config *config)
{
	arena_release(&config->arena);
	memset(config, 0, sizeof(*config));
}

bool config_blame(const struct config *config, unsigned line, struct err *err)
{
	return err_prefix(err, "%s:%u", config->path, line);
}
