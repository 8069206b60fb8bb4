#include "increments.h"

void increments_body(volatile int *counter)
{
	for (int i = 0; i < INCREMENTS; i++)
		(*counter)++;
}
