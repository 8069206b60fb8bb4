#include "cmd/policy_options.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cmd/command.h"
#include "model/cause.h"

static bool take_fail_on(const char *value, enum fail_on *fail_on,
			 struct err *err)
{
	static const char *const names[] = {[FAIL_ON_NEW] = "new",
					    [FAIL_ON_ANY] = "any",
					    [FAIL_ON_NEVER] = "never",
					    NULL};

	if (!value_choice("--fail-on", value, names, err))
		return false;
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], value))
			*fail_on = (enum fail_on)i;
	return true;
}

static bool take_cause(const char *name, struct policy_options *options,
		       struct err *err)
{
	const char *near = NULL, **slot;

	if (cause_by_name(name)) {
		slot = arena_push(&options->arena, &options->fail_causes,
				  &options->fail_cause_count, sizeof(*slot));
		*slot = name;
		return true;
	}
	for (size_t i = 0; !near && i < cause_count; i++)
		near = text_nearest(name, &cause_table[i].name, 1);
	return err_set(err, EXIT_USAGE,
		       "--fail-cause '%.80s' is no cause%s%s%s (`snag explain` "
		       "lists them)",
		       name, near ? "; did you mean " : "", near ? near : "",
		       near ? "?" : "");
}

static bool take_causes(const char *list, struct policy_options *options,
			struct err *err)
{
	do {
		size_t len = strcspn(list, ",");

		if (!take_cause(arena_dup_n(&options->arena, list, len),
				options, err))
			return false;
		list += len;
	} while (*list++ == ',');
	return true;
}

bool policy_options_take(int key, const char *value,
			 struct policy_options *options, bool *is_good,
			 struct err *err)
{
	switch (key) {
	case POLICY_BASELINE:
		options->baseline_path = value;
		return true;
	case POLICY_FAIL_ON:
		options->has_fail_on = true;
		*is_good = take_fail_on(value, &options->fail_on, err);
		return true;
	case POLICY_FAIL_CAUSE:
		*is_good = take_causes(value, options, err);
		return true;
	default:
		return false;
	}
}

/* Its causes were checked when it was read. */
static bool take_config(struct policy_options *options,
			const struct config *config, struct err *err)
{
	const struct config_gate *gate = &config->gate;

	if (!options->baseline_path)
		options->baseline_path = gate->baseline;
	if (!options->fail_cause_count) {
		options->fail_causes = gate->fail_causes.items;
		options->fail_cause_count = gate->fail_causes.count;
	}
	if (options->has_fail_on || !gate->fail_on.count)
		return true;
	return take_fail_on(gate->fail_on.items[0], &options->fail_on, err) ||
	       config_blame(config, gate->fail_on.line, err);
}

bool policy_options_settle(struct policy_options *options,
			   const struct config *config, struct policy *policy,
			   struct err *err)
{
	if (!take_config(options, config, err))
		return false;
	day_of(time(NULL), options->today);
	*policy = (struct policy){
		.fail_on = options->fail_on,
		.fail_causes = options->fail_causes,
		.fail_cause_count = options->fail_cause_count,
		.today = options->today,
	};
	if (!options->baseline_path)
		return true;
	policy->baseline = &options->baseline;
	return baseline_read(options->baseline_path, &options->baseline, err);
}

void policy_options_release(struct policy_options *options)
{
	baseline_release(&options->baseline);
	arena_release(&options->arena);
}
