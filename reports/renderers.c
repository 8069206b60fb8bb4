#include "reports/renderer.h"

const struct renderer renderer_table[] = {
	{"text", "txt", render_text},
	{"json", "json", render_json},
};

const size_t renderer_count =
	sizeof(renderer_table) / sizeof(renderer_table[0]);
