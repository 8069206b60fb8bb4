/* The program that a scenario host is. */
#include <stdio.h>

#include "internal.h"

int main(int argc, char **argv)
{
	(void)argc;
	if (host_is_called())
		return host_serve();
	fprintf(stderr,
		"%s is a scenario host with %zu scenarios; run it with:"
		" snag run --host %s\n",
		argv[0], registry_count(), argv[0]);
	return 2;
}
