#include "base/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool number(const char **at, uint64_t *out)
{
	char *end;

	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	*out = strtoull(*at, &end, 10);
	*at = end;
	return errno == 0;
}

bool value_threads(const char *text, unsigned *out, size_t *count, size_t max,
		   struct err *err)
{
	const char *at = text;
	uint64_t n;

	*count = 0;
	do {
		if (*count >= max)
			return err_set(err, EXIT_USAGE,
				       "--threads takes at most %zu numbers",
				       max);
		if (!number(&at, &n) || n < 1 || n > VALUE_MAX_THREADS ||
		    (*at != ',' && *at != '\0'))
			return err_set(err, EXIT_USAGE,
				       "--threads '%.80s' is not a list of "
				       "numbers from 1 to 1,024, such as 2,4,8",
				       text);
		out[(*count)++] = (unsigned)n;
	} while (*at++ == ',');
	return true;
}

bool value_statuses(const char *option, const char *text, int *out,
		    size_t *count, size_t max, struct err *err)
{
	const char *at = text;
	char *end;

	*count = 0;
	do {
		long status = strtol(at, &end, 10);

		if (end == at || (*end && *end != ',') || status < 0 ||
		    status > 255 || *count >= max)
			return err_set(err, EXIT_USAGE,
				       "%s '%.60s' is not a list of exit "
				       "statuses from 0 to 255, such as 77,3",
				       option, text);
		out[(*count)++] = (int)status;
		at = end + 1;
	} while (*end);
	return true;
}

bool value_duration_ms(const char *name, const char *text, uint64_t *ms,
		       struct err *err)
{
	static const struct {
		const char *suffix;
		uint64_t ms;
	} units[] = {{"", 1000},   {"ms", 1},      {"s", 1000},
		     {"m", 60000}, {"min", 60000}, {"h", 3600000}};
	const char *at = text;
	uint64_t n;

	if (number(&at, &n)) {
		for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
			if (strcmp(at, units[i].suffix) != 0 || n == 0 ||
			    n > 1000000000)
				continue;
			*ms = n * units[i].ms;
			return true;
		}
	}
	return err_set(err, EXIT_USAGE,
		       "%s '%.80s' is not a duration such as 500ms, 30s, 5m "
		       "or 2h",
		       name, text);
}

bool value_count(const char *name, const char *text, uint64_t least,
		 uint64_t most, uint64_t *out, struct err *err)
{
	const char *at = text;

	if (number(&at, out) && !*at && *out >= least && *out <= most)
		return true;
	if (most == UINT64_MAX)
		return err_set(err, EXIT_USAGE,
			       "%s '%.80s' is not a whole number of %llu or "
			       "more",
			       name, text, (unsigned long long)least);
	return err_set(err, EXIT_USAGE,
		       "%s '%.80s' is not a whole number from %llu to %llu",
		       name, text, (unsigned long long)least,
		       (unsigned long long)most);
}

bool value_rate(const char *name, const char *text, double *out,
		struct err *err)
{
	char *end;

	errno = 0;
	*out = strtod(text, &end);
	if (!errno && end != text && !*end && *out >= 1e-12 && *out < 1)
		return true;
	return err_set(err, EXIT_USAGE,
		       "%s '%.80s' is not a rate between 1e-12 and 1, such as "
		       "1e-4",
		       name, text);
}

bool value_bytes(const char *name, const char *text, uint64_t *bytes,
		 struct err *err)
{
	static const char *const suffixes[] = {"", "K", "M", "G", "T"};
	const char *at = text;
	uint64_t n;

	if (number(&at, &n)) {
		for (unsigned i = 0; i < 5; i++) {
			if (strcmp(at, suffixes[i]) != 0 || n == 0 ||
			    n > (UINT64_MAX >> (10 * i)))
				continue;
			*bytes = n << (10 * i);
			return true;
		}
	}
	return err_set(err, EXIT_USAGE,
		       "%s '%.80s' is not a size such as 512M or 2G", name,
		       text);
}

bool value_choice(const char *name, const char *text, const char *const *names,
		  struct err *err)
{
	char all[256] = "";
	size_t count = 0;
	const char *near;

	for (; names[count]; count++) {
		if (!strcmp(names[count], text))
			return true;
		strncat(all, count ? ", " : "", sizeof(all) - strlen(all) - 1);
		strncat(all, names[count], sizeof(all) - strlen(all) - 1);
	}
	near = text_nearest(text, names, count);
	return err_set(err, EXIT_USAGE, "%s '%.80s' is none of: %s%s%s%s", name,
		       text, all, near ? "; did you mean " : "",
		       near ? near : "", near ? "?" : "");
}
