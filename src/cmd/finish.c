#include "cmd/finish.h"

#include "cmd/command.h"
#include "cmd/out_dir.h"
#include "model/result_json.h"

static bool store(const struct result *result, const struct show_options *show,
		  const char *out_dir)
{
	struct arena arena = {0};
	struct err err = {0};
	bool is_stored =
		result_write(result,
			     arena_printf(&arena, "%s/result.json", out_dir),
			     &err) &&
		show_store(result, show, out_dir, &err);

	arena_release(&arena);
	if (is_stored)
		out_dir_tidy(out_dir, result);
	else
		command_fail(&err);
	return is_stored;
}

int finish(const struct result *result, const struct show_options *show,
	   const char *out_dir)
{
	bool is_stored = !out_dir || store(result, show, out_dir);
	struct err err = {0};

	if (!show_print(result, show, out_dir, &err)) {
		command_fail(&err);
		is_stored = false;
	}
	if (!is_stored && result->exit != EXIT_FINDING)
		return EXIT_TROUBLE;
	return (int)result->exit;
}
