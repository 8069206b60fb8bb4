#include "reports/renderer.h"

const struct renderer renderer_table[] = {
	{"text", "report.txt", render_text},
	{"json", "report.json", render_json},
	{"junit", "junit.xml", render_junit},
	{"sarif", "report.sarif", render_sarif},
	{"markdown", "summary.md", render_markdown},
	{"codequality", "gl-code-quality.json", render_codequality},
	{"github", "annotations.txt", render_github},
};

const size_t renderer_count =
	sizeof(renderer_table) / sizeof(renderer_table[0]);
