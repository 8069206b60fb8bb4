#include "cmd/explore_options.h"

#include <string.h>

#include "base/value.h"
#include "campaign/strategy.h"

unsigned explore_options_engines(const char *name)
{
	return !strcmp(name, "stress")    ? ENGINE_STRESS
	       : !strcmp(name, "explore") ? ENGINE_EXPLORE
					  : ENGINE_STRESS | ENGINE_EXPLORE;
}

static bool take_engine(const char *value, unsigned *engines, struct err *err)
{
	static const char *const names[] = {"stress", "explore", "both", NULL};

	if (!value_choice("--engine", value, names, err))
		return false;
	*engines = explore_options_engines(value);
	return true;
}

bool explore_options_take(int key, const char *value,
			  struct campaign_options *options, bool *is_good,
			  struct err *err)
{
	static const char *const points[] = {"all", "shared", "sync", NULL};

	switch (key) {
	case EXPLORE_ENGINE:
		*is_good = take_engine(value, &options->engines, err);
		return true;
	case EXPLORE_STRATEGY:
		options->strategy = value;
		*is_good = strategy_check("--strategy", value, err);
		return true;
	case EXPLORE_POINTS:
		options->points = value;
		*is_good = value_choice("--points", value, points, err);
		return true;
	case EXPLORE_SPURIOUS:
		options->is_spurious = true;
		return true;
	case EXPLORE_MAX_STEPS:
		*is_good = value_count("--max-steps", value, 1, UINT32_MAX,
				       &options->max_steps, err);
		return true;
	case EXPLORE_NO_CONFIRM:
		options->no_confirm = true;
		return true;
	default:
		return false;
	}
}
