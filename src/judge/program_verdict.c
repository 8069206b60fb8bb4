#include "judge/program_verdict.h"
void judge_programs(struct result *result)
{
	for (size_t i = 0; i < result->subject_count; i++) {
		struct subject *s = &result->subjects[i];
		if (s->verdict)
			continue;
		s->verdict = VERDICT_CLEAN;
		s->why = "";
		for (size_t j = 0; j < s->run_count; j++) {
			if (s->runs[j].finding_count)
				s->verdict = VERDICT_NEW;
			for (size_t k = 0; k < s->runs[j].outcome_count; k++)
				if (s->runs[j].outcomes[k].grade ==
				    GRADE_FORBIDDEN)
					s->verdict = VERDICT_FAILED;
		}
	}
}
