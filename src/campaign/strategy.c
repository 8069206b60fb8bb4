#include "campaign/strategy.h"

#include <snag/wire_explore.h>
#include <string.h>

#include "base/value.h"

static const char *const names[] = {"random", "pct", "pos",       "surw",
				    "rff",    "dfs", "portfolio", NULL};

bool strategy_check(const char *option, const char *text, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "0123456789.,=+-";
	char name[SNAG_STRATEGY_BYTES];
	size_t len = strcspn(text, ":");
	const char *argument = text[len] ? text + len + 1 : NULL;

	if (strlen(text) >= sizeof(name))
		return err_set(err, EXIT_USAGE,
			       "%s is longer than the %zu bytes of any "
			       "strategy",
			       option, sizeof(name) - 1);
	memcpy(name, text, len);
	name[len] = '\0';
	if (!value_choice(option, name, names, err))
		return false;
	if (argument &&
	    (!*argument || argument[strspn(argument, letters)] != '\0'))
		return err_set(err, EXIT_USAGE,
			       "%s %s: after the colon stand small letters, "
			       "digits and any of '.,=+-'",
			       option, name);
	return true;
}
