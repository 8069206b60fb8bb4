/*
 * Any bytes as snag.yaml: reading them ends with a config, or with a sentence
 * that is about the file and not about us.
 * Corpus: docs/snag.example.yaml.
 */
#include <stdlib.h>
#include <string.h>

#include "read/config_yaml.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct config config;
	struct err err = {0};
	bool is_read = config_parse("sub/snag.yaml", (const char *)data, size,
				    &config, &err);

	if (is_read == (err.code != 0) ||
	    (!is_read && (config.path || err.code != EXIT_USAGE)))
		abort();
	/* What libcyaml refuses, config_look() has to refuse before it. */
	if (!strncmp(err.text, "cannot read", strlen("cannot read")))
		abort();
	config_release(&config);
	return 0;
}
