#include "cmd/catalogue.h"

#include <stdlib.h>

#include "campaign/campaign.h"
#include "cmd/command.h"

void catalogue_read(struct result *catalogue)
{
	struct err ignored = {0};
	char *host = command_host(NULL, &ignored);

	if (!host || !campaign_list(host, NULL, 0, catalogue, &ignored))
		catalogue->subject_count = 0;
	free(host);
}
