#ifndef SNAG_JUDGE_PROGRAM_VERDICT_H
#define SNAG_JUDGE_PROGRAM_VERDICT_H
#include "model/result.h"
void judge_programs(struct result *result);
#endif
