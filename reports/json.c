#include "model/result_json.h"
#include "reports/renderer.h"

void render_json(const struct result *result, FILE *file,
		 const struct render_options *options)
{
	(void)options;
	result_to_json(result, file);
}
