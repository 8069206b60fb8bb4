/*
 * config_yaml.h - reads snag.yaml into struct config.
 *
 * Any file ends in a config or in one sentence (EXIT_USAGE) that names the file
 * and, for what stands in it, the line.  At most CONFIG_MAX_FILE_BYTES of a
 * regular file are read; nothing in it is expanded, and time and memory are
 * bounded by its size.
 */
#ifndef SNAG_READ_CONFIG_YAML_H
#define SNAG_READ_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/config.h"

enum { CONFIG_MAX_FILE_BYTES = 1024 * 1024 };

/* The config is new, and zeroed when false; config_release(). */
bool config_read(const char *path, struct config *config, struct err *err);
/* The same of bytes that a file of that path would hold. */
bool config_parse(const char *path, const char *text, size_t len,
		  struct config *config, struct err *err);

#endif
