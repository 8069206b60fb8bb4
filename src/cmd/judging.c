#include "cmd/judging.h"

#include <limits.h>
#include <stdlib.h>

#include "cmd/catalogue.h"
#include "judge/meaning.h"
#include "judge/paths.h"
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
	       (policy_options_settle(&j->policy_options, &j->config,
				      &j->policy, err) ||
		config_options_blame(&j->config, err));
}

const char *const *judging_roots(const struct judging *j, struct arena *arena,
				 size_t *count)
{
	const struct config_list *lists[] = {&j->sources.roots,
					     &j->config.source_roots};
	const char **roots = NULL, **slot;

	*count = 0;
	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < lists[i]->count; k++) {
			char path[PATH_MAX];

			if (!realpath(lists[i]->items[k], path))
				continue;
			slot = arena_push(arena, &roots, count, sizeof(*slot));
			*slot = arena_printf(arena, "%s%s", path,
					     path[1] ? "/" : "");
		}
	}
	if (!*count) {
		slot = arena_push(arena, &roots, count, sizeof(*slot));
		*slot = paths_root_here(arena);
	}
	return roots;
}

struct source_tree *judging_sources(const struct judging *j,
				    const char *otherwise)
{
	return source_options_tree(&j->sources, &j->config, otherwise);
}

void judging_verdict(struct judging *j, struct result *result)
{
	config_options_note(&j->config, result);
	policy_judge(result, &j->policy);
	judge_result(result);
}

bool judging_conclude(struct judging *j, struct result *result,
		      const char *folder, struct err *err)
{
	struct source_tree *sources = judging_sources(j, result->root);
	struct result catalogue = {0};
	bool is_written;

	if (result->finding_count)
		catalogue_read(&catalogue);
	meaning_of_findings(result, sources, &catalogue);
	is_written = !folder || finding_texts_write(result, folder, err);
	judging_verdict(j, result);
	for (size_t i = 0; i < result->subject_count; i++)
		judge_notes_explore(result, &result->subjects[i]);
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
