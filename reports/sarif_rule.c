/*
 * A rule for each cause, so that a viewer can say what is wrong, why that is
 * bad and what repairs it; and one for each verdict that has no finding.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/cause.h"
#include "model/json_put.h"
#include "reports/phrase.h"
#include "reports/sarif_parts.h"

enum { MOST_RULES = 256, MOST_NAME = 64, MOST_HELP = 8 * 1024 };

struct verdict_rule {
	const char *name, *meaning, *repair;
};

static const struct verdict_rule verdict_rules[] = {
	{"missed",
	 "What a scenario requires was not seen, so that its silence proves "
	 "nothing.",
	 "Give it more iterations, more threads or noise; if it still is not "
	 "seen, the scenario no longer shows what it says."},
	{"failed",
	 "The tested program ended badly: a crash, a hang or an exit "
	 "code other than 0.",
	 "Run the command again and look at what it prints."},
	{"unexpected",
	 "Something was seen that the scenario forbids or does not describe.",
	 "Repair the code, or describe what was seen in the scenario."},
	{"new", "Something was found that the baseline does not hold.",
	 "Repair it, or add it to the baseline with a reason."},
};

/* "lost-update" is "LostUpdate". */
static const char *pascal(struct arena *arena, const char *id)
{
	char *out = arena_alloc(arena, strlen(id) + 1), *o = out;
	bool is_start = true;

	for (; *id; id++) {
		bool is_lower = *id >= 'a' && *id <= 'z';

		if (is_lower && is_start)
			*o++ = (char)(*id - 'a' + 'A');
		else if (is_lower || (*id >= 'A' && *id <= 'Z') ||
			 (*id >= '0' && *id <= '9'))
			*o++ = *id;
		is_start = *id == '-' || *id == ' ';
	}
	return out;
}

static void put_plain(struct arena *arena, json_t *object, const char *name,
		      const char *text)
{
	json_object_set_new(object, name, sarif_message(arena, text));
}

static json_t *help_of_cause(struct arena *arena, const struct cause *cause)
{
	const struct practice_info *practice = &practice_table[cause->practice];
	json_t *object = json_object();
	struct buf text;

	buf_init(&text, MOST_HELP);
	buf_printf(&text, "%s %s", cause->harm, cause->repair);
	if (cause->practice)
		buf_printf(&text, " Practice: %s. %s", practice->name,
			   practice->text);
	put_text(arena, object, "text", text.data);
	buf_clear(&text);
	buf_printf(&text, "%s\n\n**Why it is bad.** %s\n\n**Repair.** %s\n\n",
		   cause->meaning, cause->harm, cause->repair);
	if (cause->practice)
		buf_printf(&text, "**Practice: %s.** %s\n\n", practice->name,
			   practice->text);
	if (cause->in_python)
		buf_printf(&text, "**In free-threaded Python.** %s\n\n",
			   cause->in_python);
	buf_printf(&text, "`snag explain %s` says more.\n", cause->name);
	put_text(arena, object, "markdown", text.data);
	buf_release(&text);
	return object;
}

static json_t *rule_of_cause(struct arena *arena, const struct cause *cause)
{
	json_t *rule = json_object();

	put_text(arena, rule, "id", cause->name);
	put_text(arena, rule, "name", pascal(arena, cause->name));
	put_plain(arena, rule, "shortDescription", cause->meaning);
	put_plain(arena, rule, "fullDescription",
		  arena_printf(arena, "%s %s", cause->meaning, cause->harm));
	json_object_set_new(rule, "help", help_of_cause(arena, cause));
	json_object_set_new(rule, "defaultConfiguration",
			    json_pack("{s:s}", "level", "error"));
	json_object_set_new(rule, "properties",
			    json_pack("{s:[s,s]}", "tags", "concurrency",
				      practice_table[cause->practice].name));
	return rule;
}

static json_t *rule_of_verdict(struct arena *arena, const char *id)
{
	const struct verdict_rule *known = NULL;
	json_t *rule = json_object();
	const char *text = "A cause that this version does not know.";

	for (size_t i = 0; i < sizeof(verdict_rules) / sizeof(verdict_rules[0]);
	     i++)
		if (!strcmp(verdict_rules[i].name, id))
			known = &verdict_rules[i];
	put_text(arena, rule, "id", id);
	put_text(arena, rule, "name", pascal(arena, id));
	text = known ? known->meaning : text;
	put_plain(arena, rule, "shortDescription", text);
	put_plain(arena, rule, "fullDescription", text);
	if (known)
		json_object_set_new(rule, "help",
				    json_pack("{s:s,s:s}", "text",
					      known->repair, "markdown",
					      known->repair));
	json_object_set_new(rule, "defaultConfiguration",
			    json_pack("{s:s}", "level", "error"));
	return rule;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Sorted, each once. */
static void gather(struct arena *arena, struct sarif *sarif)
{
	const struct ledger *ledger = &sarif->ledger;
	size_t count = 0, kept = 0;

	sarif->rules = arena_alloc(arena, (ledger->count + 1) * sizeof(char *));
	for (size_t i = 0; i < ledger->count; i++)
		if (!ledger->entries[i].is_error)
			sarif->rules[count++] = phrase_line(
				arena, entry_rule(&ledger->entries[i]),
				MOST_NAME);
	if (count)
		qsort(sarif->rules, count, sizeof(char *), by_name);
	for (size_t i = 0; i < count; i++)
		if (!kept ||
		    strcmp(sarif->rules[kept - 1], sarif->rules[i]) != 0)
			sarif->rules[kept++] = sarif->rules[i];
	sarif->rule_count = kept < MOST_RULES ? kept : MOST_RULES;
}

json_t *sarif_rules(struct arena *arena, struct sarif *sarif)
{
	json_t *list = json_array();

	gather(arena, sarif);
	for (size_t i = 0; i < sarif->rule_count; i++) {
		const struct cause *cause = cause_by_name(sarif->rules[i]);

		json_array_append_new(
			list, cause ? rule_of_cause(arena, cause)
				    : rule_of_verdict(arena, sarif->rules[i]));
	}
	return list;
}
