#include "cmd/judging.h"

#include "cmd/catalogue.h"
#include "judge/meaning.h"
#include "judge/verdict.h"
#include "model/finding_text.h"

bool judging_take(int key, const char *value, struct judging *j, bool *is_good,
		  struct err *err)
{
	return config_options_take(key, value, &j->settings, is_good, err) ||
	       policy_options_take(key, value, &j->policy_options, is_good,
				   err) ||
	       source_options_take(key, value, &j->sources, is_good, err);
}

bool judging_settle(struct judging *j, struct show_options *show,
		    struct err *err)
{
	return config_options_load(&j->settings, &j->config, err) &&
	       config_options_formats(&j->config, show, err) &&
	       policy_options_settle(&j->policy_options, &j->config, &j->policy,
				     err);
}

bool judging_conclude(struct judging *j, struct result *result,
		      const char *folder, struct err *err)
{
	struct source_tree *sources =
		source_options_tree(&j->sources, &j->config, result->root);
	struct result catalogue = {0};
	bool is_written;

	if (result->finding_count)
		catalogue_read(&catalogue);
	meaning_of_findings(result, sources, &catalogue);
	is_written = !folder || finding_texts_write(result, folder, err);
	config_options_note(&j->config, result);
	policy_judge(result, &j->policy);
	judge_result(result);
	arena_adopt(&result->arena, &catalogue.arena);
	source_tree_free(sources);
	return is_written;
}

void judging_release(struct judging *j)
{
	policy_options_release(&j->policy_options);
	config_options_release(&j->settings);
	source_options_release(&j->sources);
	config_release(&j->config);
}
